"""Addresses that go into mail."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object) -> str:
    """The whole address of a page, under PUBLIC_BASE_URL: never under the host that some request happened to name."""
    return settings.PUBLIC_BASE_URL + reverse(name, args=args)
