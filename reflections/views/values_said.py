"""The question of values: words of one's own, each beside the moment or the answer that shows it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from accounts.http import AuthedRequest
from reflections import actions, question_page
from reflections.actions import Refused
from reflections.beside import Beside, things_to_show
from reflections.desk import Desk
from reflections.forms import ValueForm
from reflections.models import Question, Value, ValueShown


def values_page(request: AuthedRequest, desk: Desk, asked: Question) -> HttpResponse:
    """GET shows it; each button keeps what was written, and then goes on, or lets one go."""
    beside = Beside(desk, clock.now())
    things = things_to_show(beside.moments, desk)
    if request.method != "POST":
        return _page(request, desk, asked, beside, ValueForm(things=things))
    form = ValueForm(request.POST, things=things)
    if not form.is_valid():
        return _page(request, desk, asked, beside, form)
    if not form.is_blank:
        try:
            _say(request, desk, form)
        except Refused as error:
            form.add_error(None, str(error))
            return _page(request, desk, asked, beside, form)
    return redirect(_where_next(request, desk, asked))


def _say(request: AuthedRequest, desk: Desk, form: ValueForm) -> ValueShown:
    return actions.say_value(
        request.user,
        desk.round,
        form.cleaned_data["name"],
        thing=form.chosen,
        quote=form.cleaned_data["quote"],
        now=clock.now(),
    )


def _where_next(request: AuthedRequest, desk: Desk, asked: Question) -> str:
    then = request.POST.get("then", "")
    if then.startswith("let-go-"):
        said = next((each for each in desk.values_said if then == f"let-go-{each.pk}"), None)
        if said is not None:
            actions.hide_value(said, by=request.user)
        return desk.url_of(asked)
    if then in ("add", "stay"):
        return desk.url_of(asked)
    if then == "leave":
        messages.success(request, _("Your page is as you left it."))
        return "home"
    if desk.is_finished:
        return desk.done_url
    return desk.url_before(asked) if then == "back" else desk.url_after(asked)


def _page(
    request: AuthedRequest, desk: Desk, asked: Question, beside: Beside, form: ValueForm
) -> HttpResponse:
    said = {shown.value_id for shown in desk.values_said}
    used = [value for value in Value.objects.of(request.user) if value.pk not in said]
    used_before = sorted({value.name for value in used}, key=str.casefold)
    context = question_page.of_values(desk, asked, form, beside, used_before)
    return render(request, question_page.VALUES, context)
