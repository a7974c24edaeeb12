from .criteria import MatchingCriteria, MatchingQuestion
from .draft import ApplicationDraft
from .enrollment import Enrollment
from .fit_check import FitCheck
from .holiday import Holiday
from .import_ import Import, ImportPart, ImportRow
from .invitation import Invitation, Reminder
from .meeting import Meeting
from .notice import Notice
from .pairing import Pairing
from .program import Logo, Program
from .program_admin import ProgramAdmin
from .question import EnrollmentAnswer, EnrollmentQuestion
from .request import PairingRequest, RoomWatch
from .retention import Retention
from .run import MatchingRun, ProposedPair, Publication, RuledOut, WithoutMatch
from .skill import EnrollmentSkill, Skill

__all__ = [
    "ApplicationDraft",
    "Enrollment",
    "EnrollmentAnswer",
    "EnrollmentQuestion",
    "EnrollmentSkill",
    "FitCheck",
    "Holiday",
    "Import",
    "ImportPart",
    "ImportRow",
    "Invitation",
    "Logo",
    "MatchingCriteria",
    "MatchingQuestion",
    "MatchingRun",
    "Meeting",
    "Notice",
    "Pairing",
    "PairingRequest",
    "Program",
    "ProgramAdmin",
    "ProposedPair",
    "Publication",
    "Reminder",
    "Retention",
    "RoomWatch",
    "RuledOut",
    "Skill",
    "WithoutMatch",
]
