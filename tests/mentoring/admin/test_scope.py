"""A program admin sees and changes only their own programs' rows: on every page, by every way to ask."""

import json

import pytest
from django.contrib import admin as django_admin
from django.db.models import Model
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import (
    Announcement,
    ConversationStarter,
    Enrollment,
    EnrollmentQuestion,
    FitCheck,
    Import,
    Invitation,
    MatchingRun,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
    ProgramAdmin,
    Resource,
    RuledOut,
    Skill,
)
from reflections.models import NoteReport, NudgeWords, OutsideStop, Questionnaire, Round, Survey
from tests.conftest import signed_in

from .conftest import World
from .worlds import *  # noqa: F403 (fixtures, which stand in for those of the same names)

MODELS: list[type[Model]] = [
    Program, ProgramAdmin, Enrollment, EnrollmentQuestion, Import, Skill, Invitation, MatchingRun, Pairing, Meeting,
    User, Questionnaire, Round, Message, FitCheck, RuledOut, PairingRequest, ConversationStarter, Resource,
    NoteReport, OutsideStop, NudgeWords, Survey, Announcement,
]  # fmt: skip
per_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def listed(person: User, model: type[Model], query: str = "") -> set[int]:
    response = signed_in(person).get(url(model, "changelist") + query)
    assert response.status_code == 200, (model, query)
    return {row.pk for row in response.context["cl"].result_list}


def test_every_page_of_ours_is_in_these_tests() -> None:
    ours = {
        model
        for model in django_admin.site._registry
        if model._meta.app_label in {"accounts", "mail", "mentoring", "reflections"}
    }
    assert ours == set(MODELS)


@per_model
def test_a_list_is_called_what_it_lists(own: World, superuser: User, model: type[Model]) -> None:
    page = signed_in(superuser).get(url(model, "changelist"))
    assert page.context["title"].lower() == str(model._meta.verbose_name_plural).lower()


@per_model
def test_a_list_holds_ones_own_rows(
    own: World, foreign: World, admin: User, other_admin: User, superuser: User, model: type[Model]
) -> None:
    mine, theirs = own.rows[model].pk, foreign.rows[model].pk
    assert mine in listed(admin, model)
    assert theirs not in listed(admin, model)
    assert theirs in listed(other_admin, model)
    assert mine not in listed(other_admin, model)
    assert {mine, theirs} <= listed(superuser, model)


@per_model
def test_a_search_finds_nothing_of_others(
    own: World, foreign: World, admin: User, model: type[Model]
) -> None:
    page = django_admin.site._registry[model]
    if page.search_fields:
        for words in ("Foreign", "hill.example", "Hill", "Vera", "Wilhelmina", "Hugo"):
            assert listed(admin, model, f"?q={words}") == set()


@per_model
def test_a_filter_shows_nothing_of_others(
    own: World, foreign: World, admin: User, model: type[Model]
) -> None:
    client = signed_in(admin)
    response = client.get(url(model, "changelist"), {"program": foreign.program.pk})
    if response.status_code == 200:
        assert foreign.rows[model] not in response.context["cl"].result_list
    else:
        assert response.status_code == 400  # a list without this filter
    assert "Hill Mentors" not in client.get(url(model, "changelist")).content.decode()


@per_model
def test_an_address_may_not_ask_about_columns_that_are_not_shown(
    own: World, admin: User, model: type[Model]
) -> None:
    for lookup in (
        "password__startswith", "person__password__startswith", "pk__gt", "id__exact",
        "program__name__startswith", "reflections__answers__text__contains", "place__contains",
        "pairing__place__contains", "rounds__reflections__answers__text__contains",
        "person__moments__text__contains", "moments__text__contains", "mentor__moments__text__contains",
    ):  # fmt: skip
        response = signed_in(admin).get(url(model, "changelist"), {lookup: "c"})
        assert response.status_code == 400, lookup


@per_model
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_somebody_elses_row_is_not_found(
    own: World, foreign: World, admin: User, model: type[Model], page: str
) -> None:
    client = signed_in(admin)
    theirs = client.get(url(model, page, foreign.rows[model].pk))
    missing = client.get(url(model, page, 10**9))
    # Where nobody may do it at all, the answer is 403, and the same for every row, there or not.
    assert theirs.status_code == missing.status_code
    assert theirs.status_code == 404 or (page == "delete" and theirs.status_code == 403)
    theirs, missing = (
        client.post(url(model, page, pk), {"post": "yes"}) for pk in (foreign.rows[model].pk, 10**9)
    )
    assert theirs.status_code == missing.status_code
    assert theirs.status_code in (403, 404)
    assert model._default_manager.filter(pk=foreign.rows[model].pk).exists()


@per_model
def test_ones_own_row_has_its_page_and_its_history(own: World, admin: User, model: type[Model]) -> None:
    client = signed_in(admin)
    assert client.get(url(model, "change", own.rows[model].pk)).status_code == 200
    assert client.get(url(model, "history", own.rows[model].pk)).status_code == 200


@per_model
def test_pages_name_nobody_of_another_program(
    own: World, foreign: World, admin: User, model: type[Model]
) -> None:
    client = signed_in(admin)
    pages = [url(model, "changelist"), url(model, "change", own.rows[model].pk)]
    if django_admin.site._registry[model].has_add_permission(_request_of(admin)):
        pages.append(url(model, "add"))
    for page in pages:
        text = client.get(page).content.decode()
        for words in ("Hill Mentors", "Vera", "Wilhelmina", "Hugo", "hill.example"):
            assert words not in text, (page, words)


def _request_of(person: User) -> object:
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = person
    return request


# --- Adding and changing with somebody else's ids


