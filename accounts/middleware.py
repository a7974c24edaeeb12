"""The request as its person lives it: their language, times in their zone, and the devices they are signed in on."""

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from . import audit, devices
from .adapter import MailNotSent
from .models import User
from .views import errors

LANGUAGES = dict(settings.LANGUAGES)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is signed out to sign in. What they had just written is given back to them, not lost on the way."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know redirects only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        to_sign_in = redirect_to_login(_page_before(request), self.get_login_url(view_func))
        return errors.signed_out(request, to_sign_in.url) if errors.words_sent(request) else to_sign_in

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.mail_not_sent(request) if isinstance(exception, MailNotSent) else None


def _page_before(request: HttpRequest) -> str:
    """The page of ours that a form stood on: the address that it was sent to shows nothing by itself."""
    url = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    page = urlsplit(url)
    return urlunsplit(("", "", page.path, page.query, "")) if is_ours else "/"


class PersonalMiddleware:
    """Shows a signed-in person each page in the language and the time zone of their settings, and leaves no copy of it.

    The language stays active until Django's own LocaleMiddleware, which is outside, has named it in the response.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, User):
            return self.get_response(request)
        if person.language in LANGUAGES:
            translation.activate(person.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(person.zone):
            response = self.get_response(request)
        # What somebody wrote is not to be found with the Back button of a shared computer once they have signed out.
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class AuditMiddleware:
    """Whatever a request brings about is on record as done by whoever is signed in (accounts/audit.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.answering(request):
            return self.get_response(request)


class DevicesMiddleware:
    """Notes where somebody is signed in, and when it was last used: every few minutes, not at each page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and devices.is_to_be_noted(key):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
