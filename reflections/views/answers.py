"""One question at a time: written, saved by a button or by itself, taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.templatetags.best import clock as clock_time
from reflections import actions
from reflections.actions import Overtaken, Refused
from reflections.actions.answers import version
from reflections.desk import Desk
from reflections.forms import AnswerForm
from reflections.models import Answer, Question

from .reflections import writing_desk_for


@sensitive_post_parameters()
def question(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    desk = writing_desk_for(request, pk)
    asked = _question_or_404(desk, code)
    answer = desk.answers.get(asked.pk)
    if request.method != "POST":
        return _question_page(request, desk, asked, AnswerForm(desk=desk, question=asked, answer=answer))
    form = AnswerForm(request.POST, desk=desk, question=asked, answer=answer)
    if not form.is_valid():
        return _question_page(request, desk, asked, form)
    try:
        _save(request, desk, asked, form)
    except Refused as error:
        form.add_error(None, str(error))
        return _question_page(request, desk, asked, form)
    except Overtaken as overtaken:
        data = request.POST.copy()
        data["version"] = version(overtaken.answer)
        form = AnswerForm(data, desk=desk, question=asked, answer=overtaken.answer)
        return _question_page(request, desk, asked, form, other=overtaken.answer, status=409)
    return redirect(_where_next(request, desk, asked))


@require_POST
@sensitive_post_parameters()
def save(request: AuthedRequest, pk: int, code: str) -> JsonResponse:
    """The same form, saved by itself. What is wrong with the readers does not keep the words from being saved."""
    desk = writing_desk_for(request, pk)
    asked = _question_or_404(desk, code)
    form = AnswerForm(request.POST, desk=desk, question=asked, answer=desk.answers.get(asked.pk))
    if not form.is_valid() and not form.has_good_text:
        return JsonResponse(
            {"state": "refused", "message": " ".join(map(str, form.errors["text"]))}, status=422
        )
    try:
        answer = _save(request, desk, asked, form, may_publish=False)
    except Refused as error:
        return JsonResponse({"state": "refused", "message": str(error)}, status=422)
    except Overtaken as overtaken:
        other = overtaken.answer
        return JsonResponse(
            {
                "state": "overtaken",
                "message": _said_overtaken(other),
                "text": other.text,
                "version": version(other),
            },
            status=409,
        )
    return JsonResponse({"state": "saved", "message": saved_at(answer), "version": version(answer)})


def _save(
    request: AuthedRequest, desk: Desk, asked: Question, form: AnswerForm, *, may_publish: bool = True
) -> Answer | None:
    return actions.save_answer(
        request.user,
        desk.round,
        asked,
        text=form.cleaned_data["text"],
        readers=form.readers if form.is_valid() else None,
        based_on=form.cleaned_data.get("version", ""),
        now=clock.now(),
        may_publish=may_publish,
    )


def saved_at(answer: Answer | None) -> str:
    return _("Saved at %(time)s") % {"time": clock_time(answer.saved_at)} if answer else ""


def _said_overtaken(other: Answer) -> str:
    return _(
        "This answer was also saved elsewhere, at %(time)s. Nothing is lost: the other text is below."
    ) % {"time": clock_time(other.saved_at)}


def _question_or_404(desk: Desk, code: str) -> Question:
    asked = desk.question(code)
    if asked is None:
        raise Http404
    return asked


def _where_next(request: HttpRequest, desk: Desk, asked: Question) -> str:
    """By the button that was pressed; each of them has saved what was written."""
    then = request.POST.get("then")
    if then == "leave":
        messages.success(request, _("Your page is as you left it."))
        return "home"
    if then == "stay":
        return desk.url_of(asked)
    if desk.is_finished:
        return desk.done_url
    return desk.url_before(asked) if then == "back" else desk.url_after(asked)


def _question_page(
    request: AuthedRequest,
    desk: Desk,
    asked: Question,
    form: AnswerForm,
    *,
    other: Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    answer = desk.answers.get(asked.pk)
    context = {
        "desk": desk,
        "question": asked,
        "answer": answer,
        "form": form,
        "other": other,
        "other_words": _said_overtaken(other) if other else "",
        "saved": saved_at(answer) if answer and answer.text and not form.is_bound else "",
        "save_url": desk.save_url_of(asked),
        "is_last": desk.questions[-1] == asked,
        "rail": desk.rail(asked),
        "moments": desk.moments(),
        "set_aside": desk.set_aside(asked),
        "first_thoughts": desk.first_thoughts(asked),
        "before": desk.answer_before(asked),
    }
    return render(request, "reflections/reflection_question.html", context, status=status)
