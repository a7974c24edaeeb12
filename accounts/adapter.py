"""Where allauth asks us: who may sign up, how mail leaves, what happens once somebody is in."""

from typing import Any
from urllib.parse import unquote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from . import actions
from .models import User, UserManager

ZONE_COOKIE = "zone"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.OPEN_SIGNUP)

    def clean_email(self, email: str) -> str:
        return UserManager.normalize_email(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail links begin with PUBLIC_BASE_URL: a request's Host header is the sender's word and goes into no mail."""
        super().send_mail(template_prefix, email, {**context, "base_url": settings.PUBLIC_BASE_URL})

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        actions.fill_in_whereabouts(
            user,
            time_zone=unquote(request.COOKIES.get(ZONE_COOKIE, "")),
            language=get_language_from_request(request),
        )
        response: HttpResponse = super().post_login(request, user, **details)
        return response
