"""An error in any view whatever: the page says that something broke, and nothing of what, where, or whose."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.utils import ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import NoReverseMatch
from pytest_django.fixtures import Settings

from accounts.headers import HEADERS
from accounts.models import User

from .admin_doors import ADMIN_GETS
from .conftest import signed_in
from .doors import Door, doors
from .test_every_page import GETS

pytestmark = pytest.mark.django_db

WORD = "the-bittern-that-nobody-else-knows"
# What no page may hold: somebody's words, a statement, a path of the server, a trace, a version, the kind of the error.
TOLD = (WORD, "SELECT", "accounts_user", "/srv/", ".py", "Traceback", "Django", "ProgrammingError", "Error:")

FAILED = f"SELECT text FROM accounts_user WHERE text = '{WORD}' in /srv/best-stuff/views.py"  # noqa: S608 (no query)


class Broken:
    """Stands where each view would be called, and fails as a database does: with the statement and its values."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, *_: Any) -> None:
        raise ProgrammingError(FAILED)


class Anything(dict[str, int]):
    """A world in which each thing has the number 1: the error comes before anybody looks for it."""

    def get(self, key: str, default: Any = None) -> Any:
        return 1


def path_of(door: Door) -> str:
    for world in (Anything(), {}):
        try:
            return door.path(world)
        except NoReverseMatch:
            continue
    return ""


def test_an_error_in_any_view_tells_nothing(superuser: User, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Broken"]
    client = Client(raise_request_exception=False)
    client.cookies = signed_in(superuser).cookies
    # Of several lines about one address, one is enough.
    paths = {door.name: path for door in doors(GETS + ADMIN_GETS) if (path := path_of(door))}
    wrong = []
    failed = 0
    for path in paths.values():
        response = client.get(path)
        if response.status_code == 404:  # A path of the table that has no view.
            continue
        failed += response.status_code == 500
        said = response.content.decode() + str(response.headers)
        wrong += [f"{path}: {each}" for each in TOLD if each in said]
        wrong += [f"{path}: {name}" for name, value in HEADERS.items() if response.headers.get(name) != value]
        if response.status_code != 500 or "Content-Security-Policy" not in response.headers:
            wrong.append(f"{path}: {response.status_code}")
    assert wrong == []
    assert failed > 250
