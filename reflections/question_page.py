"""What the page of one question shows: the same for whoever answers it, and for whoever looks at it in a preview."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.best import clock as clock_time

from .beside import Beside, Cue
from .desk import Desk
from .forms import AnswerForm, ValueForm
from .models import Answer, PromptKind, Question

QUESTION, VALUES = "reflections/reflection_question.html", "reflections/reflection_values.html"


def saved_at(answer: Answer | None) -> str:
    return _("Saved at %(time)s") % {"time": clock_time(answer.saved_at)} if answer else ""


def said_overtaken(other: Answer) -> str:
    return _(
        "This answer was also saved elsewhere, at %(time)s. Nothing is lost: the other text is below."
    ) % {"time": clock_time(other.saved_at)}


def of_question(
    desk: Desk,
    asked: Question,
    piece: str,
    form: AnswerForm,
    beside: Beside,
    *,
    cue_key: str | None = None,
    other: Answer | None = None,
) -> dict[str, Any]:
    """For the template QUESTION. `other` is the same answer as it was saved elsewhere, where it was."""
    answer = desk.answer(asked, piece)
    cues: list[Cue] = []
    cue = None
    if asked.kind == PromptKind.AGAIN:
        cues = beside.cues()
        cue = beside.cue(cue_key)
    return {
        "desk": desk,
        "question": asked,
        "piece": piece,
        "answer": answer,
        "form": form,
        "other": other,
        "other_words": said_overtaken(other) if other else "",
        "saved": saved_at(answer) if answer and answer.has_words and not form.is_bound else "",
        "save_url": desk.save_url_of(asked, piece),
        "here": desk.url_of(asked, piece),
        "is_last": desk.questions[-1] == asked,
        "rail": desk.rail(asked),
        "beside": beside,
        "cues": cues,
        "cue": cue,
        "other_pieces": [(each, desk.url_of(asked, each.piece)) for each in desk.other_pieces(asked, piece)],
        "free_piece": desk.free_piece(asked, piece),
        "set_aside": desk.set_aside(asked),
        "first_thoughts": desk.first_thoughts(asked),
        "looked_again": desk.looked_again(asked),
        "older": beside.older(asked),
        "before": desk.answer_before(asked),
    }


def of_values(
    desk: Desk, asked: Question, form: ValueForm, beside: Beside, used_before: list[str]
) -> dict[str, Any]:
    """For the template VALUES."""
    return {
        "desk": desk,
        "question": asked,
        "form": form,
        "is_last": desk.questions[-1] == asked,
        "rail": desk.rail(asked),
        "beside": beside,
        "said": desk.values_said,
        "used_before": used_before,
    }
