"""When a pair meets."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import rules
from mentoring.models import Meeting, Pairing

from .refused import Refused


@transaction.atomic
def plan_meeting(
    pairing: Pairing, *, by: User, starts_at: datetime, minutes: int, place: str = "", now: datetime
) -> Meeting:
    """The meeting of the two at that instant; asked for twice, it is still one meeting.

    Raises Refused for a pairing that does not meet now, and for a time that has gone by.
    """
    pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    if not rules.may_plan_meeting(by, pairing):
        raise Refused(_("Meetings are planned while the pairing is under way."))
    if starts_at < rules.earliest_meeting(now):
        raise Refused(_("Choose a time that is still to come."))
    if starts_at > rules.latest_meeting(now):
        raise Refused(_("Choose a day in the next two years."))
    meeting, _created = Meeting.objects.planned().get_or_create(
        pairing=pairing, starts_at=starts_at, defaults={"minutes": minutes, "place": place}
    )
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, now: datetime) -> None:
    """Raises Refused for a meeting that has begun. One that is canceled already stays so."""
    if meeting.cancelled_at is not None and rules.is_one_of_the_two(by, meeting.pairing):
        return
    if not rules.may_cancel_meeting(by, meeting, now):
        raise Refused(_("This meeting can no longer be canceled."))
    Meeting.objects.planned().filter(pk=meeting.pk).update(cancelled_at=now)
