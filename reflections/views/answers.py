"""One question at a time: written, saved by a button or by itself, taken back."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from reflections import actions, question_page
from reflections.actions import Overtaken, Refused
from reflections.actions.answers import version
from reflections.beside import Beside
from reflections.desk import PIECES, Desk, Door
from reflections.forms import AnswerForm
from reflections.models import Answer, PromptKind, Question
from reflections.question_page import said_overtaken, saved_at
from reflections.wording import whole

from .reflections import writing_desk_for
from .values_said import values_page

FIRST = Answer.Piece.FIRST


@sensitive_post_parameters()
def question(request: AuthedRequest, pk: int, code: str, piece: str = FIRST) -> HttpResponse:
    desk, asked = _asked(writing_desk_for(request, pk), code, piece)
    if asked.kind == PromptKind.VALUES:
        return values_page(request, desk, asked)
    answer = desk.answer(asked, piece)
    if request.method != "POST":
        form = AnswerForm(desk=desk, question=asked, answer=answer)
        return _question_page(request, desk, asked, piece, form)
    form = AnswerForm(request.POST, desk=desk, question=asked, answer=answer)
    if not form.is_valid():
        return _question_page(request, desk, asked, piece, form)
    try:
        _save(request, desk, asked, piece, form)
    except Refused as error:
        form.add_error(None, str(error))
        return _question_page(request, desk, asked, piece, form)
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["version"] = version(overtaken.answer)
        form = AnswerForm(data, desk=desk, question=asked, answer=overtaken.answer)
        return _question_page(request, desk, asked, piece, form, other=overtaken.answer, status=409)
    return redirect(_where_next(request, desk, asked, piece))


@require_POST
@sensitive_post_parameters()
def save(request: AuthedRequest, pk: int, code: str, piece: str = FIRST) -> JsonResponse:
    """The same form, saved by itself. What is wrong with the readers does not keep the words from being saved."""
    desk, asked = _asked(writing_desk_for(request, pk), code, piece)
    if asked.kind == PromptKind.VALUES:
        raise Http404  # half a word names no value
    form = AnswerForm(request.POST, desk=desk, question=asked, answer=desk.answer(asked, piece))
    if not form.is_valid() and not form.has_good_text:
        return JsonResponse({"state": "refused", "message": " ".join(form.wrong_words)}, status=422)
    try:
        answer = _save(request, desk, asked, piece, form, may_publish=False)
    except Refused as error:
        return JsonResponse({"state": "refused", "message": str(error)}, status=422)
    except Overtaken as overtaken:
        other = overtaken.answer
        return JsonResponse(
            {
                "state": "overtaken",
                "message": said_overtaken(other),
                "text": other.text,
                "after": other.after,
                "whole": whole(other),
                "version": version(other),
            },
            status=409,
        )
    return JsonResponse({"state": "saved", "message": saved_at(answer), "version": version(answer)})


def _save(
    request: AuthedRequest,
    desk: Desk,
    asked: Question,
    piece: str,
    form: AnswerForm,
    *,
    may_publish: bool = True,
) -> Answer | None:
    return actions.save_answer(
        request.user,
        desk.round,
        asked,
        text=form.cleaned_data["text"],
        after=form.cleaned_data.get("after", ""),
        piece=piece,
        readers=form.readers if form.is_valid() else None,
        based_on=form.cleaned_data.get("version", ""),
        now=clock.now(),
        may_publish=may_publish,
    )


def _asked(desk: Desk, code: str, piece: str) -> tuple[Desk, Question]:
    """The question, and the desk behind whose door it is asked. Raises Http404 for one that is not asked of them, and
    for a second or third piece of one that is asked for a single answer."""
    asked = desk.question(code)
    if asked is None and not desk.is_rough:
        desk = desk.through(Door.ROUGH)
        asked = desk.question(code)
    if asked is None or piece not in PIECES or (piece != FIRST and asked.kind != PromptKind.AGAIN):
        raise Http404
    return desk, asked


def _where_next(request: AuthedRequest, desk: Desk, asked: Question, piece: str) -> str:
    """By the button that was pressed; each of them has saved what was written."""
    then = request.POST.get("then")
    if then == "leave":
        messages.success(request, _("Your page is as you left it."))
        return "home"
    if then == "stay":
        return desk.url_of(asked, piece)
    if then == "cue" and asked.kind == PromptKind.AGAIN:
        following = Beside(desk, clock.now()).cue_after(request.POST.get("cue"))
        return f"{desk.url_of(asked, piece, cue=following.key)}#cue"
    if then == "another" and (free := desk.free_piece(asked, piece)):
        return desk.url_of(asked, free)
    if desk.is_finished:
        return desk.done_url
    return desk.url_before(asked) if then == "back" else desk.url_after(asked)


def _question_page(
    request: AuthedRequest,
    desk: Desk,
    asked: Question,
    piece: str,
    form: AnswerForm,
    *,
    other: Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    cue = request.POST.get("cue") or request.GET.get("cue")
    context = question_page.of_question(
        desk, asked, piece, form, Beside(desk, clock.now()), cue_key=cue, other=other
    )
    return render(request, question_page.QUESTION, context, status=status)
