"""Asking for a place: who may, what becomes of it, and that nothing is half done."""

from datetime import time, timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import Profile, User, UsualHours
from mentoring import actions
from mentoring.actions import Refused
from mentoring.emails import RECEIPT
from mentoring.models import EnrollmentAnswer, Program, Skill
from tests.conftest import NOW, enroll, make_person, signed_in
from tests.mentoring.applying import (
    RULES,
    _then,
    ask,
    garden,
    listed,
    meadow,
    page,
    place_of,
    said,
    send,
)
from tests.mentoring.test_emails import body, message_to, wanted

__all__ = ["_then", "garden", "meadow"]
pytestmark = pytest.mark.django_db


def waiting(program: Program, number: int, role: str = "mentee") -> User:
    person = make_person(f"w{number}@harbor.example", f"Waits {number}")
    enroll(program, person, role, status="waitlisted", waitlisted_at=NOW, joined_on=None)
    return person


def refusal_of(program: Program, person: User) -> str:
    with pytest.raises(Refused) as no:
        actions.apply(program, person, said(), now=NOW)
    return str(no.value)


# --- What becomes of it ---------------------------------------------------------------------------------------------


def test_everything_that_was_said_is_there_afterwards(meadow: Program, outsider: User) -> None:
    listed(meadow, "Coaching")
    ask(meadow, "why", "long", audience="pairing")
    ask(meadow, "drink", "choice")
    ask(meadow, "any", "choices")
    ask(meadow, "open")
    response = send(
        meadow,
        outsider,
        role="both",
        offers="coaching, Sourdough",
        seeks="Budgets\nBudgets",
        capacity="3",
        department="Physics",
        line_manager="Boss@Elsewhere.example",
        from_0="18:00",
        until_0="20:30",
        language_1="de",
        language_2="pt",
        answer_why="To learn.",
        answer_drink="Tea",
        answer_any=["Coffee", "Water"],
    )
    assert response["Location"] == f"/programs/{meadow.pk}/"
    place = place_of(outsider, meadow)
    assert (place.status, place.role, place.capacity, place.joined_on) == ("applied", "both", 3, None)
    assert (place.applied_at, place.agreed_to, place.agreed_at) == (NOW, RULES, NOW)
    assert (place.department, place.line_manager) == ("Physics", "boss@elsewhere.example")
    assert [side.names for side in place.skills.by_side()] == [["Coaching", "Sourdough"], ["Budgets"]]
    assert {(skill.name, skill.state, skill.proposed_by) for skill in Skill.objects.all()} == {
        ("Coaching", "listed", None),
        ("Sourdough", "proposed", outsider),
        ("Budgets", "proposed", outsider),
    }
    answers = list(place.answers.values_list("code", "asked", "audience", "text", "chosen"))
    assert answers == [
        ("why", "What about why?", "pairing", "To learn.", []),
        ("drink", "What about drink?", "admins", "", ["Tea"]),
        ("any", "What about any?", "admins", "", ["Coffee", "Water"]),
    ]
    assert Profile.objects.get(person=outsider).languages == ["de", "pt"]
    (hours,) = outsider.usual_hours.all()
    assert (hours.weekday, hours.begins_at, hours.ends_at) == (0, time(18), time(20, 30))


def test_hours_and_languages_are_kept_in_the_profile_and_nothing_else_of_it(
    meadow: Program, outsider: User
) -> None:
    Profile.objects.create(person=outsider, about="I bake.", languages=["fr"], core_values=["Calm"])
    UsualHours.objects.create(person=outsider, weekday=2, begins=20, ends=24)
    shown = page("apply", meadow, outsider)
    assert "Wednesday, 10:00 to 12:00" in shown
    assert 'name="from_2" value="10:00"' in shown
    send(meadow, outsider, from_4="09:00", until_4="10:00", language_1="de")
    profile = Profile.objects.get(person=outsider)
    assert (profile.about, profile.core_values, profile.languages) == ("I bake.", ["Calm"], ["de"])
    assert list(outsider.usual_hours.values_list("weekday", flat=True)) == [4]


def test_in_an_open_program_one_is_in_at_once(garden: Program, outsider: User) -> None:
    send(garden, outsider)
    place = place_of(outsider, garden)
    assert (place.status, place.joined_on) == ("active", garden.today(NOW))
    assert "You are a mentee here" in page("detail", garden, outsider)


@pytest.mark.parametrize(
    ("role", "status"), [("mentor", "active"), ("mentee", "waitlisted"), ("both", "waitlisted")]
)
def test_where_the_places_for_a_role_are_taken_one_is_on_the_list(
    garden: Program, outsider: User, role: str, status: str
) -> None:
    Program.objects.filter(pk=garden.pk).update(places_for_mentees=1, places_for_mentors=1)
    enroll(garden, make_person("in@harbor.example", "Ida In"), "mentee")
    send(garden, outsider, role=role)
    place = place_of(outsider, garden)
    assert (place.status, place.waitlisted_at is not None) == (status, status == "waitlisted")


