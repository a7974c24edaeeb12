"""The e-mails of the quarter's calendar: owed in time, moved when somebody moves, and not sent when no longer wanted.

docs/nudges.md tells the whole story. Planning may run any number of times, and by any number of clocks at once.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.mail import manners, outbox
from accounts.mail.kinds import Kind, Stream, register
from accounts.mail.models import MailLink, Message
from accounts.models import User
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Pairing, Program

from . import emails
from .models import IncomingMail, Reflection, Round
from .outlook import (
    HELD,
    KEEP_ASKING,
    STREAM,
    WRITING,
    Outlook,
    look,
    open_rounds,
    waits_for_its_time,
    was_put_off,
)
from .schedule import Nudge

# A row stands in the outbox so long before its time: enough for a clock that stands still over a weekend, and short, so
# that little has to be moved when people change their minds.
AHEAD = timedelta(days=3)
BATCH = 1000
# Whoever wrote within this time is back, and not asked whether to go on.
LATELY = timedelta(days=14)

REFLECTIONS = Stream(
    STREAM,
    _("The quarter’s question"),
    _("“What was your best stuff?”, once a quarter, with at most two reminders until you answer."),
)
LABELS = {
    Nudge.ASK: _("What was your best stuff?"),
    Nudge.REMINDER: _("What was your best stuff? A reminder"),
    Nudge.LAST_CALL: _("What was your best stuff? The last reminder"),
    KEEP_ASKING: _("Shall we keep asking?"),
}
# Which goes where two want the same week (accounts/mail/caps.py).
RANK = {KEEP_ASKING: 0, Nudge.ASK: 0, Nudge.REMINDER: 1, Nudge.LAST_CALL: 2}


class Planned(NamedTuple):
    """How many nudges are owed anew, were given another time, or lost their week to another one."""

    owed: int = 0
    moved: int = 0
    dropped: int = 0


def register_kinds() -> None:
    """Tell the outbox of every kind of message that this app owes."""
    for kind, rank in RANK.items():
        register(
            Kind(
                str(kind),
                REFLECTIONS,
                LABELS[kind],
                emails.RENDER[kind],
                conditions=_conditions(kind),
                rank=rank,
                link=MailLink.Purpose.NUDGE,
            )
        )


def plan_nudges(now: datetime) -> Planned:
    """Owe what is due within three days, or was in the last week, to those who are to be asked and have not answered.

    What is owed and still waits follows its person to another zone or coffee slot, and out of the night and the
    holidays. What was not sent because the program rested is owed again, if it still has a place in the calendar.
    """
    new: list[outbox.Owed] = []
    again = moved = dropped = 0
    asleep: dict[datetime, list[int]] = defaultdict(list)
    for outlook in look(open_rounds(now), now):
        message = outlook.message
        if message is None or was_put_off(message):
            if outlook.at is None or outlook.expires_at is None or outlook.at > now + AHEAD:
                continue
            if message is None:
                new.append(_owed(outlook, outlook.at, outlook.expires_at))
            else:
                again += outbox.take_up(
                    message.kind,
                    subjects=[message.subject_id],
                    person_id=message.person_id,
                    reason=message.last_error,
                    due_at=outlook.at,
                    expires_at=outlook.expires_at,
                )
        elif waits_for_its_time(message, now):
            dropped += _drop(outlook, message) if outlook.lost_its_week else 0
            moved += _move(outlook, message)
        elif message.state == Message.State.QUEUED:
            tried_at = max(now, message.next_attempt_at)
            allowed_at = outlook.person.slot.next_allowed(tried_at, outlook.off)
            if allowed_at != tried_at:
                asleep[allowed_at].append(message.pk)
    owed = sum(outbox.owe_many(rows) for rows in _batches(new))
    return Planned(owed + again, moved + let_sleep(asleep), dropped)


def _owed(outlook: Outlook, at: datetime, expires_at: datetime) -> outbox.Owed:
    return outbox.Owed(outlook.kind, outlook.person.pk, outlook.round.pk, at, expires_at)


def _drop(outlook: Outlook, message: Message) -> int:
    return outbox.cancel(
        message.kind,
        subject_id=message.subject_id,
        person_id=message.person_id,
        reason="another had the week",
    )


def _move(outlook: Outlook, message: Message) -> bool:
    if outlook.at is None or outlook.at == message.due_at:
        return False
    return outbox.move(message, due_at=outlook.at, expires_at=outlook.expires_at)


def let_sleep(asleep: dict[datetime, list[int]]) -> int:
    """What is late, or tried again, waits for its person's morning. One UPDATE for each zone's morning."""
    return sum(
        Message.objects.waiting()
        .filter(pk__in=pks)
        .update_in_order(
            next_attempt_at=allowed_at,
            # What waits for its person's wish as well goes on saying so, and goes when that is over.
            last_error=Case(
                When(last_error__in=manners.HELD_BACK, then=F("last_error")), default=Value(manners.ASLEEP)
            ),
        )
        for allowed_at, pks in asleep.items()
    )


def _conditions(kind: str) -> tuple[tuple[str, Q], ...]:
    """What must still hold when the letter is about to go out. That the person is active, and has not stopped the
    stream, the outbox asks by itself."""
    person, round = OuterRef("person_id"), OuterRef("subject_id")
    reflection = Reflection.objects.filter(person=person, round=round)
    replied = IncomingMail.objects.taken().filter(person=person, answer__reflection__round=round)
    programs = Program.objects.filter(rounds=round, status=Program.Status.ACTIVE)
    enrollments = Enrollment.objects.active().filter(person=person, program__rounds=round)
    pairings = Pairing.objects.active().filter(Q(mentor=person) | Q(mentee=person), program__rounds=round)
    paused = User.objects.filter(pk=person, nudges_paused_at__isnull=False)
    conditions = [
        ("answered", ~Q(Exists(reflection.answered()))),
        ("replied", ~Q(Exists(replied))),
        (NOT_RUNNING, Q(Exists(programs))),
        (HELD, Q(Exists(Round.objects.filter(pk=round, held_at__isnull=True)))),
        ("not in the program now", Q(Exists(enrollments))),
        ("in no pairing now", Q(Exists(pairings))),
        ("not asked until they come back", ~Q(Exists(paused))),
    ]
    if kind == KEEP_ASKING:
        wrote = Q(started_at__gt=OuterRef("due_at") - LATELY) | Q(saved_at__gt=OuterRef("due_at") - LATELY)
        conditions.append(("they are back", ~Q(Exists(Reflection.objects.filter(wrote, person=person)))))
    elif kind != Nudge.ASK:
        since = OuterRef("next_attempt_at") - WRITING
        writing = reflection.filter(Q(started_at__gt=since) | Q(saved_at__gt=since))
        conditions.append(("writing", ~Q(Exists(writing))))
    return tuple(conditions)


def _batches(rows: list[outbox.Owed]) -> Iterator[list[outbox.Owed]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
