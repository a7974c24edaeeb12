"""Who is asked about which round, and when; or why not. It only looks: nudges.py owes what comes out of it.

The number of queries does not depend on how many people, programs or rounds there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.localtime import first_valid
from accounts.mail import caps
from accounts.mail.manners import Manners, Wait
from accounts.mail.models import Message, MessageQuerySet, Stopped, Suppression
from accounts.mail.suppression import PERMANENT
from mentoring.days_off import NO_DAYS_OFF, DaysOff
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Holiday, Pairing, Program

from .models import AnotherTime, IncomingMail, Moment, Reflection, Round
from .rounds import is_running
from .schedule import Calendar, Nudge, Page, Place, Slot, Why

# The name of the stream that a person stops to be asked no more.
STREAM = "reflections"
# A pair is asked about a quarter only if they had time to get somewhere in it.
PAIRED_FOR = timedelta(weeks=3)
# Somebody who is just writing is not reminded of it.
WRITING = timedelta(hours=48)
# What is left of the three after so many quarters in a row in which somebody was asked and never opened the page.
AFTER_SILENCE: Mapping[int, frozenset[Nudge]] = {
    0: frozenset(Nudge),
    1: frozenset({Nudge.ASK, Nudge.REMINDER}),
    2: frozenset({Nudge.ASK}),
    3: frozenset({Nudge.ASK}),
}
# Instead of the ask, after three: whether to go on. After it the calendar rests for them until they come back
# (actions/asking.py).
KEEP_ASKING = "keep_asking"
ABOUT_A_ROUND = frozenset({*Nudge, KEEP_ASKING})
MOST_SILENT = max(AFTER_SILENCE)
# Longer than any quarter.
QUARTER = timedelta(days=100)

# While those who run the program hold the e-mails of a round back; when they release them, the planner looks again.
HELD = "held back"
# Why somebody is not asked, where those who run the program see it anyway: they may read it by name.
PAUSING = _("they are pausing")
UNPAIRED = _("they are in no pairing that is under way")
PAIRED_LATE = _("their pairing began less than three weeks before the quarter’s end")
IN_PLAIN_SIGHT = (PAUSING, UNPAIRED, PAIRED_LATE)

State = Message.State


class Recipient(NamedTuple):
    pk: int
    email: str
    slot: Slot
    manners: Manners
    wanted_at: datetime | None = None


@dataclass(frozen=True)
class Outlook:
    """One nudge to one person: it goes `at`, or `why` not. `message` is its row where it is owed already.

    `lost_its_week`: another nudge to this person has the week. `waits`: it is due `at`, and goes out later, because its
    person snoozed or has calm hours then. `off` are the holidays of the round's program.
    """

    round: Round
    person: Recipient
    nudge: Nudge
    at: datetime | None = None
    expires_at: datetime | None = None
    why: str | Promise = ""
    message: Message | None = None
    lost_its_week: bool = False
    waits: Wait | None = None
    off: DaysOff = NO_DAYS_OFF
    kind: str = ""


@dataclass
class _Seen:
    """What the database knows of one person and one round."""

    round: Round
    why_not: str | Promise = ""
    touched_at: datetime | None = None
    silent: int = 0
    messages: dict[Nudge, Message] = field(default_factory=dict)
    # Since when their address works again, after mail to it had come back.
    lifted_at: datetime | None = None
    off: DaysOff = NO_DAYS_OFF
    later: dict[Nudge, date] = field(default_factory=dict)


# By person, and by the round's place in the list of those that are looked at.
_Sight = dict[int, dict[int, _Seen]]


def open_rounds(now: datetime) -> list[Round]:
    """Rounds that are asked about at this instant: open on their program's calendar, in a program that runs."""
    day = timedelta(days=1)
    rounds = Round.objects.filter(
        opens_on__lte=now.date() + day,
        closes_on__gte=now.date() - day,
        program__status=Program.Status.ACTIVE,
        held_at__isnull=True,
    ).select_related("program")
    return [
        round
        for round in rounds.order_by("due_on", "pk")
        if round.is_open_on(round.program.today(now)) and is_running(round.program, round.program.today(now))
    ]


