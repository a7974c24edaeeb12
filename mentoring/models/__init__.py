from .agenda import AgendaItem, ConversationStarter, Stage
from .agreement import Agreement, FeedbackWish
from .announcement import Addressee, Announcement, AnnouncementTest
from .arrangement import (
    Arrangement,
    ArrangementVersion,
    Attendance,
    CalendarDecline,
    CalendarFeed,
    CalendarTold,
)
from .concern import Concern, ConcernReading
from .criteria import MatchingCriteria, MatchingQuestion
from .desk import AcceptedFor, AdminNote, SavedView
from .draft import ApplicationDraft
from .ending import Extension, Farewell, InTouch, Postcard, Silence, Step
from .enrollment import Enrollment
from .fit_check import FitCheck
from .goal import Action, Goal, Possibility, Side
from .holiday import Holiday
from .import_ import Import, ImportPart, ImportRow
from .invitation import Invitation, Reminder
from .meeting import Meeting
from .note import Note
from .notice import Notice
from .pairing import Pairing
from .program import Logo, Program
from .program_admin import ProgramAdmin
from .proposal import MeetingProposal, ProposedTime
from .question import EnrollmentAnswer, EnrollmentQuestion
from .request import PairingRequest, RoomWatch
from .resource import Resource, ResourceFile
from .retention import Retention
from .run import MatchingRun, ProposedPair, Publication, RuledOut, WithoutMatch
from .skill import EnrollmentSkill, Skill

__all__ = [
    "AcceptedFor",
    "Action",
    "Addressee",
    "AdminNote",
    "AgendaItem",
    "Agreement",
    "Announcement",
    "AnnouncementTest",
    "ApplicationDraft",
    "Arrangement",
    "ArrangementVersion",
    "Attendance",
    "CalendarDecline",
    "CalendarFeed",
    "CalendarTold",
    "Concern",
    "ConcernReading",
    "ConversationStarter",
    "Enrollment",
    "EnrollmentAnswer",
    "EnrollmentQuestion",
    "EnrollmentSkill",
    "Extension",
    "Farewell",
    "FeedbackWish",
    "FitCheck",
    "Goal",
    "Holiday",
    "Import",
    "ImportPart",
    "ImportRow",
    "InTouch",
    "Invitation",
    "Logo",
    "MatchingCriteria",
    "MatchingQuestion",
    "MatchingRun",
    "Meeting",
    "MeetingProposal",
    "Note",
    "Notice",
    "Pairing",
    "PairingRequest",
    "Possibility",
    "Postcard",
    "Program",
    "ProgramAdmin",
    "ProposedPair",
    "ProposedTime",
    "Publication",
    "Reminder",
    "Resource",
    "ResourceFile",
    "Retention",
    "RoomWatch",
    "RuledOut",
    "SavedView",
    "Side",
    "Silence",
    "Skill",
    "Stage",
    "Step",
    "WithoutMatch",
]
