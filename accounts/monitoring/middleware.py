"""Each request has a number: in its answer (X-Request-ID), on the page if something breaks, and in the log."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import at_hand

# Where gunicorn's log of requests finds it (gunicorn.conf.py): Django's META is the environ of WSGI itself.
IN_ENVIRON = "best_stuff.work"


class RequestNumberMiddleware:
    """The outermost, so that whatever is logged on the way has the number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        work = at_hand.Work(number_of(request), request.method or "")
        request.META[IN_ENVIRON] = work
        with at_hand.working_on(work):
            response = self.get_response(request)
        response["X-Request-ID"] = work.number
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        work, match = at_hand.current(), request.resolver_match
        if work is not None and match is not None:
            work.view = match.view_name or ""
            work.path = without_tokens(request.path, [*args, *kwargs.values()])


def number_of(request: HttpRequest) -> str:
    """That of our own proxy, if there is one and it gives one; anybody else's word does not count."""
    given = request.headers.get("X-Request-ID", "")
    is_ours = settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0 and at_hand.WELL_FORMED.fullmatch(given)
    return given if is_ours else at_hand.new_number()


def without_tokens(path: str, parts: list[Any]) -> str:
    """The path with only those of its variable parts that are numbers of rows."""
    for part in parts:
        if isinstance(part, str) and part and not part.isdecimal():
            path = path.replace(part, "...")
    return path
