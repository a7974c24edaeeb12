"""What changes moments, answers and reflections. Each verb checks its rule and changes its rows in one transaction;
what it will not do raises `Refused`, and `Overtaken` where a newer text would be lost."""

from mentoring.actions.refused import Refused

from .answers import Overtaken, save_answer, take_back
from .moments import change_moment, delete_moment, keep_moment
from .questionnaires import copy_questionnaire, move_prompt, publish, translate_prompts
from .reflections import decline_reflection, submit_reflection
from .responses import answer_question, ask_question, mark_read, say_thanks, take_back_response
from .thanks import draft_note, send_here
from .values import hide_value, name_value, show_value

__all__ = [
    "Overtaken",
    "Refused",
    "answer_question",
    "ask_question",
    "change_moment",
    "copy_questionnaire",
    "decline_reflection",
    "delete_moment",
    "draft_note",
    "hide_value",
    "keep_moment",
    "mark_read",
    "move_prompt",
    "name_value",
    "publish",
    "save_answer",
    "say_thanks",
    "send_here",
    "show_value",
    "submit_reflection",
    "take_back",
    "take_back_response",
    "translate_prompts",
]
