"""The lists of the admin answer questions: the programs that run first, a search by words, and actions that say first
whom they concern."""

import re
from datetime import date

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring.admin.scoped import ProgramFilter
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin, Skill
from tests.conftest import enroll, make_person, pair, say_skills, signed_in

from .conftest import World
from .test_scope import MODELS, url

LIST = "/admin/mentoring/enrollment/"


@pytest.fixture
def draft(admin: User) -> Program:
    """A second program of the admin, which does not run yet, with a place in it."""
    program = Program.objects.create(
        name="Next Year", slug="next-year", status="draft", starts_on=date(2027, 4, 1)
    )
    ProgramAdmin.objects.create(program=program, person=admin)
    enroll(program, make_person("fern@harbor.example", "Fern Later"), "mentor", joined_on=date(2027, 4, 1))
    return program


def names(client: Client, query: str = "", at: str = LIST) -> set[str]:
    return {str(row.person) for row in client.get(at + query).context["cl"].result_list}


# --- The running program ---------------------------------------------------------------------------------------------


def test_a_list_begins_with_the_programs_that_run(
    program: Program, mentor: User, mentee: User, draft: Program, admin: User
) -> None:
    client = signed_in(admin)
    assert names(client) == {str(mentor), str(mentee)}
    assert "Fern Later" in names(client, "?program=all")
    assert names(client, f"?program={draft.pk}") == {"Fern Later"}
    assert names(client, "?program=") == {str(mentor), str(mentee)}
    page = client.get(LIST).content.decode()
    assert "Shown: Harbor Mentors, the program that is running." in page
    assert "?program=all" in page
    assert "Shown: Next Year." in client.get(f"{LIST}?program={draft.pk}").content.decode()


def test_where_none_runs_a_list_begins_with_all(draft: Program, program: Program, admin: User) -> None:
    Program.objects.filter(pk=program.pk).update(status="closed")
    assert "Fern Later" in names(signed_in(admin))
    assert "Shown: all programs but the archive." in signed_in(admin).get(LIST).content.decode()


def test_whoever_runs_one_program_finds_its_rows_in_any_state(
    program: Program, mentor: User, admin: User
) -> None:
    for status in ("draft", "active", "paused", "closed", "archived"):
        Program.objects.filter(pk=program.pk).update(status=status)
        response = signed_in(admin).get(LIST)
        assert str(mentor) in {str(row.person) for row in response.context["cl"].result_list}
        assert "Shown:" not in response.content.decode()


def test_a_file_has_the_rows_of_the_list(draft: Program, mentor: User, admin: User) -> None:
    client = signed_in(admin)

    def file(rows: str) -> str:
        response = client.post(f"{LIST}export/", {"format": "csv", "rows": rows})
        return b"".join(response).decode()  # type: ignore[arg-type]

    assert "Fern Later" not in file("")
    assert "Fern Later" in file("program=all")


def test_a_button_on_a_rows_own_page_finds_it_wherever_it_is_listed(draft: Program, admin: User) -> None:
    place = Enrollment.objects.get(program=draft)
    client = signed_in(admin)
    asked = client.post(LIST, {"action": "withdraw", "_selected_action": [place.pk]}).content.decode()
    assert "Fern Later" in asked
    client.post(LIST, {"action": "withdraw", "_chosen": str(place.pk), "confirmed": "yes"})
    place.refresh_from_db()
    assert place.status == "withdrawn"


def test_all_across_pages_are_all_that_is_shown(
    draft: Program, mentor: User, mentee: User, admin: User
) -> None:
    some = Enrollment.objects.get(person=mentor)
    form = {"action": "pause", "_selected_action": [some.pk], "select_across": "1"}
    page = signed_in(admin).post(LIST, form).content.decode()
    assert str(mentor) in page
    assert str(mentee) in page
    assert "Fern Later" not in page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_by_program_finds_a_row_by_its_own_program(own: World, admin: User, model: type) -> None:
    """Also that of a program that does not run, beside one that does."""
    page = django_admin.site._registry[model]
    filters = page.list_filter or ()
    if not any(isinstance(one, type) and issubclass(one, ProgramFilter) for one in filters):
        return
    other = Program.objects.create(name="Runs", slug="runs", status="active", starts_on=date(2026, 4, 1))
    ProgramAdmin.objects.create(program=other, person=admin)
    Program.objects.filter(pk=own.program.pk).update(status="paused")
    client = signed_in(admin)

    def rows(query: str) -> list[object]:
        return list(client.get(url(model, "changelist") + query).context["cl"].result_list)

    row = own.rows[model]
    begins = {
        one.starts_with_running for one in filters if isinstance(one, type) and issubclass(one, ProgramFilter)
    }
    # E-mails begin with all: many are about no program.
    assert (row in rows("")) is (begins == {False})
    assert row in rows("?program=all")
    assert row in rows(f"?program={own.program.pk}")


def test_a_hundred_programs_are_one_field(superuser: User, program: Program) -> None:
    Program.objects.bulk_create(
        Program(name=f"Program {number:03}", slug=f"p{number}", status="draft", starts_on=date(2026, 4, 1))
        for number in range(100)
    )
    client = signed_in(superuser)
    page = client.get(f"{LIST}?role__exact=mentor&q=x&p=1").content.decode()
    field = page[page.index('class="filter-by-program"') :]
    field = field[: field.index("</form>")]
    assert field.count("<option value=") >= 100
    assert '<input type="hidden" name="role__exact" value="mentor">' in field
    assert '<input type="hidden" name="q" value="x">' in field
    assert 'name="p"' not in field
    assert "Shown: Harbor Mentors, the program that is running." in page


