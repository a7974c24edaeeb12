"""What changes moments, answers and reflections. Each verb checks its rule and changes its rows in one transaction;
what it will not do raises `Refused`, and `Overtaken` where a newer text would be lost."""

from mentoring.actions.refused import Refused

from .answers import Overtaken, save_answer, take_back
from .moments import change_moment, delete_moment, keep_moment
from .questionnaires import copy_questionnaire
from .reflections import decline_reflection, submit_reflection

__all__ = [
    "Overtaken",
    "Refused",
    "change_moment",
    "copy_questionnaire",
    "decline_reflection",
    "delete_moment",
    "keep_moment",
    "save_answer",
    "submit_reflection",
    "take_back",
]
