"""Times that would suit the people of a pairing, or of several: from their usual hours, the program's days off, breaks
that they take from it, and what they meet for otherwise (`invites.times`); and what each costs whom, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext, ngettext

from accounts.models import User, UsualHours

from .invites import times
from .invites.times import Cost, Why
from .models import Enrollment, Holiday, Meeting, Pairing

# So far ahead times are looked for in one go.
AHEAD = timedelta(days=20)
LONGEST = timedelta(minutes=480)


@dataclass(frozen=True)
class Suggested:
    """A start, and what it costs somebody, in sentences; none where it lies within everybody's usual hours."""

    starts_at: datetime
    costs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found between two days. `unknown` are the people who have not said their hours: Monday to Friday from
    nine to five was assumed for them."""

    first: date
    last: date
    suggested: tuple[Suggested, ...] = ()
    unknown: tuple[User, ...] = ()

    @property
    def suits(self) -> bool:
        return not any(each.costs for each in self.suggested)


def find(
    pairings: Sequence[Pairing], reader: User, *, minutes: int, first: date | None = None, now: datetime
) -> Found:
    """For everybody in these pairings, of one program. The same number of queries for any number of them."""
    program = pairings[0].program
    today = now.astimezone(reader.zone).date()
    first = max(first or today, today)
    last = first + AHEAD
    ends = [day for each in pairings if (day := each.runs_until or program.ends_on) is not None]
    last = min([last, *ends])
    people = list({person.pk: person for each in pairings for person in (each.mentor, each.mentee)}.values())
    # The reader's clock goes before the others', where two times are about equal.
    people.sort(key=lambda person: (person.pk != reader.pk, person.pk))
    if last < first:
        return Found(first, last)
    known = _known(people, program.pk, first, last)
    off = Holiday.objects.filter(program=program, ends_on__gte=first, starts_on__lte=last)
    days_off = list(off.values_list("starts_on", "ends_on"))
    found = times.suggest(known, days=(first, last), minutes=minutes, now=now, days_off=days_off)
    unknown = [person for person, said in zip(people, known, strict=True) if not said.hours]
    return Found(
        first,
        last,
        tuple(Suggested(each.starts, _in_words(each.costs, people, reader)) for each in found),
        tuple(unknown),
    )


def _known(people: Sequence[User], program_pk: int, first: date, last: date) -> list[times.Person]:
    keys = [person.pk for person in people]
    hours: dict[int, set[tuple[int, int, int]]] = {key: set() for key in keys}
    for key, *span in UsualHours.objects.filter(person__in=keys).values_list(
        "person", "weekday", "begins", "ends"
    ):
        hours[key].add((span[0], span[1], span[2]))
    busy: dict[int, list[times.Interval]] = {key: [] for key in keys}
    # A day more on either side, for the clocks that are ahead or behind.
    since = datetime.combine(first, datetime.min.time(), people[0].zone) - timedelta(days=1) - LONGEST
    until = datetime.combine(last, datetime.min.time(), people[0].zone) + timedelta(days=2)
    theirs = Pairing.objects.filter(Q(mentor__in=keys) | Q(mentee__in=keys)).order_by().values("pk")
    meetings = Meeting.objects.planned().filter(pairing__in=theirs, starts_at__gte=since, starts_at__lt=until)
    for mentor, mentee, starts_at, minutes in meetings.order_by().values_list(
        "pairing__mentor", "pairing__mentee", "starts_at", "minutes"
    ):
        for key in {mentor, mentee} & busy.keys():
            busy[key].append((starts_at, starts_at + timedelta(minutes=minutes)))
    away: dict[int, list[tuple[date, date]]] = {key: [] for key in keys}
    paused = Enrollment.objects.filter(program=program_pk, person__in=keys, status=Enrollment.Status.PAUSED)
    for key, back in paused.values_list("person", "paused_until"):
        gone_until = back - timedelta(days=1) if back is not None else last
        if gone_until >= first:
            away[key].append((first - timedelta(days=1), gone_until))
    return [
        times.Person(
            zone=person.zone.key,
            hours=frozenset(hours[person.pk]),
            busy=tuple(busy[person.pk]),
            away=tuple(away[person.pk]),
        )
        for person in people
    ]


def _in_words(costs: Sequence[Cost], people: Sequence[User], reader: User) -> tuple[str, ...]:
    said = (_cost(cost, people[cost.person], reader) for cost in costs)
    return tuple(words for words in said if words)


def _cost(cost: Cost, person: User, reader: User) -> str:
    is_mine = person.pk == reader.pk
    names = {"name": person.first_name, "minutes": cost.minutes}
    match cost.why:
        case Why.EARLY if is_mine:
            words = ngettext(
                "%(minutes)d minute before your usual hours",
                "%(minutes)d minutes before your usual hours",
                cost.minutes,
            )
        case Why.EARLY:
            words = ngettext(
                "%(minutes)d minute before %(name)s’s usual hours",
                "%(minutes)d minutes before %(name)s’s usual hours",
                cost.minutes,
            )
        case Why.LATE if is_mine:
            words = ngettext(
                "%(minutes)d minute past your usual hours",
                "%(minutes)d minutes past your usual hours",
                cost.minutes,
            )
        case Why.LATE:
            words = ngettext(
                "%(minutes)d minute past %(name)s’s usual hours",
                "%(minutes)d minutes past %(name)s’s usual hours",
                cost.minutes,
            )
        case Why.OTHER_DAY if is_mine:
            words = gettext("On a day without usual hours of yours")
        case Why.OTHER_DAY:
            words = gettext("On a day without usual hours of %(name)s")
        case _:
            return ""
    return words % names
