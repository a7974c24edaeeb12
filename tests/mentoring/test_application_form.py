"""The form in which somebody asks for a place, and what it begins with when they ask again."""

from datetime import timedelta

import pytest

from accounts.models import Profile, User
from mentoring.models import Enrollment, EnrollmentAnswer, Program, Skill
from tests.conftest import NOW, enroll, say_skills, signed_in
from tests.mentoring.applying import (
    RULES,
    _then,
    ask,
    filled,
    garden,
    meadow,
    page,
    place_of,
    send,
)

__all__ = ["_then", "garden", "meadow"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"role": ""}, "Choose what you would like to be."),
        ({"role": "king"}, "Select a valid choice."),
        ({"agreed": ""}, "say that you agree to them"),
        ({"line_manager": "nobody"}, "Write an e-mail address"),
        ({"line_manager": "OTTO@elsewhere.example"}, "This is your own address."),
        ({"role": "mentor", "capacity": ""}, "Say for how many you have room"),
        ({"role": "mentor", "capacity": "0"}, "room for one person at least"),
        ({"role": "mentor", "capacity": "two"}, "Write a number"),
        ({"role": "both", "capacity": "999"}, "less than or equal to 20"),
        ({"offers": ",".join(f"skill {number}" for number in range(13))}, "Choose 12 at most."),
        ({"seeks": "x" * 81}, "is too long"),
        ({"offers": "a\0b"}, "Null characters are not allowed."),
        ({"department": "x" * 81}, "at most 80 characters"),
        ({"answer_must": ""}, "“What about must?” has no answer yet."),
        ({"answer_must": "x" * 301}, "at most 300 characters"),
        ({"answer_one": "Beer"}, "Select a valid choice."),
        ({"answer_any": ["Tea", "Beer"]}, "Select a valid choice."),
        ({"from_0": "18:00"}, "Say the other end of that day too"),
        ({"from_0": "18:10", "until_0": "19:00"}, "Choose a full or a half hour"),
        ({"language_1": "klingon"}, "Select a valid choice."),
        ({"as_shown": "of another day"}, "has changed since you opened this page"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_is_kept(
    meadow: Program, outsider: User, typed: dict[str, object], words: str
) -> None:
    ask(meadow, "must", is_required=True)
    ask(meadow, "one", "choice")
    ask(meadow, "any", "choices")
    before = {"department": "Physics, second floor", "answer_must": "because"}
    shown = send(meadow, outsider, **(before | typed)).content.decode()
    assert words in shown
    assert "Error:" in shown
    assert "department" in typed or "Physics, second floor" in shown
    assert not Enrollment.objects.filter(person=outsider).exists()
    assert not Skill.objects.exists()
    assert not Profile.objects.filter(person=outsider).exists()


@pytest.mark.parametrize(
    ("roles", "offered"),
    [("either_or_both", ["mentor", "mentee", "both"]), ("either", ["mentor", "mentee"]), ("peers", [])],
)
def test_one_chooses_among_the_roles_of_the_program(
    meadow: Program, outsider: User, roles: str, offered: list[str]
) -> None:
    Program.objects.filter(pk=meadow.pk).update(roles=roles)
    shown = page("apply", meadow, outsider)
    for role in ("mentor", "mentee", "both"):
        assert (f'name="role" value="{role}"' in shown) == (role in offered)
    assert ("You have taught for five years." in shown) == bool(offered)
    typed = {"role": "both"} if offered == ["mentor", "mentee"] else {}
    send(meadow, outsider, **typed)
    if offered == ["mentor", "mentee"]:
        assert not outsider.enrollments.exists()
    else:
        assert place_of(outsider, meadow).role == (offered[1] if offered else "both")


def test_each_question_says_who_reads_the_answer_before_one_types(meadow: Program, outsider: User) -> None:
    ask(meadow, "a", audience="pairing", help_text="A few words.")
    ask(meadow, "b", audience="admins")
    shown = page("apply", meadow, outsider)
    for code, words in (("a", "Shown to my pairing"), ("b", "Only those who run the program")):
        hint = shown.index(f'id="id_answer_{code}_helptext"')
        assert hint < shown.index(words, hint) < shown.index(f'name="answer_{code}"')
        assert f'aria-describedby="id_answer_{code}_helptext"' in shown
    assert "Never shown to anybody" in shown


def test_what_only_the_other_role_is_asked_is_neither_required_nor_kept(
    meadow: Program, outsider: User
) -> None:
    ask(meadow, "years", asked_of="mentors", is_required=True)
    ask(meadow, "hope", asked_of="mentees", is_required=True)
    shown = page("apply", meadow, outsider)
    assert "for-mentors" in shown
    assert "for-mentees" in shown
    send(meadow, outsider, role="mentee", answer_hope="calm", answer_years="x" * 999, capacity="nonsense")
    place = place_of(outsider, meadow)
    assert list(place.answers.values_list("code", flat=True)) == ["hope"]
    assert place.capacity == 1


def test_whoever_is_both_is_asked_everything(meadow: Program, outsider: User) -> None:
    ask(meadow, "years", asked_of="mentors", is_required=True)
    ask(meadow, "hope", asked_of="mentees", is_required=True)
    shown = send(meadow, outsider, role="both").content.decode()
    assert "What about years?” has no answer yet." in shown
    assert "What about hope?” has no answer yet." in shown


def test_what_is_retired_is_not_asked(meadow: Program, outsider: User) -> None:
    ask(meadow, "old", is_active=False)
    assert "What about old?" not in page("apply", meadow, outsider)


def test_questions_or_rules_that_changed_meanwhile_are_read_again_before_anything_is_sent(
    meadow: Program, outsider: User
) -> None:
    question = ask(meadow, "why", audience="admins")
    typed = filled(meadow, outsider, answer_why="for their eyes only")
    question.audience = "pairing"
    question.save()
    response = signed_in(outsider).post(f"/programs/{meadow.pk}/apply/", typed)
    assert "has changed since you opened this page" in response.content.decode()
    assert "for their eyes only" in response.content.decode()
    assert not EnrollmentAnswer.objects.exists()
    typed = filled(meadow, outsider)
    Program.objects.filter(pk=meadow.pk).update(ground_rules="Something else altogether.")
    signed_in(outsider).post(f"/programs/{meadow.pk}/apply/", typed)
    assert not outsider.enrollments.exists()


def test_a_program_without_rules_asks_for_no_agreement(garden: Program, outsider: User) -> None:
    assert "Ground rules" not in page("apply", garden, outsider)
    send(garden, outsider)
    assert (place_of(outsider, garden).agreed_to, place_of(outsider, garden).agreed_at) == ("", None)


def test_the_form_changes_only_its_own_fields(meadow: Program, outsider: User) -> None:
    posted = {"status": "active", "joined_on": "2020-01-01", "decision_note": "x", "applied_at": "2020-01-01"}
    send(meadow, outsider, **posted, name="Eve", is_superuser="1", invitation="1", agreed_to="nothing")
    place = place_of(outsider, meadow)
    outsider.refresh_from_db()
    assert (place.status, place.joined_on, place.decision_note) == ("applied", None, "")
    assert place.agreed_to == RULES
    assert (outsider.name, outsider.is_superuser) == ("Otto Berg", False)


# --- Applying again -------------------------------------------------------------------------------------------------


def test_it_begins_with_what_one_said_in_the_program_it_was_made_after(
    meadow: Program, garden: Program, program: Program, outsider: User
) -> None:
    """And not with what was said in another one, though later."""
    Program.objects.filter(pk=program.pk).update(follows=garden.pk)
    Program.objects.filter(pk=meadow.pk).update(follows=program.pk)
    older = enroll(
        garden,
        outsider,
        "mentor",
        status="completed",
        capacity=4,
        department="Physics",
        line_manager="b@x.example",
    )
    say_skills(older, "offers", "Sourdough, and rye", "Calm")
    other = Program.objects.create(name="Elsewhere", slug="elsewhere", starts_on=garden.starts_on)
    enroll(other, outsider, "mentee", department="Latin")
    for code, kind, fields in (
        ("why", "long", {"text": "To learn."}),
        ("drink", "choice", {"chosen": ["Tea"]}),
        ("any", "choices", {"chosen": ["Gone", "Water"]}),
        ("other", "short", {"text": "kind changed"}),
    ):
        EnrollmentAnswer.objects.create(
            enrollment=older, code=code, asked=code, kind=kind, audience="admins", **fields
        )
        ask(meadow, code, "long" if code == "other" else kind)
    shown = page("apply", meadow, outsider)
    assert "This begins with what you said in Garden." in shown
    for words in (
        "To learn.", 'value="Physics"', 'value="b@x.example"',
        'name="capacity" value="4"', "Sourdough, and rye\nCalm\n",
    ):  # fmt: skip
        assert words in shown, words
    assert shown.count("checked") == 3
    assert "kind changed" not in shown
    assert "Latin" not in shown


def test_else_with_any_earlier_one_the_newest_first(
    meadow: Program, program: Program, garden: Program, outsider: User
) -> None:
    enroll(program, outsider, "mentee", department="Latin", created_at=NOW - timedelta(days=9))
    enroll(garden, outsider, "mentee", department="Greek", created_at=NOW - timedelta(days=2))
    assert 'value="Greek"' in page("apply", meadow, outsider)


def test_programs_that_follow_each_other_in_a_circle_end_somewhere(
    meadow: Program, garden: Program, outsider: User
) -> None:
    Program.objects.filter(pk=meadow.pk).update(follows=garden.pk)
    Program.objects.filter(pk=garden.pk).update(follows=meadow.pk)
    assert "This begins with" not in page("apply", meadow, outsider)
