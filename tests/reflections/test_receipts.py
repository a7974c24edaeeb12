"""The receipt for a reply: to whom, how often, in which conversation, and what it never says."""

from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
import time_machine
from pytest_django import Settings

from accounts.mail import claims, kinds, letters
from accounts.mail.models import MailLink, Message
from accounts.models import User
from reflections.mail_in import Outcome
from reflections.models import Answer, Moment, Question, Reflection, Round
from tests.conftest import NOW
from tests.reflections.mailing import LINE, MAILBOX, OURS, address_of, asked, comes, confirmed, mail, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "pairing")]
RECEIPT = "reply_receipt"


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX


def posted(message: Message) -> tuple[EmailMessage, letters.Post]:
    with time_machine.travel(NOW, tick=False):
        post = letters.post(message)
    return BytesParser(policy=policy.default).parsebytes(post.content), post


def said(email: EmailMessage) -> str:
    return " ".join(email.get_body(("plain",)).get_content().split())


def receipt_for(person: User, round: Round, body: str = LINE, **headers: str) -> Message:
    comes(mail(person.email, body, **headers), asked(person, round))
    return Message.objects.get(kind=RECEIPT)


def test_a_reply_is_answered_at_once_in_its_conversation_with_a_question_to_look_again(
    mentee: User, quarter_round: Round
) -> None:
    message = receipt_for(mentee, quarter_round)
    email, _post = posted(message)
    again = Question.objects.get(round=quarter_round, code="M3").asked

    assert message.due_at == NOW
    assert kinds.get(RECEIPT).stream is None
    assert email["To"] == mentee.email
    assert email["Auto-Submitted"] == "auto-replied"
    assert email["In-Reply-To"] == "<one@mail.example>"
    assert email["References"].endswith("<one@mail.example>")
    assert len(email["References"].split()) == 3
    assert email["Subject"] == "Re: What was your best stuff this quarter?"
    assert email["List-Unsubscribe"] is None
    assert "Saved, private." in said(email)
    assert again in said(email)
    assert f"/reflections/{quarter_round.pk}/questions/M1/" in said(email)


def test_no_word_of_it_stands_in_an_e_mail(mentee: User, quarter_round: Round) -> None:
    email, post = posted(receipt_for(mentee, quarter_round, f"{LINE}\n\n-- \nkittiwake"))
    for part in email.walk():
        if not part.is_multipart():
            content = part.get_content()
            assert "mistake" not in content
            assert "kittiwake" not in content
    assert b"mistake" not in post.content
    assert "/by-mail/" in said(email)


def test_a_reply_to_the_receipt_is_the_second_look_and_gets_none(mentee: User, quarter_round: Round) -> None:
    Question.objects.filter(code="M3").update(kind="again")  # Up to three, each by itself.
    message = receipt_for(mentee, quarter_round)
    for number, text in enumerate(["Ines asked.", "She rang me.", "And him.", "And her."]):
        outcome = comes(mail(mentee.email, text, Message_ID=f"<r{number}@x.example>"), address_of(message))
        assert outcome == Outcome.KEPT

    pieces = Answer.objects.filter(question__code="M3").order_by("pk")
    texts = [(each.piece, each.text) for each in pieces]
    assert texts == [("first", "Ines asked."), ("second", "She rang me."), ("third", "And him.\n\nAnd her.")]
    assert Answer.objects.get(question__code="M1").text == LINE
    assert Message.objects.filter(kind=RECEIPT).count() == 1


