"""What changes programs' people, pairings and meetings. Each verb checks its rule, moves the row by a conditional
update, and owes its e-mails, all in one transaction. What cannot be done raises `Refused`."""

from .enrollments import enroll, enroll_by_email, name_admin_by_email
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
    "Refused",
    "accept_pairing",
    "cancel_meeting",
    "complete_pairing",
    "create_pairing",
    "decline_pairing",
    "end_pairing",
    "enroll",
    "enroll_by_email",
    "name_admin_by_email",
    "pause_pairing",
    "plan_meeting",
    "resume_pairing",
    "start_due_pairings",
    "withdraw_pairing",
]
