"""Which account was signed in on this browser last, as a mark that says nothing to anybody else.

It is there so that what somebody leaves behind while they are signed out waits for them, and not for whoever signs in
next on the same device. It opens nothing.
"""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from .models import User

COOKIE = "__Host-last" if settings.SESSION_COOKIE_SECURE else "last"
AGE = 180 * 24 * 3600


def mark_of(person: User) -> str:
    return salted_hmac("accounts.last_here", str(person.pk), algorithm="sha256").hexdigest()[:32]


def is_of(mark: str, person: User) -> bool:
    return hmac.compare_digest(mark.encode(), mark_of(person).encode())


def remember(response: HttpResponse, person: User) -> None:
    response.set_cookie(
        COOKIE,
        mark_of(person),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark_in(request: HttpRequest) -> str:
    """The mark of whoever was here last; empty where nobody was, as far as the browser says."""
    return request.COOKIES.get(COOKIE, "")[:32]
