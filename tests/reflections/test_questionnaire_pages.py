"""The pages of a questionnaire in the admin: edited, previewed as people see it, put into order, translated."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mentoring.models import Program
from reflections import actions, question_page
from reflections.models import Edition, Moment, Prompt, PromptTranslation, Questionnaire, RoleSet
from reflections.rounds import open_due_rounds
from tests.conftest import NOW, TODAY, signed_in
from tests.reflections.conftest import rows
from tests.reflections.test_editions import LATER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def url(questionnaire: Questionnaire, view: str, *args: str) -> str:
    return reverse(f"admin:reflections_questionnaire_{view}", args=[questionnaire.pk, *args])


def asked_on(page: str) -> list[str]:
    return re.findall(r'<h2 id="q\d+" lang="[a-z-]+">(.*?)</h2>', page)


def as_typed(questionnaire: Questionnaire, **changed: Any) -> dict[str, Any]:
    """What the form sends when everything stays as it is, with some fields of prompt A changed."""
    prompts = list(questionnaire.prompts.order_by("pk"))
    form: dict[str, Any] = {
        "name": questionnaire.name,
        "prompts-TOTAL_FORMS": str(len(prompts)),
        "prompts-INITIAL_FORMS": str(len(prompts)),
    }
    for number, prompt in enumerate(prompts):
        fields = {
            "id": prompt.pk,
            "questionnaire": questionnaire.pk,
            "code": prompt.code,
            "step": prompt.step,
            "kind": prompt.kind,
            "text": prompt.text,
            "help_text": prompt.help_text,
            "mentor_position": prompt.mentor_position,
            "mentee_position": prompt.mentee_position,
            "is_active": "on",
        }
        if prompt.code == "A":
            fields |= changed
        form |= {f"prompts-{number}-{name}": value for name, value in fields.items() if value is not None}
    return form


# --- From the default questions --------------------------------------------------------------------------------------


def test_a_program_begins_with_the_default_questions_and_changes_its_own(
    program: Program, other_program: Program, admin: User
) -> None:
    client = signed_in(admin)
    changelist = reverse("admin:reflections_questionnaire_changelist")
    listed = client.get(changelist).content.decode()
    assert "Start from the default questions" in listed
    assert f'<option value="{program.pk}">{program}</option>' in listed
    assert str(other_program) not in listed
    begin = reverse("admin:reflections_questionnaire_begin")
    client.post(begin, {"program": program.pk})
    own, default = Questionnaire.objects.get(program=program), Questionnaire.objects.get(program=None)

    def said(questionnaire: Questionnaire) -> list[tuple[object, ...]]:
        prompts = questionnaire.prompts.order_by("code")
        return [(each.text, each.mentee_position, each.wordings) for each in prompts]

    assert said(own) == said(default) != []
    assert own.editions.get().author.person == admin  # type: ignore[union-attr]
    assert "Start from the default questions" not in client.get(changelist).content.decode()
    assert LogEntry.objects.get().object_id == str(own.pk)

    own.prompts.filter(code="M1").update(text="What went well?")
    again = client.post(begin, {"program": program.pk}, follow=True).content.decode()
    assert "has questions of its own already" in again
    assert own.prompts.get(code="M1").text == "What went well?"
    assert client.post(begin, {"program": other_program.pk}).status_code == 404
    assert client.post(begin, {"program": "x"}).status_code == 404
    assert not Questionnaire.objects.filter(program=other_program).exists()


# --- Edited --------------------------------------------------------------------------------------------------------


def test_saving_says_who_published_what_and_when(ours: Questionnaire, admin: User) -> None:
    client = signed_in(admin)
    open_due_rounds(NOW)
    answer = client.post(url(ours, "change"), as_typed(ours, text="What now?"))
    assert answer.status_code == 302
    edition = Edition.objects.get(number=2)
    assert edition.publisher == admin
    page = client.get(url(ours, "change")).content.decode()
    assert "Edition 2" in page
    assert f"by {admin}" in page
    assert "with the software" in page
    assert "Not asked yet" in page
    assert "Asked in" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"is_locked": "on", "needs_care": "on"}, "can never be shared"),
        ({"kind": "carry"}, "one is asked of the same people"),
    ],
)
def test_what_cannot_be_together_is_said(
    ours: Questionnaire, admin: User, changed: dict[str, str], said: str
) -> None:
    ours.prompts.filter(code="C").update(kind="carry")
    page = signed_in(admin).post(url(ours, "change"), as_typed(ours, **changed)).content.decode()
    assert said in page
    assert not Edition.objects.exists()


def test_its_page_asks_as_often_for_many_editions_as_for_one(
    ours: Questionnaire, program: Program, admin: User
) -> None:
    client = signed_in(admin)
    open_due_rounds(NOW)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url(ours, "change"))
        return len(queries)

    asked()
    few = asked()
    for number in range(2, 9):
        Edition.objects.create(questionnaire=ours, number=number, published_at=NOW)
    assert asked() == few


# --- As people see it ----------------------------------------------------------------------------------------------


def test_the_preview_asks_each_set_its_questions_in_the_look_of_the_page(
    ours: Questionnaire, admin: User
) -> None:
    client = signed_in(admin)
    page = client.get(url(ours, "preview", "mentor")).content.decode()
    assert asked_on(page) == ["A?", "B?", "C?"]
    assert "about B" in page
    assert "css/best" in page
    assert asked_on(client.get(url(ours, "preview", "mentee")).content.decode()) == ["A?", "C?"]
    assert (
        "Nobody of this set is asked anything." in client.get(url(ours, "preview", "both")).content.decode()
    )
    assert client.get(url(ours, "preview", "nobody")).status_code == 404


ROLES = [role.value for role in RoleSet]


@pytest.mark.parametrize("role", ROLES)
def test_each_question_of_the_default_sets_is_seen_on_the_page_on_which_it_is_asked(
    superuser: User, role: str
) -> None:
    """The page itself, with nobody's words, in the order in which it is gone through."""
    default = Questionnaire.objects.get(program=None)
    client = signed_in(superuser)
    listed = client.get(url(default, "preview", role)).content.decode()
    ways = re.findall(r'<a class="tap" href="([^"]*/preview/[^"]*)"', listed)
    assert len(ways) == len(asked_on(listed)) > 3
    for way in ways:
        reply = client.get(way)
        used = {template.name for template in reply.templates}
        assert used & {question_page.QUESTION, question_page.VALUES}
        page = reply.content.decode()
        assert "Nothing that is typed here is kept." in page
        assert "data-autosave" not in page
        assert client.post(way, {"then": "leave"}).url == url(default, "preview", role)  # type: ignore[attr-defined]


