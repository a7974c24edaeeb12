"""Whatever comes in: the forms of an application answer it, and never fail."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from mentoring.forms import ApplicationForm
from mentoring.models import ApplicationDraft, Enrollment, Program
from tests.conftest import enroll, signed_in
from tests.mentoring.applying import _then, ask, filled, meadow

__all__ = ["_then", "meadow"]
pytestmark = pytest.mark.django_db

NASTY = st.sampled_from(
    ["", " ", "\0", "\ud7ff", "\u202e", "a" * 5000, "İıß", "𝕏" * 90, "-1", "1e9", "99999999999999999999", "24:00",
     "<script>", "', --", "%s{{ }}", "a@b", "a@b.example", "\r\n,;\n", "Tea", "both", "mentor", "None", "[]"]
)  # fmt: skip
TEXT = st.one_of(
    NASTY, st.text(max_size=60).filter(lambda text: not any("\ud800" <= one <= "\udfff" for one in text))
)
EASY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def asked(meadow: Program) -> Program:
    for code, kind, of in (
        ("a", "short", "everyone"), ("b", "long", "mentors"), ("c", "choice", "mentees"), ("d", "choices", "everyone"),
    ):  # fmt: skip
        ask(meadow, code, kind, asked_of=of, is_required=code in "bc")
    return meadow


@st.composite
def typed(draw: st.DrawFn, names: list[str]) -> dict[str, list[str]]:
    chosen = draw(st.lists(st.sampled_from(names), max_size=12, unique=True))
    return {name: draw(st.lists(TEXT, max_size=3)) for name in chosen}


def names_of(program: Program, person: User) -> list[str]:
    form = ApplicationForm(program=program, person=person)
    return [*form.fields, "as_shown", "do", "dropped", "answer_zzz", "next"]


@EASY
@given(data=st.data())
def test_an_application_is_taken_or_said_to_be_wrong(
    asked: Program, outsider: User, data: st.DataObject
) -> None:
    fields = data.draw(typed(names_of(asked, outsider)))
    whole: dict[str, Any] = {**filled(asked, outsider), **fields}
    with transaction.atomic():
        response = signed_in(outsider).post(reverse("programs:apply", args=[asked.pk]), whole)
        assert response.status_code in (200, 302)
        place = Enrollment.objects.filter(person=outsider).first()
        draft = ApplicationDraft.objects.filter(person=outsider).first()
        if response.status_code == 200:
            assert "Error:" in response.content.decode()
            assert (place, draft) == (None, None)
        else:
            assert (place is None) != (draft is None)
        # What was kept is shown again without harm.
        shown = signed_in(outsider).get(reverse("programs:apply", args=[asked.pk]))
        assert shown.status_code == (302 if place else 200)
        transaction.set_rollback(True)


@EASY
@given(data=st.data())
def test_a_draft_keeps_anything_and_shows_it_again(
    asked: Program, outsider: User, data: st.DataObject
) -> None:
    fields = data.draw(typed(names_of(asked, outsider)))
    with transaction.atomic():
        response = signed_in(outsider).post(reverse("programs:draft", args=[asked.pk]), fields)
        assert response.status_code == 200
        kept = ApplicationDraft.objects.get(person=outsider).typed
        for name, values in kept.items():
            assert values == [value.replace("\0", "") for value in fields[name]]
        assert signed_in(outsider).get(reverse("programs:apply", args=[asked.pk])).status_code == 200
        transaction.set_rollback(True)


@EASY
@given(data=st.data())
def test_a_place_is_changed_or_stays_as_it_was(asked: Program, outsider: User, data: st.DataObject) -> None:
    place = Enrollment.objects.filter(person=outsider).first() or enroll(
        asked, outsider, "both", status="waitlisted", joined_on=None
    )
    fields = data.draw(typed(names_of(asked, outsider)))
    whole: dict[str, Any] = {**filled(asked, outsider, place), **fields}
    with transaction.atomic():
        before = Enrollment.objects.filter(pk=place.pk).values().get()
        response = signed_in(outsider).post(reverse("programs:edit", args=[asked.pk]), whole)
        assert response.status_code in (200, 302)
        if response.status_code == 200:
            assert Enrollment.objects.filter(pk=place.pk).values().get() == before
            assert not place.skills.exists()
            assert not place.answers.exists()
        transaction.set_rollback(True)


@EASY
@given(until=TEXT, q=TEXT)
def test_a_pause_and_a_search_answer_anything(program: Program, member: User, until: str, q: str) -> None:
    with transaction.atomic():
        browser = signed_in(member)
        response = browser.post(reverse("programs:pause", args=[program.pk]), {"until": until})
        assert response.status_code in (200, 302)
        assert browser.get(reverse("programs:skills", args=[program.pk]), {"q": q}).status_code == 200
        transaction.set_rollback(True)
