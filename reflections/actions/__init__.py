"""What changes moments, answers and reflections. Each verb checks its rule and changes its rows in one transaction;
what it will not do raises `Refused`, and `Overtaken` where a newer text would be lost."""

from mentoring.actions.refused import Refused

from .answers import (
    Overtaken,
    save_answer,
    say_value,
    take_back,
)
from .break_glass import (
    allow_opening,
    ask_to_open,
    close_opening,
    read_opened,
    refuse_opening,
)
from .mentors import (
    change_mentor,
    name_mentor,
    remove_mentor,
)
from .moments import (
    MomentOvertaken,
    change_moment,
    delete_moment,
    keep_moment,
    undo_moment,
)
from .naming import (
    agree,
    ask_named,
    decline,
    look_for_names,
    name_by_hand,
    say_meant,
    say_somebody_else,
)
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
from .note_reports import (
    hear_again,
    mute_writer,
    report_note,
)
from .nudge_words import (
    hold_round,
    release_round,
    send_test,
)
from .questionnaires import (
    copy_questionnaire,
    move_prompt,
    publish,
    translate_prompts,
)
from .reflections import (
    choose_readers,
    decline_reflection,
    finish_rough_quarter,
    submit_reflection,
)
from .responses import (
    answer_question,
    ask_question,
    mark_read,
    say_thanks,
    take_back_response,
)
from .swaps import (
    agree_swap,
    call_off_swap,
    open_due_swaps,
    pick_for_swap,
    suggest_swap,
)
from .telling import (
    leave_untold,
    tell,
)
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
from .values import (
    drop_lost_quotes,
    hide_value,
    let_go,
    merge_values,
    name_value,
    rename_value,
    show_value,
)

__all__ = [
    "MomentOvertaken",
    "NoteOvertaken",
    "OverTheLimit",
    "Overtaken",
    "Refused",
    "address_note",
    "agree",
    "agree_swap",
    "allow_opening",
    "answer_question",
    "ask_named",
    "ask_question",
    "ask_to_open",
    "call_off_swap",
    "change_mentor",
    "change_moment",
    "check_address",
    "choose_readers",
    "close_opening",
    "copy_questionnaire",
    "decline",
    "decline_reflection",
    "delete_moment",
    "delete_note",
    "draft_note",
    "drop_lost_quotes",
    "finish_rough_quarter",
    "hand_over",
    "hear_again",
    "hide_value",
    "hold_round",
    "is_left_in_peace",
    "keep_moment",
    "leave_in_peace",
    "leave_untold",
    "let_go",
    "look_for_names",
    "mark_note_read",
    "mark_read",
    "merge_values",
    "move_prompt",
    "mute_writer",
    "name_by_hand",
    "name_mentor",
    "name_value",
    "open_due_swaps",
    "pick_for_swap",
    "publish",
    "read_opened",
    "refuse_opening",
    "release_round",
    "remove_mentor",
    "rename_value",
    "report_from_outside",
    "report_note",
    "save_answer",
    "save_note",
    "say_meant",
    "say_somebody_else",
    "say_thanks",
    "say_value",
    "send_by_mail",
    "send_here",
    "send_test",
    "settle_report",
    "show_value",
    "stop_outside",
    "submit_reflection",
    "suggest_swap",
    "take_back",
    "take_back_mail",
    "take_back_note",
    "take_back_response",
    "tell",
    "thank_back",
    "translate_prompts",
    "undo_moment",
    "write_again",
]