def test_what_is_typed_in_a_preview_goes_nowhere(ours: Questionnaire, admin: User) -> None:
    client, first = signed_in(admin), url(ours, "preview_question", "mentor", "A")
    was = rows()
    page = client.get(first).content.decode()
    assert "your mentee can read it once you have finished" in page.lower()
    on = client.post(first, {"text": "typed-in-a-preview", "then": "next", "audience": "me"})
    assert on.url == url(ours, "preview_question", "mentor", "B")  # type: ignore[attr-defined]
    back = client.post(on.url, {"text": "typed-in-a-preview", "then": "back"})  # type: ignore[attr-defined]
    assert back.url == first  # type: ignore[attr-defined]
    last = client.post(url(ours, "preview_question", "mentor", "C"), {"then": "next"})
    assert last.url == url(ours, "preview", "mentor")  # type: ignore[attr-defined]
    assert rows() == was


def test_a_preview_shows_nothing_of_whoever_looks(ours: Questionnaire, admin: User) -> None:
    Moment.objects.create(person=admin, text="godwit-of-the-admin", happened_on=TODAY)
    Moment.objects.create(
        person=admin, text="godwit-of-the-admin", happened_on=TODAY.replace(year=TODAY.year - 1)
    )
    page = signed_in(admin).get(url(ours, "preview_question", "mentor", "A")).content.decode()
    assert "godwit-of-the-admin" not in page


def test_a_page_of_the_preview_is_read_in_the_language_and_edition_that_were_asked_for(
    ours: Questionnaire, admin: User
) -> None:
    client = signed_in(admin)
    open_due_rounds(NOW)
    prompt = ours.prompts.get(code="A")
    PromptTranslation.objects.create(prompt=prompt, language="de", text="A auf Deutsch?")
    actions.publish(ours, by=admin, now=NOW)
    first = url(ours, "preview_question", "mentor", "A")
    page = client.get(first, {"language": "de"}).content.decode()
    assert "A auf Deutsch?" in page
    assert '<html lang="de"' in page
    assert "?language=de" in page
    assert "A auf Deutsch?" not in client.get(first, {"language": "de", "edition": "1"}).content.decode()


@pytest.mark.parametrize("way", [("mentee", "B"), ("mentor", "Z"), ("nobody", "A")])
def test_what_a_set_is_not_asked_has_no_page(ours: Questionnaire, admin: User, way: tuple[str, str]) -> None:
    assert signed_in(admin).get(url(ours, "preview_question", *way)).status_code == 404


