"""What somebody says to the calendar of the quarter: another time, no more for now, and again.

The calendar rests for somebody who was asked in three quarters and did not answer, until they come back. It needs no
reason and is shown to nobody but them. It begins once they were asked whether to go on (the e-mail `keep_asking`), or
when they say so; it ends when they write anything, or say that they want to be asked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.localtime import first_valid
from accounts.mail.caps import GAP
from accounts.mail.models import Message
from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Enrollment, Holiday, Program
from reflections.models import AnotherTime, IncomingMail, Moment, Reflection, Round
from reflections.outlook import KEEP_ASKING
from reflections.schedule import WEEK, Nudge, Slot

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# Which e-mail is the one that comes at the other time.
NEXT: Mapping[str, Nudge] = {Nudge.ASK: Nudge.REMINDER, Nudge.REMINDER: Nudge.LAST_CALL}


def note_pauses(now: datetime) -> int:
    """Begin and end what is to begin and end; for how many. Run twice, or twice at once, it does nothing twice."""
    paused = User.objects.filter(nudges_paused_at__isnull=False)
    back = _wrote_since(OuterRef("nudges_paused_at"), OuterRef("pk"))
    ended: int = paused.filter(back).update(nudges_paused_at=None, nudges_wanted_at=now)
    # One that came back has asked nobody.
    came = Message.objects.of(KEEP_ASKING).went().exclude(state=Message.State.BOUNCED)
    asked = came.filter(person=OuterRef("pk"))
    asked = asked.filter(sending_at__gt=Coalesce(OuterRef("nudges_wanted_at"), Value(LONG_AGO)))
    in_vain = asked.exclude(_wrote_since(OuterRef("sending_at"), OuterRef("person")))
    staying = User.objects.filter(nudges_paused_at__isnull=True, is_active=True)
    begun: int = staying.filter(Exists(in_vain)).update(nudges_paused_at=now)
    return ended + begun


def _wrote_since(since: OuterRef, person: OuterRef) -> Q:
    moments = Moment.objects.filter(person=person, created_at__gt=since)
    pages = Reflection.objects.filter(Q(started_at__gt=since) | Q(saved_at__gt=since), person=person)
    return Q(Exists(moments)) | Q(Exists(pages))


def rest_from_asking(person: User, *, now: datetime) -> bool:
    """They would rather not be asked for now. False where they are not asked already."""
    rows = User.objects.filter(pk=person.pk, nudges_paused_at__isnull=True)
    return bool(rows.update(nudges_paused_at=now))


@transaction.atomic
def ask_again(person: User, *, now: datetime) -> bool:
    """They want to be asked again; the quarters before are forgotten. False where they are asked anyway."""
    rows = User.objects.filter(pk=person.pk)
    rows.update(nudges_wanted_at=now)
    return bool(rows.filter(nudges_paused_at__isnull=False).update(nudges_paused_at=None))


def may_be_asked(person: User, round: Round, now: datetime) -> bool:
    """Whether the calendar still asks this person about that round: what a link of its e-mails is good for."""
    program = round.program
    return (
        program.status == Program.Status.ACTIVE
        and round.is_open_on(program.today(now))
        and person.is_active
        and Enrollment.objects.active().filter(person=person, program=program).exists()
    )


def other_times(message: Message, round: Round, *, now: datetime) -> list[datetime]:
    """The coffee times at which the next e-mail about this round may come instead, soonest first; none after the
    last of them, and none once another has come, is on its way or was put off already."""
    person = message.person
    nudge = NEXT.get(message.kind)
    if nudge is None or not may_be_asked(person, round, now):
        return []
    if Reflection.objects.answered().filter(person=person, round=round).exists():
        return []
    # A reply is an answer, after which no e-mail comes; so none is promised.
    if IncomingMail.objects.taken().filter(person=person, answer__reflection__round=round).exists():
        return []
    gone = Message.objects.of(Nudge.REMINDER, Nudge.LAST_CALL, subject_id=round.pk).filter(person=person)
    later = [each for each in Nudge if list(Nudge).index(each) >= list(Nudge).index(nudge)]
    if gone.filter(kind__in=later).exclude(state=Message.State.QUEUED).exists():
        return []
    if AnotherTime.objects.filter(person=person, round=round, nudge=nudge).exists():
        return []
    slot = Slot(person.zone, person.coffee_weekday, person.coffee_time)
    off = Holiday.objects.days_off([round.program], now)[round.program_id]
    closes_at = first_valid(round.closes_on + timedelta(days=1), time(0), round.program.zone)
    began = message.sending_at or message.due_at
    at = slot.first_from(max(began + GAP, now), off)
    found: list[datetime] = []
    while at < closes_at:
        found.append(at)
        at = slot.first_from(at + WEEK - timedelta(days=1), off)
    return found


@transaction.atomic
def say_another_time(message: Message, round: Round, *, choice: int = 0, now: datetime) -> datetime:
    """The next e-mail about this round comes at that one of `other_times`, and none before it; once for each e-mail.

    Returns when it comes. Raises Refused where there is no other time any more.
    """
    times = other_times(message, round, now=now)
    if not 0 <= choice < len(times):
        raise Refused(_("There is no other time for this e-mail any more. The page stays open all the same."))
    at, person = times[choice], message.person
    _row, is_new = AnotherTime.objects.get_or_create(
        person=person,
        round=round,
        nudge=NEXT[message.kind],
        defaults={"not_before": at.astimezone(person.zone).date(), "created_at": now},
    )
    if not is_new:
        raise Refused(_("You have said that already."))
    return at
