"""Pairs of which nothing was heard: each of the two is asked how it is, asked again, told that the pairing will be
closed, and then it is closed. Nobody else hears who did not answer.

Three weeks after the last sign (mentoring/signs.py), by the days of the program's calendar, holidays left out. A pair
that rests is not silent: neither while it is paused, nor while its program rests or one of the two has a break, and
afterwards the days are counted anew (`Pairing.rested_on`). Any number of clocks may call these at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import endings, open_requests, rules, signs
from mentoring.models import Enrollment, Pairing, Program, Silence
from mentoring.models.pairing import PairingQuerySet
from mentoring.quiet_days import HOURS, Calendar, calendars, good_hour
from mentoring.silence_emails import CLOSED_AFTER, SILENCE

from .endings import end_own_pairing, pause_own_pairing
from .refused import Refused

Number, Answer = Silence.Number, Silence.Answer

# Days after the last sign.
ASKED_AFTER = {Number.FIRST: 21, Number.AGAIN: 45, Number.LAST: 90}
# Two who said that they are in touch meet somewhere else, and are not asked as soon.
ASKED_AFTER_A_YES = 60
# However long nothing was heard, nobody is asked twice in so many days: after an update, or a clock that stood still.
AGAIN_AFTER = timedelta(days=14)

RESTS_FOR = timedelta(days=42)
ASKED_AT_ONCE = 500  # The next tick asks the next ones.

# What somebody reads who has answered.
SAID: Mapping[str, "str | Promise"] = {
    Answer.IN_TOUCH: _("Good. You are not asked for a while."),
    Answer.PAUSE: _("It rests now. Nothing is asked of the two of you until then."),
    Answer.END: _("It is over from today. What the two of you shared stays with both."),
}


@dataclass(frozen=True)
class _Due:
    pairing: Pairing
    since: date
    number: Silence.Number


def note_rests(now: datetime) -> int:
    """Writes down once a day which pairs rest: how many. Called before anybody is asked."""
    resting = Pairing.objects.under_way().filter(_rests()).exclude(program__in=_in(Program.Status.ARCHIVED))
    return resting.filter(Q(rested_on__isnull=True) | Q(rested_on__lt=now.date())).update(
        rested_on=now.date()
    )


def ask_silent_pairs(now: datetime) -> int:
    """Asks each of the two of the pairs whose time it is, in the day, and on none of their program's holidays: how many
    people."""
    return sum(_ask(each, now) for each in islice(_due(now), ASKED_AT_ONCE))


def close_silent_pairs(now: datetime) -> int:
    """Those whose two were told a week ago, and of which nothing was heard since: how many."""
    long_ago = now - timedelta(days=CLOSED_AFTER)
    told = Silence.objects.filter(number=Number.LAST, asked_at__lte=long_ago, pairing__in=_awake(now))
    if not told.exists():
        return 0
    told = signs.open_questions().filter(pk__in=told.values("pk"))
    first: dict[int, Silence] = {}
    for row in told.select_related("pairing__program").order_by("pairing", "-asked_at"):
        first.setdefault(row.pairing_id, row)
    days = calendars({row.pairing.program for row in first.values()}, now)
    return sum(_close(row, days[row.pairing.program_id], now) for row in first.values())


@transaction.atomic
def answer_silence(silence: Silence, *, by: User, answer: str, now: datetime) -> None:
    """One of the two says how it is, for both. `answer` is one of `Silence.Answer`: in touch, and nobody is asked for a
    while; it rests, for six weeks; it is over, and ends today.

    Raises Refused for a question that is no longer open, and for an answer that there is not.
    """
    pairing = _locked(silence.pairing)
    found = signs.open_questions().filter(pk=silence.pk, person=by).first()
    if found is None or not rules.may_answer_silence(by, pairing):
        raise Refused(_("This question is no longer open."))
    if answer not in Answer.values:
        raise Refused(_("Choose one of the three."))
    until = rests_until(pairing, now)
    if answer == Answer.PAUSE and until is None:
        raise Refused(_("It ends too soon to rest before."))
    Silence.objects.unanswered().filter(pk=silence.pk).update(answer=answer, answered_at=now)
    if answer == Answer.PAUSE and until is not None:
        pause_own_pairing(pairing, by=by, until=until, now=now)
    elif answer == Answer.END:
        end_own_pairing(pairing, by=by, now=now)


def rests_until(pairing: Pairing, now: datetime) -> date | None:
    """Until when a pair rests that is said to rest: six weeks, and no longer than it runs; None on its last day."""
    if not rules.has_time_to_rest(pairing, now):
        return None
    return min(pairing.program.today(now) + RESTS_FOR, rules.latest_pairing_pause(pairing, now))


# --- Who is asked ----------------------------------------------------------------------------------------------------


def _in(*statuses: str) -> object:
    return Program.objects.filter(status__in=statuses).values("pk")


def _rests() -> Q:
    """Of pairings that are under way."""
    breaks = Enrollment.objects.filter(
        Q(person=OuterRef("mentor")) | Q(person=OuterRef("mentee")),
        program=OuterRef("program"),
        status=Enrollment.Status.PAUSED,
    )
    rest = [status for status in Program.Status if status != Program.Status.ACTIVE]
    return Q(status=Pairing.Status.PAUSED) | Q(program__in=_in(*rest)) | Q(Exists(breaks))


def _awake(now: datetime) -> PairingQuerySet:
    """Active ones that do not rest, of programs where it is day and no holiday."""
    programs = list(Program.objects.filter(status=Program.Status.ACTIVE))
    days = calendars(programs, now)
    awake = [
        program.pk
        for program in programs
        if now.astimezone(program.zone).hour in HOURS and not days[program.pk].is_off(program.today(now))
    ]
    return Pairing.objects.active().filter(program__in=awake).exclude(_rests())


def _silent(now: datetime) -> PairingQuerySet:
    """Those of which nothing was heard for the shortest time after which somebody is asked."""
    shortest = timedelta(days=ASKED_AFTER[Number.FIRST])
    long_ago = (now - shortest).date()
    lately = Silence.objects.filter(pairing=OuterRef("pk"), asked_at__gt=now - AGAIN_AFTER)
    rows = _awake(now).filter(
        ~Exists(lately), Q(rested_on__isnull=True) | Q(rested_on__lte=long_ago), starts_on__lte=long_ago
    )
    return signs.without_one_since(rows, now - shortest)


def _due(now: datetime) -> Iterator[_Due]:
    pairings = list(_silent(now).with_people().order_by("pk"))
    heard = signs.last_of(pairing.pk for pairing in pairings)
    asked, said = _asked_before(pairings), _in_touch(pairings)
    days = calendars({pairing.program for pairing in pairings}, now)
    for pairing in pairings:
        # What ends by itself is not asked how it is: it was asked what each will keep of it.
        if not rules.has_time_to_rest(pairing, now):
            continue
        program = pairing.program
        last = heard.get(pairing.pk)
        signed = last.astimezone(program.zone).date() if last else pairing.starts_on
        since = max(day for day in (signed, pairing.starts_on, pairing.rested_on) if day is not None)
        number = asked[pairing.pk].get(since, 0) + 1
        if number > Number.LAST:
            continue
        needed = ASKED_AFTER[Number(number)]
        if number == Number.FIRST and last is not None and said.get(pairing.pk) == last:
            needed = ASKED_AFTER_A_YES
        if days[program.pk].days_between(since, program.today(now)) >= needed:
            yield _Due(pairing, since, Number(number))


def _asked_before(pairings: Iterable[Pairing]) -> Mapping[int, Mapping[date, int]]:
    """By pairing and by when its silence began: how often."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = Silence.objects.filter(pairing__in=pairings).order_by().values_list("pairing", "since")
    for pairing, since, number in rows.annotate(last=Max("number")):
        found[pairing][since] = number
    return found


