"""The clock by which a program forgets: it warns, waits thirty days, and deletes what somebody wrote there.

Any number of clocks may call it at once, and after a rest it catches up. It never deletes without a warning that went
out at least thirty days before: where the mail rested, the days are counted from when it went.
"""

import logging
from datetime import date, datetime, timedelta
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links, outbox
from accounts.mail.kinds import OWN_DATA, Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata.erasing import erase, one_at_a_time
from accounts.mydata.registry import obstacles

from .models import Enrollment, Program, ProgramAdmin, Retention
from .models.enrollment import EnrollmentQuerySet
from .mydata import clear_program_words
from .quarter import plus_months

log = logging.getLogger(__name__)

WARNING = "retention_warning"
NOTICE = timedelta(days=30)
# A warning that could not go out for a year is no warning: it is made anew.
WARNING_LIVES = timedelta(days=365)
BATCH = 1000
PERMANENT = 500


class Tended(NamedTuple):
    """How many people were warned, had what they wrote in a program deleted, and were erased."""

    warned: int = 0
    cleared: int = 0
    erased: int = 0


def register_kinds() -> None:
    """Tell the outbox of the warning."""
    running = Retention.objects.filter(
        pk=OuterRef("subject_id"), warned_at__isnull=False, cleared_at__isnull=True
    )
    register(
        Kind(
            WARNING,
            None,
            gettext_lazy("What you wrote will be deleted"),
            warning,
            conditions=(("the clock was stopped", Q(Exists(running))),),
            always=OWN_DATA,
        )
    )


def tend(now: datetime) -> Tended:
    """What the clock brings about: places that are over are noted, people warned, and words deleted."""
    _note(now)
    warned = cleared = erased = 0
    for program in Program.objects.filter(retention_months__isnull=False).order_by("pk"):
        warned += sum(_warn(pk, now) for pk in _to_warn(program, now))
        for pk in _to_clear(program, now):
            try:
                goes = _clear(pk, now)
            except Exception as error:  # Nobody waits because of somebody else.
                log.error(
                    "place %s was not cleared (%s); the next tick tries again", pk, type(error).__name__
                )
                continue
            cleared += goes == "words"
            erased += goes == "account"
    return Tended(warned, cleared, erased)


# --- Since when a place is over ------------------------------------------------------------------------------------


def _note(now: datetime) -> None:
    """Begin the clock for places that are over, and stop it for those that are not any more."""
    today = now.date()
    over = _places_that_were(today).filter(person__erased_at__isnull=True)
    _stop(Retention.objects.exclude(enrollment__in=over.order_by().values("pk")), forget=True)
    still_kept = Q(enrollment__program__retention_months__isnull=True)
    _stop(Retention.objects.filter(still_kept, warned_at__isnull=False, cleared_at__isnull=True))
    new = over.filter(retention__isnull=True).order_by("pk").values_list("pk", "program__ends_on")[:BATCH]
    Retention.objects.bulk_create(
        [Retention(enrollment_id=pk, over_since=_over_since(ends_on, today)) for pk, ends_on in new],
        ignore_conflicts=True,
    )


def _places_that_were(today: date) -> EnrollmentQuerySet:
    """Over, and once taken or asked for: whoever was only invited, or said no, has written nothing there, and wants no
    letter. Whoever was declined has said things when they asked."""
    never = Q(status__in=Enrollment.NOT_IN, joined_on__isnull=True, applied_at__isnull=True)
    return Enrollment.objects.over(today).exclude(never)


def _over_since(ends_on: date | None, today: date) -> date:
    return ends_on if ends_on is not None and ends_on < today else today


@transaction.atomic
def _stop(rows: QuerySet[Retention], *, forget: bool = False) -> None:
    """No warning counts any more, so that whoever is warned again is told again."""
    pks = list(rows.values_list("pk", flat=True))
    if not pks:
        return
    Message.objects.of(WARNING).filter(subject_id__in=pks).delete()
    if forget:
        Retention.objects.filter(pk__in=pks).delete()
    else:
        Retention.objects.filter(pk__in=pks).update(warned_at=None, goes_whole=False)


# --- The warning ---------------------------------------------------------------------------------------------------


def _to_warn(program: Program, now: datetime) -> list[int]:
    return _over_for_long(program, (now + NOTICE).date(), warned_at__isnull=True)


