"""What each page knows about the installation itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from . import single_sign_on
from .clock import now


def installation(request: HttpRequest) -> dict[str, Any]:
    """Where the source is, how people come in by themselves, and the moment that is being rehearsed, if any."""
    return {
        "source_code_url": settings.SOURCE_CODE_URL,
        "open_signup": settings.OPEN_SIGNUP,
        "sign_on_doors": single_sign_on.doors(),
        "rehearsed_now": now() if settings.REHEARSAL_OFFSET else None,
    }
