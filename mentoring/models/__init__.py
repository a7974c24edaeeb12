from .draft import ApplicationDraft
from .enrollment import Enrollment
from .import_ import Import, ImportPart, ImportRow
from .invitation import Invitation, Reminder
from .meeting import Meeting
from .notice import Notice
from .pairing import Pairing
from .program import Holiday, Logo, Program, ProgramAdmin
from .question import EnrollmentAnswer, EnrollmentQuestion
from .retention import Retention
from .skill import EnrollmentSkill, Skill

__all__ = [
    "ApplicationDraft",
    "Enrollment",
    "EnrollmentAnswer",
    "EnrollmentQuestion",
    "EnrollmentSkill",
    "Holiday",
    "Import",
    "ImportPart",
    "ImportRow",
    "Invitation",
    "Logo",
    "Meeting",
    "Notice",
    "Pairing",
    "Program",
    "ProgramAdmin",
    "Reminder",
    "Retention",
    "Skill",
]
