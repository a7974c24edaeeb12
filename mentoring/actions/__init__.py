"""What changes programs' people, invitations, pairings and meetings. Each verb checks its rule, moves the row by a
conditional update, and owes its e-mails, all in one transaction. What cannot be done raises `Refused`."""

from .enrollments import enroll, enroll_by_email, name_admin_by_email
from .invitations import (
    MOST_AT_ONCE,
    Guest,
    SomeAreThere,
    forget_those_who_never_came,
    invite_by_email,
    invite_by_link,
    remind_of_invitation,
    remind_the_silent,
    revoke_invitation,
)
from .joining import decline_invitation, join_by_invitation
from .meetings import cancel_meeting, plan_meeting
from .pairings import (
    accept_pairing,
    complete_pairing,
    create_pairing,
    decline_pairing,
    end_pairing,
    pause_pairing,
    resume_pairing,
    start_due_pairings,
    withdraw_pairing,
)
from .refused import Refused

__all__ = [
    "MOST_AT_ONCE",
    "Guest",
    "Refused",
    "SomeAreThere",
    "accept_pairing",
    "cancel_meeting",
    "complete_pairing",
    "create_pairing",
    "decline_invitation",
    "decline_pairing",
    "end_pairing",
    "enroll",
    "enroll_by_email",
    "forget_those_who_never_came",
    "invite_by_email",
    "invite_by_link",
    "join_by_invitation",
    "name_admin_by_email",
    "pause_pairing",
    "plan_meeting",
    "remind_of_invitation",
    "remind_the_silent",
    "resume_pairing",
    "revoke_invitation",
    "start_due_pairings",
    "withdraw_pairing",
]
