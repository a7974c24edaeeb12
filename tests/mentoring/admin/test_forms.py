"""Making and changing rows in the admin: the actions' rules hold here as on any page."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from reflections.models import Prompt, Questionnaire, Round
from reflections.progress import asked_in
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in

from .conftest import World
from .test_scope import url

PAIRING_ADD = "/admin/mentoring/pairing/add/"


def pairing_form(program: Program, mentor: User, mentee: User, **fields: str) -> dict[str, object]:
    return {
        "program": program.pk,
        "mentor": mentor.pk,
        "mentee": mentee.pk,
        "starts_on": "2026-06-23",
        "focus": "clients",
        "approval": "admins",
    } | fields


# --- Pairings


def test_an_admin_pairs_two_people(program: Program, mentor: User, mentee: User, admin: User) -> None:
    form = pairing_form(program, mentor, mentee)
    response = signed_in(admin).post(PAIRING_ADD, form)
    assert response.status_code == 302
    pairing = Pairing.objects.get()
    assert (pairing.status, pairing.focus) == (Pairing.Status.ACTIVE, "clients")
    assert Message.objects.filter(kind="pairing_made").count() == 2
    assert LogEntry.objects.get().object_id == str(pairing.pk)


@pytest.mark.parametrize(
    ("chosen", "asked"), [("both", 2), ("mentor", 1), ("mentee", 1), ("", 1), ("admins", 0)]
)
def test_an_admin_says_who_is_asked_or_leaves_it_to_the_program(
    program: Program, mentor: User, mentee: User, admin: User, chosen: str, asked: int
) -> None:
    Program.objects.filter(pk=program.pk).update(approval="mentee")
    signed_in(admin).post(PAIRING_ADD, pairing_form(program, mentor, mentee, approval=chosen))
    pairing = Pairing.objects.get()
    assert pairing.status == ("proposed" if asked else "active")
    assert pairing.approval == (chosen or "mentee")
    assert Message.objects.filter(kind="pairing_proposed").count() == asked


def test_a_refusal_stands_above_the_form_with_what_was_typed(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    pair(program, mentor, mentee)
    response = signed_in(admin).post(PAIRING_ADD, pairing_form(program, mentor, member))
    text = response.content.decode()
    assert response.status_code == 200
    assert "Noor has no room for another mentee now." in text
    assert "Ines Duarte" in text
    assert Pairing.objects.count() == 1
    assert not Message.objects.exists()
    assert not LogEntry.objects.exists()


def test_the_two_of_a_pairing_are_never_exchanged(
    pairing: Pairing, member: User, mentee: User, admin: User
) -> None:
    signed_in(admin).post(
        url(Pairing, "change", pairing.pk),
        {"mentee": member.pk, "status": "ended", "starts_on": "2026-02-02", "focus": "something else"},
    )
    pairing.refresh_from_db()
    assert (pairing.mentee, pairing.status, pairing.focus) == (mentee, "active", "something else")


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("pause", "active", "paused"),
        ("resume", "paused", "active"),
        ("complete", "active", "completed"),
        ("end", "paused", "ended"),
        ("withdraw", "proposed", "expired"),
    ],
)
def test_an_action_asks_first_and_names_whom_it_concerns(
    pairing: Pairing, admin: User, action: str, before: str, after: str
) -> None:
    Pairing.objects.update(status=before)
    client = signed_in(admin)
    form = {"action": action, "_selected_action": [pairing.pk]}
    text = client.post(url(Pairing, "changelist"), form).content.decode()
    assert "Noor Haddad and Tomasz Zielinski" in text
    pairing.refresh_from_db()
    assert pairing.status == before
    client.post(url(Pairing, "changelist"), form | {"confirmed": "yes"})
    pairing.refresh_from_db()
    assert pairing.status == after
    assert LogEntry.objects.filter(object_id=str(pairing.pk)).count() == 1


def test_an_action_says_which_pairings_it_left_alone(
    pairing: Pairing, program: Program, mentor: User, member: User, admin: User
) -> None:
    other = pair(program, mentor, member, status="paused")
    response = signed_in(admin).post(
        url(Pairing, "changelist"),
        {"action": "pause", "_selected_action": [pairing.pk, other.pk], "confirmed": "yes"},
        follow=True,
    )
    text = response.content.decode()
    assert "1 pairing is changed." in text
    assert "Noor Haddad and Ines Duarte: Only an active pairing can be paused." in text


@pytest.mark.parametrize("status", [*Pairing.MADE, *Pairing.OVER])
def test_a_pairing_that_two_have_said_yes_to_is_not_deleted(
    pairing: Pairing, admin: User, superuser: User, status: str
) -> None:
    Pairing.objects.update(status=status, ended_on=TODAY if status in Pairing.OVER else None)
    for person in (admin, superuser):
        assert signed_in(person).post(url(Pairing, "delete", pairing.pk), {"post": "yes"}).status_code == 403
    Pairing.objects.update(status=Pairing.Status.DECLINED, ended_on=None)
    assert signed_in(admin).post(url(Pairing, "delete", pairing.pk), {"post": "yes"}).status_code == 302
    assert not Pairing.objects.exists()


def test_a_pairing_that_was_taken_back_is_deleted_with_nobodys_words(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    one = pair(program, mentor, mentee, status="accepted", starts_on=TODAY + timedelta(days=400))
    note = actions.write_note(one, by=mentee, text="hello", is_shared=False, now=NOW)
    actions.withdraw_pairing(one, by=admin, now=NOW)
    client = signed_in(admin)
    assert client.post(url(Pairing, "delete", one.pk), {"post": "yes"}).status_code == 403
    actions.delete_note(note, by=mentee)
    assert client.post(url(Pairing, "delete", one.pk), {"post": "yes"}).status_code == 302


# --- Enrollments and admins


def enrollment_form(program: Program, **fields: str) -> dict[str, object]:
    return {
        "program": program.pk,
        "email": "zoe@new.example",
        "name": "Zoe Park",
        "role": "mentor",
        "capacity": "2",
        "joined_on": "2026-06-01",
    } | fields


def test_an_admin_enrolls_somebody_by_their_address(program: Program, admin: User) -> None:
    response = signed_in(admin).post(url(Enrollment, "add"), enrollment_form(program))
    assert response.status_code == 302
    place = Enrollment.objects.get()
    assert (place.person.email, place.person.name, place.capacity) == ("zoe@new.example", "Zoe Park", 2)
    assert (place.status, place.joined_on) == ("invited", None)
    assert Message.objects.get().kind == "invitation"


def test_somebody_of_a_program_that_one_runs_has_a_place_at_once(
    program: Program, other_program: Program, admin: User, member: User
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=admin)
    form = enrollment_form(other_program, email=member.email)
    assert signed_in(admin).post(url(Enrollment, "add"), form).status_code == 302
    place = Enrollment.objects.get(program=other_program)
    assert (place.person, place.status, place.joined_on) == (member, "active", date(2026, 6, 1))


def test_somebody_is_not_enrolled_twice(program: Program, mentor: User, admin: User) -> None:
    form = enrollment_form(program, email="NOOR@harbor.example")
    response = signed_in(admin).post(url(Enrollment, "add"), form)
    assert "already has a place in this program" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("email", "not an address"), ("role", "boss"), ("joined_on", ""), ("capacity", "-1")]
)
def test_an_enrollment_needs_what_it_needs(program: Program, admin: User, field: str, value: str) -> None:
    response = signed_in(admin).post(url(Enrollment, "add"), enrollment_form(program, **{field: value}))
    assert field in response.context["adminform"].form.errors
    assert not User.objects.filter(email="zoe@new.example").exists()


def test_a_place_is_not_pulled_away_from_under_a_pairing(pairing: Pairing, admin: User) -> None:
    for person, role, words in (
        (pairing.mentor, "mentee", "mentor now"),
        (pairing.mentee, "mentor", "mentee now"),
    ):
        place = Enrollment.objects.get(person=person)
        form = {"role": role, "status": "withdrawn", "capacity": "3", "joined_on": "2026-01-05"}
        response = signed_in(admin).post(url(Enrollment, "change", place.pk), form)
        assert words in response.content.decode()
        before = (place.status, place.role)
        place.refresh_from_db()
        assert (place.status, place.role) == before


def test_a_place_that_led_to_a_pairing_is_not_deleted(pairing: Pairing, member: User, admin: User) -> None:
    with_pairing = Enrollment.objects.get(person=pairing.mentor)
    without = Enrollment.objects.get(person=member)
    client = signed_in(admin)
    assert client.post(url(Enrollment, "delete", with_pairing.pk), {"post": "yes"}).status_code == 403
    assert client.post(url(Enrollment, "delete", without.pk), {"post": "yes"}).status_code == 302
    assert User.objects.filter(pk=member.pk).exists()


def test_an_admin_names_another_admin(program: Program, mentor: User, admin: User) -> None:
    form = {"program": program.pk, "email": mentor.email, "name": "whatever"}
    assert signed_in(admin).post(url(ProgramAdmin, "add"), form).status_code == 302
    assert signed_in(mentor).get("/admin/").status_code == 200
    text = signed_in(admin).post(url(ProgramAdmin, "add"), form).content.decode()
    assert "already runs this program" in text


def test_an_admin_does_not_shut_themselves_out(program: Program, admin: User, superuser: User) -> None:
    row = ProgramAdmin.objects.get(person=admin)
    assert signed_in(admin).post(url(ProgramAdmin, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert signed_in(superuser).post(url(ProgramAdmin, "delete", row.pk), {"post": "yes"}).status_code == 302


# --- People


def test_a_program_admin_reads_a_name_and_an_address_and_changes_nothing(mentor: User, admin: User) -> None:
    client = signed_in(admin)
    text = client.get(url(User, "change", mentor.pk)).content.decode()
    assert "noor@harbor.example" in text
    assert "password" not in text.lower()
    assert "Europe/Lisbon" not in text
    assert client.post(url(User, "change", mentor.pk), {"name": "Hacked"}).status_code == 403
    assert client.get(url(User, "add")).status_code == 403


def test_a_superuser_makes_people_who_sign_in_by_code(superuser: User) -> None:
    form = {"email": "Zoe@New.Example", "name": "Zoe", "is_active": "on"}
    assert signed_in(superuser).post(url(User, "add"), form).status_code == 302
    zoe = User.objects.get(email="zoe@new.example")
    assert not zoe.has_usable_password()
    assert not zoe.is_superuser


def test_a_persons_form_changes_neither_their_address_nor_their_access(mentor: User, superuser: User) -> None:
    changed = {"name": "Noor H.", "email": "evil@x.example", "is_superuser": "on"}
    signed_in(superuser).post(url(User, "change", mentor.pk), changed)
    mentor.refresh_from_db()
    assert mentor.name == "Noor H."
    assert mentor.email == "noor@harbor.example"
    assert mentor.is_active
    assert not mentor.is_superuser


# --- Questions and rounds


def prompts(*texts: str) -> dict[str, str]:
    form = {"prompts-TOTAL_FORMS": str(len(texts)), "prompts-INITIAL_FORMS": "0"}
    for number, text in enumerate(texts):
        form |= {
            f"prompts-{number}-code": f"X{number}",
            f"prompts-{number}-step": "first",
            f"prompts-{number}-kind": "words",
            f"prompts-{number}-text": text,
            f"prompts-{number}-mentor_position": str(number + 1),
            f"prompts-{number}-is_active": "on",
        }
    return form


def test_an_admin_writes_their_programs_own_questions(program: Program, admin: User) -> None:
    Questionnaire.objects.all().delete()
    form = {"name": "Ours", "program": program.pk} | prompts(
        "What was your best stuff?", "Whose day went better?"
    )
    assert signed_in(admin).post(url(Questionnaire, "add"), form).status_code == 302
    ours = Questionnaire.objects.for_program(program)
    assert [prompt.text for prompt in ours.prompts.all()] == [
        "What was your best stuff?",
        "Whose day went better?",
    ]


def test_the_questions_of_everybody_are_a_superusers(program: Program, admin: User, superuser: User) -> None:
    Questionnaire.objects.all().delete()
    default = Questionnaire.objects.create(name="Default")
    Prompt.objects.create(questionnaire=default, code="M1", step="first", text="?", mentor_position=1)
    assert signed_in(admin).get(url(Questionnaire, "change", default.pk)).status_code == 404
    form = {"name": "Default", "program": ""} | prompts("What?")
    assert (
        "program" in signed_in(admin).post(url(Questionnaire, "add"), form).context["adminform"].form.errors
    )
    assert signed_in(superuser).get(url(Questionnaire, "change", default.pk)).status_code == 200
    assert (
        signed_in(superuser).post(url(Questionnaire, "delete", default.pk), {"post": "yes"}).status_code
        == 403
    )


def test_rounds_and_messages_and_meetings_are_only_read(own: World, admin: User, superuser: User) -> None:
    for person in (admin, superuser):
        client = signed_in(person)
        for name in ("reflections_round", "mail_message", "mentoring_meeting"):
            assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    for person in (admin, superuser):
        for model, row in own.rows.items():
            if model.__name__ in ("Round", "Message", "Meeting"):
                client = signed_in(person)
                assert client.post(url(model, "change", row.pk), {}).status_code == 403
                assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_round_counts_who_is_asked_and_of_two_tells_no_more(own: World, admin: User) -> None:
    late = make_person("late@harbor.example", "Late")
    enroll(own.program, late, "mentee")
    pair(own.program, own.mentor, late, starts_on=date(2026, 7, 2))
    pair(
        own.program,
        own.mentor,
        make_person("old@harbor.example", "Old"),
        status="ended",
        ended_on="2026-03-31",
    )
    row = Round.objects.get(program=own.program)
    assert asked_in(row).count() == 2
    page = signed_in(admin).get(url(Round, "change", row.pk)).content.decode()
    assert "Two people are asked to reflect." in page


def test_two_people_can_be_paired_without_javascript(
    own: World, foreign: World, member: User, admin: User
) -> None:
    client = signed_in(admin)
    assert "?plain=1" in client.get(PAIRING_ADD).content.decode()
    response = client.get(f"{PAIRING_ADD}?plain=1")
    fields = response.context["adminform"].form.fields
    assert [str(person) for person in fields["mentor"].queryset] == ["Noor Haddad"]
    assert [str(person) for person in fields["mentee"].queryset] == ["Ines Duarte", "Tomasz Zielinski"]
    assert "Ines Duarte" in response.content.decode()
    form = pairing_form(own.program, own.mentor, member)
    assert client.post(f"{PAIRING_ADD}?plain=1", form).status_code == 302
