from .audience import Audience
from .keepsake import Keepsake, KeepsakePart
from .moment import Moment
from .naming import Naming
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
from .response import Reply, Response, ResponseNotice
from .round import Question, Round
from .swap import Swap, SwapItem, SwapPart
from .thanks import OwnMentor, Thanks
from .value import Value, ValueShown

__all__ = [
    "Answer",
    "Audience",
    "Edition",
    "EditionAuthor",
    "Keepsake",
    "KeepsakePart",
    "Moment",
    "Naming",
    "OwnMentor",
    "Prompt",
    "PromptKind",
    "PromptTranslation",
    "Question",
    "Questionnaire",
    "Reflection",
    "Reply",
    "Response",
    "ResponseNotice",
    "RoleSet",
    "Round",
    "Step",
    "Swap",
    "SwapItem",
    "SwapPart",
    "Thanks",
    "Value",
    "ValueShown",
]
