"""How it is with a pair of which nothing was heard: asked by e-mail, answered by its link or on a page of the pair."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from mentoring import actions, one_tap, rules, signs
from mentoring.actions.silences import rests_until
from mentoring.models import Pairing, Silence
from mentoring.one_tap import Link

from .one_tap import by_link, is_of_another, one_of_the_two
from .pairings import visible_pairing


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AuthedRequest, pk: int) -> HttpResponse:
    """The question, while it is open; after that there is the page of the pair."""
    pairing = visible_pairing(request.user, pk)
    asked = signs.open_questions().filter(pairing=pairing, person=request.user).order_by("-pk").first()
    if asked is None or not rules.may_answer_silence(request.user, pairing):
        return redirect("pairings:detail", pk)
    asked.pairing = pairing
    problem = _answered(request, asked, request.user)
    if problem is None:
        return redirect("pairings:detail", pk)
    return _rendered(request, "mentoring/room/silence_page.html", asked, request.user, "open", problem)


@by_link(one_tap.SILENCE)
def answer(request: HttpRequest, link: Link) -> HttpResponse:
    found = Silence.objects.select_related("pairing__program", "pairing__mentor", "pairing__mentee")
    asked = found.filter(pk=link.subject_id, person=link.person_id).first()
    person = one_of_the_two(asked.pairing, link.person_id) if asked is not None else None
    if asked is None or person is None:
        return render(request, "mentoring/answer_shut.html", {"is_known": True}, status=410)
    how = _standing(request, asked, person, link)
    problem = _answered(request, asked, person) if how == "open" else ""
    if problem is None:
        # To the same page, which says how things stand now.
        return redirect(request.path)
    if problem:
        asked = found.get(pk=asked.pk)
        how = _standing(request, asked, person, link)
    return _rendered(request, "mentoring/room/silence_answer.html", asked, person, how, problem)


def _answered(request: HttpRequest, asked: Silence, person: User) -> str | None:
    """None, once it is said; why it could not be, or nothing where only the page is asked for."""
    if request.method != "POST":
        return ""
    try:
        actions.answer_silence(asked, by=person, answer=request.POST.get("do", ""), now=clock.now())
    except actions.Refused as no:
        return str(no)
    if request.user.is_authenticated:
        messages.success(request, str(actions.SAID[request.POST["do"]]))
    return None


def _standing(request: HttpRequest, asked: Silence, person: User, link: Link) -> str:
    """What the page is about: "other" (somebody else is signed in), "open", "late", "in_touch", "pause", "over" or
    "heard"."""
    status = asked.pairing.status
    if is_of_another(request, person):
        return "other"
    if status in Pairing.OVER:
        return "over"
    if asked.answer == Silence.Answer.IN_TOUCH:
        return "in_touch"
    if status == Pairing.Status.PAUSED:
        return "pause"
    if not signs.open_questions().filter(pk=asked.pk).exists():
        return "heard"
    return "late" if link.is_late else "open"


def _rendered(
    request: HttpRequest, template: str, asked: Silence, person: User, how: str, problem: str
) -> HttpResponse:
    """Nothing that the e-mail itself does not say."""
    pairing = asked.pairing
    context = {
        "silence": asked,
        "pairing": pairing,
        "program": pairing.program,
        "person": person,
        "partner": pairing.partner_of(person),
        "how": how,
        "rests_until": rests_until(pairing, clock.now()),
        "problem": problem,
    }
    return render(request, template, context)
