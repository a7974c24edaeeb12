"""People come in by a file: invited or put in, changed, left alone, refused with a reason beside the cell."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest, Refused
from mentoring.imports import queue, requests
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    EnrollmentSkill,
    Import,
    ImportPart,
    ImportRow,
    Invitation,
    Pairing,
    Program,
    ProgramAdmin,
    Skill,
)
from tests.conftest import NOW, enroll, make_person, pair, say_skills

from .conftest import Importing, figures, outcomes, said, xlsx_of

pytestmark = pytest.mark.django_db
HEADINGS = ["E-mail", "Name", "Role"]


def place_of(program: Program, email: str) -> Enrollment:
    return Enrollment.objects.get(program=program, person__email=email)


def skills_of(place: Enrollment) -> dict[str, list[str]]:
    return {chosen.side.value: chosen.names for chosen in place.skills.by_side()}


def test_a_list_of_mentors_invites_them_and_keeps_what_it_says_for_their_place(
    importing: Importing, program: Program, admin: User
) -> None:
    rows = [
        ["Vorname", "Nachname", "E-Mail", "Abteilung", "Führungskraft", "Plätze", "Kann helfen bei"],
        ["Petra", "Novak", "Petra@New.example", "Sales", "boss@new.example", "3", "Negotiation; Rust"],
    ]
    source = importing.checked("mentors", *rows)
    assert figures(source) == {"new": 1}
    assert not User.objects.filter(email="petra@new.example").exists()
    assert not Message.objects.exists()

    source = importing.confirmed(source)
    assert source.state == Import.State.DONE
    place = place_of(program, "petra@new.example")
    assert (place.status, place.role, place.capacity) == ("invited", "mentor", 3)
    assert (place.department, place.line_manager) == ("Sales", "boss@new.example")
    assert place.person.name == "Petra Novak"
    assert skills_of(place) == {"offers": ["Negotiation", "Rust"]}
    assert Message.objects.filter(kind="invitation", person=place.person).count() == 1
    assert not ImportRow.objects.exists()
    assert not ImportPart.objects.exists()

    invitation = Invitation.objects.get(person=place.person)
    actions.join_by_invitation(invitation, place.person, now=NOW)
    place.refresh_from_db()
    assert (place.status, place.capacity, place.department) == ("active", 3, "Sales")
    assert place.line_manager == "boss@new.example"
    assert skills_of(place) == {"offers": ["Negotiation", "Rust"]}


def test_the_same_file_twice_changes_nothing_and_says_so(importing: Importing) -> None:
    rows = [
        [*HEADINGS, "Room for", "Department", "Line manager", "Offers", "Seeks"],
        ["a@new.example", "A", "mentor", 2, "Sales", "m@new.example", "Go, Rust", ""],
        ["b@new.example", "B", "Mentee", "", "", "", "", "Writing"],
        ["c@new.example", "C", "both", "", "Legal", "", "", ""],
    ]
    importing.done("people", *rows)
    sent, counted = Message.objects.count(), Invitation.objects.count()
    again = importing.checked("people", *rows)
    assert figures(again) == {"unchanged": 3}
    again = importing.confirmed(again)
    assert (again.state, again.unchanged) == ("done", 3)
    assert (Message.objects.count(), Invitation.objects.count()) == (sent, counted) == (3, 3)


@pytest.fixture
def known(other_program: Program, admin: User, mentee: User) -> list[User]:
    """People whom the admin has in another program that they run."""
    ProgramAdmin.objects.create(program=other_program, person=admin)
    people = [make_person(f"known{number}@harbor.example", f"Known {number}") for number in range(4)]
    for person in people:
        enroll(other_program, person, "mentee")
    return people


def test_those_the_admin_knows_are_put_in_at_once_and_the_others_are_invited(
    importing: Importing, program: Program, known: list[User], outsider: User
) -> None:
    rows = [
        [*HEADINGS, "First day", "Department", "Room for", "Line manager", "Offers"],
        [known[0].email, "Somebody", "mentor", "1.3.2026", "Sales", "4", "boss@new.example", "Rust"],
        [known[1].email, "", "mentee", "", "", "", "", ""],
        [outsider.email, "Otto", "mentor", "1.3.2026", "Legal", "2", "", ""],
        ["zoe@new.example", "Zoe", "mentee", "", "", "", "", ""],
    ]
    source = importing.checked("people", *rows, how="enroll")
    assert figures(source) == {"new": 4}
    assert said(source) == {
        2: "comes in as Mentor / new on the list of skills: Rust",
        3: "comes in as Mentee",
        4: "is invited as Mentor / their first day is the one on which they say yes",
        5: "is invited as Mentee",
    }
    assert not Message.objects.exists()
    importing.confirmed(source)
    first, second = place_of(program, known[0].email), place_of(program, known[1].email)
    assert (first.status, first.joined_on, first.department) == ("active", date(2026, 3, 1), "Sales")
    assert (first.capacity, first.line_manager, first.person.name) == (4, "boss@new.example", "Known 0")
    assert skills_of(first) == {"offers": ["Rust"]}
    assert (second.status, second.joined_on, second.capacity) == ("active", date(2026, 6, 23), 1)
    asked = place_of(program, outsider.email)
    assert (asked.status, asked.joined_on, asked.department, asked.capacity) == ("invited", None, "Legal", 2)
    assert place_of(program, "zoe@new.example").status == "invited"
    assert sorted(Message.objects.values_list("person__email", "kind")) == [
        (outsider.email, "invitation"),
        ("zoe@new.example", "invitation"),
    ]
    assert figures(importing.checked("people", *rows, how="enroll")) == {"unchanged": 4}


def test_those_for_whom_no_place_is_free_are_refused_in_the_order_of_the_file(
    importing: Importing, program: Program, mentor: User, mentee: User, member: User, known: list[User]
) -> None:
    Program.objects.filter(pk=program.pk).update(places_for_mentees=4, places_for_mentors=2)
    before = Enrollment.objects.filter(program=program)
    assert (before.mentees().count(), before.mentors().count()) == (2, 1)
    roles = ["both", "mentor", "mentee", "mentee"]
    rows = [[person.email, "", role] for person, role in zip(known, roles, strict=True)]
    source = importing.checked("people", HEADINGS, *rows, ["zoe@new.example", "", "mentor"], how="enroll")
    assert said(source) == {
        2: "comes in as Both",
        3: "row: There is no free place. Give the program more places first.",
        4: "comes in as Mentee",
        5: "row: There is no free place. Give the program more places first.",
        # Whoever is invited takes a place when they say yes, if one is free.
        6: "is invited as Mentor",
    }
    assert not Message.objects.exists()


def test_who_was_invited_once_is_asked_anew_also_where_the_admin_knows_them(
    importing: Importing, program: Program, known: list[User]
) -> None:
    enroll(program, known[0], "mentee", status="invited", joined_on=None)
    source = importing.done("mentees", ["E-mail"], [known[0].email], how="enroll")
    assert figures(source) == {"new": 1}
    assert place_of(program, known[0].email).status == "invited"


def test_putting_in_more_people_takes_no_more_queries(
    program: Program, admin: User, known: list[User]
) -> None:
    Program.objects.filter(pk=program.pk).update(places_for_mentees=90, places_for_mentors=90)
    counts = []
    for some in (known[:1], known[1:]):
        comers = [actions.Comer(person.email, "both") for person in some]
        with CaptureQueriesContext(connection) as queries:
            put_in = actions.enroll_known(program, comers, by=admin, now=NOW)
        assert len(put_in.places) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_is_there_is_changed_and_that_is_told_cell_by_cell(
    importing: Importing, program: Program, mentor: User, mentee: User
) -> None:
    say_skills(place_of(program, mentor.email), "offers", "Negotiation")
    rows = [
        [*HEADINGS, "Room for", "Department", "Offers"],
        [mentor.email.upper(), "Somebody else", "mentor", "5", "Sales", "negotiation; Rust"],
        [mentee.email, "", "both", "", "", ""],
    ]
    source = importing.checked("people", *rows)
    assert figures(source) == {"changed": 2}
    assert "room for: 3 → 5" in said(source)[2]
    assert "Can help with: Rust" in said(source)[2]
    assert "negotiation" not in said(source)[2].lower()
    assert said(source)[3] == "role: Mentee → Both"
    importing.confirmed(source)
    place = place_of(program, mentor.email)
    assert (place.capacity, place.department, place.person.name) == (5, "Sales", "Noor Haddad")
    assert skills_of(place) == {"offers": ["Negotiation", "Rust"]}
    assert place_of(program, mentee.email).role == "both"


def test_a_line_manager_that_somebody_gave_is_neither_changed_nor_told(
    importing: Importing, program: Program, mentor: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(line_manager="real@harbor.example")
    for guess in ("real@harbor.example", "other@harbor.example"):
        source = importing.checked("mentors", ["E-mail", "Line manager"], [mentor.email, guess])
        assert (outcomes(source), said(source)) == (["unchanged"], {2: ""})
        importing.confirmed(source)
    assert place_of(program, mentor.email).line_manager == "real@harbor.example"


def test_who_said_no_or_asks_for_a_place_is_left_alone(importing: Importing, program: Program) -> None:
    for status in ("declined", "withdrawn", "completed", "applied", "waitlisted"):
        enroll(program, make_person(f"{status}@new.example", "X"), "mentee", status=status)
    before = list(Enrollment.objects.order_by("pk").values())
    rows = [
        [f"{status}@new.example", "Sales"] for status in ("declined", "withdrawn", "completed", "applied")
    ]
    source = importing.done("mentees", ["E-mail", "Department"], *rows, ["waitlisted@new.example", "Sales"])
    assert figures(source) == {"unchanged": 5}
    assert list(Enrollment.objects.order_by("pk").values()) == before
    assert not Message.objects.exists()


def test_what_is_wrong_stands_beside_its_cell(
    importing: Importing, program: Program, mentee: User, admin: User
) -> None:
    actions.invite_by_email(
        program, "mentor", [Guest("inv@new.example")], by=admin, now=NOW, lives=timedelta(days=7)
    )
    rows = [
        [*HEADINGS, "Room for", "First day", "Department"],
        ["noor(at)harbor", "N", "mentor", "", "", ""],
        ["x@new.example", "N", "boss", "", "", ""],
        ["y@new.example", "N", "", "", "", ""],
        ["z@new.example", "N", "mentor", "many", "03/04/2026", "d" * 81],
        ["", "N", "mentor", "", "", ""],
        ["ok@new.example", "N", "mentor", "2", "2026-04-03", ""],
        ["OK@new.example", "N", "mentee", "", "", ""],
        ["delete-this-row@example.com", "N", "mentee", "", "", ""],
        ["inv@new.example", "N", "mentee", "", "", ""],
    ]
    source = importing.checked("people", *rows)
    assert figures(source) == {"new": 1, "bad": 8}
    found = said(source)
    assert found[2] == "E-mail: Write one address here, such as noor@example.org."
    assert found[3] == "Role: Write mentor, mentee or both."
    assert found[4] == "Role: Something has to stand here."
    assert found[5] == (
        "Room for: Write a number from 0 to 20. / First day: Write a day as 2026-01-31. / "
        "Department: This is longer than 80 letters."
    )
    assert found[6] == "E-mail: Something has to stand here."
    assert found[8] == "E-mail: The same address stands in row 7 already."
    assert "example of the template" in found[9]
    assert found[10] == "Role: is invited as Mentor already. Take that invitation back first."
    with pytest.raises(Refused, match="Nothing is imported"):
        importing.confirmed(source)
    assert not User.objects.filter(email__endswith="ok@new.example").exists()


def test_a_plain_list_does_not_take_somebodys_other_role(importing: Importing, mentee: User) -> None:
    source = importing.checked("mentors", ["E-mail"], [mentee.email])
    assert "is in this program as Mentee" in said(source)[2]


def test_a_role_that_an_open_pairing_stands_on_stays(
    importing: Importing, pairing: Pairing, mentor: User, mentee: User
) -> None:
    source = importing.checked(
        "people", ["E-mail", "Role"], [mentor.email, "mentee"], [mentee.email, "mentor"]
    )
    assert said(source) == {
        2: "Role: They are somebody's mentor now. That pairing has to end first.",
        3: "Role: They are somebody's mentee now. That pairing has to end first.",
    }


def test_roles_are_those_of_the_program(importing: Importing, program: Program) -> None:
    Program.objects.update(roles="peers")
    importing.program.refresh_from_db()
    source = importing.checked("mentors", ["E-mail"], ["a@new.example"])
    assert "Nobody is that alone" in said(source)[2]


def test_answers_to_the_programs_questions_are_kept_as_asked(
    importing: Importing, program: Program, mentor: User
) -> None:
    EnrollmentQuestion.objects.create(program=program, code="why", text="Why do you come?", position=1)
    EnrollmentQuestion.objects.create(
        program=program, code="when", text="When?", kind="choices", options=["Mornings", "Evenings"],
        audience="pairing", position=2,
    )  # fmt: skip
    EnrollmentQuestion.objects.create(program=program, code="old", text="For mentees", asked_of="mentees")
    theirs = place_of(program, mentor.email)
    EnrollmentAnswer.objects.create(
        enrollment=theirs, code="why", asked="Why?", kind="short", audience="admins", text="My own words"
    )
    rows = [
        [*HEADINGS, "WHY DO YOU COME", "when", "For mentees"],
        ["a@new.example", "A", "mentor", "To learn", "evenings; Mornings", ""],
        [mentor.email, "", "mentor", "Other words", "Evenings", ""],
        ["b@new.example", "B", "mentor", "", "Nights", ""],
        ["c@new.example", "C", "mentor", "", "", "Not asked of C"],
    ]
    source = importing.checked("people", *rows)
    assert outcomes(source) == ["new", "changed", "bad", "bad"]
    assert said(source)[4] == "when: Write one of these: Mornings; Evenings."
    assert said(source)[5] == "For mentees: This is asked of others only."
    importing.done("people", *rows[:3])
    new = {answer.code: answer for answer in place_of(program, "a@new.example").answers.all()}
    assert (new["why"].text, new["why"].asked, new["why"].audience) == (
        "To learn",
        "Why do you come?",
        "admins",
    )
    assert (new["when"].chosen, new["when"].audience) == (["Evenings", "Mornings"], "pairing")
    assert theirs.answers.get(code="why").text == "My own words"
    assert theirs.answers.get(code="when").chosen == ["Evenings"]
    assert figures(importing.checked("people", *rows[:3])) == {"unchanged": 2}


def test_a_skill_is_found_in_any_case_and_by_an_earlier_name(importing: Importing, program: Program) -> None:
    rust = Skill.objects.create(program=program, name="Rust")
    Skill.objects.create(program=program, name="Rust-lang", state="merged", merged_into=rust)
    importing.done("mentors", ["E-mail", "Offers"], ["a@new.example", "RUST-LANG; rust; Ünïx"])
    assert list(EnrollmentSkill.objects.values_list("skill__name", flat=True)) == ["Rust", "Ünïx"]
    new = Skill.objects.get(name="Ünïx")
    assert (new.state, new.proposed_by) == ("proposed", importing.admin)


def test_an_invitation_that_ran_out_is_written_anew(
    importing: Importing, program: Program, admin: User
) -> None:
    then = NOW - timedelta(days=30)
    guests = [Guest("a@new.example")]
    actions.invite_by_email(program, "mentee", guests, by=admin, now=then, lives=timedelta(days=7))
    source = importing.done("mentees", ["E-mail"], ["a@new.example"])
    assert figures(source) == {"new": 1}
    assert Invitation.objects.unanswered(NOW).count() == 1


def test_more_than_may_be_pasted_are_invited_by_a_file(importing: Importing) -> None:
    rows = [[f"p{number}@new.example", "mentor" if number % 2 else "mentee"] for number in range(620)]
    source = importing.done("people", ["E-mail", "Role"], *rows)
    assert source.new == Invitation.objects.count() == Message.objects.count() == 620


def test_a_day_in_a_workbook_is_a_day(importing: Importing, program: Program, known: list[User]) -> None:
    file = xlsx_of(["E-mail", "First day", "Room for"], [known[0].email, date(2026, 3, 1), 4])
    source = importing.checked("mentors", file=file, how="enroll")
    importing.confirmed(source)
    place = place_of(program, known[0].email)
    assert (place.joined_on, place.capacity) == (date(2026, 3, 1), 4)


def test_nothing_comes_in_when_something_changed_since_the_preview(
    importing: Importing, program: Program, mentor: User, mentee: User
) -> None:
    rows = [["E-mail", "Role"], ["a@new.example", "mentor"], [mentor.email, "mentee"]]
    source = importing.checked("people", *rows)
    assert not source.bad
    pair(program, mentor, mentee)
    source = importing.confirmed(source)
    assert (source.state, figures(source)) == ("checked", {"new": 1, "bad": 1})
    assert "Something has changed" in source.problem
    assert not User.objects.filter(email="a@new.example").exists()
    assert not Message.objects.exists()


def test_what_is_confirmed_is_what_was_shown(importing: Importing) -> None:
    """Not the same rows put in at once, as somebody else has chosen meanwhile."""
    shown = importing.checked("mentors", ["E-mail"], ["a@new.example"])
    importing.choose(shown, how="enroll")
    queue.work(shown.pk, now=NOW)
    with pytest.raises(Refused, match="meanwhile"):
        requests.confirm(importing.fresh(shown), shown.fingerprint, by=importing.admin, now=NOW)
    assert not Enrollment.objects.filter(person__email="a@new.example").exists()


def test_a_role_changes_only_where_there_is_room(
    importing: Importing, program: Program, mentor: User, mentee: User, member: User
) -> None:
    Program.objects.update(places_for_mentors=2)
    rows = [["E-mail", "Role"], [mentee.email, "both"], [member.email, "mentor"]]
    source = importing.checked("people", *rows)
    assert figures(source) == {"changed": 1, "bad": 1}
    assert "There is no free place" in said(source)[3]
