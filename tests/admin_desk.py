"""The pages of the desk that are no lists, and what each kind of admin finds there, of their own program and others.

A line is an address with what is sent along, where `{name}` stands for something of tests/world.py: of the first
program, and of the other one (`hill_name`). What each gets is `own/other`; people without any right get nothing, ever.
Every page that is registered has a line (test_admin_matrix.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from .admin_world import SITE, World

WHO = ("admin", "other admin", "both", "superuser")

# The columns: program admin, admin of the other program, of both, superuser; each `own/other`.
DESK = """
#     page                                       sent along                    admin   other a. both    superuser
GET   admin:index                                -                             200/200  200/200  200/200  200/200
GET   admin:index                                program={program}             200/404  404/200  200/200  200/200
GET   admin:house                                -                             404/404  404/404  404/404  200/200
GET   admin:audit_log                            -                             404/404  404/404  404/404  200/200
GET   admin:audit_log                            program={program}             404/404  404/404  404/404  200/200
GET   admin:reports                              -                             200/200  200/200  200/200  200/200
GET   admin:reports                              program={program}             200/404  404/200  200/200  200/200
POST  admin:reports_take                         program={program}&format=csv  200/404  404/200  200/200  200/200
POST  admin:reports_take                         program={program}&format=page 200/404 404/200 200/200 200/200
GET   admin:saved_views                          -                             200/200  200/200  200/200  200/200
POST  admin:saved_views_save list=mentoring.enrollment&rows=program={program}&name=A 302/302 302/302 302/302 302/302
GET   admin:saved_view:pk={saved_view}           -                             302/404  404/302  404/404  404/404
POST  admin:saved_view_rename:pk={saved_view}    name=Other                    302/404  404/302  404/404  404/404
POST  admin:saved_view_delete:pk={saved_view}    -                             302/404  404/302  404/404  404/404
"""


@dataclass(frozen=True)
class DeskDoor:
    method: str
    name: str
    kwargs: str
    data: str
    # By who: (own, other).
    answers: Mapping[str, tuple[str, str]]

    def __str__(self) -> str:
        return f"{self.name} {self.data}"

    def path(self, world: World, *, is_own: bool) -> str:
        kwargs = dict(each.split("=") for each in _filled(self.kwargs, world, is_own).split(",") if each)
        return reverse(self.name, kwargs=kwargs)

    def ask(self, client: Client, world: World, *, is_own: bool) -> HttpResponse:
        sent = parse_qs(_filled(self.data, world, is_own))
        path = self.path(world, is_own=is_own)
        return (client.get if self.method == "GET" else client.post)(path, sent)  # type: ignore[return-value]

    def tells_of_a_program(self) -> bool:
        """Whether it is a page about one of the two, to somebody who may read it."""
        return self.method == "GET" and "program={program}" in self.data


def _filled(text: str, world: World, is_own: bool) -> str:
    prefix = "" if is_own else "hill_"
    return re.sub(r"\{(\w+)\}", lambda found: str(world.things[prefix + found[1]]), text)


def desk_doors() -> list[DeskDoor]:
    found = []
    for line in DESK.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        method, page, sent, *answers = line.split()
        space, name, *kwargs = page.split(":")
        pairs = [tuple(each.split("/")) for each in answers]
        assert len(pairs) == len(WHO), f"not {len(WHO)} answers: {line}"
        sent = "" if sent == "-" else sent
        found.append(
            DeskDoor(method, f"{space}:{name}", "".join(kwargs), sent, dict(zip(WHO, pairs, strict=True)))  # type: ignore[arg-type]
        )
    return found


def pages_of_the_desk() -> set[str]:
    """The names of all that is registered, and of the first page."""
    return {"admin:index"} | {f"admin:{page.name}" for page in SITE.pages}
