"""Proposals wait for an answer of the two: a reminder after a week, an end after two. (What a mentee asked for is a
request, with a clock of its own.)

While its program rests, nobody is reminded and nothing ends; when it goes on, whoever is asked has their days again
(`hold_questions_anew`). Any number of clocks may call these at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.mail.outbox import Owed
from mentoring import open_requests, places
from mentoring.emails import PROPOSED_REMINDER
from mentoring.models import Holiday, Pairing, Program
from mentoring.models.pairing import PairingQuerySet

from .pairing_up import ANSWERED_WITHIN

# Before the end; so, a week after they were asked.
REMINDED_BEFORE = timedelta(days=7)
SIDES = ("mentor", "mentee")


def remind_the_undecided(now: datetime) -> int:
    """Whoever was asked in a proposal and has not answered is reminded once: how many. Not on a program's holidays."""
    open_ones = _proposed([Program.Status.ACTIVE]).filter(
        answer_by__gt=now, answer_by__lte=now + REMINDED_BEFORE
    )
    owed = []
    for side in SIDES:
        reminded = Message.objects.of(PROPOSED_REMINDER).filter(
            subject_id=OuterRef("pk"), person_id=OuterRef(side)
        )
        silent = open_ones.filter(~Exists(reminded), **{f"{side}_accepted_at__isnull": True})
        owed += [
            Owed(PROPOSED_REMINDER, getattr(row, f"{side}_id"), row.pk, now, row.answer_by)
            for row in _on_working_days(silent, now)
            if row.answer_by is not None
        ]
    return outbox.owe_many(owed)


def expire_questions(now: datetime) -> int:
    """Questions whose time is over come to nothing, and whoever had said yes is told: how many. Not on a program's
    holidays. Each in its own transaction. A program that is over does not rest: nobody can say yes there any more. It
    writes no letters, though; those go out if it is opened again soon."""
    over = _proposed((Program.Status.ACTIVE, *Program.OVER)).filter(
        Q(answer_by__lte=now) | Q(program__status__in=Program.OVER, answer_by__isnull=True)
    )
    return sum(_expire(row, now) for row in _on_working_days(over, now))


def hold_questions_anew(program: Program, now: datetime) -> None:
    """The program goes on: whoever is asked has their days to answer again, whether they had heard of it or not."""
    until = now + ANSWERED_WITHIN
    asked = Pairing.objects.filter(program=program, status=Pairing.Status.PROPOSED, answer_by__lt=until)
    asked.update(answer_by=until)


@transaction.atomic
def _expire(pairing: Pairing, now: datetime) -> bool:
    # Behind the lock, since a program that is being paused at this moment keeps its questions.
    status = places.locked(pairing.program).status
    if status == Program.Status.ACTIVE:
        is_over = Q(answer_by__lte=now)
    elif status in Program.OVER:
        is_over = Q(answer_by__lte=now) | Q(answer_by__isnull=True)
    else:
        return False
    return bool(open_requests.end_proposals(Pairing.objects.filter(is_over, pk=pairing.pk), now))


def _proposed(statuses: Sequence[str]) -> PairingQuerySet:
    """Those of programs that are in one of these states."""
    proposed = Pairing.objects.filter(status=Pairing.Status.PROPOSED)
    return proposed.filter(program__status__in=statuses).select_related("program").order_by("pk")


def _on_working_days(rows: PairingQuerySet, now: datetime) -> list[Pairing]:
    found = list(rows)
    off = Holiday.objects.days_off({row.program for row in found}, now)
    return [row for row in found if not off[row.program_id].cover(now, row.program.zone)]
