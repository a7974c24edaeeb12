"""The same e-mail twice at one moment, and a reply while somebody writes."""

import pytest
from pytest_django import Settings

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Pairing
from reflections import actions
from reflections.models import Answer, IncomingMail, Question, Reflection, Round
from reflections.reply_by_mail import place_of
from tests.conftest import NOW
from tests.mentoring.test_races import at_once
from tests.reflections.mailing import LINE, MAILBOX, OURS, asked, comes, mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX


def test_an_e_mail_that_is_delivered_by_four_at_once_lands_once(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    assert at_once([lambda: comes(mail(mentee.email), address)] * 4) == ["done"] * 4

    assert Answer.objects.get().text == LINE
    assert IncomingMail.objects.count() == 1
    assert Message.objects.filter(kind="reply_receipt").count() == 1


def test_two_replies_and_what_is_typed_at_one_moment_all_stand_there_or_are_said(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    question = Question.objects.get(round=quarter_round, code="M1")
    ends = at_once(
        [
            lambda: comes(mail(mentee.email, "One."), address),
            lambda: comes(mail(mentee.email, "Two.", Message_ID="<2@x.example>"), address),
            lambda: actions.save_answer(
                mentee, quarter_round, question, text="Typed.", readers=None, based_on="", now=NOW
            ),
        ]
    )
    text = Answer.objects.get().text
    assert "One." in text
    assert "Two." in text
    # Typed first it stands above them; else its page is told of what came meanwhile.
    assert ("Typed." in text) == (ends.count("done") == 3)
    assert Reflection.objects.count() == 1
    assert Message.objects.filter(kind="reply_receipt").count() == 1


def test_a_yes_and_a_no_at_one_moment_are_one_of_the_two(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    comes(mail("x@home.example"), asked(mentee, quarter_round))
    row = IncomingMail.objects.select_related("link__message").get()
    ends = at_once(
        [
            lambda: actions.accept_held(row, by=mentee, place=place_of(row.link, mentee), now=row.came_at),
            lambda: actions.refuse_held(row, by=mentee, now=row.came_at),
            lambda: actions.accept_held(row, by=mentee, place=place_of(row.link, mentee), now=row.came_at),
        ]
    )
    assert ends.count("done") == 1
    assert (IncomingMail.objects.get().state, Answer.objects.count()) in {("refused", 0), ("taken", 1)}


def test_what_was_left_out_is_put_back_once(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    comes(mail(mentee.email, f"{LINE}\n\n-- \nTomasz"), asked(mentee, quarter_round))
    row = IncomingMail.objects.get()
    ends = at_once([lambda: actions.put_back(row, by=mentee, now=NOW)] * 3)

    assert ends.count("done") == 1
    assert Answer.objects.get().text == f"{LINE}\n\n-- \nTomasz"
