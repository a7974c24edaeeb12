"""A survey before the one it asks: answered, said otherwise, or put aside."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.vault import reading
from reflections import actions, rules
from reflections.forms.survey import SurveyForm
from reflections.models import SurveyAnswer, SurveyQuestion, SurveySheet


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def answer(request: AuthedRequest, pk: int) -> HttpResponse:
    """The questions, as long as it is open and nothing is said; then what was said, and with `?otherwise` the questions
    again."""
    now = clock.now()
    sheet = _sheet_or_404(request, pk)
    may_answer = rules.may_answer_survey(request.user, sheet, now)
    answers = {each.question.code: each for each in sheet.answers.select_related("question", "sheet")}
    questions = list(sheet.period.questions.all())
    context = {"sheet": sheet, "program": sheet.survey.program, "may_answer": may_answer}
    is_said = sheet.answered_at or sheet.declined_at
    if request.method != "POST" and (not may_answer or (is_said and "otherwise" not in request.GET)):
        return render(request, "reflections/survey_done.html", context | {"said": _said(questions, answers)})
    form = SurveyForm(
        request.POST if request.method == "POST" else None, questions=[*questions], answers=answers
    )
    if form.is_valid():
        try:
            actions.answer_survey(sheet, by=request.user, said=form.said, now=now)
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Saved. Thank you."))
            return redirect("surveys:answer", pk)
    return render(request, "reflections/survey.html", context | {"form": form})


@require_POST
def not_now(request: AuthedRequest, pk: int) -> HttpResponse:
    sheet = _sheet_or_404(request, pk)
    try:
        actions.decline_survey(sheet, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.info(request, str(no))
    return redirect("surveys:answer", pk)


def _sheet_or_404(request: AuthedRequest, pk: int) -> SurveySheet:
    sheets = SurveySheet.objects.visible_to(request.user)
    return get_object_or_404(sheets.select_related("survey__program", "period"), pk=pk)


def _said(
    questions: list[SurveyQuestion], answers: dict[str, SurveyAnswer]
) -> list[tuple[str, list[str], str]]:
    """Each question that was answered, with the labels that were chosen, and the words."""
    found = []
    for question in questions:
        answer = answers.get(question.code)
        if answer is not None:
            found.append((question.asked, answer.said, reading.words(answer, "text")))
    return found