def test_the_preview_has_two_rotating_questions_and_names_the_others(
    ours: Questionnaire, admin: User
) -> None:
    ours.prompts.update(is_rotating=True)
    page = signed_in(admin).get(url(ours, "preview", "mentor")).content.decode()
    shown = asked_on(page)
    assert len(shown) == 2
    (resting,) = {"A?", "B?", "C?"} - set(shown)
    assert f"<li>{resting}</li>" in page


def test_the_preview_is_what_the_next_round_asks(ours: Questionnaire, admin: User) -> None:
    ours.prompts.update(is_rotating=True)
    with time_machine.travel(LATER.replace(month=7, day=30), tick=False):
        shown = asked_on(signed_in(admin).get(url(ours, "preview", "mentor")).content.decode())
    round = open_due_rounds(LATER)[-1]
    asked = round.questions.exclude(mentor_position=None).order_by("mentor_position")
    assert shown == [question.asked for question in asked]


def test_an_earlier_edition_is_shown_as_it_was(ours: Questionnaire, admin: User) -> None:
    client = signed_in(admin)
    open_due_rounds(NOW)
    ours.prompts.filter(code="A").update(text="Anew?")
    actions.publish(ours, by=admin, now=NOW)
    before = client.get(url(ours, "preview", "mentor"), {"edition": "1"}).content.decode()
    assert asked_on(before) == ["A?", "B?", "C?"]
    assert 'name="to"' not in before
    assert asked_on(client.get(url(ours, "preview", "mentor")).content.decode())[0] == "Anew?"
    for none in ("7", "x", "²", "9" * 30):
        assert client.get(url(ours, "preview", "mentor"), {"edition": none}).status_code == 404


def test_the_preview_is_read_in_another_language(ours: Questionnaire, admin: User) -> None:
    prompt = ours.prompts.get(code="A")
    PromptTranslation.objects.create(prompt=prompt, language="de", text="A auf Deutsch?")
    page = signed_in(admin).get(url(ours, "preview", "mentor"), {"language": "de"}).content.decode()
    assert asked_on(page) == ["A auf Deutsch?", "B?", "C?"]
    assert '<html lang="en' in page


def test_the_order_is_changed_beside_the_preview(ours: Questionnaire, admin: User) -> None:
    client = signed_in(admin)
    answer = client.post(url(ours, "move", "mentor"), {"prompt": "C", "to": "up"}, follow=True)
    assert asked_on(answer.content.decode()) == ["A?", "C?", "B?"]
    assert LogEntry.objects.filter(user=admin).count() == 1
    assert client.post(url(ours, "move", "mentor"), {"prompt": "Z", "to": "up"}).status_code == 404
    told = client.post(url(ours, "move", "mentee"), {"prompt": "B", "to": "up"}, follow=True)
    assert "not asked of them" in told.content.decode()


# --- In other languages --------------------------------------------------------------------------------------------


def test_every_prompt_is_translated_on_one_page(ours: Questionnaire, admin: User) -> None:
    client, page = signed_in(admin), url(ours, "translate", "de")
    a, b = ours.prompts.get(code="A"), ours.prompts.get(code="B")
    typed = {f"text_{a.pk}": "A auf Deutsch?", f"help_{a.pk}": "zu A", f"help_{b.pk}": "zu B"}
    wrong = client.post(page, typed).content.decode()
    assert "Translate the question too" in wrong
    assert "zu B" in wrong
    assert not PromptTranslation.objects.exists()
    done = client.post(page, typed | {f"help_{b.pk}": ""}, follow=True).content.decode()
    assert "asked like this from the next round on" in done
    assert PromptTranslation.objects.get().text == "A auf Deutsch?"
    edition = Edition.objects.get()
    assert edition.publisher == admin
    assert client.get(url(ours, "translate", "xx")).status_code == 404


def test_what_comes_with_the_software_is_shown_beside_the_field(superuser: User) -> None:
    default = Questionnaire.objects.get(program=None)
    page = signed_in(superuser).get(url(default, "translate", "de")).content.decode()
    assert "Was war dein Bestes?" in page


def test_the_questions_of_others_are_not_there(ours: Questionnaire, other_admin: User, mentor: User) -> None:
    for person in (other_admin, mentor):
        client: Client = signed_in(person)
        for view, arg in (("preview", "mentor"), ("translate", "de")):
            assert client.get(url(ours, view, arg)).status_code == 404
        assert client.post(url(ours, "move", "mentor"), {"prompt": "A", "to": "down"}).status_code == 404
    assert Prompt.objects.get(questionnaire=ours, code="A").mentor_position == 1