@pytest.mark.parametrize(
    ("model", "form"),
    [
        (Enrollment, {"email": "new@x.example", "name": "New", "role": "mentor", "capacity": "1"}),
        (ProgramAdmin, {"email": "new@x.example", "name": "New"}),
        (Skill, {"names": "Sailing"}),
        (
            Resource,
            {
                "title": "A guide",
                "link": "https://a.example/",
                "for_role": "all",
                "stage": "any",
                "position": "0",
            },
        ),
        (EnrollmentQuestion, {"text": "Why?", "kind": "short", "asked_of": "everyone", "audience": "admins"}),
        (Questionnaire, {"name": "Mine", "prompts-TOTAL_FORMS": "0", "prompts-INITIAL_FORMS": "0"}),
    ],
    ids=["Enrollment", "ProgramAdmin", "Skill", "Resource", "EnrollmentQuestion", "Questionnaire"],
)
def test_nothing_is_added_to_somebody_elses_program(
    own: World, foreign: World, admin: User, model: type[Model], form: dict[str, str]
) -> None:
    Questionnaire.objects.all().delete()
    before = model._default_manager.count()
    response = signed_in(admin).post(
        url(model, "add"), {"program": foreign.program.pk, "joined_on": "2026-06-01", **form}
    )
    assert response.status_code == 200
    assert "program" in response.context["adminform"].form.errors
    assert model._default_manager.count() == before
    assert not User.objects.filter(email="new@x.example").exists()


def test_nobody_of_another_program_is_paired(own: World, foreign: World, admin: User, member: User) -> None:
    form = {
        "program": own.program.pk,
        "mentor": own.mentor.pk,
        "mentee": member.pk,
        "starts_on": "2026-06-23",
    }
    before = Pairing.objects.count()
    for field, value in (
        ("program", foreign.program.pk),
        ("mentor", foreign.mentor.pk),
        ("mentee", foreign.mentee.pk),
    ):
        response = signed_in(admin).post(url(Pairing, "add"), form | {field: value})
        assert field in response.context["adminform"].form.errors
    assert Pairing.objects.count() == before


def test_a_row_is_not_moved_to_another_program(own: World, foreign: World, admin: User) -> None:
    place = own.rows[Enrollment]
    signed_in(admin).post(
        url(Enrollment, "change", place.pk),
        {
            "program": foreign.program.pk,
            "person": foreign.mentor.pk,
            "role": "mentor",
            "status": "active",
            "capacity": "7",
            "joined_on": "2026-01-05",
        },
    )
    place = Enrollment.objects.get(pk=place.pk)
    assert (place.program, place.person, place.capacity) == (own.program, own.mentor, 7)


@pytest.mark.parametrize("action", ["pause", "complete", "end", "withdraw"])
def test_an_action_touches_no_row_of_others(own: World, foreign: World, admin: User, action: str) -> None:
    response = signed_in(admin).post(
        url(Pairing, "changelist"),
        {"action": action, "_selected_action": [foreign.pairing.pk], "confirmed": "yes"},
    )
    assert response.status_code in (200, 302)
    foreign.pairing.refresh_from_db()
    assert foreign.pairing.status == Pairing.Status.ACTIVE


def test_nothing_is_deleted_in_bulk(own: World, superuser: User) -> None:
    for model in MODELS:
        response = signed_in(superuser).post(
            url(model, "changelist"),
            {"action": "delete_selected", "_selected_action": [own.rows[model].pk], "post": "yes"},
        )
        assert response.status_code in (200, 302, 403)
        assert model._default_manager.filter(pk=own.rows[model].pk).exists()


# --- Autocomplete


def found(person: User, model: str, field: str, term: str = "") -> tuple[int, list[str]]:
    response = signed_in(person).get(
        reverse("admin:autocomplete"),
        {
            "app_label": model.split(".")[0],
            "model_name": model.split(".")[1],
            "field_name": field,
            "term": term,
        },
    )
    if response.status_code != 200:
        return response.status_code, []
    return 200, [row["text"] for row in json.loads(response.content)["results"]]


def test_a_search_field_finds_fitting_people_of_ones_own_programs(
    own: World, foreign: World, admin: User, superuser: User, member: User
) -> None:
    assert found(admin, "mentoring.pairing", "mentor") == (200, ["Noor Haddad (noor@harbor.example)"])
    mentees = ["Ines Duarte (ines@harbor.example)", "Tomasz Zielinski (tomasz@harbor.example)"]
    assert found(admin, "mentoring.pairing", "mentee") == (200, mentees)
    for term in ("Vera", "Wilhelmina", "hill.example", "Foreign"):
        assert found(admin, "mentoring.pairing", "mentor", term) == (200, [])
        assert found(admin, "mentoring.pairing", "mentee", term) == (200, [])
    assert len(found(superuser, "mentoring.pairing", "mentor")[1]) == 2


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("mentoring.enrollment", "person"),
        ("mentoring.enrollment", "program"),
        ("mentoring.meeting", "pairing"),
        ("reflections.reflection", "person"),
        ("reflections.reflection", "round"),
        ("reflections.moment", "person"),
        ("reflections.answer", "reflection"),
        ("mail.message", "person"),
        ("admin.logentry", "user"),
        ("account.emailaddress", "user"),
        ("no.such", "thing"),
    ],
)
def test_other_fields_find_nothing(own: World, admin: User, superuser: User, model: str, field: str) -> None:
    for person in (admin, superuser):
        assert found(person, model, field)[0] == 403


def test_a_filter_with_a_character_that_no_row_can_hold_is_a_bad_address(admin: User) -> None:
    response = signed_in(admin).get(url(Pairing, "changelist"), {"status__exact": "\0"})

    assert response.status_code == 400
