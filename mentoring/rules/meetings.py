"""Who may do what with a pair's meetings."""

from datetime import datetime, timedelta

from accounts.models import User
from mentoring.models import Meeting, MeetingProposal, Pairing, Program

from .pairings import MEETS, is_one_of_the_two, may_write_in_room


def may_plan_meeting(user: User, pairing: Pairing) -> bool:
    return (
        user.is_active
        and pairing.status in MEETS
        and is_one_of_the_two(user, pairing)
        and pairing.program.status not in Program.OVER
    )


def may_move_meeting(user: User, meeting: Meeting, now: datetime, *, is_for_several: bool) -> bool:
    """Either of the two, until it has begun and while they meet at all; what is for several, their mentor."""
    return (
        meeting.cancelled_at is None
        and meeting.starts_at > now
        and may_plan_meeting(user, meeting.pairing)
        and (not is_for_several or meeting.pairing.is_mentor(user))
    )


def may_answer_meeting(user: User, meeting: Meeting, now: datetime) -> bool:
    """Either of the two says whether they come, until it has begun."""
    return may_move_meeting(user, meeting, now, is_for_several=False)


def is_asked_for_time(user: User, proposal: MeetingProposal) -> bool:
    """Whether this is the one of the two to whom times were proposed."""
    is_theirs = is_one_of_the_two(user, proposal.pairing)
    return user.is_active and is_theirs and user.pk != proposal.proposed_by_id


def may_cancel_meeting(user: User, meeting: Meeting, now: datetime) -> bool:
    """Either of the two, until it has begun; a paused or ended pairing's meetings too, for nobody will come."""
    return (
        user.is_active
        and meeting.cancelled_at is None
        and meeting.starts_at > now
        and is_one_of_the_two(user, meeting.pairing)
    )


def may_say_whether_met(user: User, meeting: Meeting, now: datetime) -> bool:
    """Either of the two, from the beginning of the meeting on, and otherwise than before as well."""
    return (
        meeting.cancelled_at is None and meeting.starts_at <= now and may_write_in_room(user, meeting.pairing)
    )


def earliest_meeting(now: datetime) -> datetime:
    """A meeting may be written down a little late, but not planned for yesterday."""
    return now - timedelta(minutes=15)


def latest_meeting(now: datetime) -> datetime:
    """What lies further ahead is a slip of the hand."""
    return now + timedelta(days=731)
