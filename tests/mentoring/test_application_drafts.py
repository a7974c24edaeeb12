"""An application that is begun: kept by a press or by itself, for its writer alone, and gone when it is sent."""

import json

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import ApplicationDraft, Program
from tests.conftest import NOW, signed_in
from tests.mentoring.applying import _then, ask, filled, meadow, page, send

__all__ = ["_then", "meadow"]
pytestmark = pytest.mark.django_db


def autosave(program: Program, person: User, **typed: object) -> dict[str, str]:
    response = signed_in(person).post(reverse("programs:draft", args=[program.pk]), typed)
    assert response.status_code == 200
    answer: dict[str, str] = json.loads(response.content)
    return answer


def test_a_press_keeps_it_as_it_was_typed_wrong_things_too(meadow: Program, outsider: User) -> None:
    ask(meadow, "why", "long", is_required=True)
    ask(meadow, "any", "choices")
    typed = filled(
        meadow,
        outsider,
        role="mentor",
        offers="Calm\nRye",
        line_manager="not an address",
        from_1="18:0",
        answer_any=["Tea", "Water"],
        do="draft",
    )
    response = signed_in(outsider).post(f"/programs/{meadow.pk}/apply/", typed)
    assert response["Location"] == f"/programs/{meadow.pk}/apply/"
    kept = ApplicationDraft.objects.get(person=outsider).typed
    assert kept["answer_any"] == ["Tea", "Water"]
    assert set(kept) == {"role", "capacity", "offers", "line_manager", "from_1", "answer_any"}
    shown = page("apply", meadow, outsider)
    for words in (
        "Your draft, as you kept it on Tuesday, June 23, 2026 at 13:00.",
        "Calm\nRye",
        'value="not an address"',
        'value="18:0"',
        "Delete the draft",
        "proposed to those who run the program: Calm, Rye",
    ):
        assert words in shown
    assert shown.count("checked") == 3
    assert not outsider.enrollments.exists()


def test_a_yes_to_the_rules_is_said_when_it_is_sent_and_not_before(meadow: Program, outsider: User) -> None:
    autosave(meadow, outsider, agreed="on", department="Physics")
    assert "agreed" not in ApplicationDraft.objects.get().typed
    assert "checked" not in page("apply", meadow, outsider)


def test_it_keeps_itself_and_says_when(meadow: Program, outsider: User) -> None:
    assert autosave(meadow, outsider, department="Phys") == {"message": "Kept at 13:00. Only you can see it."}
    autosave(meadow, outsider, department="Physics\0", status="active", csrfmiddlewaretoken="x")
    draft = ApplicationDraft.objects.get()
    assert (draft.typed, draft.saved_at) == ({"department": ["Physics"]}, NOW)


def test_it_goes_when_it_is_sent_and_does_not_come_back(meadow: Program, outsider: User) -> None:
    autosave(meadow, outsider, department="Physics")
    send(meadow, outsider)
    assert not ApplicationDraft.objects.exists()
    response = signed_in(outsider).post(reverse("programs:draft", args=[meadow.pk]), {"department": "late"})
    assert response.status_code == 409
    assert not ApplicationDraft.objects.exists()


def test_it_is_deleted_at_one_press(meadow: Program, outsider: User) -> None:
    autosave(meadow, outsider, department="Physics")
    address = reverse("programs:draft_delete", args=[meadow.pk])
    assert signed_in(outsider).post(address)["Location"] == reverse("programs:list")
    assert not ApplicationDraft.objects.exists()
    assert signed_in(outsider).post(address).status_code == 404


def test_nobody_else_reads_it_or_deletes_it(
    meadow: Program, outsider: User, mentee: User, superuser: User
) -> None:
    autosave(meadow, outsider, department="canary-draft")
    for person in (mentee, superuser):
        assert "canary-draft" not in page("apply", meadow, person)
        assert "canary-draft" not in signed_in(person).get(reverse("programs:list")).content.decode()
        assert signed_in(person).post(reverse("programs:draft_delete", args=[meadow.pk])).status_code == 404
    assert ApplicationDraft.objects.count() == 1


def test_one_that_is_far_too_long_is_refused_and_leaves_the_one_before(
    meadow: Program, outsider: User
) -> None:
    autosave(meadow, outsider, department="Physics")
    address = reverse("programs:draft", args=[meadow.pk])
    response = signed_in(outsider).post(address, {"offers": "x" * 200_001})
    assert (response.status_code, "too long" in response.json()["message"]) == (409, True)
    assert ApplicationDraft.objects.get().typed == {"department": ["Physics"]}


def test_where_nobody_can_apply_nothing_is_kept(program: Program, outsider: User) -> None:
    with pytest.raises(Refused):
        actions.keep_draft(program, outsider, {"department": ["x"]}, now=NOW)
    assert signed_in(outsider).post(reverse("programs:draft", args=[program.pk])).status_code == 404


def test_a_draft_goes_before_what_one_said_elsewhere(meadow: Program, program: Program, member: User) -> None:
    member.enrollments.update(department="Latin")
    assert "This begins with what you said in Harbor Mentors." in page("apply", meadow, member)
    autosave(meadow, member, department="Greek")
    shown = page("apply", meadow, member)
    assert "This begins with" not in shown
    assert 'value="Greek"' in shown


def test_a_field_that_is_gone_by_now_does_no_harm(meadow: Program, outsider: User) -> None:
    question = ask(meadow, "why")
    autosave(meadow, outsider, answer_why="because")
    question.kind, question.options = "choices", ["Tea", "Water"]
    question.save()
    assert "because" not in page("apply", meadow, outsider)
    question.delete()
    page("apply", meadow, outsider)