def _over_for_long(program: Program, day: date, **more: object) -> list[int]:
    """Places of which the program's months are over on that day, and that have not been cleared."""
    months = program.retention_months or 0
    rows = Retention.objects.filter(
        enrollment__program=program,
        cleared_at__isnull=True,
        over_since__lte=plus_months(day, -months),
        **more,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _warn(pk: int, now: datetime) -> bool:
    if not Retention.objects.filter(pk=pk, warned_at__isnull=True).update(warned_at=now):
        return False
    place = Enrollment.objects.select_related("person").get(pk=pk)
    Retention.objects.filter(pk=pk).update(goes_whole=is_last_life(place.person, place))
    return outbox.owe(WARNING, place.person_id, pk, due_at=now, expires_at=now + WARNING_LIVES)


def warning(message: Message) -> Letter:
    """What goes, when not before, and how to take it along."""
    rows = Retention.objects.filter(pk=message.subject_id, enrollment__person=message.person)
    row = rows.select_related("enrollment__program").first()
    months = row.enrollment.program.retention_months if row else None
    if row is None or row.warned_at is None or months is None:
        raise Unrenderable("the clock was stopped")
    program = row.enrollment.program
    subject = _("What you wrote in %(program)s will be deleted") % {"program": program.name}
    context = {
        "subject": subject,
        "person": message.person,
        "program": program,
        "months": months,
        "goes_on": max(plus_months(row.over_since, months), (row.warned_at + NOTICE).date()),
        "goes_whole": row.goes_whole,
        "url": links.absolute("accounts:data"),
        "privacy_url": links.absolute("privacy"),
    }
    return Letter(
        subject=subject,
        text=render_to_string("mentoring/emails/retention_warning.txt", context),
        html=render_to_string("mentoring/emails/retention_warning.html", context),
        from_name=program.name,
        thread=f"retention/{row.pk}/{message.person_id}",
    )


# --- The end -------------------------------------------------------------------------------------------------------


def _to_clear(program: Program, now: datetime) -> list[int]:
    """Those who were warned long enough ago; a warning that never went out is made anew."""
    ripe = _over_for_long(program, now.date(), warned_at__lte=now - NOTICE)
    warnings = {
        each.subject_id: each
        for each in Message.objects.of(WARNING).filter(subject_id__in=ripe).select_related("person")
    }
    lost = [pk for pk in ripe if pk not in warnings or _was_lost(warnings[pk])]
    _stop(Retention.objects.filter(pk__in=lost))
    return [pk for pk in ripe if pk not in lost and _was_sent_by(warnings[pk], now - NOTICE)]


def _was_lost(message: Message) -> bool:
    """Nobody tried, or nobody could. An address that is refused for good is no reason to keep words for ever, and
    neither is an account that is closed to its person still."""
    if message.state == Message.State.FAILED:
        return (message.last_code or 0) < PERMANENT
    if message.state == Message.State.CANCELLED:
        return message.person.is_active
    return message.state == Message.State.EXPIRED


def _was_sent_by(message: Message, then: datetime) -> bool:
    if message.state in (Message.State.QUEUED, *Message.HELD):
        return False
    return (message.sent_at or message.sending_at or message.due_at) <= then


@transaction.atomic
def _clear(pk: int, now: datetime) -> str:
    """What went: "account", "words", or "" where somebody else was first or the place is taken up again."""
    one_at_a_time()
    rows = Retention.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=pk,
        cleared_at__isnull=True,
        warned_at__isnull=False,
        enrollment__in=_places_that_were(now.date()).order_by().values("pk"),
    )
    row = rows.select_related("enrollment__person", "enrollment__program").first()
    if row is None or row.warned_at is None:
        return ""
    person = row.enrollment.person
    if is_last_life(person, row.enrollment) and not _was_here_since(person, row.warned_at):
        if not row.goes_whole:
            # It has become their last place since they were told that their account stays: they are told anew.
            _stop(Retention.objects.filter(pk=pk))
            return ""
        erase(person, now=now)
        return "account"
    clear_program_words(person, row.enrollment.program)
    Retention.objects.filter(pk=pk).update(cleared_at=now)
    return "words"


def is_last_life(person: User, place: Enrollment) -> bool:
    """Whether nothing but this place keeps them here: no other place with words, nothing that they run."""
    said_no = Q(status=Enrollment.Status.DECLINED, joined_on__isnull=True, applied_at__isnull=True)
    others = Enrollment.objects.filter(person=person).exclude(pk=place.pk).exclude(said_no)
    return not (
        person.is_superuser
        or ProgramAdmin.objects.filter(person=person).exists()
        or others.exclude(retention__cleared_at__isnull=False).exists()
        or obstacles(person)
    )


def _was_here_since(person: User, then: datetime) -> bool:
    has_signed_in = person.last_login is not None and person.last_login > then
    return has_signed_in or UserSession.objects.filter(user=person, last_seen_at__gt=then).exists()