def test_there_is_one_in_an_hour(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    for minutes, number in ((0, 1), (30, 1), (61, 2)):
        now = NOW + timedelta(minutes=minutes)
        assert comes(mail(mentee.email, Message_ID=f"<{minutes}@x.example>"), address, now) == Outcome.KEPT
        assert Message.objects.filter(kind=RECEIPT).count() == number


@pytest.mark.parametrize(
    ("content", "outcome", "why"),
    [
        (
            lambda person: mail(person.email, "> only a quote"),
            Outcome.EMPTY,
            "no words in it above what it quotes",
        ),
        (
            lambda person: mail(person.email, "-----BEGIN PGP MESSAGE-----\n\nx"),
            Outcome.EMPTY,
            "It was encrypted",
        ),
        (lambda person: mail(person.email) + b"x" * 1024 * 1024, Outcome.TOO_BIG, "It was too big"),
    ],
)
def test_what_could_not_be_read_is_said_to_whoever_sent_it(
    mentee: User, quarter_round: Round, content: object, outcome: Outcome, why: str
) -> None:
    address = asked(mentee, quarter_round)
    assert comes(content(mentee), address) == outcome
    assert comes(content(mentee), address) == Outcome.TWICE
    email, _post = posted(Message.objects.get(kind=RECEIPT))

    assert "We could not read your reply." in said(email)
    assert why in said(email)
    assert not Reflection.objects.exists()


def test_what_could_not_be_read_of_somebody_else_is_dropped_and_nobody_is_written_to(
    mentee: User, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    assert comes(mail("x@evil.example", "> only a quote"), address) == Outcome.DROPPED
    assert comes(mail("x@evil.example") + b"x" * 1024 * 1024, address) == Outcome.DROPPED
    assert not Message.objects.filter(kind=RECEIPT).exists()


def test_files_are_said_to_be_left_out(mentee: User, quarter_round: Round) -> None:
    made = EmailMessage(policy=policy.SMTP)
    made["Authentication-Results"] = f"{OURS}; dmarc=pass header.from=harbor.example"
    made["From"] = mentee.email
    made.set_content(LINE)
    made.add_attachment(b"x", maintype="image", subtype="jpeg", filename="us.jpg")
    comes(made.as_bytes(), asked(mentee, quarter_round))
    email, _post = posted(Message.objects.get(kind=RECEIPT))

    assert "Pictures and files were left out." in said(email)
    assert "us.jpg" not in said(email)
    # Without a Message-ID there is nothing to answer to.
    assert email["In-Reply-To"] is None


def test_of_a_moment_the_receipt_says_so_and_asks_nothing(mentee: User) -> None:
    confirmed(mentee)
    comes(mail(mentee.email), address_of(sent(mentee, "pairing_made", 1)))
    email, post = posted(Message.objects.get(kind=RECEIPT))

    assert Moment.objects.exists()
    assert "a moment in your notebook" in said(email)
    assert email["Reply-To"] is None
    assert post.reply_token == ""


# --- Addresses for replies ---


def ask(person: User, round: Round) -> Message:
    return Message.objects.create(
        person=person, kind="ask", subject_id=round.pk, due_at=NOW, next_attempt_at=NOW,
        expires_at=NOW + timedelta(days=365 * 5), message_id="ask@x",
    )  # fmt: skip


def test_a_nudge_can_be_answered_and_says_so_in_both_parts(mentee: User, quarter_round: Round) -> None:
    email, post = posted(ask(mentee, quarter_round))

    assert email["Reply-To"] == f"post+r-{post.reply_token}@in.harbor.example"
    assert post.reply_until == datetime(2026, 7, 14, 23, 0, tzinfo=UTC)  # July 15 begins in Lisbon.
    for kind in ("plain", "html"):
        text = " ".join(email.get_body((kind,)).get_content().split())
        assert "Just reply to this e-mail: only you will see it." in text
        assert "Your answer goes above this line" in text
    assert email.get_body(("plain",)).get_content().startswith("···")


def test_where_replies_are_not_taken_in_nothing_says_so(
    mentee: User, quarter_round: Round, settings: Settings
) -> None:
    settings.INBOUND_ADDRESS = ""
    email, post = posted(ask(mentee, quarter_round))

    assert email["Reply-To"] is None
    assert (post.reply_token, post.reply_until) == ("", None)
    assert "Just reply" not in said(email)
    assert "above this line" not in said(email)


def test_a_late_reminder_that_leaves_no_time_to_reply_offers_none(mentee: User, quarter_round: Round) -> None:
    message = ask(mentee, quarter_round)
    with time_machine.travel(datetime(2026, 7, 13, 12, 0, tzinfo=UTC), tick=False):
        post = letters.post(message)
    assert b"\nReply-To:" not in post.content
    assert post.reply_token == ""


@pytest.mark.django_db(transaction=True)
def test_the_link_comes_to_be_as_the_letter_goes_out(mentee: User, quarter_round: Round) -> None:
    message = ask(mentee, quarter_round)
    Message.objects.update(due_at=NOW - timedelta(days=365), next_attempt_at=NOW - timedelta(days=365))
    held = claims.claim(["ask"])
    assert held is not None
    _email, post = posted(held)
    assert not MailLink.objects.exists()
    ending = claims.pass_fence(
        held,
        stop_token=post.stop_token,
        reply_token=post.reply_token,
        reply_until=NOW + timedelta(days=365 * 9),
    )

    assert ending is None
    link = MailLink.objects.get(purpose="reply")
    assert (link.message, link.person) == (message, mentee)
    assert MailLink.objects.revoke(mentee.pk, now=NOW) == 1
    assert MailLink.objects.filter(purpose="stop", revoked_at=None).count() == 1
