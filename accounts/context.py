"""What each page knows about the installation itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .clock import now


def installation(request: HttpRequest) -> dict[str, Any]:
    """Where the source is, whether people may sign up by themselves, and the moment that is being rehearsed, if any."""
    return {
        "source_code_url": settings.SOURCE_CODE_URL,
        "open_signup": settings.OPEN_SIGNUP,
        "rehearsed_now": now() if settings.REHEARSAL_OFFSET else None,
    }
