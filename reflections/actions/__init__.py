"""What changes moments, answers and reflections. Each verb checks its rule and changes its rows in one transaction;
what it will not do raises `Refused`, and `Overtaken` where a newer text would be lost."""

from mentoring.actions.refused import Refused

from .answers import Overtaken, save_answer, say_value, take_back
from .break_glass import allow_opening, ask_to_open, close_opening, read_opened, refuse_opening
from .moments import change_moment, delete_moment, keep_moment, say_values, undo_moment, values_in_use
from .naming import agree, ask_named, decline, look_for_names, name_by_hand, say_meant, say_somebody_else
from .questionnaires import copy_questionnaire
from .reflections import choose_readers, decline_reflection, finish_rough_quarter, submit_reflection
from .responses import answer_question, ask_question, mark_read, say_thanks, take_back_response
from .swaps import agree_swap, call_off_swap, open_due_swaps, pick_for_swap, suggest_swap
from .telling import leave_untold, tell
from .thanks import draft_note, send_here
from .values import hide_value, name_value, show_value

__all__ = [
    "Overtaken",
    "Refused",
    "agree",
    "agree_swap",
    "allow_opening",
    "answer_question",
    "ask_named",
    "ask_question",
    "ask_to_open",
    "call_off_swap",
    "change_moment",
    "choose_readers",
    "close_opening",
    "copy_questionnaire",
    "decline",
    "decline_reflection",
    "delete_moment",
    "draft_note",
    "finish_rough_quarter",
    "hide_value",
    "keep_moment",
    "leave_untold",
    "look_for_names",
    "mark_read",
    "name_by_hand",
    "name_value",
    "open_due_swaps",
    "pick_for_swap",
    "read_opened",
    "refuse_opening",
    "save_answer",
    "say_meant",
    "say_somebody_else",
    "say_thanks",
    "say_value",
    "say_values",
    "send_here",
    "show_value",
    "submit_reflection",
    "suggest_swap",
    "take_back",
    "take_back_response",
    "tell",
    "undo_moment",
    "values_in_use",
]
