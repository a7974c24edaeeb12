"""What people write is on no page of the admin: 'that', never 'what'."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin import ModelAdmin, TabularInline
from django.contrib.admin.models import LogEntry
from django.core import checks
from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from mentoring.models import ApplicationDraft, Enrollment, EnrollmentAnswer, Notice, Pairing, Program
from reflections.admin.checks import private_words_have_no_admin_page
from reflections.models import Answer, Moment, Reflection
from tests.conftest import TODAY, make_person, signed_in

from .conftest import CANARY, World
from .test_scope import MODELS, url


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_page_shows_what_people_wrote(
    own: World, admin: User, superuser: User, model: type[Model]
) -> None:
    pk = own.rows[model].pk
    pages = [url(model, "changelist"), "/admin/"]
    pages += [url(model, page, pk) for page in ("change", "history", "delete")]
    pages += [f"{url(model, 'changelist')}?q={CANARY}"]
    for person in (admin, superuser):
        client = signed_in(person)
        for page in pages:
            response = client.get(page)
            assert response.status_code in (200, 403, 404), page
            text = response.content.decode()
            assert f"{CANARY}-" not in text, page
            assert "Moment " not in text
            assert "Reflection " not in text


def test_deleting_says_how_much_goes_and_not_what(own: World, superuser: User) -> None:
    client = signed_in(superuser)
    alone = make_person("alone@elsewhere.example", "Alma Alone")
    Moment.objects.create(person=alone, text=CANARY, happened_on=TODAY)
    person = client.get(url(User, "delete", alone.pk)).content.decode()
    assert "Moments: 1" in person
    assert CANARY not in person
    assert client.get(url(User, "delete", own.mentee.pk)).status_code == 403
    program = client.get(url(Program, "delete", own.program.pk)).content.decode()
    assert "cannot be deleted" in program
    assert "Reflections: 2" in program
    assert CANARY not in program


def test_the_search_finds_no_private_words(own: World, superuser: User) -> None:
    for model in MODELS:
        response = signed_in(superuser).get(url(model, "changelist"), {"q": CANARY})
        assert not response.context["cl"].result_list


def test_where_two_meet_is_theirs(own: World, admin: User, superuser: User) -> None:
    from mentoring.models import Meeting

    for person in (admin, superuser):
        text = signed_in(person).get(url(Meeting, "change", own.rows[Meeting].pk)).content.decode()
        assert "60" in text
        assert "Where" not in text
        assert CANARY not in text


def test_the_checks_pass_as_things_are() -> None:
    assert private_words_have_no_admin_page() == []
    assert not [each for each in checks.run_checks() if str(each.id).startswith("reflections.")]


@pytest.mark.parametrize("model", [Reflection, Answer, Moment])
def test_the_checks_fail_when_private_words_get_a_page(model: type[Model]) -> None:
    django_admin.site.register(model, ModelAdmin)
    try:
        (error,) = private_words_have_no_admin_page()
        assert error.id == "reflections.E001"
        assert error.level == checks.ERROR
    finally:
        django_admin.site.unregister(model)


@pytest.mark.parametrize("model", [Reflection, Answer, Moment, Answer.pairings.through])
def test_the_checks_fail_when_private_words_are_on_another_page(
    model: type[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    inline = type("Inline", (TabularInline,), {"model": model})
    monkeypatch.setattr(django_admin.site._registry[Pairing], "inlines", [inline])
    assert [error.id for error in private_words_have_no_admin_page()] == ["reflections.E001"]


def test_nobody_lists_what_others_did(own: World, admin: User, other_admin: User, superuser: User) -> None:
    assert LogEntry not in django_admin.site._registry
    for person in (superuser, other_admin):
        LogEntry.objects.create(user=person, object_repr="a deed of theirs", action_flag=2)
    response = signed_in(admin).get("/admin/")
    assert "a deed of theirs" not in response.content.decode()
    assert list(response.context["log_entries"]) == []


def test_what_is_logged_names_fields_and_no_words(own: World, admin: User) -> None:
    place = own.rows[Enrollment]
    signed_in(admin).post(
        url(Enrollment, "change", place.pk),
        {
            "role": "mentor",
            "status": "active",
            "capacity": "4",
            "joined_on": "2026-01-05",
            "department": CANARY,
        },
    )
    entry = LogEntry.objects.get(user=admin)
    assert CANARY not in entry.change_message
    assert entry.object_repr == "Noor Haddad · Harbor Mentors"


def test_of_two_people_the_program_admin_sees_that_they_are_asked_and_no_more(
    own: World, admin: User
) -> None:
    text = signed_in(admin).get("/admin/").content.decode()
    assert "Two people are asked to reflect." in text
    assert "people have finished" not in text
    assert "Nobody’s words can be read here" in text


def test_a_program_admin_learns_nothing_about_who_else_has_an_account(
    own: World, foreign: World, admin: User
) -> None:
    client = signed_in(admin)
    pages = []
    for email in ("vera@hill.example", "nobody@hill.example"):
        response = client.post(
            reverse("admin:mentoring_enrollment_add"),
            {
                "program": own.program.pk,
                "email": email,
                "name": "Vera Foreign",
                "role": "mentee",
                "capacity": "1",
                "joined_on": "2026-06-01",
            },
        )
        place = Enrollment.objects.get(program=own.program, person__email=email)
        pages.append((response.status_code, response["Location"].replace(str(place.pk), "")))
    assert pages[0] == pages[1]


def test_answers_are_read_by_those_who_run_that_program_and_drafts_by_nobody(
    own: World, foreign: World, admin: User, other_admin: User, superuser: User
) -> None:
    page = url(Enrollment, "change", own.rows[Enrollment].pk)
    for person in (admin, superuser):
        text = signed_in(person).get(page).content.decode()
        assert "Answer for Harbor Mentors alone" in text
        assert "draft" not in text.replace("Draft", "")
        assert "boss.example" not in text
    assert signed_in(other_admin).get(page).status_code == 404
    for model in MODELS:
        text = signed_in(other_admin).get(url(model, "changelist")).content.decode()
        assert "Answer for Harbor" not in text
    assert not {EnrollmentAnswer, ApplicationDraft, Notice} & set(django_admin.site._registry)


def test_nobody_is_found_by_what_no_page_shows(own: World, admin: User, superuser: User) -> None:
    for person in (admin, superuser):
        for words in ("boss.example", "Answer for", "-draft"):
            response = signed_in(person).get(url(Enrollment, "changelist"), {"q": words})
            assert not response.context["cl"].result_list
        for lookup in ("line_manager__contains", "answers__text__contains", "skills__skill__proposed_by"):
            assert signed_in(person).get(url(Enrollment, "changelist"), {lookup: "b"}).status_code == 400
