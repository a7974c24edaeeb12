"""The doors of the house: every address there is, and how a table says what each of the cast finds behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

CAST = ("nobody", "outsider", "mentee", "mentor", "admin", "other_admin", "superuser")


@dataclass(frozen=True)
class Door:
    """One line of a table: a name of an address, the things it is about, and what each of the cast gets there."""

    line: str
    name: str
    things: Mapping[str, str]
    expected: tuple[str, ...]

    @classmethod
    def of(cls, line: str) -> "Door":
        name, *rest = line.split()
        things = dict(one.split("=", 1) for one in rest if "=" in one)
        expected = tuple(one for one in rest if "=" not in one)
        assert len(expected) == len(CAST), f"not {len(CAST)} answers: {line}"
        return cls(line, name, things, expected)

    def path(self, world: Mapping[str, Any]) -> str:
        """Its address, where each thing stands for something of this world (`pk=pairing`), else for itself."""
        if self.name.startswith("/"):
            return self.name
        return reverse(self.name, kwargs={key: world.get(word, word) for key, word in self.things.items()})


def doors(table: str) -> list[Door]:
    """The lines of a table, without its headings (which begin with #)."""
    return [
        Door.of(line) for line in table.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def addresses(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every address of the site, with its namespaces; for one without a name, its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or str(pattern.pattern)))


def outcome(response: HttpResponse) -> str:
    """The status; `login` for the way to the sign-in page."""
    where = response.headers.get("Location", "")
    if response.status_code == 302 and where.startswith(reverse("account_login")):
        return "login"
    return str(response.status_code)


def differences(
    table: str, method: str, clients: Mapping[str, Client], world: Mapping[str, Any]
) -> list[str]:
    """The lines of a table that are not so, each with what was found instead."""
    found = []
    for door in doors(table):
        path = door.path(world)
        got = tuple(outcome(ask(clients[who], method, path)) for who in CAST)
        if got != door.expected:
            found.append(
                f"{method} {door.name} {dict(door.things)}\n  expected {door.expected}\n  got      {got}"
            )
    return found


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """One request, all traces of which are undone: in the database, and in the browser's cookies."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response: HttpResponse = client.generic(method, path)  # type: ignore[assignment]
        transaction.set_rollback(True)
    client.cookies.load(cookies)
    return response
