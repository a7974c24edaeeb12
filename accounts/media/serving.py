"""For views that hand a file out: through us, with our own rules and headers, never by an address of the store."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from accounts.views.errors import files_away

from . import files

# One pixel to be seen through (GIF89a). Browsers show it whatever the status, and a sign of a broken picture for none:
# so what lies beneath a photo is seen, the initial.
NOTHING = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def file_of(content: "bytes | memoryview", stored_as: str) -> bytes:
    """The file of a row, by its two columns. Raises Http404 where it is nowhere, Away where no store answers."""
    try:
        return files.read(content, stored_as)
    except files.Lost:
        raise Http404 from None


def unless_away(view: View) -> View:
    """The view, which says on a page with 503 that the store does not answer, while it does not."""

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


def shows_nothing_without(view: View) -> View:
    """The view of a picture, which shows nothing while the store does not answer (503) or where it lost it (404)."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (files.Away, files.Lost) as missing:
            status = 503 if isinstance(missing, files.Away) else 404
            response = HttpResponse(NOTHING, content_type="image/gif", status=status)
            add_never_cache_headers(response)
            response["Content-Security-Policy"] = "default-src 'none'; sandbox"
            response["X-Content-Type-Options"] = "nosniff"
            return response

    return cast("View", guarded)
