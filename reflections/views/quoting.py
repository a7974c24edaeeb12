"""Whether something of one's own that hangs on a wall may be quoted in reports."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from reflections import actions
from reflections.forms.quote import QuoteForm
from reflections.models import Answer, Audience, Moment
from reflections.timeline import MOMENT
from reflections.who_reads import Thing

ANSWERS = "answers"


def thing(request: AuthedRequest, what: str, thing: int) -> HttpResponse:
    """One's own thing, with a tick. What is for fewer than a whole program has none, and says why."""
    mine = _mine_or_404(request, what, thing)
    is_of_answer = isinstance(mine, Answer)
    back = (
        reverse("reflections:done", args=[mine.reflection.round_id])
        if isinstance(mine, Answer)
        else reverse("moments:edit", args=[mine.pk])
    )
    form = QuoteForm(request.POST if request.method == "POST" else None, initial={"may": mine.may_be_quoted})
    if request.method == "POST" and form.is_valid():
        say = actions.let_quote if form.cleaned_data["may"] else actions.let_quote_no_more
        try:
            say(mine, by=request.user)
        except actions.Refused as no:
            form.add_error("may", str(no))
        else:
            said = (
                _("It may be quoted now, without your name.")
                if form.cleaned_data["may"]
                else _("No report from now on has it. What is printed stays printed.")
            )
            messages.success(request, said)
            return redirect(back)
    context = {
        "thing": mine,
        "form": form,
        "back": back,
        "question": mine.question.asked if isinstance(mine, Answer) else "",
        "program": mine.reflection.round.program if isinstance(mine, Answer) else mine.program,
        "is_on_wall": mine.audience == Audience.PROGRAM,
        "is_of_answer": is_of_answer,
    }
    return render(request, "reflections/quote.html", context)


def _mine_or_404(request: AuthedRequest, what: str, thing: int) -> Thing:
    if what == MOMENT:
        return get_object_or_404(Moment.objects.of(request.user).with_readers(), pk=thing)
    if what != ANSWERS:
        raise Http404
    answers = Answer.objects.written().filter(reflection__person=request.user, is_locked=False)
    return get_object_or_404(
        answers.select_related("question", "reflection__round__program", "reflection__person"), pk=thing
    )
