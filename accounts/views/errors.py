"""The pages for what went wrong. They ask the database nothing, because it may be what went wrong."""

import sys

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from accounts.context import installation
from accounts.monitoring import at_hand

# What takes long to write: a moment, an answer, what one says of oneself.
LONG_FIELDS = ("text", "about", "help_with")
RETRY_AFTER_SECONDS = 60


def words_sent(request: HttpRequest) -> str:
    """What somebody had written on the page that sent this request.

    A page of ours is not kept by the browser, so going back to it would lose them. Another site's words are not shown.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return ""
    try:
        written = (request.POST.get(name, "").strip() for name in LONG_FIELDS)
        return "\n\n".join(filter(None, written))
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return ""


def _page(request: HttpRequest, name: str, status: int, **more: str) -> HttpResponse:
    """Drawn without the request, so that nobody asks who is signed in. Gives back the words that it could not take."""
    words = words_sent(request)
    context = {**installation(request), "words": words, "reference": at_hand.reference(), **more}
    page = render_to_string(f"errors/{name}.html", context)
    response = HttpResponse(page, status=status)
    if words:
        add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long that its token ran out, or the browser keeps no cookies."""
    return _page(request, "403_csrf", 403)


def signed_out(request: HttpRequest, sign_in_url: str) -> HttpResponse:
    """Somebody wrote for longer than they were signed in."""
    return _page(request, "403_signed_out", 403, sign_in_url=sign_in_url)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404)


def mail_not_sent(request: HttpRequest) -> HttpResponse:
    """Nothing of the request is kept, the session included, so it can be sent again."""
    return _page(request, "503_mail", 503)


def files_away(request: HttpRequest) -> HttpResponse:
    """The place where pictures and files are kept does not answer."""
    return _page(request, "503_files", 503)


def server_error(request: HttpRequest) -> HttpResponse:
    """Also where no connection to the database is to be had: 503 then, and when to come again (RFC 9110, 10.2.3)."""
    # Django calls this while it handles what went wrong, and does not pass it on.
    if not is_database_away(sys.exception()):
        return _page(request, "500", 500)
    response = _page(request, "503_database", 503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def is_database_away(exception: BaseException | None) -> bool:
    """Whether that was the database which gives no connection, or ended the one there was.

    PostgreSQL has no number for it where it never came to a session, and one of those below where it ended it. A
    deadlock or a full disk are of the same class in Django, and have numbers of their own.
    """
    if isinstance(exception, InterfaceError):
        return "connection" in str(exception)  # Not one about a cursor.
    if not isinstance(exception, OperationalError):
        return False
    number = getattr(exception.__cause__, "pgcode", None)
    return number is None or number.startswith("08") or number in {"53300", "57P01", "57P02", "57P03"}
