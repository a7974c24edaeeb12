"""How it is going with the other one: asked of each of a pair, and read by those who run the program alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.http import AuthedRequest
from mentoring import actions, rules
from mentoring.forms import FitCheckForm
from mentoring.models import FitCheck
from mentoring.models.fit_check import MOST_TIMES


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: AuthedRequest, pk: int) -> HttpResponse:
    """The question; once it is answered, what comes of it, and with `?otherwise` the question again."""
    checks = FitCheck.objects.visible_to(request.user).open().with_people()
    check = get_object_or_404(checks, pairing=pk)
    pairing = check.pairing
    other = pairing.partner_of(request.user)
    may_answer = rules.may_answer_fit_check(request.user, check)
    context = {
        "check": check,
        "pairing": pairing,
        "partner": other,
        "program": pairing.program,
        "may_answer": may_answer,
        "is_last": check.number >= MOST_TIMES,
    }
    form = FitCheckForm(
        request.POST if request.method == "POST" else None, check=check, name=other.first_name
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_fit_check(check, by=request.user, now=clock.now(), **form.cleaned_data)
        except actions.Refused as no:
            messages.error(request, str(no))
        return redirect("pairings:fit", pk)
    if form.is_bound or not check.answer or (may_answer and "otherwise" in request.GET):
        return render(request, "mentoring/fit_check.html", {**context, "form": form})
    return render(request, "mentoring/fit_check_done.html", context)