def look(rounds: Sequence[Round], now: datetime) -> Iterator[Outlook]:
    """The outlook of everybody who is active or pausing in the programs of these rounds, person by person."""
    if not rounds:
        return
    people, sight = _see_people(rounds)
    _see_holidays(rounds, sight, now)
    _see_reflections(rounds, sight)
    _see_silence(rounds, people, sight)
    _see_other_times(rounds, sight)
    taken = _see_messages(rounds, sight, now)
    for pk, person in people.items():
        pages = [_page(n, seen, now) for n, seen in sight[pk].items()]
        places = Calendar(person.slot, now, taken[pk]).lay_out(pages)
        found = {(place.key, place.nudge): place for place in places}
        for n, seen in sight[pk].items():
            for nudge in Nudge:
                yield _outlook(person, seen, nudge, found.get((n, nudge)), now)


def _outlook(person: Recipient, seen: _Seen, nudge: Nudge, place: Place | None, now: datetime) -> Outlook:
    kind = KEEP_ASKING if nudge is Nudge.ASK and seen.silent == MOST_SILENT else nudge
    outlook = Outlook(
        seen.round, person, nudge, message=seen.messages.get(nudge), off=seen.off, kind=str(kind)
    )
    if place is None:
        return replace(outlook, why=_why_closed(seen, nudge, now))
    if place.why is not None:
        return replace(outlook, why=place.why.label, lost_its_week=place.why is Why.TOO_CLOSE)
    is_writing = seen.touched_at is not None and seen.touched_at > place.meant_at - WRITING
    if is_writing and nudge is not Nudge.ASK:
        return replace(outlook, why=_("they are writing"))
    return replace(outlook, at=place.at, expires_at=place.expires_at, waits=_wait(person, place, seen.off))


def _wait(person: Recipient, place: Place, off: DaysOff) -> Wait | None:
    """Whether the outbox holds it back at its time, and until when: to the first moment that suits both."""
    if place.at is None or (first := person.manners.wait(place.at)) is None:
        return None
    until = person.slot.next_allowed(first.until, off)
    while until < place.expires_at and (more := person.manners.wait(until)) is not None:
        until = person.slot.next_allowed(more.until, off)
    return first._replace(until=until)


def _page(key: int, seen: _Seen, now: datetime) -> Page:
    gone = {}
    for nudge, message in seen.messages.items():
        if message.has_gone and message.sending_at is not None:
            gone[nudge] = message.sending_at
        elif _is_on_its_way(message, now):
            gone[nudge] = max(now, message.next_attempt_at)
    closes_at = first_valid(seen.round.closes_on + timedelta(days=1), time(0), seen.round.program.zone)
    open_to = frozenset(nudge for nudge in Nudge if not _why_closed(seen, nudge, now))
    return Page(key, seen.round.due_on, closes_at, open_to, gone, seen.off, seen.later)


def _is_on_its_way(message: Message, now: datetime) -> bool:
    return message.state == State.CLAIMED or (
        message.state == State.QUEUED and not waits_for_its_time(message, now) and message.expires_at > now
    )


def waits_for_its_time(message: Message, now: datetime) -> bool:
    """Whether it may still be moved: nobody has tried to send it, and its time is to come."""
    return message.state == State.QUEUED and message.attempts == 0 and message.due_at > now


def was_put_off(message: Message) -> bool:
    """Whether it was not sent for the one reason that its program was resting, or its round was held: it is owed again
    if its time is not over when that ends."""
    return message.state == State.CANCELLED and message.last_error in (NOT_RUNNING, HELD)


def _why_closed(seen: _Seen, nudge: Nudge, now: datetime) -> str | Promise:
    """Why a nudge cannot be planned for this person, whatever the day; "" if it can."""
    message = seen.messages.get(nudge)
    if message is not None and not waits_for_its_time(message, now) and not was_put_off(message):
        return State(message.state).label
    if seen.why_not:
        return seen.why_not
    if nudge not in AFTER_SILENCE[seen.silent] and nudge not in seen.later:
        return _("they were silent last time")
    if any(_came_back(other, seen.lifted_at) for other in seen.messages.values()):
        return _("their address does not work")
    order = list(Nudge)
    if any(order.index(other) > order.index(nudge) for other in seen.messages):
        return _("a later one is owed already")
    return ""


def _came_back(message: Message, lifted_at: datetime | None) -> bool:
    """Whether it shows that the address does not work; not, where its person has said since that it does, or has
    another one."""
    refused = message.state == State.FAILED and (message.last_code or 0) >= PERMANENT
    is_over = (lifted_at is not None and message.due_at < lifted_at) or (
        message.last_error == Message.TO_AN_EARLIER_ADDRESS
    )
    return (refused or message.state == State.BOUNCED) and not is_over