@pytest.mark.parametrize(
    ("who_waits", "role", "status"),
    [("mentee", "mentee", "waitlisted"), ("mentee", "mentor", "active"), ("both", "mentor", "waitlisted")],
)
def test_nobody_goes_past_those_who_wait(
    garden: Program, outsider: User, who_waits: str, role: str, status: str
) -> None:
    """A place that has just become free, and is not offered yet, is theirs."""
    Program.objects.filter(pk=garden.pk).update(places_for_mentees=2, places_for_mentors=2)
    waiting(garden, 1, who_waits)
    send(garden, outsider, role=role)
    assert place_of(outsider, garden).status == status


def test_where_there_are_any_number_of_places_a_list_keeps_nobody_out(
    garden: Program, outsider: User
) -> None:
    waiting(garden, 1)
    send(garden, outsider)
    assert place_of(outsider, garden).status == "active"


@pytest.mark.parametrize("policy", ["open", "approval"])
def test_whoever_left_asks_those_who_run_it_whatever_the_program_is(
    garden: Program, outsider: User, policy: str
) -> None:
    """It may have been those who run it who ended the place."""
    Program.objects.filter(pk=garden.pk).update(join_policy=policy)
    enroll(garden, outsider, "mentor", status="withdrawn")
    send(garden, outsider)
    assert place_of(outsider, garden).status == "applied"


def test_an_application_that_was_taken_back_is_sent_as_if_it_were_the_first(
    garden: Program, outsider: User
) -> None:
    enroll(garden, outsider, "mentor", status="withdrawn", joined_on=None, applied_at=NOW - timedelta(days=3))
    send(garden, outsider)
    place = place_of(outsider, garden)
    assert (place.status, place.role, place.applied_at) == ("active", "mentee", NOW)


def test_a_new_application_carries_nothing_of_an_earlier_answer_along(
    meadow: Program, outsider: User
) -> None:
    gone = ask(meadow, "gone")
    place = enroll(
        meadow, outsider, "mentor", status="withdrawn", applied_at=NOW, decided_at=NOW, decision_note="later"
    )
    EnrollmentAnswer.objects.create(
        enrollment=place,
        question=gone,
        code="gone",
        asked="Gone?",
        kind="short",
        audience="admins",
        text="yes",
    )
    gone.delete()
    send(meadow, outsider)
    place.refresh_from_db()
    assert (place.decided_at, place.decision_note, place.answers.count()) == (None, "", 0)


def test_what_is_refused_says_why(meadow: Program, program: Program, outsider: User, mentee: User) -> None:
    assert "no applications" in refusal_of(program, outsider)
    enroll(meadow, mentee, "mentee", status="applied")
    assert "a place in this program already" in refusal_of(meadow, mentee)
    Program.objects.filter(pk=meadow.pk).update(roles="peers")
    assert "Nobody has this role" in refusal_of(meadow, outsider)
    assert not outsider.enrollments.exists()


def test_what_is_refused_at_the_last_moment_keeps_what_was_typed(
    meadow: Program, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise Refused("Somebody was quicker.")

    monkeypatch.setattr(actions, "apply", refuse)
    shown = send(meadow, outsider, department="Physics").content.decode()
    assert "Somebody was quicker." in shown
    assert 'value="Physics"' in shown


# --- The receipt ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "places", "subject", "words"),
    [
        ("approval", None, "You asked for a place in Meadow Mentors", "read it and answer you"),
        ("open", 0, "You asked for a place in Meadow Mentors", "keep your place in the order"),
        ("open", None, "You are in Meadow Mentors", "The page of the program says what happens next."),
    ],
)
def test_a_receipt_says_that_one_asked_and_not_a_word_of_what_was_written(
    meadow: Program, outsider: User, policy: str, places: int | None, subject: str, words: str
) -> None:
    Program.objects.filter(pk=meadow.pk).update(join_policy=policy, places_for_mentees=places)
    ask(meadow, "why")
    send(meadow, outsider, answer_why="canary-answer", offers="canary-skill", line_manager="canary@x.example")
    message = message_to(outsider, RECEIPT)
    assert wanted(message)
    assert message.stop_url == ""
    said_subject, text, html = body(message)
    assert said_subject == subject
    for part in (text, html):
        assert words in part
        assert f"/programs/{meadow.pk}/" in part
        assert "canary" not in part
    assert "as a mentee" in text


def test_whoever_asks_again_gets_a_second_receipt_and_the_first_is_not_sent_any_more(
    meadow: Program, outsider: User
) -> None:
    place = actions.apply(meadow, outsider, said(), now=NOW)
    first = message_to(outsider, RECEIPT)
    actions.withdraw(place, now=NOW)
    assert not wanted(first)
    later = NOW + timedelta(seconds=1)
    actions.apply(meadow, outsider, said(role="mentor"), now=later)
    second = Message.objects.get(person=outsider, kind=RECEIPT, due_at=later)
    assert wanted(second)
    assert not wanted(first)
    assert first.message_id != second.message_id


def test_settings_say_why_it_always_comes(outsider: User) -> None:
    shown = signed_in(outsider).get("/settings/").content.decode()
    assert "A receipt when you ask for a place in a program" in shown
