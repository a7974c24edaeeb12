"""What changes programs' people, invitations, pairings and meetings. Each verb checks its rule, moves the row by a
conditional update, and owes its e-mails, all in one transaction. What cannot be done raises `Refused`."""

from .admissions import (
    approve,
    change_note,
    decline,
    expire_offers,
    next_in_line,
    offer_freed_places,
    offer_place,
    waitlist,
)
from .enrollments import (
    complete_place,
    enroll,
    enroll_by_email,
    name_admin_by_email,
    pause_place,
    resume_place,
    withdraw_place,
)
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
from .skills import add_skills, list_skill, merge_skills, rename_skill

__all__ = [
    "MOST_AT_ONCE",
    "Guest",
    "Refused",
    "SomeAreThere",
    "accept_pairing",
    "add_skills",
    "approve",
    "cancel_meeting",
    "change_note",
    "complete_pairing",
    "complete_place",
    "create_pairing",
    "decline",
    "decline_invitation",
    "decline_pairing",
    "end_pairing",
    "enroll",
    "enroll_by_email",
    "expire_offers",
    "forget_those_who_never_came",
    "invite_by_email",
    "invite_by_link",
    "join_by_invitation",
    "list_skill",
    "merge_skills",
    "name_admin_by_email",
    "next_in_line",
    "offer_freed_places",
    "offer_place",
    "pause_pairing",
    "pause_place",
    "plan_meeting",
    "remind_of_invitation",
    "remind_the_silent",
    "rename_skill",
    "resume_pairing",
    "resume_place",
    "revoke_invitation",
    "start_due_pairings",
    "waitlist",
    "withdraw_pairing",
    "withdraw_place",
]
