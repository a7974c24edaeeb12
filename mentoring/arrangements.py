"""What is arranged between people of a pairing, and called off with it."""

from datetime import datetime

from . import calendars
from .models import Arrangement, Meeting, MeetingProposal
from .models.pairing import PairingQuerySet


def call_off(pairings: PairingQuerySet, now: datetime) -> int:
    """All that is to come of these pairings does not take place, and what is proposed there lapses: how many meetings.

    For whoever brings a pairing to rest or to an end, in their transaction. What has been stays.
    """
    keys = list(pairings.order_by("pk").values_list("pk", flat=True))
    proposed = MeetingProposal.objects.open().filter(pairing__in=keys)
    proposed.update(state=MeetingProposal.State.LAPSED, closed_at=now)
    coming = Meeting.objects.planned().filter(pairing__in=keys, starts_at__gt=now)
    touched = set(coming.filter(arrangement__isnull=False).values_list("arrangement", flat=True))
    number = coming.update(cancelled_at=now)
    held = Arrangement.objects.standing().filter(pk__in=touched).order_by("pk").select_for_update(no_key=True)
    for arrangement in list(held):
        is_over = not Meeting.objects.planned().filter(arrangement=arrangement, starts_at__gt=now).exists()
        if is_over:
            arrangement.cancelled_at = now
            arrangement.save(update_fields=["cancelled_at"])
        calendars.tell(arrangement, now, asks_again=False, is_cancelled=is_over)
    return number
