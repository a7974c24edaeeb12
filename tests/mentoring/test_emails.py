"""The two e-mails about pairings."""

from datetime import timedelta

import pytest

from accounts.mail import kinds, letters
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.emails import MADE, PROPOSED
from mentoring.models import Pairing, Program
from tests.conftest import NOW, TODAY, pair


def message_to(person: User, kind: str) -> Message:
    return Message.objects.get(person=person, kind=kind)


def body(message: Message) -> tuple[str, str, str]:
    email = letters.compose(message)
    html = email.alternatives[0]
    return email.subject, email.body, str(getattr(html, "content", html[0]))


def wanted(message: Message) -> bool:
    rows = Message.objects.filter(pk=message.pk)
    return all(rows.filter(condition).exists() for _reason, condition in kinds.get(message.kind).conditions)


def test_a_new_pair_is_told_by_first_names(program: Program, mentor: User, mentee: User, admin: User) -> None:
    pairing = actions.create_pairing(
        program,
        mentor,
        mentee,
        by=admin,
        starts_on=TODAY,
        focus="a private matter",
        approval="admins",
        now=NOW,
    )
    subject, text, html = body(message_to(mentee, MADE))
    assert subject == "Tomasz, you are paired with Noor"
    for words in (text, html):
        assert "In Harbor Mentors, Noor is now your mentor." in words
        assert f"/pairings/{pairing.pk}/" in words
        assert "a private matter" not in words
        assert "noor@harbor.example" not in words
        assert "Rosa" in words
    assert "Noor, you are paired with Tomasz" in body(message_to(mentor, MADE))[0]


def test_a_pair_that_begins_later_is_told_the_day(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    later = TODAY + timedelta(days=8)
    actions.create_pairing(program, mentor, mentee, by=admin, starts_on=later, approval="admins", now=NOW)
    _subject, text, html = body(message_to(mentor, MADE))
    for words in (text, html):
        assert "you will be Tomasz’s mentor from Wednesday, July 1, 2026 on" in words


def test_a_proposal_is_a_question(program: Program, mentor: User, mentee: User, admin: User) -> None:
    actions.create_pairing(program, mentor, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW)
    subject, text, html = body(message_to(mentor, PROPOSED))
    assert subject == "Noor, would you like to be paired with Tomasz?"
    for words in (text, html):
        assert "The answer may be no, and needs no reason." in words


def test_the_mail_can_be_stopped_and_says_how(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    actions.create_pairing(program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW)
    email = letters.compose(message_to(mentor, MADE))
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = email.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in email.body


def test_names_are_text_in_html_and_in_plain_text(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    mentor.preferred_name = "<b>Noor</b> & Co"
    mentor.save()
    actions.create_pairing(program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW)
    subject, text, html = body(message_to(mentee, MADE))
    assert "<b>Noor</b> & Co" in subject
    assert "<b>Noor</b> & Co is now your mentor" in text
    assert "<b>Noor" not in html
    assert "&lt;b&gt;Noor" in html


def test_a_notice_is_dropped_once_it_is_no_longer_true(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW
    )
    message = message_to(mentor, MADE)
    assert wanted(message)
    actions.end_pairing(pairing, by=admin, now=NOW)
    assert not wanted(message)


def test_a_question_is_dropped_once_it_is_answered(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    to_mentor, to_mentee = message_to(mentor, PROPOSED), message_to(mentee, PROPOSED)
    assert wanted(to_mentor)
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    assert not wanted(to_mentor)
    assert wanted(to_mentee)
    actions.withdraw_pairing(pairing, by=admin, now=NOW)
    assert not wanted(to_mentee)


def test_a_notice_about_a_pairing_that_is_gone_is_not_written(
    program: Program, mentor: User, mentee: User, admin: User, member: User
) -> None:
    actions.create_pairing(program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW)
    message = message_to(mentor, MADE)
    theirs = pair(program, mentor, member)
    message.subject_id = theirs.pk
    assert body(message)
    message.person = mentee
    with pytest.raises(Unrenderable):
        body(message)
    Pairing.objects.all().delete()
    with pytest.raises(Unrenderable):
        body(message)
