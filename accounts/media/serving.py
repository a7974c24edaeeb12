"""For views that hand a file out: through us, with our own rules and headers, never by an address of the store."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from accounts.views.errors import files_away

from . import files

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def file_of(content: "bytes | memoryview", stored_as: str) -> bytes:
    """The file of a row, by its two columns. Raises Http404 where it is nowhere, Away where no store answers."""
    try:
        return files.read(content, stored_as)
    except files.Lost:
        raise Http404 from None


def unless_away(view: View) -> View:
    """The view, which says 503 while the store does not answer; a picture then does not show, and the page does."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except files.Away:
            response = files_away(request)
            add_never_cache_headers(response)
            response["Retry-After"] = "60"
            return response

    return cast("View", guarded)
