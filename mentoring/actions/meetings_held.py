"""Whether the two met: asked of them some hours after, said by either, or written down by one of them afterwards."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.localtime import first_valid
from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.mail.outbox import Owed
from accounts.models import User
from mentoring import rules
from mentoring.met_emails import DID_YOU_MEET
from mentoring.models import Enrollment, Holiday, Meeting, Pairing, Program
from mentoring.models.meeting import MeetingQuerySet
from mentoring.room.locking import locked
from mentoring.room.met import ASKED_WITHIN, together_with

from .refused import Refused

HOURS_AFTER = timedelta(hours=3)
# By the clock of whoever is asked. What would be asked in the evening is asked in the morning.
NOT_BEFORE, NOT_AFTER = time(8), time(20)
ASKED_AT_ONCE = 500  # The next tick asks the next ones.


# --- Said -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def say_whether_met(meeting: Meeting, *, by: User, met: bool, now: datetime) -> None:
    """One of the two says whether they met, for both, and may say it otherwise later: what was said last counts.

    A mentor who had planned one meeting with several says it of each of those of whom nobody has said it yet. Raises
    Refused for a meeting that was canceled or has not begun, and where nothing is written any more.
    """
    pairing = locked(meeting.pairing)
    found = Meeting.objects.filter(pk=meeting.pk, pairing=pairing).first()
    if found is not None:
        found.pairing = pairing
    if found is None or not rules.may_say_whether_met(by, found, now):
        raise Refused(_("Nothing can be said of this meeting now."))
    Meeting.objects.filter(pk=found.pk).update(took_place=met, said_at=now)
    together_with(found, by).filter(took_place=None).update(took_place=met, said_at=now)


@transaction.atomic
def say_kind(meeting: Meeting, *, by: User, kind: str, now: datetime) -> None:
    """What kind of meeting it was. Raises Refused as `say_whether_met` does."""
    meeting.pairing = locked(meeting.pairing)
    if not rules.may_say_whether_met(by, meeting, now):
        raise Refused(_("Nothing can be said of this meeting now."))
    Meeting.objects.planned().filter(pk=meeting.pk).update(kind=Meeting.Kind(kind))


@transaction.atomic
def log_meeting(
    pairing: Pairing, *, by: User, starts_at: datetime, kind: str = Meeting.Kind.TALK, now: datetime
) -> Meeting:
    """The two met then, though it was not planned here. One that was planned for that moment is that one, and so is
    one that was written down before.

    Raises Refused where nothing is written any more, for a time that is to come, and for one before they were a pair.
    """
    pairing = locked(pairing)
    if not rules.may_write_in_room(by, pairing):
        raise Refused(_("Nothing is written down here any more."))
    if starts_at > now:
        raise Refused(_("This is still to come. Plan it instead."))
    first = min(pairing.starts_on, pairing.created_at.astimezone(by.zone).date())
    if starts_at.astimezone(by.zone).date() < first:
        raise Refused(_("Choose a day since the two of you were brought together."))
    said = {"kind": Meeting.Kind(kind), "took_place": True, "said_at": now}
    # Two may be planned for one moment, from before that was refused.
    meeting = Meeting.objects.planned().filter(pairing=pairing, starts_at=starts_at).order_by("pk").first()
    if meeting is None:
        return Meeting.objects.create(pairing=pairing, starts_at=starts_at, created_at=now, **said)
    Meeting.objects.filter(pk=meeting.pk).update(**said)
    return meeting


# --- Asked ----------------------------------------------------------------------------------------------------------


def ask_whether_they_met(now: datetime) -> int:
    """Asks each of the two some hours after a meeting of which nobody has said anything; how many were asked.

    Not on a program's holidays, nobody who is away, and a mentor once for a meeting with several. What lies further
    back than `ASKED_WITHIN` nobody is asked about. Any number of clocks may call it at once.
    """
    programs = list(Program.objects.filter(status=Program.Status.ACTIVE))
    off = Holiday.objects.days_off(programs, now)
    owed = []
    for meeting, person in islice(_to_ask(now), ASKED_AT_ONCE):
        at, until = _at_a_good_hour(person, now), meeting.ends_at + ASKED_WITHIN
        if at < until and not off[meeting.pairing.program_id].cover(at, person.zone):
            owed.append(Owed(DID_YOU_MEET, person.pk, meeting.pk, at, until))
    return outbox.owe_many(owed)


def _to_ask(now: datetime) -> Iterator[tuple[Meeting, User]]:
    over = Meeting.objects.planned().filter(
        took_place=None,
        starts_at__gt=now - ASKED_WITHIN - timedelta(hours=8),
        starts_at__lte=now - HOURS_AFTER,
        pairing__status__in=rules.MEETS,
        pairing__program__status=Program.Status.ACTIVE,
    )
    for side in ("mentor", "mentee"):
        asked = Message.objects.of(DID_YOU_MEET).filter(
            subject_id=OuterRef("pk"), person_id=OuterRef(f"pairing__{side}")
        )
        here = Enrollment.objects.active().filter(
            program=OuterRef("pairing__program"), person=OuterRef(f"pairing__{side}")
        )
        staying = User.objects.staying().filter(pk=OuterRef(f"pairing__{side}"))
        rows = over.filter(Exists(here), Exists(staying)).annotate(is_asked=Exists(asked))
        for meeting in _one_of_each(rows.select_related("pairing__program", f"pairing__{side}"), side):
            if now - HOURS_AFTER >= meeting.ends_at > now - ASKED_WITHIN:
                yield meeting, getattr(meeting.pairing, side)


def _one_of_each(rows: MeetingQuerySet, side: str) -> Iterator[Meeting]:
    """Of what somebody had planned with several, the first; nothing of it once they were asked about one."""
    together: dict[tuple[object, ...], list[Meeting]] = {}
    for meeting in rows.order_by("starts_at", "pk"):
        person = getattr(meeting.pairing, f"{side}_id")
        arranged = (meeting.arrangement_id, meeting.starts_at) if meeting.arrangement_id else (meeting.pk,)
        together.setdefault((person, *arranged), []).append(meeting)
    for found in together.values():
        if not any(getattr(meeting, "is_asked", False) for meeting in found):
            yield found[0]


def _at_a_good_hour(person: User, now: datetime) -> datetime:
    """`now`, or the next morning of theirs."""
    there = now.astimezone(person.zone)
    if there.time() < NOT_BEFORE:
        return first_valid(there.date(), NOT_BEFORE, person.zone)
    if there.time() >= NOT_AFTER:
        return first_valid(there.date() + timedelta(days=1), NOT_BEFORE, person.zone)
    return now