# --- What the database knows ---------------------------------------------------------------------------------------


def _see_people(rounds: Sequence[Round]) -> tuple[dict[int, Recipient], _Sight]:
    by_program: dict[int, list[int]] = defaultdict(list)
    for n, round in enumerate(rounds):
        by_program[round.program_id].append(n)
    since_when = paired_since(list(by_program))
    stopped = set(Stopped.objects.filter(stream=STREAM).values_list("person", flat=True))
    standing = Suppression.objects.standing()
    dead = set(standing.filter(reason=Suppression.Reason.BOUNCED).values_list("person", flat=True))
    stopped |= set(standing.filter(reason=Suppression.Reason.COMPLAINT).values_list("person", flat=True))
    lifted = dict(
        Suppression.objects.filter(lifted_at__isnull=False)
        .order_by("lifted_at")
        .values_list("person", "lifted_at")
    )
    people: dict[int, Recipient] = {}
    sight: _Sight = defaultdict(dict)
    enrollments = (
        Enrollment.objects.filter(
            program__in=by_program, status__in=[Enrollment.Status.ACTIVE, Enrollment.Status.PAUSED]
        )
        .order_by("person__email", "program")
        .values_list(
            "program", "status", "person", "person__email", "person__is_active",
            "person__erasure_due_at", "person__time_zone", "person__coffee_weekday", "person__coffee_time",
            "person__snoozed_until", "person__calm_from", "person__calm_until",
            "person__nudges_paused_at", "person__nudges_wanted_at",
        )
    )  # fmt: skip
    for (
        program, status, pk, email, is_active, leaves_at,
        zone, weekday, at, snoozed_until, calm_from, calm_until, paused_at, wanted_at,
    ) in enrollments.iterator():  # fmt: skip
        manners = Manners.of(zone, snoozed_until, calm_from, calm_until)
        people[pk] = Recipient(pk, email, Slot(manners.zone, weekday, at), manners, wanted_at)
        since = since_when.get((program, pk))
        for n in by_program[program]:
            why_not: str | Promise = ""
            if not is_active:
                why_not = _("their account is closed")
            elif leaves_at is not None:
                why_not = _("they are about to leave")
            elif status != Enrollment.Status.ACTIVE:
                why_not = PAUSING
            elif since is None:
                why_not = UNPAIRED
            elif since > rounds[n].due_on - PAIRED_FOR:
                why_not = PAIRED_LATE
            elif paused_at is not None:
                why_not = _("they are not asked until they come back")
            elif pk in stopped:
                why_not = _("they stopped these e-mails")
            elif pk in dead:
                why_not = _("their address does not work")
            sight[pk][n] = _Seen(rounds[n], why_not, lifted_at=lifted.get(pk))
    return people, sight


def _see_holidays(rounds: Sequence[Round], sight: _Sight, now: datetime) -> None:
    off = Holiday.objects.days_off([round.program for round in rounds], now)
    for pages in sight.values():
        for seen in pages.values():
            seen.off = off[seen.round.program_id]


def paired_since(programs: list[int]) -> dict[tuple[int, int], date]:
    """By program and person, the first day of their oldest pairing that is under way."""
    since: dict[tuple[int, int], date] = {}
    pairings = Pairing.objects.active().filter(program__in=programs).order_by("-starts_on")
    for program, mentor, mentee, day in pairings.values_list("program", "mentor", "mentee", "starts_on"):
        since[program, mentor] = since[program, mentee] = day
    return since


def _see_reflections(rounds: Sequence[Round], sight: _Sight) -> None:
    places = {round.pk: n for n, round in enumerate(rounds)}
    rows = Reflection.objects.filter(round__in=[pk for pk in places if pk])
    replies = IncomingMail.objects.taken().filter(answer__reflection=OuterRef("pk"))
    for person, round, status, started_at, saved_at, replied in rows.annotate(
        replied=Exists(replies)
    ).values_list("person", "round", "status", "started_at", "saved_at", "replied"):
        seen = sight[person].get(places[round]) if person in sight else None
        if seen is not None:
            seen.touched_at = max(started_at, saved_at or started_at)
            # Who is named for a reason that everybody sees goes on being named: else their absence would tell it.
            if (status != Reflection.Status.DRAFT or replied) and seen.why_not not in IN_PLAIN_SIGHT:
                # Finished, not this quarter, or by a reply: whoever looks here need not know which.
                seen.why_not = _("they have answered")


