"""The page behind the link of a question in an e-mail: yes or no, without signing in. Looking changes nothing."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.models import User
from mentoring import actions, answer_links, rules
from mentoring.answer_links import Asked
from mentoring.models import Pairing


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    # Also a right token is not looked up then: otherwise guessing could go on, and only its failures would be hidden.
    if not may_try(request, dry_run=True):
        return discreet(ratelimit.respond_429(request))
    asked = answer_links.read(token)
    if asked is None:
        may_try(request)
        return discreet(render(request, "mentoring/answer_shut.html", status=404))
    return discreet(_answered(request, asked))


def may_try(request: HttpRequest, *, dry_run: bool = False) -> bool:
    """As for links of invitations (views/joining.py): only those that we do not know are counted."""
    tries = ratelimit.consume(
        request, app="allauth.account", action="answer", limit_get=True, dry_run=dry_run
    )
    return tries is not None


def discreet(response: HttpResponse) -> HttpResponse:
    # Not "no-referrer": browsers then hide where a form comes from, and Django takes none from nowhere. With this one
    # the address of the page, in which the token is, goes to nobody, ourselves included.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    pairing = Pairing.objects.with_people().filter(pk=asked.pairing_id).first()
    person = _who(pairing, asked.person_id)
    if pairing is None or person is None:
        return render(request, "mentoring/answer_shut.html", {"is_known": True}, status=410)
    how = _standing(request, pairing, person, asked)
    if request.method != "POST" or how != "open":
        return _page(request, pairing, person, how)
    is_yes = request.POST.get("do") == "yes"
    if not is_yes and request.POST.get("do") != "no":
        return _page(request, pairing, person, how)
    try:
        if is_yes:
            actions.accept_pairing(pairing, by=person, now=clock.now())
        else:
            actions.decline_pairing(pairing, by=person, now=clock.now())
    except actions.Refused as no:
        pairing.refresh_from_db()
        return _page(request, pairing, person, _standing(request, pairing, person, asked), problem=str(no))
    if not is_yes:
        messages.success(request, _("You said no. That is all it takes."))
    # To the same page, which says how things stand now.
    return redirect(request.path)


def _who(pairing: Pairing | None, person_id: int) -> User | None:
    """Whose link it is, of the two; nobody, once their account is closed."""
    if pairing is None:
        return None
    two: dict[int, User] = {person.pk: person for person in (pairing.mentor, pairing.mentee)}
    person = two.get(person_id)
    return person if person is not None and person.is_active else None


def _standing(request: HttpRequest, pairing: Pairing, person: User, asked: Asked) -> str:
    """What the page is about: "other" (somebody else is signed in), "open", "late", "yes", "pair" or "closed"."""
    if request.user.is_authenticated and request.user.pk != person.pk:
        return "other"
    if pairing.status in Pairing.CAME_TO_NOTHING:
        return "closed"
    if pairing.status not in Pairing.ASKED:
        return "pair"
    if rules.has_said_yes(person, pairing):
        return "yes"
    is_over = pairing.answer_by is not None and pairing.answer_by <= clock.now()
    return "late" if asked.is_late or is_over else "open"


def _page(
    request: HttpRequest, pairing: Pairing, person: User, how: str, *, problem: str = ""
) -> HttpResponse:
    """Nothing that the e-mail itself does not say."""
    context = {
        "pairing": pairing,
        "program": pairing.program,
        "person": person,
        "partner": pairing.partner_of(person),
        "is_mentor": pairing.is_mentor(person),
        "how": how,
        "problem": problem,
    }
    return render(request, "mentoring/answer.html", context)
