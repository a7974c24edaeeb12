"""The way to a provider, and the way back. Whatever goes wrong over there ends on a page that says so."""

from allauth.core import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from requests import RequestException

from accounts.single_sign_on import doors

from .provider import Conversation


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    return limited or _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The way back. A no needs no proof of where it comes from, and some providers send it without any."""
    if request.GET.get("error") == Conversation.login_cancelled_error and "state" not in request.GET:
        return redirect("socialaccount_login_cancelled")
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in {door["id"] for door in doors()} - {"saml"}:
        raise Http404
    conversation = Conversation(request, provider_id)
    response: HttpResponse
    try:
        response = view.adapter_view(conversation)(request)  # type: ignore[attr-defined]
    except (OAuth2Error, RequestException) as error:
        response = render_authentication_error(request, conversation.get_provider(), exception=error)
    return response
