"""What those who publish write to the two: in their e-mail, with its variables, once."""

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, pair_letters
from mentoring.emails import MADE, PROPOSED
from mentoring.models import MatchingRun, Pairing, Program, ProposedPair
from tests.conftest import NOW, TODAY
from tests.mentoring.test_emails import body

pytestmark = pytest.mark.django_db
WORDS = "Dear {name},\n\n{other} & <you> in {program}: ask {contact}."


def tell(run: MatchingRun, pair: ProposedPair, by: User, approval: str, **letters: str) -> Pairing:
    told = actions.publish(run, [pair], by=by, approval=approval, starts_on=TODAY, now=NOW, **letters)
    return told.pairings[0]


def read(person: User, kind: str) -> tuple[str, str, str]:
    return body(Message.objects.get(person=person, kind=kind))


def test_each_role_reads_its_own_words_filled_in_for_them(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User, mentee: User
) -> None:
    tell(
        run,
        proposed,
        admin,
        "both",
        to_mentors=WORDS,
        to_mentees="Courage, {name}: {other} asks good questions.",
    )
    subject, text, html = read(mentor, PROPOSED)
    assert "Dear Noor,\n\nTomasz & <you> in Harbor Mentors: ask Rosa, rosa@harbor.example." in text
    assert "<p>Dear Noor,</p>" in html.replace(' style="margin: 0 0 14px;"', "")
    assert "Tomasz &amp; &lt;you&gt; in Harbor Mentors: ask Rosa, rosa@harbor.example." in html
    assert "Dear" not in subject
    assert "Courage, Tomasz: Noor asks good questions." in read(mentee, PROPOSED)[1]
    assert "Dear" not in read(mentee, PROPOSED)[1]


def test_the_words_are_read_once(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User, mentee: User
) -> None:
    """The second letter does not say it all again; whoever was not asked reads them then."""
    pairing = tell(
        run, proposed, admin, "mentor", to_mentors="Words for mentors.", to_mentees="Words for mentees."
    )
    assert "Words for mentors." in read(mentor, PROPOSED)[1]
    Message.objects.filter(kind=PROPOSED).update(state="sent", sending_at=NOW, sent_at=NOW)
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    assert "Words for mentors." not in read(mentor, MADE)[1]
    assert "Words for mentees." in read(mentee, MADE)[1]


def test_whoever_answered_before_the_question_was_sent_reads_the_words_with_the_answer(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User
) -> None:
    pairing = tell(run, proposed, admin, "mentor", to_mentors="Words for mentors.")
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    assert "Words for mentors." in read(mentor, MADE)[1]


def test_without_words_each_reads_the_standing_ones_in_their_own_language(
    run: MatchingRun, proposed: ProposedPair, admin: User, mentor: User, mentee: User
) -> None:
    tell(run, proposed, admin, "admins", to_mentors=str(pair_letters.DEFAULTS["mentor"]))
    assert "what the people of Harbor Mentors offer and seek" in read(mentor, MADE)[1]
    User.objects.filter(pk=mentor.pk).update(language="de")
    assert "what the people of" not in read(mentor, MADE)[1]
    assert "Tomasz" in read(mentor, MADE)[1]
    assert "think that Noor could be good company" in read(mentee, MADE)[1]


def test_a_pairing_that_was_not_published_reads_as_it_always_did(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    actions.create_pairing(program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW)
    assert "offer and seek" not in read(mentor, MADE)[1]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Dear {name}, {other} of {program}: {contact}", ""),
        ("No variables, no braces.", ""),
        ("Dear {nmae}", "There is no variable {nmae}."),
        ("Dear {}", "There is no variable {}."),
        ("Dear { name }", "There is no variable { name }."),
        ("Dear {name", "A brace stands alone."),
        ("Dear name}", "A brace stands alone."),
        ("{{name}}", "A brace stands alone."),
        ("x" * 4001, "Keep the letter to 4000 characters."),
    ],
)
def test_variables_are_checked(words: str, problem: str) -> None:
    found = pair_letters.problem_in(words)
    assert found.startswith(problem) if problem else found == ""


def test_a_name_that_looks_like_a_variable_stays_a_name() -> None:
    said = pair_letters.filled_in("{name} and {other}", {"name": "{other}", "other": "Tomasz"})
    assert said == "{other} and Tomasz"


@pytest.mark.parametrize(
    ("name", "email", "contact"),
    [
        ("Rosa", "rosa@harbor.example", "Rosa, rosa@harbor.example"),
        ("Rosa", "", "Rosa"),
        ("", "rosa@harbor.example", "rosa@harbor.example"),
        ("", "", "those who run Harbor Mentors"),
    ],
)
def test_whom_to_ask_is_said_as_far_as_it_is_known(
    program: Program, name: str, email: str, contact: str
) -> None:
    program.contact_name, program.contact_email = name, email
    assert pair_letters.contact_of(program) == contact


def test_the_question_says_who_else_is_asked(
    run: MatchingRun, proposed: ProposedPair, program: Program, admin: User, mentor: User
) -> None:
    tell(run, proposed, admin, "mentor")
    for words in read(mentor, PROPOSED)[1:]:
        assert "Only you are asked: with your yes you are a pair, and Tomasz hears of it." in words
        assert "Tomasz is asked too" not in words
        assert "Please answer by Tuesday, July 7, 2026" in words
