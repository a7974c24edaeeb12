"""Somebody's words, opened in an emergency. It takes two superusers and a reason, lasts an hour at most, and its writer
is told at each step. Off unless the installation has it (BREAK_GLASS)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox, tasks
from accounts.models import User
from mentoring.actions.refused import Refused
from reflections.break_glass_emails import ASKED, LIVES, OPENED
from reflections.models import Answer, BreakGlass, BreakGlassReading, Moment, Round, Thanks
from reflections.models.break_glass import ALLOWED_WITHIN, LONGEST_REASON, OPEN_FOR

OFF = _("This installation does not open anybody’s words.")
NOT_YOURS = _("Only superusers do this, and nobody with their own words.")


@dataclass(frozen=True)
class Opened:
    """What may be shown now."""

    moments: Sequence[Moment]
    answers: Sequence[Answer]
    notes: Sequence[Thanks] = ()


@transaction.atomic
def ask_to_open(
    person: User,
    *,
    by: User,
    reason: str,
    moment: Moment | None = None,
    answer: Answer | None = None,
    note: Thanks | None = None,
    round: Round | None = None,
    now: datetime,
) -> BreakGlass:
    """Of one thing or of one quarter; their writer is told at once. Nothing is open before another superuser allows it.

    Raises Refused where it is off, for who is no superuser, for one's own words, without a reason, and for a thing that
    is not this person's.
    """
    _check([by], person)
    chosen = [each for each in (moment, answer, note, round) if each is not None]
    if len(chosen) != 1:
        raise Refused(_("Choose one thing, or one quarter."))
    if any(thing is not None and thing.sealed_for != person.pk for thing in (moment, answer, note)):
        raise Refused(_("There is no such thing of this person’s."))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(_("Write why it has to be read, in a few sentences. The person will read them."))
    row = BreakGlass(
        person=person,
        moment=moment,
        answer=answer,
        note=note,
        round=round,
        about=_about(chosen[0]),
        asked_by=by,
        asked_at=now,
    )
    row.reason = reason
    row.save(force_insert=True)
    _tell(ASKED, row, now)
    return row


@transaction.atomic
def allow_opening(row: BreakGlass, *, by: User, now: datetime) -> None:
    """By another superuser than asked, within a day; from now on it is open for an hour. Its writer is told at once."""
    row = _locked(row)
    if row.asked_by_id == by.pk:
        raise Refused(_("It takes two: another superuser has to allow it."))
    _check([by, row.asked_by], row.person)
    _check_waits(row, now)
    BreakGlass.objects.filter(pk=row.pk).update(allowed_by=by, allowed_at=now, ends_at=now + OPEN_FOR)
    _tell(OPENED, row, now)


@transaction.atomic
def refuse_opening(row: BreakGlass, *, by: User, now: datetime) -> None:
    """By any superuser, whoever asked included."""
    row = _locked(row)
    _check([by], row.person)
    _check_waits(row, now)
    BreakGlass.objects.filter(pk=row.pk).update(refused_by=by, refused_at=now)


@transaction.atomic
def close_opening(row: BreakGlass, *, by: User, now: datetime) -> None:
    """Before its hour is over. Closing twice is closing once."""
    row = _locked(row)
    _check([by], row.person)
    BreakGlass.objects.filter(pk=row.pk, ends_at__gt=now).update(ends_at=now)


@transaction.atomic
def read_opened(row: BreakGlass, *, by: User, now: datetime) -> Opened:
    """The words, for whoever asked; that they were shown is written down first, each time. Raises Refused when it is
    not open now."""
    row = _locked(row)
    _check([by], row.person)
    if row.asked_by_id != by.pk:
        raise Refused(_("It is open for whoever asked, and nobody else."))
    if not row.is_open_at(now):
        raise Refused(_("It is not open now."))
    BreakGlassReading.objects.create(opening=row, reader=by, read_at=now)
    return _words(row)


def _about(thing: Moment | Answer | Thanks | Round) -> str:
    about = BreakGlass.About
    return {Moment: about.MOMENT, Answer: about.ANSWER, Thanks: about.NOTE, Round: about.QUARTER}[type(thing)]


def _words(row: BreakGlass) -> Opened:
    if row.about != BreakGlass.About.QUARTER:
        # What was deleted since is gone for whoever asked, too.
        return Opened(
            [row.moment] if row.moment else [],
            [row.answer] if row.answer else [],
            [row.note] if row.note else [],
        )
    if row.round is None:
        return Opened([], [])
    moments = Moment.objects.of(row.person).within(row.round.quarter).order_by("happened_on", "pk")
    answers = Answer.objects.written().filter(reflection__person=row.person, reflection__round=row.round)
    return Opened(
        list(moments), list(answers.select_related("question", "reflection").order_by("question", "pk"))
    )


def _check_waits(row: BreakGlass, now: datetime) -> None:
    if row.allowed_at is not None or row.refused_at is not None:
        raise Refused(_("It is answered already."))
    if now >= row.asked_at + ALLOWED_WITHIN:
        raise Refused(_("That was asked more than a day ago. Ask again, if it is still needed."))


def _check(people: Sequence[User | None], person: User) -> None:
    """Each of them is an active superuser at this moment, and stays one until the transaction ends."""
    if not settings.BREAK_GLASS:
        raise Refused(OFF)
    wanted = {each.pk for each in people if each is not None}
    rows = User.objects.active().filter(pk__in=wanted, is_superuser=True).order_by("pk")
    found = set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    if len(found) != len(people) or person.pk in found:
        raise Refused(NOT_YOURS)


def _locked(row: BreakGlass) -> BreakGlass:
    rows = BreakGlass.objects.select_for_update(of=("self",)).filter(pk=row.pk)
    found = rows.select_related(
        "person", "asked_by", "round__program", "moment", "answer__question", "answer__reflection", "note"
    ).first()
    if found is None:
        raise Refused(_("It is gone."))
    return found


def _tell(kind: str, row: BreakGlass, now: datetime) -> None:
    outbox.owe(kind, row.person_id, row.pk, due_at=now, expires_at=now + LIVES)
    transaction.on_commit(tasks.ring)
