from .audience import Audience
from .break_glass import BreakGlass, BreakGlassReading
from .incoming import IncomingMail
from .keep_address import KeepAddress
from .keepsake import Keepsake, KeepsakePart
from .later import AnotherTime, Midquarter
from .left_untold import LeftUntold
from .moment import Moment
from .naming import Naming, NamingNotice
from .note_mail import MutedWriter, NeverAgain, NoteReport, OutsideNote, OutsideStop
from .nudge_words import NudgeTest, NudgeWords
from .questionnaire import (
    Edition,
    EditionAuthor,
    Prompt,
    PromptKind,
    PromptTranslation,
    Questionnaire,
    RoleSet,
    Step,
)
from .reflection import Answer, Reflection
from .report import QuarterFigure
from .response import Reply, Response, ResponseNotice
from .round import Question, Round
from .round_figure import RoundFigure
from .shared_text import SharedText
from .shelf_copy import ShelfCopy
from .survey import (
    Survey,
    SurveyAnswer,
    SurveyFields,
    SurveyKind,
    SurveyPeriod,
    SurveyPrompt,
    SurveyQuestion,
    SurveySheet,
)
from .swap import Swap, SwapItem, SwapPart
from .thanks import OwnMentor, Thanks
from .value import Value, ValueShown

__all__ = [
    "AnotherTime",
    "Answer",
    "Audience",
    "BreakGlass",
    "BreakGlassReading",
    "Edition",
    "EditionAuthor",
    "IncomingMail",
    "KeepAddress",
    "Keepsake",
    "KeepsakePart",
    "LeftUntold",
    "Midquarter",
    "Moment",
    "MutedWriter",
    "Naming",
    "NamingNotice",
    "NeverAgain",
    "NoteReport",
    "NudgeTest",
    "NudgeWords",
    "OutsideNote",
    "OutsideStop",
    "OwnMentor",
    "Prompt",
    "PromptKind",
    "PromptTranslation",
    "QuarterFigure",
    "Question",
    "Questionnaire",
    "Reflection",
    "Reply",
    "Response",
    "ResponseNotice",
    "RoleSet",
    "Round",
    "RoundFigure",
    "SharedText",
    "ShelfCopy",
    "Step",
    "Survey",
    "SurveyAnswer",
    "SurveyFields",
    "SurveyKind",
    "SurveyPeriod",
    "SurveyPrompt",
    "SurveyQuestion",
    "SurveySheet",
    "Swap",
    "SwapItem",
    "SwapPart",
    "Thanks",
    "Value",
    "ValueShown",
]
