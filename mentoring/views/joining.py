"""The page behind the link of an invitation. Looking changes nothing; each of its buttons does one thing."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.actions import is_unused, take_over_unused
from accounts.models import User
from accounts.views.sign_in import SignUp
from mentoring import actions, joining, rules
from mentoring.forms import NameForm, SignUpByLinkForm
from mentoring.models import Enrollment, Invitation

door = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@door
def open_(request: HttpRequest, token: str) -> HttpResponse:
    # Also a right token is not looked up then: otherwise guessing could go on, and only its failures would be hidden.
    if not _may_try(request, dry_run=True):
        return _discreet(ratelimit.respond_429(request))
    invitation = Invitation.objects.find(token)
    if invitation is None:
        _may_try(request)
        return _discreet(render(request, "mentoring/join_shut.html", status=404))
    return _discreet(_answer(request, invitation))


@login_not_required
@never_cache
@door
def here(request: HttpRequest) -> HttpResponse:
    """The same page without the token, for the invitation that waits in this browser."""
    invitation = joining.remembered(request)
    if invitation is None:
        return _discreet(render(request, "mentoring/join_shut.html", {"is_lost": True}, status=404))
    return _discreet(_answer(request, invitation))


def _may_try(request: HttpRequest, *, dry_run: bool = False) -> bool:
    """Whether this address on the network has not yet used up its tries with links that we do not know.

    allauth's public function leaves GET out; a link is tried by one.
    """
    tries = ratelimit.consume(request, app="allauth.account", action="join", limit_get=True, dry_run=dry_run)
    return tries is not None


def _discreet(response: HttpResponse) -> HttpResponse:
    # Not "no-referrer": browsers then hide where a form comes from, and Django takes none from nowhere. With this one
    # the address of the page, in which the token is, goes to nobody, ourselves included.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Who stands at the door, and what they may do there."""
    now, person = clock.now(), request.user if isinstance(request.user, User) else None
    is_for_another = invitation.is_personal and person is not None and invitation.person_id != person.pk
    whose = person or invitation.person
    place = Enrollment.objects.filter(program=invitation.program_id, person=whose).first() if whose else None
    is_there = not rules.may_come_in(place, invitation)
    if person is not None and not is_for_another and is_there:
        return _page(request, invitation, "there", place=place)
    if not joining.is_open(invitation, now) or (invitation.person and not invitation.person.is_active):
        state = invitation.state(now)
        shut = {"invitation": invitation, "program": invitation.program, "state": state}
        return render(request, "mentoring/join_shut.html", shut, status=410)
    if is_for_another:
        return _other_person(request, invitation)
    if request.method == "POST" and request.POST.get("do") == "decline":
        return _decline(request, invitation)
    if person is not None:
        return _signed_in(request, invitation, person)
    if invitation.person is None:
        return _newcomer(request, invitation)
    if is_unused(invitation.person) and not is_there:
        return _expected(request, invitation, invitation.person)
    return _signed_out(request, invitation, invitation.person)


def _signed_in(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    """One button."""
    if request.method != "POST":
        return _page(request, invitation, "button")
    place = _joined(request, invitation, person)
    return redirect("programs:detail", place.program_id) if place else _again(request)


def _expected(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    """Whose account was made for this invitation. That they have its link shows that the mailbox is theirs."""
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    if request.method != "POST" or not form.is_valid():
        return _page(request, invitation, "name", form=form)
    place = _joined(request, invitation, person)
    if place is None:
        return _again(request)
    take_over_unused(person, name=form.cleaned_data["name"], now=clock.now())
    record_authentication(request, person, method="invitation", email=person.email)
    program_url = reverse("programs:detail", args=[place.program_id])
    response: HttpResponse = perform_login(request, person, redirect_url=program_url, email=person.email)
    return response


def _signed_out(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    """Who has used their account before signs in to it as always: a link alone never opens it."""
    if request.method != "POST":
        return _page(request, invitation, "sign_in")
    joining.remember(request, invitation, as_email=person.email)
    return redirect("account_login")


def _newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """By a link that is nobody's in particular: sign up here, or sign in and come back."""
    if request.method != "POST":
        return _page(request, invitation, "sign_up", form=SignUpByLinkForm())
    joining.remember(request, invitation)
    if request.POST.get("do") == "sign_in":
        return redirect("account_login")
    response: HttpResponse = SignUpByLink.as_view(invitation=invitation)(request)
    return response


class SignUpByLink(SignUp):
    """The page for signing up, with its limits and its silence about who is here already."""

    template_name = "mentoring/join.html"
    invitation: Any = None  # Given to `as_view`, which takes only what the class has.

    def get_form_class(self) -> type[SignUpByLinkForm]:
        return SignUpByLinkForm

    def form_valid(self, form: Form) -> HttpResponse:
        joining.remember(self.request, self.invitation, as_email=form.cleaned_data["email"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | _said_of(self.invitation, "sign_up")


def _other_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Signed in as somebody whom it is not for."""
    if request.method != "POST" or request.POST.get("do") != "sign_out":
        return _page(request, invitation, "other")
    get_adapter().logout(request)
    joining.remember(request, invitation)
    return redirect("join:here")


def _decline(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        actions.decline_invitation(invitation, now=clock.now())
    except actions.Refused:
        return _again(request)
    joining.forget(request)
    return render(request, "mentoring/join_declined.html", {"program": invitation.program})


def _joined(request: HttpRequest, invitation: Invitation, person: User) -> Enrollment | None:
    """Their place now; None when somebody else was quicker, or took the invitation back at this moment."""
    try:
        place = actions.join_by_invitation(invitation, person, now=clock.now())
    except actions.Refused:
        return None
    joining.forget(request)
    messages.success(request, joining.WELCOME)
    return place


def _again(request: HttpRequest) -> HttpResponse:
    """To the same page, which says how things stand now."""
    return redirect(request.path)


def _page(request: HttpRequest, invitation: Invitation, who: str, **more: object) -> HttpResponse:
    return render(request, "mentoring/join.html", _said_of(invitation, who) | more)


def _said_of(invitation: Invitation, who: str) -> dict[str, Any]:
    return {"invitation": invitation, "program": invitation.program, "who": who}
