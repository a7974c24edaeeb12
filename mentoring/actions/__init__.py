"""What changes programs' people, invitations, pairings and meetings. Each verb checks its rule, moves the row by a
conditional update, and owes its e-mails, all in one transaction. What cannot be done raises `Refused`."""

from .applications import Application, Said, apply, change_place, drop_draft, keep_draft
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
from .places import accept_offer, come_back, pass_on_offer, pause_place, resume_due_places, withdraw
from .refused import Refused

__all__ = [
    "MOST_AT_ONCE",
    "Application",
    "Guest",
    "Refused",
    "Said",
    "SomeAreThere",
    "accept_offer",
    "accept_pairing",
    "apply",
    "cancel_meeting",
    "change_place",
    "come_back",
    "complete_pairing",
    "create_pairing",
    "decline_invitation",
    "decline_pairing",
    "drop_draft",
    "end_pairing",
    "enroll",
    "enroll_by_email",
    "forget_those_who_never_came",
    "invite_by_email",
    "invite_by_link",
    "join_by_invitation",
    "keep_draft",
    "name_admin_by_email",
    "pass_on_offer",
    "pause_pairing",
    "pause_place",
    "plan_meeting",
    "remind_of_invitation",
    "remind_the_silent",
    "resume_due_places",
    "resume_pairing",
    "revoke_invitation",
    "start_due_pairings",
    "withdraw",
    "withdraw_pairing",
]