def _see_other_times(rounds: Sequence[Round], sight: _Sight) -> None:
    """Of which nudge somebody said that they would rather have it another time."""
    places = {round.pk: n for n, round in enumerate(rounds) if round.pk}
    rows = AnotherTime.objects.filter(round__in=places)
    for person, round, nudge, day in rows.values_list("person", "round", "nudge", "not_before"):
        seen = sight[person].get(places[round]) if person in sight else None
        if seen is not None:
            seen.later[Nudge(nudge)] = day


def _see_silence(rounds: Sequence[Round], people: Mapping[int, Recipient], sight: _Sight) -> None:
    """In how many of the last three quarters, counted back, somebody was asked and did not even open the page.

    Whoever wrote anything since, here or in their notebook, is not asked whether to go on. What was before they last
    said that they want to be asked does not count.
    """
    earlier = Q()
    for round in rounds:
        earlier |= Q(program=round.program_id, quarter_start__lt=round.quarter_start)
    all_before = list(
        Round.objects.filter(earlier).order_by("-quarter_start").values_list("program", "quarter_start", "pk")
    )
    last = [
        [
            pk
            for program, start, pk in all_before
            if program == round.program_id and start < round.quarter_start
        ][:MOST_SILENT]
        for round in rounds
    ]
    looked_at = {pk for some in last for pk in some}
    asks = Message.objects.of(Nudge.ASK).filter(subject_id__in=looked_at)
    asks = asks.filter(state=State.SENT) | asks.filter(last_error=Message.IN_THE_WEEKLY)
    asked = {
        (person, round): at for person, round, at in asks.values_list("person", "subject_id", "sending_at")
    }
    begun = set(Reflection.objects.filter(round__in=looked_at).values_list("person", "round"))
    silent_since: dict[int, datetime] = {}
    for person, pages in sight.items():
        wanted_at = people[person].wanted_at
        for n, seen in pages.items():
            for round_pk in last[n]:
                at = asked.get((person, round_pk))
                if at is None or (person, round_pk) in begun or (wanted_at is not None and at < wanted_at):
                    break
                seen.silent += 1
                if seen.silent == MOST_SILENT:
                    silent_since[person] = min(at, silent_since.get(person, at))
    wrote_at = last_wrote(silent_since)
    for person, since in silent_since.items():
        if (at := wrote_at.get(person)) is not None and at > since:
            for seen in sight[person].values():
                seen.silent = min(seen.silent, MOST_SILENT - 1)


def last_wrote(people: Iterable[int]) -> dict[int, datetime]:
    """When each of these last wrote on a page or kept a moment; without those who never did. Two queries at most."""
    people = list(people)
    found: dict[int, datetime] = {}
    if people:
        pages = Reflection.objects.filter(person__in=people).values_list("person")
        moments = Moment.objects.filter(person__in=people).values_list("person")
        for rows in (
            pages.annotate(at=Max(Greatest("started_at", Coalesce("saved_at", "started_at")))),
            moments.annotate(at=Max("created_at")),
        ):
            for person, at in rows.order_by():
                found[person] = max(at, found.get(person, at))
    return found


def _see_messages(rounds: Sequence[Round], sight: _Sight, now: datetime) -> dict[int, list[datetime]]:
    """Put the rows of these rounds where they belong; return when others of the calendar went out, by person."""
    places = {round.pk: n for n, round in enumerate(rounds) if round.pk}
    about_these = Q(kind__in=[*Nudge, KEEP_ASKING], subject_id__in=places)
    taken: dict[int, list[datetime]] = defaultdict(list)
    for message in Message.objects.filter(about_these).iterator():
        n = places[message.subject_id]
        if message.person_id in sight and n in sight[message.person_id]:
            nudge = Nudge.ASK if message.kind == KEEP_ASKING else Nudge(message.kind)
            sight[message.person_id][n].messages[nudge] = message
        elif message.has_gone and message.sending_at is not None:
            taken[message.person_id].append(message.sending_at)
    for person, at in gone_lately(now).exclude(about_these).values_list("person", "sending_at").iterator():
        if at is not None:
            taken[person].append(at)
    return taken


def gone_lately(now: datetime) -> MessageQuerySet:
    """What the calendar sent to anybody in the last quarter."""
    return Message.objects.of(*caps.nudges()).went().filter(sending_at__gt=now - QUARTER)
