"""The e-mail that asks: what it says, and when it is not sent any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.mail import kinds, letters
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import ask_due_fit_checks
from mentoring.emails import FIT_CHECK
from mentoring.models import FitCheck, Pairing, Program
from tests.conftest import NOW
from tests.mentoring.test_emails import body, message_to, wanted

from .conftest import CANARY, DAY


@pytest.fixture
def letter(met: Pairing, mentee: User) -> Message:
    ask_due_fit_checks(NOW)
    return message_to(mentee, FIT_CHECK)


def words(message: Message) -> str:
    """Without the links of this one e-mail alone."""
    subject, text, _html = body(message)
    return subject + text.split("Stop e-mails")[0]


def test_it_names_the_other_one_and_says_who_reads_the_answer(letter: Message, met: Pairing) -> None:
    subject, text, html = body(letter)
    assert subject == "How is it going with Noor?"
    for said in (text, html):
        assert "Only those who run Harbor Mentors read what you say, never Noor." in said
        assert f"/pairings/{met.pk}/fit/" in said
        assert "clients and pricing" not in said
        assert "Rosa" in said


def test_it_is_the_same_each_time_so_that_it_tells_no_answer(letter: Message, mentee: User) -> None:
    check = FitCheck.objects.get(person=mentee)
    actions.answer_fit_check(check, by=mentee, answer="finding_out", now=NOW)
    ask_due_fit_checks(NOW + 14 * DAY)
    second = Message.objects.filter(kind=FIT_CHECK, person=mentee).exclude(pk=letter.pk).get()

    assert words(second) == words(letter)


def test_it_can_be_stopped_with_the_others_about_pairings(letter: Message) -> None:
    email = letters.compose(letter)
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert kinds.get(FIT_CHECK).stream == kinds.get("pairing_made").stream


@pytest.mark.parametrize(
    "change",
    [
        lambda: FitCheck.objects.update(answer="good", answered_at=NOW),
        lambda: Pairing.objects.update(status="ended", ended_on=NOW.date()),
        lambda: Pairing.objects.update(status="paused"),
        lambda: Program.objects.update(status="paused"),
        lambda: FitCheck.objects.all().delete(),
    ],
    ids=["answered", "ended", "paused", "the program rests", "gone"],
)
def test_it_is_not_sent_once_it_is_not_wanted(letter: Message, change: Callable[[], object]) -> None:
    assert wanted(letter)
    change()
    assert not wanted(letter)


def test_an_answer_of_the_other_one_changes_nothing_about_it(letter: Message, mentor: User) -> None:
    before = words(letter)
    check = FitCheck.objects.get(person=mentor)
    actions.answer_fit_check(check, by=mentor, answer="not_a_fit", learned=CANARY, now=NOW)
    assert wanted(letter)
    assert words(letter) == before


def test_a_question_that_is_gone_makes_no_letter(letter: Message) -> None:
    FitCheck.objects.all().delete()
    with pytest.raises(Unrenderable):
        letters.compose(letter)


def test_it_waits_two_weeks_at_most(letter: Message) -> None:
    assert letter.due_at == NOW
    assert letter.expires_at == NOW + timedelta(days=14)
