"""Asking for a place: who may, what becomes of it, and that nothing is half done."""

from datetime import datetime, time, timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import Profile, User, UsualHours
from mentoring import actions
from mentoring.actions import Refused
from mentoring.emails import RECEIPT
from mentoring.models import ApplicationDraft, Enrollment, EnrollmentAnswer, EnrollmentSkill, Program, Skill
from tests.conftest import NOW, enroll, make_person, say_skills, signed_in
from tests.mentoring.applying import (
    RULES,
    _then,
    ask,
    change,
    filled,
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


# --- The form -------------------------------------------------------------------------------------------------------


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


# --- Saying it otherwise --------------------------------------------------------------------------------------------


def answered(place: Enrollment, code: str) -> tuple[str, str, str, datetime]:
    answer = place.answers.get(code=code)
    return answer.asked, answer.audience, answer.text, answer.answered_at


def test_an_answer_that_is_left_as_it_is_keeps_its_wording_and_its_readers(
    meadow: Program, outsider: User
) -> None:
    """Whatever became of the question: it was changed, it is for others to read now, it is asked no more."""
    for code in ("kept", "changed", "retired", "deleted"):
        ask(meadow, code)
    typed = {f"answer_{code}": f"my {code}" for code in ("kept", "changed", "retired", "deleted")}
    send(meadow, outsider, **typed)
    place, questions = place_of(outsider, meadow), meadow.enrollment_questions
    questions.filter(code__in=["kept", "changed"]).update(text="Quite another question?", audience="pairing")
    questions.filter(code="retired").update(is_active=False)
    questions.filter(code="deleted").delete()
    shown = page("edit", meadow, outsider)
    assert "You answered this when it was asked like this: “What about kept?”." in shown
    assert "Only those who run the program read your answer." in shown
    assert "my retired" in shown
    before = {code: answered(place, code) for code in ("kept", "retired", "deleted")}
    change(place, answer_kept="my kept", answer_changed="now otherwise", department="Latin")
    assert {code: answered(place, code) for code in before} == before
    assert answered(place, "changed")[:3] == ("Quite another question?", "pairing", "now otherwise")
    place.refresh_from_db()
    assert (place.department, place.status, place.applied_at) == ("Latin", "applied", NOW)


def test_an_answer_is_emptied_and_an_old_one_deleted(meadow: Program, outsider: User) -> None:
    ask(meadow, "why")
    ask(meadow, "old")
    send(meadow, outsider, answer_why="because", answer_old="once")
    meadow.enrollment_questions.filter(code="old").update(is_active=False)
    place = place_of(outsider, meadow)
    change(place, answer_why="", dropped=[str(place.answers.get(code="old").pk)])
    assert not place.answers.exists()


def test_nobody_deletes_the_answers_of_somebody_else(meadow: Program, outsider: User, mentee: User) -> None:
    ask(meadow, "old")
    for person in (outsider, mentee):
        send(meadow, person, answer_old="once")
    meadow.enrollment_questions.update(is_active=False)
    theirs = place_of(mentee, meadow).answers.get()
    shown = change(place_of(outsider, meadow), dropped=[str(theirs.pk)]).content.decode()
    assert "Select a valid choice." in shown
    actions.change_place(place_of(outsider, meadow), said(dropped=[theirs.pk]), now=NOW)
    assert EnrollmentAnswer.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    ("status", "may", "may_role"),
    [
        ("applied", True, True),
        ("waitlisted", True, True),
        ("active", True, False),
        ("paused", False, False),
        ("invited", False, False),
        ("withdrawn", False, False),
        ("completed", False, False),
    ],
)
def test_a_place_is_changed_until_it_is_over_and_the_role_until_one_is_in(
    meadow: Program, outsider: User, status: str, may: bool, may_role: bool
) -> None:
    place = enroll(meadow, outsider, "mentor", status=status)
    response = signed_in(outsider).get(f"/programs/{meadow.pk}/about-you/")
    assert response.status_code == (200 if may else 302)
    if may:
        assert ('name="role"' in response.content.decode()) == may_role
        change(place, role="mentee", department="Latin")
        place.refresh_from_db()
        assert (place.department, place.role) == ("Latin", "mentee" if may_role else "mentor")
    else:
        with pytest.raises(Refused):
            actions.change_place(place_of(outsider, meadow), said("mentor"), now=NOW)
    if not may_role:
        with pytest.raises(Refused):
            actions.change_place(place_of(outsider, meadow), said("mentee"), now=NOW)


def test_the_role_stays_while_a_place_is_held_for_it(garden: Program, outsider: User) -> None:
    enroll(
        garden,
        outsider,
        "mentor",
        status="waitlisted",
        offered_at=NOW,
        offer_expires_at=NOW + timedelta(days=2),
    )
    assert 'name="role"' not in page("edit", garden, outsider)
    with pytest.raises(Refused, match="role cannot be changed"):
        actions.change_place(place_of(outsider, garden), said("mentee"), now=NOW)


def test_with_the_role_goes_what_only_the_other_one_is_asked(meadow: Program, outsider: User) -> None:
    ask(meadow, "years", asked_of="mentors")
    ask(meadow, "all")
    send(meadow, outsider, role="mentor", answer_years="nine", answer_all="yes")
    change(place_of(outsider, meadow), role="mentee", answer_years="nine", answer_all="yes")
    assert list(place_of(outsider, meadow).answers.values_list("code", flat=True)) == ["all"]


def test_whoever_came_in_by_an_invitation_is_asked_for_a_few_lines(
    program: Program, admin: User, outsider: User
) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=timedelta(days=2))
    place = actions.join_by_invitation(link, outsider, now=NOW)
    Program.objects.filter(pk=program.pk).update(ground_rules=RULES)
    ask(program, "why", is_required=True)
    assert "Tell us about yourself" in page("detail", program, outsider)
    shown = page("edit", program, outsider)
    assert "I agree to these ground rules." in shown
    assert "has no answer yet" in change(place, agreed="on").content.decode()
    change(place, agreed="on", answer_why="to give back", offers="Calm", capacity="0")
    place.refresh_from_db()
    assert (place.status, place.agreed_to, place.capacity, place.applied_at) == ("active", RULES, 0, None)
    shown = page("detail", program, outsider)
    assert "Tell us about yourself" not in shown
    assert "to give back" in shown
    assert "I agree to these ground rules." not in page("edit", program, outsider)


def test_a_draft_is_none_of_a_place_that_is_there(program: Program, member: User) -> None:
    response = signed_in(member).post(f"/programs/{program.pk}/apply/draft/", {"department": "x"})
    assert response.status_code == 409
    assert not ApplicationDraft.objects.exists()
    assert "data-autosave" not in page("edit", program, member)


def test_skills_are_rewritten_only_when_they_change(meadow: Program, outsider: User) -> None:
    send(meadow, outsider, offers="Calm, Rye", seeks="Latin")
    before = list(EnrollmentSkill.objects.order_by("pk").values_list("pk", flat=True))
    change(place_of(outsider, meadow), offers="calm\nrye", seeks="LATIN")
    assert list(EnrollmentSkill.objects.order_by("pk").values_list("pk", flat=True)) == before
    change(place_of(outsider, meadow), offers="Rye", seeks="")
    assert [side.names for side in place_of(outsider, meadow).skills.by_side()] == [["Rye"]]
    assert list(Skill.objects.values_list("name", flat=True)) == [
        "Rye"
    ]  # What nobody chose after all is gone.
