"""What changes moments, answers and reflections. Each verb checks its rule and changes its rows in one transaction;
what it will not do raises `Refused`, and `Overtaken` where a newer text would be lost."""

from mentoring.actions.refused import Refused

from .answers import Overtaken, save_answer, take_back
from .mentors import change_mentor, name_mentor, remove_mentor
from .moments import change_moment, delete_moment, keep_moment
from .note_mail import (
    OverTheLimit,
    check_address,
    is_left_in_peace,
    leave_in_peace,
    report_from_outside,
    send_by_mail,
    settle_report,
    stop_outside,
    take_back_mail,
    write_again,
)
from .note_reports import hear_again, mute_writer, report_note
from .questionnaires import copy_questionnaire
from .reflections import decline_reflection, submit_reflection
from .responses import answer_question, ask_question, mark_read, say_thanks, take_back_response
from .thanks import (
    NoteOvertaken,
    address_note,
    delete_note,
    draft_note,
    hand_over,
    mark_note_read,
    save_note,
    send_here,
    take_back_note,
    thank_back,
)
from .values import hide_value, name_value, show_value

__all__ = [
    "NoteOvertaken",
    "OverTheLimit",
    "Overtaken",
    "Refused",
    "address_note",
    "answer_question",
    "ask_question",
    "change_mentor",
    "change_moment",
    "check_address",
    "copy_questionnaire",
    "decline_reflection",
    "delete_moment",
    "delete_note",
    "draft_note",
    "hand_over",
    "hear_again",
    "hide_value",
    "is_left_in_peace",
    "keep_moment",
    "leave_in_peace",
    "mark_note_read",
    "mark_read",
    "mute_writer",
    "name_mentor",
    "name_value",
    "remove_mentor",
    "report_from_outside",
    "report_note",
    "save_answer",
    "save_note",
    "say_thanks",
    "send_by_mail",
    "send_here",
    "settle_report",
    "show_value",
    "stop_outside",
    "submit_reflection",
    "take_back",
    "take_back_mail",
    "take_back_note",
    "take_back_response",
    "thank_back",
    "write_again",
]
