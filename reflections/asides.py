"""The e-mails of the calendar that are not about a round's page: who gets them, when, or why not; and owing them.

A line in the middle of the quarter, a thank-you that is still in the drafts, one's quarter in one's own words, a survey
that waits, and for those who are new the question when their coffee time is. They give way to those about the page
(schedule.py): of two that want one week the one that `RANK` has first goes, and the other is dropped. The number of
queries is fixed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.localtime import first_valid
from accounts.mail import outbox
from accounts.mail.manners import Manners
from accounts.mail.models import Message, Stopped, Suppression
from accounts.models import User
from mentoring.days_off import NO_DAYS_OFF, DaysOff
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Holiday, Program

from .models import Answer, IncomingMail, Midquarter, Reflection, Round, SurveySheet, Thanks
from .nudges import AHEAD, Planned, let_sleep
from .outlook import (
    STREAM,
    Recipient,
    gone_lately,
    last_wrote,
    look,
    open_rounds,
    waits_for_its_time,
    was_put_off,
)
from .rounds import is_running
from .schedule import LAST_SLOT, LATE, WINDOW_OPENS, Calendar, Slot

DAY = timedelta(days=1)
# Counted from the quarter's first day: the seventh week, and the tenth.
LINE_AFTER = timedelta(weeks=6)
LINE_AGAIN_AFTER = timedelta(weeks=9)
CAPTURED = timedelta(days=21)
NEW_FOR = timedelta(days=14)
COFFEE_AFTER = timedelta(days=2)
# So near the quarter's end its question says when it comes, and that it can come at another time.
COFFEE_FOLDED = timedelta(weeks=3)
DRAFT_AFTER = timedelta(days=7)
# After a survey was put before somebody.
SURVEY_AGAIN_AFTER = timedelta(days=14)
# After the quarter's last day.
QUARTER_AFTER = timedelta(weeks=3)
# What may be late, and what weekends, holidays and the coffee day add: so far back something is looked for.
BACK = LATE + timedelta(days=14)


class Aside(StrEnum):
    QUARTER = "quarter_words"
    LINE = "line"
    LINE_AGAIN = "line_again"
    DRAFT = "thanks_draft"
    COFFEE = "coffee_time"
    SURVEY = "survey"
    SURVEY_AGAIN = "survey_again"


# Where two want the same week, in the terms of accounts/mail/caps.py; a postcard has 6.
RANK: Mapping[Aside, int] = {
    Aside.QUARTER: 3,
    Aside.LINE: 4,
    Aside.LINE_AGAIN: 4,
    Aside.DRAFT: 5,
    Aside.COFFEE: 7,
    Aside.SURVEY: 5,
    Aside.SURVEY_AGAIN: 6,
}
STREAM_OF: Mapping[Aside, str] = {
    Aside.QUARTER: "quarter_words",
    Aside.LINE: "lines",
    Aside.LINE_AGAIN: "lines",
    Aside.DRAFT: "drafts",
    Aside.COFFEE: STREAM,
    Aside.SURVEY: "surveys",
    Aside.SURVEY_AGAIN: "surveys",
}
Text = str | Promise


@dataclass(frozen=True)
class Candidate:
    """Somebody who may get one: when it is meant for by their slot and its program's holidays, and why it is skipped at
    that time, if it is."""

    kind: Aside
    person_id: int
    program: Program
    subject_id: int
    meant: Callable[[Slot, DaysOff], datetime]
    skip: Callable[[datetime, date], Text] = lambda _at, _day: ""


@dataclass(frozen=True)
class AsideOutlook:
    """One e-mail to one person: it goes `at`, or `why` not. `message` is its row where it is owed already."""

    kind: Aside
    person: Recipient
    program: Program
    subject_id: int
    at: datetime | None = None
    expires_at: datetime | None = None
    why: Text = ""
    message: Message | None = None
    off: DaysOff = NO_DAYS_OFF


@dataclass(frozen=True)
class _Person:
    recipient: Recipient
    why_not: Text
    has_chosen: bool


# --- What the database knows ---------------------------------------------------------------------------------------


def _running(now: datetime) -> dict[int, Program]:
    active = Program.objects.filter(status=Program.Status.ACTIVE).order_by("pk")
    return {program.pk: program for program in active if is_running(program, program.today(now))}


def _middles(programs: Mapping[int, Program], now: datetime) -> dict[int, list[tuple[Aside, date, date]]]:
    """By program what comes up in the middle of its quarter about now: the kind, the quarter's first day, and the
    day from which on it comes."""
    due: dict[int, list[tuple[Aside, date, date]]] = defaultdict(list)
    for pk, program in programs.items():
        today = program.today(now)
        start = program.quarter_on(today).start
        for kind, after in ((Aside.LINE, LINE_AFTER), (Aside.LINE_AGAIN, LINE_AGAIN_AFTER)):
            if start + after - AHEAD - DAY <= today <= start + after + BACK:
                due[pk].append((kind, start, start + after))
    return due


def _make_midquarters(now: datetime) -> None:
    rows = [
        Midquarter(program_id=pk, quarter_start=found[0][1])
        for pk, found in _middles(_running(now), now).items()
    ]
    there = set(
        Midquarter.objects.filter(program__in=[row.program_id for row in rows]).values_list(
            "program", "quarter_start"
        )
    )
    new = [row for row in rows if (row.program_id, row.quarter_start) not in there]
    Midquarter.objects.bulk_create(new, ignore_conflicts=True)


def _lines(programs: Mapping[int, Program], now: datetime) -> Iterator[Candidate]:
    """In the middle of the quarter, of those whose middle is now. Five queries."""
    due = _middles(programs, now)
    if not due:
        return
    starts = {pk: found[0][1] for pk, found in due.items()}
    rows = Midquarter.objects.filter(program__in=due, quarter_start__in=set(starts.values()))
    middles = {row.program_id: row.pk for row in rows if starts[row.program_id] == row.quarter_start}
    places = list(
        Enrollment.objects.active()
        .filter(program__in=due)
        .order_by("program", "pk")
        .values_list("program", "person", "joined_on", "person__wants_line_twice")
    )
    wrote_at = last_wrote({person for _program, person, _joined, _twice in places})
    replied = _replied(set(middles.values()))
    for pk, person, joined_on, twice in places:
        for kind, _start, day in due[pk]:
            if kind is Aside.LINE or twice:
                yield Candidate(
                    kind,
                    person,
                    programs[pk],
                    middles.get(pk, 0),  # None has been made before anything was planned of it.
                    partial(_from_day, day),
                    partial(
                        _why_no_line,
                        wrote_at.get(person),
                        joined_on,
                        has_replied=kind is Aside.LINE_AGAIN and (person, middles.get(pk, 0)) in replied,
                    ),
                )


def _replied(middles: set[int]) -> set[tuple[int, int]]:
    """Who answered the first one by a reply, and in which middle of a quarter."""
    found = IncomingMail.objects.taken().filter(
        link__message__kind=Aside.LINE, link__message__subject_id__in=middles
    )
    return set(found.values_list("person", "link__message__subject_id"))


def _why_no_line(
    wrote_at: datetime | None, joined_on: date | None, at: datetime, on: date, *, has_replied: bool
) -> Text:
    if has_replied:
        return _("they have answered")
    if wrote_at is not None and wrote_at > at - CAPTURED:
        return _("they wrote something in the last three weeks")
    if joined_on is not None and joined_on > on - NEW_FOR:
        return _("they joined less than two weeks ago")
    return ""


def _drafts(programs: Mapping[int, Program], now: datetime) -> Iterator[Candidate]:
    drafts = (
        Thanks.objects.drafts()
        .filter(Q(recipient__isnull=False) | Q(mentor__isnull=False), text__is_empty=False)
        .filter(saved_at__gt=now - DRAFT_AFTER - BACK, saved_at__lte=now - DRAFT_AFTER + AHEAD)
    )
    found = list(drafts.order_by("pk").values_list("pk", "writer", "saved_at"))
    places = Enrollment.objects.active().filter(person__in={row[1] for row in found}, program__in=programs)
    program_of = dict(places.order_by("-program").values_list("person", "program"))
    for pk, person, saved_at in found:
        if person in program_of:
            yield Candidate(
                Aside.DRAFT,
                person,
                programs[program_of[person]],
                pk,
                partial(_next_allowed, saved_at + DRAFT_AFTER),
            )


def _quarters(programs: Mapping[int, Program], now: datetime) -> Iterator[Candidate]:
    today = now.date()
    rounds = Round.objects.filter(
        program__in=programs,
        due_on__gte=today - QUARTER_AFTER - BACK,
        due_on__lte=today - QUARTER_AFTER + AHEAD + DAY,
    )
    due_on = dict(rounds.values_list("pk", "due_on"))
    written = Answer.objects.written().filter(reflection=OuterRef("pk"))
    there = Enrollment.objects.active().filter(person=OuterRef("person"), program=OuterRef("round__program"))
    finished = Reflection.objects.filter(round__in=due_on, status=Reflection.Status.SUBMITTED)
    finished = finished.filter(Exists(written), Exists(there)).order_by("round", "person")
    for round, program, person in finished.values_list("round", "round__program", "person"):
        day = due_on[round] + DAY + QUARTER_AFTER
        yield Candidate(
            Aside.QUARTER,
            person,
            programs[program],
            round,
            partial(_from_day, day),
        )


def _newcomers(programs: Mapping[int, Program], now: datetime) -> Iterator[Candidate]:
    today = now.date()
    places = Enrollment.objects.active().filter(
        program__in=programs,
        joined_on__gte=today - COFFEE_AFTER - BACK,
        joined_on__lte=today - COFFEE_AFTER + AHEAD + DAY,
    )
    for pk, program, person, joined_on in places.order_by("pk").values_list(
        "pk", "program", "person", "joined_on"
    ):
        if joined_on is None:
            continue
        yield Candidate(
            Aside.COFFEE,
            person,
            programs[program],
            pk,
            partial(_that_day, joined_on + COFFEE_AFTER),
            partial(_why_no_coffee, programs[program]),
        )


def _surveys(_programs: Mapping[int, Program], now: datetime) -> Iterator[Candidate]:
    """Those that are open before somebody and wait for an answer (reflections/surveys.py), also of a program that has
    just come to its last day."""
    sheets = SurveySheet.objects.waiting().open_at(now)
    sheets = sheets.filter(survey__is_on=True, survey__program__status=Program.Status.ACTIVE)
    for sheet in sheets.select_related("survey__program").order_by("pk"):
        program = sheet.survey.program
        day = program.today(sheet.asked_at)
        for kind, after in ((Aside.SURVEY, DAY), (Aside.SURVEY_AGAIN, SURVEY_AGAIN_AFTER)):
            if day + after >= now.date() - BACK:
                yield Candidate(kind, sheet.person_id, program, sheet.pk, partial(_from_day, day + after))


def _from_day(day: date, slot: Slot, off: DaysOff) -> datetime:
    return slot.first_from(first_valid(day, time(0), slot.zone), off)


def _next_allowed(instant: datetime, slot: Slot, off: DaysOff) -> datetime:
    return slot.next_allowed(instant, off)


def _that_day(day: date, slot: Slot, off: DaysOff) -> datetime:
    at = min(max(slot.at, WINDOW_OPENS), LAST_SLOT)
    return slot.next_allowed(first_valid(day, at, slot.zone), off)


def _why_no_coffee(program: Program, _at: datetime, on: date) -> Text:
    if program.quarter_on(on).end - on < COFFEE_FOLDED:
        return _("the question of the quarter comes soon, and says it")
    return ""


SOURCES = (_quarters, _lines, _drafts, _newcomers, _surveys)


def _people(pks: set[int]) -> dict[int, _Person]:
    people = {}
    standing = Suppression.objects.standing().filter(person__in=pks)
    suppressed = dict(standing.order_by("-reason").values_list("person", "reason"))
    for (
        pk, email, is_active, leaves_at, paused_at, chosen_at,
        zone, weekday, at, snoozed_until, calm_from, calm_until,
    ) in User.objects.filter(pk__in=pks).values_list(
        "pk", "email", "is_active", "erasure_due_at", "nudges_paused_at", "coffee_chosen_at",
        "time_zone", "coffee_weekday", "coffee_time", "snoozed_until", "calm_from", "calm_until",
    ):  # fmt: skip
        manners = Manners.of(zone, snoozed_until, calm_from, calm_until)
        why: Text = ""
        if not is_active:
            why = _("their account is closed")
        elif leaves_at is not None:
            why = _("they are about to leave")
        elif paused_at is not None:
            why = _("they are not asked until they come back")
        elif suppressed.get(pk) == Suppression.Reason.BOUNCED:
            why = _("their address does not work")
        elif pk in suppressed:
            why = _("they stopped these e-mails")
        people[pk] = _Person(
            Recipient(pk, email, Slot(manners.zone, weekday, at), manners), why, chosen_at is not None
        )
    return people


# --- Who, when, or why not -----------------------------------------------------------------------------------------


def look_aside(now: datetime) -> Iterator[AsideOutlook]:
    """The outlook of everybody for whom one of them comes up about now, person by person, in the order of `RANK`."""
    programs = _running(now)
    candidates = [one for source in SOURCES for one in source(programs, now)]
    if not candidates:
        return
    people = _people({one.person_id for one in candidates})
    off = Holiday.objects.days_off(list({one.program.pk: one.program for one in candidates}.values()), now)
    stopped = set(
        Stopped.objects.filter(stream__in=set(STREAM_OF.values()), person__in=people).values_list(
            "person", "stream"
        )
    )
    rows = Message.objects.of(*Aside).filter(
        person__in=people, subject_id__in={one.subject_id for one in candidates}
    )
    messages = {(row.person_id, row.kind, row.subject_id): row for row in rows}
    taken: dict[int, list[datetime]] = defaultdict(list)
    for person_id, at in gone_lately(now).filter(person__in=people).values_list("person", "sending_at"):
        if at is not None:
            taken[person_id].append(at)
    for outlook in look(open_rounds(now), now):
        if outlook.person.pk in people and outlook.at is not None:
            taken[outlook.person.pk].append(outlook.at)
    theirs: dict[int, list[Candidate]] = defaultdict(list)
    for one in candidates:
        theirs[one.person_id].append(one)
    for person_id, found in theirs.items():
        if (person := people.get(person_id)) is None:
            continue
        calendar = Calendar(person.recipient.slot, now, taken[person_id])
        for one in sorted(found, key=lambda one: (RANK[one.kind], one.program.pk, one.subject_id)):
            message = messages.get((one.person_id, one.kind, one.subject_id))
            is_stopped = (person_id, STREAM_OF[one.kind]) in stopped
            yield _outlook(one, person, message, calendar, off[one.program.pk], is_stopped=is_stopped)


def _outlook(
    one: Candidate,
    person: _Person,
    message: Message | None,
    calendar: Calendar,
    off: DaysOff,
    *,
    is_stopped: bool,
) -> AsideOutlook:
    slot = person.recipient.slot
    outlook = AsideOutlook(one.kind, person.recipient, one.program, one.subject_id, message=message, off=off)
    if message is not None and not waits_for_its_time(message, calendar.now) and not was_put_off(message):
        if message.state in (Message.State.QUEUED, Message.State.CLAIMED):
            calendar.taken.append(max(calendar.now, message.next_attempt_at))
        return replace(outlook, why=Message.State(message.state).label)
    meant = one.meant(slot, off)
    on = meant.astimezone(slot.zone).date()
    why = person.why_not or one.skip(meant, on)
    if is_stopped:
        why = why or _("they stopped these e-mails")
    if one.kind is Aside.COFFEE and person.has_chosen:
        why = why or _("they chose their coffee time")
    if why:
        return replace(outlook, why=why)
    if meant > calendar.now + BACK:
        return replace(outlook, why=_("it comes later"))
    at, why_not = calendar.fit(meant, off, one.program.quarter_on(on).start)
    if why_not is not None:
        return replace(outlook, why=why_not.label)
    return replace(outlook, at=at, expires_at=meant + LATE)


# --- Owing ---------------------------------------------------------------------------------------------------------


def plan_asides(now: datetime) -> Planned:
    """Owe what is due within three days, as `plan_nudges` does for those about the page; what waits follows its
    person to another slot or zone, and what has lost its week or its reason is dropped."""
    new: list[outbox.Owed] = []
    again = moved = dropped = 0
    asleep: dict[datetime, list[int]] = defaultdict(list)
    _make_midquarters(now)
    for outlook in look_aside(now):
        message, at, expires_at = outlook.message, outlook.at, outlook.expires_at
        if message is None:
            if at is not None and expires_at is not None and at <= now + AHEAD:
                new.append(outbox.Owed(outlook.kind, outlook.person.pk, outlook.subject_id, at, expires_at))
        elif was_put_off(message):
            if at is not None and at <= now + AHEAD:
                again += outbox.take_up(
                    outlook.kind,
                    subjects=[outlook.subject_id],
                    person_id=outlook.person.pk,
                    reason=NOT_RUNNING,
                    due_at=at,
                    expires_at=expires_at,
                )
        elif waits_for_its_time(message, now):
            if at is None:
                dropped += outbox.cancel(
                    outlook.kind,
                    subject_id=outlook.subject_id,
                    person_id=outlook.person.pk,
                    reason="it has no place any more",
                )
            elif at != message.due_at:
                moved += outbox.move(message, due_at=at, expires_at=expires_at)
        elif message.state == Message.State.QUEUED:
            tried_at = max(now, message.next_attempt_at)
            allowed_at = outlook.person.slot.next_allowed(tried_at, outlook.off)
            if allowed_at != tried_at:
                asleep[allowed_at].append(message.pk)
    return Planned(outbox.owe_many(new) + again, moved + let_sleep(asleep), dropped)
