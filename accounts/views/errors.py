"""The pages for what went wrong. They ask the database nothing, because it may be what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.context import installation


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """Drawn without the request, so that nobody asks who is signed in."""
    page = render_to_string(f"errors/{name}.html", installation(request))
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long that its token ran out, or the browser keeps no cookies."""
    return _page(request, "403_csrf", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500", 500)
