from .enrollment import Enrollment
from .invitation import Invitation, Reminder
from .meeting import Meeting
from .pairing import Pairing
from .program import Program, ProgramAdmin
from .retention import Retention

__all__ = [
    "Enrollment",
    "Invitation",
    "Meeting",
    "Pairing",
    "Program",
    "ProgramAdmin",
    "Reminder",
    "Retention",
]
