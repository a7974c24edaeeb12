"""Pages behind links of e-mails by which one thing is said without signing in: looking changes nothing."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from mentoring import one_tap
from mentoring.models import Pairing
from mentoring.one_tap import Link

Page = Callable[[HttpRequest, Link], HttpResponse]


def by_link(about: str) -> Callable[[Page], Callable[[HttpRequest, str], HttpResponse]]:
    """The view of a link that is about this (`one_tap.SILENCE` ...), as `views.answers` has it: only tokens that we did
    not make are counted, and then a right one is not looked up either."""

    def decorate(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
        @login_not_required
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(page)
        def view(request: HttpRequest, token: str) -> HttpResponse:
            if not _may_try(request, dry_run=True):
                return _discreet(ratelimit.respond_429(request))
            link = one_tap.read(about, token)
            if link is None:
                _may_try(request)
                return _discreet(render(request, "mentoring/answer_shut.html", status=404))
            return _discreet(page(request, link))

        return view

    return decorate


def one_of_the_two(pairing: Pairing, person_id: int) -> User | None:
    """Whose link it is; nobody, once their account is closed."""
    two: dict[int, User] = {person.pk: person for person in (pairing.mentor, pairing.mentee)}
    person = two.get(person_id)
    return person if person is not None and person.is_active else None


def is_of_another(request: HttpRequest, person: User) -> bool:
    """Whether somebody else is signed in: then nothing is said in this one's name."""
    return request.user.is_authenticated and request.user.pk != person.pk


def _may_try(request: HttpRequest, *, dry_run: bool = False) -> bool:
    tries = ratelimit.consume(
        request, app="allauth.account", action="answer", limit_get=True, dry_run=dry_run
    )
    return tries is not None


def _discreet(response: HttpResponse) -> HttpResponse:
    # Not "no-referrer": browsers then hide where a form comes from, and Django takes none from nowhere.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
