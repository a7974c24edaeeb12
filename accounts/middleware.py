"""The request as its person lives it: their language, times in their zone, and the devices they are signed in on."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from . import devices
from .models import User

LANGUAGES = dict(settings.LANGUAGES)


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


class DevicesMiddleware:
    """Notes where somebody is signed in, and when it was last used: every few minutes, not at each page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and devices.is_to_be_noted(key):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