def _in_touch(pairings: Iterable[Pairing]) -> Mapping[int, datetime]:
    rows = (
        Silence.objects.filter(pairing__in=pairings, answer=Answer.IN_TOUCH).order_by().values_list("pairing")
    )
    return dict(rows.annotate(last=Max("answered_at")))


@transaction.atomic
def _ask(due: _Due, now: datetime) -> int:
    pairing = _locked(due.pairing)
    # Behind this lock nobody answers, pauses or ends it at this moment.
    if not rules.has_time_to_rest(pairing, now) or not _silent(now).filter(pk=pairing.pk).exists():
        return 0
    asked = 0
    for person in (pairing.mentor, pairing.mentee):
        if not person.is_active or person.erasure_due_at is not None:
            continue
        silence, is_new = Silence.objects.get_or_create(
            pairing=pairing, person=person, since=due.since, number=due.number, defaults={"asked_at": now}
        )
        if is_new:
            asked += 1
            at = good_hour(person, now)
            outbox.owe(
                SILENCE, person.pk, silence.pk, due_at=at, expires_at=at + timedelta(days=CLOSED_AFTER)
            )
    return asked


@transaction.atomic
def _close(silence: Silence, days: Calendar, now: datetime) -> bool:
    pairing = _locked(silence.pairing)
    program = pairing.program
    told_on = silence.asked_at.astimezone(program.zone).date()
    if program.today(now) < days.day_after(told_on, CLOSED_AFTER):
        return False
    if not signs.open_questions().filter(pk=silence.pk).exists():
        return False
    return bool(endings.end(Pairing.objects.filter(pk=pairing.pk), Pairing.Status.ENDED, now))


def _locked(pairing: Pairing) -> Pairing:
    """Its row as it is now, ours until the end of the transaction, and with it that nobody of the two is erased."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    return Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)
