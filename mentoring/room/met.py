"""Meetings that are over, and what was said of them."""

from datetime import datetime, timedelta

from accounts.models import User
from mentoring.models import Meeting, Pairing
from mentoring.models.meeting import MeetingQuerySet

# After the end of a meeting nobody is asked about it for longer by e-mail; the page asks for `SHOWN_WITHIN`.
ASKED_WITHIN = timedelta(days=4)
SHOWN_WITHIN = timedelta(days=14)


def together_with(meeting: Meeting, person: User) -> MeetingQuerySet:
    """The other meetings that somebody had planned as one with this one: of a mentor with several mentees, each is a
    row. Those of which this person is one of the two, and which are not canceled."""
    if meeting.arrangement_id is None:
        return Meeting.objects.none()
    return (
        Meeting.objects.planned()
        .filter(
            arrangement=meeting.arrangement_id,
            original_at=meeting.original_at,
            starts_at=meeting.starts_at,
            pairing__in=Pairing.objects.of(person).filter(status__in=Pairing.MADE),
        )
        .exclude(pk=meeting.pk)
    )


def last_unsaid(pairing: Pairing, now: datetime) -> Meeting | None:
    """The latest meeting that is over, not long ago, and of which nobody has said whether it took place."""
    past = Meeting.objects.filter(pairing=pairing, took_place=None).past(now)
    for meeting in past.filter(starts_at__gt=now - SHOWN_WITHIN)[:2]:
        if meeting.ends_at <= now:
            meeting.pairing = pairing
            return meeting
    return None
