from .audience import Audience
from .moment import Moment
from .questionnaire import Prompt, Questionnaire, RoleSet, Step
from .reflection import Answer, Reflection
from .response import Reply, Response, ResponseNotice
from .round import Question, Round

__all__ = [
    "Answer",
    "Audience",
    "Moment",
    "Prompt",
    "Question",
    "Questionnaire",
    "Reflection",
    "Reply",
    "Response",
    "ResponseNotice",
    "RoleSet",
    "Round",
    "Step",
]
