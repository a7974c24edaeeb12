"""What changes programs, their people, invitations, pairings and meetings. Each verb checks its rule, moves the row by
a conditional update, and owes its e-mails, all in one transaction. What cannot be done raises `Refused`."""

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
from .programs import (
    SAID_AT_FIRST,
    activate_program,
    archive_program,
    close_program,
    duplicate_program,
    keep_logo,
    make_from_template,
    pause_program,
    reopen_program,
    restore_program,
    resume_program,
    take_logo_away,
)
from .refused import Refused

__all__ = [
    "MOST_AT_ONCE",
    "SAID_AT_FIRST",
    "Guest",
    "Refused",
    "SomeAreThere",
    "accept_pairing",
    "activate_program",
    "archive_program",
    "cancel_meeting",
    "close_program",
    "complete_pairing",
    "create_pairing",
    "decline_invitation",
    "decline_pairing",
    "duplicate_program",
    "end_pairing",
    "enroll",
    "enroll_by_email",
    "forget_those_who_never_came",
    "invite_by_email",
    "invite_by_link",
    "join_by_invitation",
    "keep_logo",
    "make_from_template",
    "name_admin_by_email",
    "pause_pairing",
    "pause_program",
    "plan_meeting",
    "remind_of_invitation",
    "remind_the_silent",
    "reopen_program",
    "restore_program",
    "resume_pairing",
    "resume_program",
    "revoke_invitation",
    "start_due_pairings",
    "take_logo_away",
    "withdraw_pairing",
]
