"""What the tests of applications share: a program that takes them, its questions, and a filled form."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import User
from mentoring.actions import Application
from mentoring.forms import ApplicationForm
from mentoring.models import Enrollment, EnrollmentQuestion, Program, Skill
from tests.conftest import NOW, TODAY, signed_in

RULES = "What is said here stays here."


@pytest.fixture(autouse=True)
def _then() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def meadow(db: None) -> Program:
    """People ask for a place, and those who run it decide. It begins in a month."""
    return Program.objects.create(
        name="Meadow Mentors",
        slug="meadow",
        purpose="For whoever teaches.",
        starts_on=date(2026, 7, 20),
        applications_until=date(2026, 7, 10),
        join_policy=Program.JoinPolicy.APPROVAL,
        time_zone="Europe/Lisbon",
        ground_rules=RULES,
        mentors_are="You have taught for five years.",
    )


@pytest.fixture
def garden(db: None) -> Program:
    """Whoever wants to is in at once."""
    return Program.objects.create(
        name="Garden", slug="garden", starts_on=TODAY, join_policy=Program.JoinPolicy.OPEN
    )


def ask(program: Program, code: str, kind: str = "short", **fields: Any) -> EnrollmentQuestion:
    options = ["Tea", "Coffee", "Water"] if kind in EnrollmentQuestion.CHOOSING else []
    values = {
        "text": f"What about {code}?",
        "options": options,
        "position": program.enrollment_questions.count(),
    }
    return EnrollmentQuestion.objects.create(program=program, code=code, kind=kind, **(values | fields))


def listed(program: Program, *names: str) -> None:
    Skill.objects.bulk_create(Skill(program=program, name=name) for name in names)


def filled(program: Program, person: User, place: Enrollment | None = None, **typed: Any) -> dict[str, Any]:
    """The form as somebody sends it who fills in the least that is asked, and what is given."""
    form = ApplicationForm(program=program, person=person, place=place)
    least: dict[str, Any] = {"as_shown": form.as_shown}
    if "role" in form.fields:
        least["role"] = "mentee"
    if "capacity" in form.fields:
        least["capacity"] = "1"
    if "agreed" in form.fields:
        least["agreed"] = "on"
    return least | typed


def send(program: Program, person: User, **typed: Any) -> HttpResponse:
    return _post("programs:apply", program, person, filled(program, person, **typed))


def change(place: Enrollment, **typed: Any) -> HttpResponse:
    place = Enrollment.objects.select_related("program", "person").get(pk=place.pk)
    return _post(
        "programs:edit", place.program, place.person, filled(place.program, place.person, place, **typed)
    )


def _post(name: str, program: Program, person: User, data: dict[str, Any]) -> HttpResponse:
    response: Any = signed_in(person).post(reverse(name, args=[program.pk]), data)
    return response  # type: ignore[no-any-return]


def page(name: str, program: Program, person: User, status: int = 200) -> str:
    response = signed_in(person).get(reverse(f"programs:{name}", args=[program.pk]))
    assert response.status_code == status
    return response.content.decode()


def place_of(person: User, program: Program) -> Enrollment:
    return Enrollment.objects.select_related("program", "person").get(person=person, program=program)


def said(role: str = "mentee", **fields: Any) -> Application:
    return Application(role=role, **fields)
