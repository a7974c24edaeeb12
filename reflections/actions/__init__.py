"""What changes moments, answers and reflections. Each verb checks its rule and changes its rows in one transaction;
what it will not do raises `Refused`, and `Overtaken` where a newer text would be lost."""

from mentoring.actions.refused import Refused

from .answers import Overtaken, save_answer, take_back
from .moments import change_moment, delete_moment, keep_moment
from .questionnaires import copy_questionnaire
from .reflections import choose_readers, decline_reflection, submit_reflection
from .responses import answer_question, ask_question, mark_read, say_thanks, take_back_response
from .swaps import agree_swap, call_off_swap, open_due_swaps, pick_for_swap, suggest_swap
from .telling import leave_untold, tell
from .thanks import draft_note, send_here
from .values import hide_value, name_value, show_value

__all__ = [
    "Overtaken",
    "Refused",
    "agree_swap",
    "answer_question",
    "ask_question",
    "call_off_swap",
    "change_moment",
    "choose_readers",
    "copy_questionnaire",
    "decline_reflection",
    "delete_moment",
    "draft_note",
    "hide_value",
    "keep_moment",
    "leave_untold",
    "mark_read",
    "name_value",
    "open_due_swaps",
    "pick_for_swap",
    "save_answer",
    "say_thanks",
    "send_here",
    "show_value",
    "submit_reflection",
    "suggest_swap",
    "take_back",
    "take_back_response",
    "tell",
]