def test_the_default_takes_no_query_more_for_more_programs(superuser: User, program: Program) -> None:
    client = signed_in(superuser)
    client.get(LIST)
    counts = []
    for number in (2, 40):
        Program.objects.bulk_create(
            Program(name=f"P {number}-{i}", slug=f"p{number}-{i}", status="draft", starts_on=date(2026, 4, 1))
            for i in range(number)
        )
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(LIST)
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- Searching -------------------------------------------------------------------------------------------------------


def test_a_search_wants_every_word_in_any_field_whatever_its_accents(
    program: Program, mentor: User, admin: User
) -> None:
    place = enroll(
        program, make_person("zoe@far.example", "Zoë Ångström"), "mentor", department="Vertrieb Süd"
    )
    say_skills(place, "offers", "Pricing", "Négociation")
    enroll(program, make_person("strasse@far.example", "Bjørn Straße"), "mentee")
    client = signed_in(admin)
    for words in (
        "zoe angstrom",
        "ZOË",
        "angstr sud",
        "pricing negociation zoe",
        "far.example zoe",
        '"zoe ang"',
    ):
        assert names(client, f"?q={words}") == {"Zoë Ångström"}, words
    assert names(client, "?q=bjorn strasse") == {"Bjørn Straße"}
    assert names(client, "?q=zoe strasse") == set()
    for words in ("%00", '"', "'", "' \"", "\\", "%25", "_"):
        assert client.get(LIST, {"q": words}).status_code == 200
    assert names(client, "?q=%25") == set()


def test_a_person_with_many_skills_is_found_once(program: Program, mentor: User, admin: User) -> None:
    place = Enrollment.objects.get(person=mentor)
    say_skills(place, "offers", "Tides", "Tide tables", "Tidal power")
    rows = signed_in(admin).get(f"{LIST}?q=tid").context["cl"].result_list
    assert [row.pk for row in rows] == [place.pk]
    assert Skill.objects.count() >= 3


def test_a_pair_is_found_by_both_names(program: Program, mentor: User, mentee: User, admin: User) -> None:
    made = pair(program, mentor, mentee)
    at = url(Pairing, "changelist")
    client = signed_in(admin)
    both = f"{mentor.name.split()[0]} {mentee.name.split()[-1]}"
    assert [row.pk for row in client.get(at, {"q": both}).context["cl"].result_list] == [made.pk]
    assert not client.get(at, {"q": f"{both} nobody"}).context["cl"].result_list


# --- Whom an action concerns -----------------------------------------------------------------------------------------


@pytest.fixture
def crowd(program: Program) -> list[Enrollment]:
    people = User.objects.bulk_create(
        User(
            email=f"m{number}@many.example",
            name=f"Many {number:03}",
            time_zone="Europe/Lisbon",
            language="en-us",
        )
        for number in range(120)
    )
    return Enrollment.objects.bulk_create(
        Enrollment(program=program, person=person, role="mentee", joined_on=program.starts_on)
        for person in people
    )


def test_of_many_the_page_names_some_and_counts_the_rest(crowd: list[Enrollment], admin: User) -> None:
    client = signed_in(admin)
    form = {"action": "pause", "_selected_action": [crowd[0].pk], "select_across": "1"}
    page = client.post(f"{LIST}?q=many.example", form).content.decode()
    assert "It concerns 120, among them:" in page
    assert "and 100 more" in page
    assert page.count("Many ") == 20
    chosen = re.search(r'name="_chosen" value="([\d,]+)"', page)
    assert chosen is not None
    assert set(map(int, chosen[1].split(","))) == {place.pk for place in crowd}
    # Whoever comes meanwhile was not on the page, and is left alone.
    late = enroll(crowd[0].program, make_person("late@many.example", "Many Late"), "mentee")
    done = {"action": "pause", "_chosen": chosen[1], "confirmed": "yes"}
    said = client.post(f"{LIST}?q=many.example", done, follow=True).content.decode()
    assert "120 places are changed." in said
    assert Enrollment.objects.filter(status="paused").count() == 120
    late.refresh_from_db()
    assert late.status == "active"


def test_more_than_a_thousand_are_not_acted_on_at_once(
    crowd: list[Enrollment], admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentoring.admin.asking.MOST_AT_ONCE", 100)
    form = {"action": "pause", "_selected_action": [crowd[0].pk], "select_across": "1"}
    page = signed_in(admin).post(f"{LIST}?q=many.example", form, follow=True).content.decode()
    assert "That is more than 100 at once. Narrow the list down first." in page


def test_what_was_chosen_in_another_program_is_not_acted_on(own: World, foreign: World, admin: User) -> None:
    theirs = foreign.rows[Enrollment]
    form = {"action": "withdraw", "_chosen": str(theirs.pk), "confirmed": "yes"}
    signed_in(admin).post(LIST, form)
    theirs.refresh_from_db()
    assert theirs.status == "active"  # type: ignore[attr-defined]


def test_every_action_of_every_list_asks_first(own: World, superuser: User) -> None:
    client = signed_in(superuser)
    tried = 0
    for model in MODELS:
        page = django_admin.site._registry[model]
        request = client.get(url(model, "changelist")).wsgi_request
        for name in page.get_actions(request):
            data = {"action": name, "_selected_action": [own.rows[model].pk]}
            before = model._default_manager.filter(pk=own.rows[model].pk).values().get()
            response = client.post(url(model, "changelist"), data)
            shown = response.content.decode()
            # Where nothing can be done with this row, that is said instead.
            assert response.status_code in (200, 302), (model, name)
            assert response.status_code == 302 or 'name="confirmed"' in shown, (model, name)
            assert model._default_manager.filter(pk=own.rows[model].pk).values().get() == before
            tried += 1
    assert tried > 30
