"""Tell them: a line of one's own becomes a note to the other one of a pair, or stays."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from reflections import actions, rules, telling
from reflections.forms.tell import TellForm
from reflections.models import Answer, Moment, Thanks
from reflections.timeline import MOMENT

ANSWER = "answers"


@sensitive_post_parameters()
def tell(request: AuthedRequest, what: str, thing: int) -> HttpResponse:
    line = _line_or_404(request, what, thing)
    pairings = telling.fitting(request.user, rules.pairings_to_share_with(request.user), line)
    about = Thanks.About.THANKS.value
    text, answer, moment = line.text, None, None
    if isinstance(line, Answer):
        answer = line
        about = telling.TELLABLE.get(line.question.code, (about, ""))[0]
        text = "\n\n".join(filter(None, [line.text, line.after]))
    else:
        moment = line
    data = request.POST if request.method == "POST" else None
    form = TellForm(data, writer=request.user, pairings=pairings, about=about, text=text)
    if data is not None and form.is_valid():
        try:
            actions.tell(
                request.user,
                form.pairing,
                text=form.cleaned_data["text"],
                about=form.cleaned_data["about"],
                answer=answer,
                moment=moment,
                now=clock.now(),
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            partner = form.pairing.partner_of(request.user)
            messages.success(request, _("%(name)s finds your note here.") % {"name": partner.first_name})
            return redirect(_back(line))
    context = {"form": form, "line": line, "what": what, "has_anybody": bool(pairings), "back": _back(line)}
    return render(request, "reflections/tell.html", context)


@require_POST
def keep(request: AuthedRequest, what: str, thing: int) -> HttpResponse:
    """It is not offered again."""
    line = _line_or_404(request, what, thing)
    if isinstance(line, Answer):
        actions.leave_untold(request.user, answer=line, now=clock.now())
    else:
        actions.leave_untold(request.user, moment=line, now=clock.now())
    messages.success(request, _("It stays yours. We do not ask again."))
    return redirect(_back(line))


def _line_or_404(request: AuthedRequest, what: str, thing: int) -> Answer | Moment:
    """Of one's own, and nothing that is locked."""
    if what == MOMENT:
        return get_object_or_404(Moment.objects.of(request.user), pk=thing)
    if what != ANSWER:
        raise Http404
    answers = Answer.objects.written().filter(reflection__person=request.user, is_locked=False)
    return get_object_or_404(answers.select_related("question", "reflection"), pk=thing)


def _back(line: Answer | Moment) -> str:
    if isinstance(line, Moment):
        return reverse("moments:edit", args=[line.pk])
    name = "reflections:done" if line.reflection.is_submitted else "reflections:review"
    return reverse(name, args=[line.reflection.round_id])
