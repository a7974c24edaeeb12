"""From draft to archive in the admin, and that what is archived is in nobody's way and within everybody's reach."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import User
from mentoring import rules
from mentoring.models import Enrollment, Invitation, Meeting, Pairing, Program, ProgramAdmin
from reflections.models import Questionnaire, Round
from tests.conftest import enroll, pair, signed_in

from .conftest import World
from .test_scope import url

pytestmark = pytest.mark.django_db
LIST = url(Program, "changelist")
PAGES = [Enrollment, Invitation, Meeting, Pairing, ProgramAdmin, Questionnaire, Round]


# --- Its life ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", rules.MOVES)
def test_each_change_first_says_what_it_means_and_for_how_many(
    program: Program, pairing: Pairing, admin: User, verb: str
) -> None:
    before, after = rules.MOVES[verb]
    Program.objects.update(status=before[0])
    client = signed_in(admin)
    form = {"action": verb, "_selected_action": [program.pk]}
    text = client.post(f"{LIST}?status=all", form).content.decode()
    assert "2 people, 1 pairing, 0 open invitations" in text
    program.refresh_from_db()
    assert program.status == before[0]
    client.post(f"{LIST}?status=all", form | {"confirmed": "yes"})
    program.refresh_from_db()
    assert program.status == after
    assert LogEntry.objects.get().object_id == str(program.pk)


def test_a_change_that_is_not_possible_is_said_and_the_others_are_made(
    program: Program, other_program: Program, superuser: User
) -> None:
    Program.objects.filter(pk=other_program.pk).update(status="draft")
    form = {"action": "pause", "_selected_action": [program.pk, other_program.pk], "confirmed": "yes"}
    text = signed_in(superuser).post(LIST, form, follow=True).content.decode()
    assert "1 program is changed." in text
    assert "Hill Mentors: Only an active program can be paused." in text


def test_somebody_elses_program_is_not_touched(program: Program, other_admin: User) -> None:
    for verb in rules.MOVES:
        form = {"action": verb, "_selected_action": [program.pk], "confirmed": "yes"}
        assert signed_in(other_admin).post(f"{LIST}?status=all", form).status_code in (200, 302)
    program.refresh_from_db()
    assert program.status == "active"


@pytest.mark.parametrize("status", Program.Status.values)
def test_a_programs_page_offers_what_is_possible_now(program: Program, admin: User, status: str) -> None:
    Program.objects.update(status=status)
    page = signed_in(admin).get(url(Program, "change", program.pk))
    offered = {name for name, _words in page.context["deeds"]}
    assert offered == {verb for verb, move in rules.MOVES.items() if status in move.before}
    assert f'value="{program.pk}"' in page.content.decode()


# --- The archive ---------------------------------------------------------------------------------------------------


def test_the_list_of_programs_leaves_the_archive_out_until_it_is_asked_for(
    program: Program, other_program: Program, superuser: User
) -> None:
    Program.objects.filter(pk=other_program.pk).update(status="archived")
    client = signed_in(superuser)

    def names(query: str = "") -> list[str]:
        return [str(row) for row in client.get(LIST + query).context["cl"].result_list]

    assert names() == ["Harbor Mentors"]
    assert names("?status=archived") == ["Hill Mentors"]
    assert names("?status=all") == ["Harbor Mentors", "Hill Mentors"]
    assert names("?status=paused") == []
    assert "Not archived" in client.get(LIST).content.decode()


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_no_list_shows_rows_of_an_archived_program_until_it_is_asked_for(
    own: World, foreign: World, superuser: User, model: type
) -> None:
    Program.objects.filter(pk=own.program.pk).update(status="archived")
    client = signed_in(superuser)
    row = own.rows[model]

    def rows(query: str = "") -> list[object]:
        return list(client.get(url(model, "changelist") + query).context["cl"].result_list)

    assert row not in rows()
    assert foreign.rows[model] in rows()
    assert row in rows("?program=archive")
    assert foreign.rows[model] not in rows("?program=archive")
    assert row in rows(f"?program={own.program.pk}")
    assert client.get(url(model, "change", row.pk)).status_code == 200


def test_whoever_runs_only_an_archived_program_still_finds_its_people(
    program: Program, mentor: User, admin: User
) -> None:
    Program.objects.update(status="archived")
    page = signed_in(admin).get(url(Enrollment, "changelist"))
    assert [place.person for place in page.context["cl"].result_list] == [mentor]


def test_people_are_found_by_the_archive(
    own: World, other_program: Program, member: User, superuser: User
) -> None:
    Program.objects.filter(pk=own.program.pk).update(status="archived")
    enroll(other_program, member, "mentor")
    page = signed_in(superuser).get(url(User, "changelist"), {"program": "archive"})
    assert own.mentor in page.context["cl"].result_list
    assert signed_in(superuser).get(url(User, "changelist"), {"program": "nonsense"}).status_code == 200


def test_nothing_new_is_made_in_an_archived_program(
    program: Program, other_program: Program, superuser: User
) -> None:
    Program.objects.filter(pk=other_program.pk).update(status="archived")
    for model in (Enrollment, Invitation, Pairing, ProgramAdmin, Questionnaire):
        page = signed_in(superuser).get(f"{url(model, 'add')}?plain=1")
        assert [str(row) for row in page.context["adminform"].form.fields["program"].queryset] == [
            "Harbor Mentors"
        ]


def test_the_first_page_of_the_admin_says_nothing_of_archived_programs(own: World, admin: User) -> None:
    client = signed_in(admin)
    assert "Harbor Mentors" in client.get("/admin/").content.decode()
    Program.objects.update(status="archived")
    assert "Harbor Mentors" not in client.get("/admin/").content.decode()


# --- People's own pages --------------------------------------------------------------------------------------------


def test_an_archived_program_is_out_of_peoples_way_and_within_their_reach(
    own: World, other_program: Program
) -> None:
    client = signed_in(own.mentee)
    assert "Harbor Mentors" in client.get("/").content.decode()
    assert "?archive=1" not in client.get("/reflections/").content.decode()
    assert "?archive=1" not in client.get("/pairings/").content.decode()
    Program.objects.update(status="archived")

    for page in ("/", "/reflections/", "/pairings/"):
        assert "Harbor Mentors" not in client.get(page).content.decode(), page
    for page in ("/reflections/", "/pairings/"):
        assert 'href="?archive=1"' in client.get(page).content.decode()
        assert "Harbor Mentors" in client.get(f"{page}?archive=1").content.decode()
    assert client.get(f"/programs/{own.program.pk}/").status_code == 200
    assert client.get(f"/pairings/{own.pairing.pk}/").status_code == 200
    (round_,) = Round.objects.filter(reflections__person=own.mentee)
    assert client.get(f"/reflections/{round_.pk}/shared/").status_code == 200


def test_an_archive_that_is_empty_says_so(mentor: User) -> None:
    for page in ("/reflections/", "/pairings/"):
        assert "Nothing here." in signed_in(mentor).get(f"{page}?archive=1").content.decode()


def test_who_can_see_what_does_not_leave_the_archive_out(
    program: Program, mentor: User, mentee: User
) -> None:
    """What others can still read is said, whatever has become of the program."""
    pair(program, mentor, mentee)
    Program.objects.update(status="archived")
    assert "Harbor Mentors" in signed_in(mentee).get("/privacy/").content.decode()
