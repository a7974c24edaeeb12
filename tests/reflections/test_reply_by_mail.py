"""A reply is an answer: where it lands, and what never lands anywhere."""

import logging
from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts.mail.inbound.delivery import deliver
from accounts.mail.models import MailLink, Message
from accounts.models import User
from mentoring.models import Enrollment, Pairing
from reflections import actions
from reflections.actions import Overtaken, decline_reflection, forget_mails, save_answer
from reflections.actions.answers import version
from reflections.mail_in import Outcome
from reflections.models import Answer, IncomingMail, Moment, Question, Reflection, Round
from reflections.reply_by_mail import place_of, receive
from tests.conftest import NOW
from tests.reflections.mailing import LINE, MAILBOX, OURS, address_of, asked, comes, mail, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now", "pairing")]
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX


def first(person: User, round: Round) -> Question:
    return Question.objects.filter(round=round).for_role("mentor" if "noor" in person.email else "mentee")[0]


# --- Where it lands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ask", "reminder", "last_call"])
def test_a_reply_begins_the_draft_at_the_question_that_was_asked(
    mentee: User, quarter_round: Round, kind: str
) -> None:
    assert comes(mail(mentee.email), asked(mentee, quarter_round, kind)) == Outcome.KEPT

    answer = Answer.objects.select_related("reflection").get()
    assert (answer.question, answer.text, answer.audience) == (first(mentee, quarter_round), LINE, "me")
    assert answer.reflection.status == Reflection.Status.DRAFT
    row = IncomingMail.objects.get()
    assert (row.state, row.answer, row.text, row.sender) == ("taken", answer, "", "")
    assert not Moment.objects.exists()


def test_a_second_reply_stands_below_the_first(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    comes(mail(mentee.email), address)

    assert comes(mail(mentee.email, "And then I did.", Message_ID="<2@x.example>"), address) == Outcome.KEPT
    assert Answer.objects.get().text == f"{LINE}\n\nAnd then I did."


def test_what_stands_in_the_draft_is_never_replaced_and_an_open_page_sees_that_it_grew(
    mentee: User, quarter_round: Round
) -> None:
    address, question = asked(mentee, quarter_round), first(mentee, quarter_round)
    values = {"readers": None, "may_publish": False}
    on_page = save_answer(mentee, quarter_round, question, text="Typed.", based_on="", now=NOW, **values)
    seen = version(on_page)
    comes(mail(mentee.email), address)  # At the very same instant.

    assert Answer.objects.get().text == f"Typed.\n\n{LINE}"
    with pytest.raises(Overtaken) as overtaken:
        save_answer(
            mentee, quarter_round, question, text="Typed, and more.", based_on=seen, now=LATER, **values
        )
    assert LINE in overtaken.value.answer.text


def test_a_page_that_was_opened_before_the_reply_does_not_write_over_it(
    mentee: User, quarter_round: Round
) -> None:
    comes(mail(mentee.email), asked(mentee, quarter_round))
    with pytest.raises(Overtaken):
        save_answer(
            mentee,
            quarter_round,
            first(mentee, quarter_round),
            text="Typed.",
            based_on="",
            readers=None,
            now=LATER,
        )
    assert Answer.objects.get().text == LINE


def test_to_a_finished_page_nothing_is_added_and_nobody_else_reads_the_reply(
    mentee: User, quarter_round: Round, pairing: Pairing
) -> None:
    address, question = asked(mentee, quarter_round), first(mentee, quarter_round)
    save_answer(mentee, quarter_round, question, text="Shared.", readers=None, based_on="", now=NOW)
    page = Reflection.objects.get()
    actions.submit_reflection(page, by=mentee, share=False, now=NOW)

    assert comes(mail(mentee.email), address) == Outcome.KEPT
    assert Answer.objects.get().text == "Shared."
    moment = Moment.objects.get()
    assert (moment.text, moment.audience, moment.person) == (LINE, "me", mentee)


def test_a_page_that_was_left_out_stays_so(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    decline_reflection(mentee, quarter_round, now=NOW)
    comes(mail(mentee.email), address)

    assert Reflection.objects.get().status == Reflection.Status.DECLINED
    assert Moment.objects.get().text == LINE


def test_a_reply_to_any_other_e_mail_is_a_moment(mentee: User) -> None:
    asked_nothing = sent(mentee, "pairing_made", 1)
    from tests.reflections.mailing import confirmed

    confirmed(mentee)
    assert comes(mail(mentee.email), address_of(asked_nothing)) == Outcome.KEPT
    assert Moment.objects.get().text == LINE


def test_what_fits_no_answer_any_more_is_a_moment_and_the_rest_of_it_can_be_put_back(
    mentee: User, quarter_round: Round
) -> None:
    address, question = asked(mentee, quarter_round), first(mentee, quarter_round)
    save_answer(mentee, quarter_round, question, text="a" * 19_000, readers=None, based_on="", now=NOW)
    comes(mail(mentee.email, "\n".join(["kittiwake " * 7] * 40)), address)

    moment, row = Moment.objects.get(), IncomingMail.objects.get()
    assert len(moment.text) <= 2000
    assert row.left_out.startswith("kittiwake")
    actions.put_back(row, by=mentee, now=LATER)
    assert Moment.objects.count() == 2
    words = " ".join(each.text.replace("…", " ") for each in Moment.objects.order_by("pk")).split()
    assert words == ["kittiwake"] * 280


def test_a_list_with_hyphens_is_kept_whole(mentee: User, quarter_round: Round) -> None:
    body = (
        "Three things:\n- the map\n- Ayo, who waited\n- a quiet Tuesday\n\nThanks, that was good to think of."
    )
    comes(mail(mentee.email, body), asked(mentee, quarter_round))

    assert Answer.objects.get().text == body


def test_a_reply_is_an_answer_so_nobody_asks_again(mentee: User, quarter_round: Round) -> None:
    from accounts.mail import claims

    address = asked(mentee, quarter_round)
    waits = Message.objects.create(
        person=mentee, kind="reminder", subject_id=quarter_round.pk, due_at=NOW, next_attempt_at=NOW,
        expires_at=NOW + timedelta(days=365 * 5), message_id="r@x",
    )  # fmt: skip
    comes(mail(mentee.email), address)
    reasons = {ending.reason for ending, wanted in claims._rules(waits) if not _holds(waits, wanted)}
    assert "replied" in reasons


def _holds(message: Message, wanted: object) -> bool:
    return Message.objects.filter(wanted, pk=message.pk).exists()


def test_a_reply_shows_that_the_e_mail_arrived(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    Message.objects.update(state="uncertain", sent_at=None)
    comes(mail(mentee.email), address)

    assert Message.objects.get(kind="ask").state == "sent"


# --- What does not land --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("results", "because"),
    [
        ("mx.other.example; dmarc=pass header.from=harbor.example", "not_shown"),
        (f"{OURS}; dmarc=fail header.from=harbor.example", "not_shown"),
        (f"{OURS}; spf=pass", "not_shown"),
    ],
)
def test_what_is_not_shown_to_be_theirs_waits_for_their_word_and_nobody_is_written_to(
    mentee: User, quarter_round: Round, results: str, because: str
) -> None:
    address = asked(mentee, quarter_round)
    assert comes(mail(mentee.email, results=results), address) == Outcome.HELD

    row = IncomingMail.objects.get()
    assert (row.state, row.because, row.text, row.sender) == ("held", because, LINE, mentee.email)
    assert not Reflection.objects.exists()
    assert not Message.objects.filter(kind="reply_receipt").exists()


def test_a_reply_from_an_alias_waits_and_becomes_the_answer_by_a_yes(
    mentee: User, quarter_round: Round
) -> None:
    comes(mail("Tomasz <tz@home.example>"), asked(mentee, quarter_round))
    row = IncomingMail.objects.get()

    assert (row.because, row.sender) == ("another", "Tomasz <tz@home.example>")
    from reflections.reply_by_mail import place_of

    actions.accept_held(row, by=mentee, place=place_of(row.link, mentee), now=LATER)
    assert Answer.objects.get().text == LINE
    row.refresh_from_db()
    assert (row.state, row.text, row.sender) == ("taken", "", "")
    with pytest.raises(actions.Refused):
        actions.accept_held(row, by=mentee, place=None, now=LATER)
    with pytest.raises(actions.Refused):
        actions.refuse_held(row, by=mentee, now=LATER)


def test_a_no_deletes_the_words_and_the_same_mail_does_not_come_again(
    mentee: User, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    comes(mail("tz@home.example"), address)
    actions.refuse_held(IncomingMail.objects.get(), by=mentee, now=LATER)

    row = IncomingMail.objects.get()
    assert (row.state, row.text, row.sender, row.left_out) == ("refused", "", "", "")
    assert comes(mail("tz@home.example"), address) == Outcome.TWICE


def test_whose_address_nobody_has_confirmed_is_asked_first(mentee: User, quarter_round: Round) -> None:
    from allauth.account.models import EmailAddress

    address = asked(mentee, quarter_round)
    EmailAddress.objects.update(verified=False)

    assert comes(mail(mentee.email), address) == Outcome.HELD
    assert IncomingMail.objects.get().because == "unverified"


@pytest.mark.parametrize("how", ["expired", "revoked", "left"])
def test_an_address_that_ended_takes_nothing_by_itself(mentee: User, quarter_round: Round, how: str) -> None:
    address = asked(mentee, quarter_round)
    if how == "expired":
        MailLink.objects.update(expires_at=NOW)
    elif how == "revoked":
        assert MailLink.objects.revoke(mentee.pk, now=NOW) == 1
    else:
        Enrollment.objects.filter(person=mentee).update(status="withdrawn")

    assert comes(mail(mentee.email), address) == Outcome.HELD
    assert IncomingMail.objects.get().because == "late"
    assert not Reflection.objects.exists()


def test_to_an_address_that_nobody_has_nothing_comes(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    assert comes(mail(mentee.email), f"post+r-{'a' * 32}@in.harbor.example") == Outcome.UNKNOWN
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    assert comes(mail(mentee.email), address) == Outcome.UNKNOWN
    assert receive(mail(mentee.email), "post+s-abc@in.harbor.example", NOW) is None
    assert receive(mail(mentee.email), "", NOW) is None
    assert not IncomingMail.objects.exists()


def test_whoever_found_an_address_fills_nothing_with_it(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    outcomes = [comes(mail("x@evil.example", Message_ID=f"<{n}@x.example>"), address) for n in range(22)]

    assert outcomes.count(Outcome.HELD) == 20
    assert IncomingMail.objects.held().count() == 20


def test_the_same_mail_lands_once(mentee: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    assert comes(mail(mentee.email), address) == Outcome.KEPT
    assert comes(mail(mentee.email), address) == Outcome.TWICE
    assert Answer.objects.get().text == LINE


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Return_Path": "<>"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<list.example>"},
    ],
)
def test_what_a_machine_sent_is_no_answer_and_is_not_held(
    mentee: User, quarter_round: Round, headers: dict[str, str]
) -> None:
    address = asked(mentee, quarter_round)
    assert comes(mail(mentee.email, **headers), address) == Outcome.BY_ITSELF
    assert comes(mail("x@evil.example", **headers), address) == Outcome.BY_ITSELF
    assert not IncomingMail.objects.exists()
    assert not Message.objects.filter(kind="reply_receipt").exists()


def test_where_replies_are_off_the_mail_server_is_to_try_again(
    mentee: User, quarter_round: Round, settings: Settings
) -> None:
    address = asked(mentee, quarter_round)
    settings.INBOUND_AUTHSERV_ID = ""
    assert comes(mail(mentee.email), address) == Outcome.OFF


def test_nothing_of_it_is_logged(
    mentee: User, quarter_round: Round, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = asked(mentee, quarter_round)
    comes(mail(mentee.email), address)
    comes(mail("tz@home.example", Message_ID="<2@x>"), address)
    comes(mail(mentee.email, Auto_Submitted="auto-replied"), address)

    assert "mail in: says that it was sent by itself" in caplog.text
    for word in ("mistake", "tomasz", "home.example", address):
        assert word not in caplog.text


# --- The clock -----------------------------------------------------------------------------------------------------


def test_what_is_held_goes_after_a_week_and_all_of_it_after_a_month(
    mentee: User, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    comes(mail("tz@home.example"), address)
    comes(mail(mentee.email, f"{LINE}\n\n-- \nTomasz", Message_ID="<2@x.example>"), address)

    assert forget_mails(NOW + timedelta(days=6)) == 0
    with pytest.raises(actions.Refused):
        actions.accept_held(
            IncomingMail.objects.held().get(), by=mentee, place=None, now=NOW + timedelta(days=7)
        )
    assert forget_mails(NOW + timedelta(days=7)) == 1
    assert IncomingMail.objects.get().left_out == "-- \nTomasz"
    assert forget_mails(NOW + timedelta(days=30)) == 1
    assert Answer.objects.get().text == LINE


def test_what_was_left_out_is_put_back_below_what_was_kept_once(mentee: User, quarter_round: Round) -> None:
    comes(mail(mentee.email, f"{LINE}\n\n-- \nTomasz"), asked(mentee, quarter_round))
    row = IncomingMail.objects.get()
    actions.put_back(row, by=mentee, now=LATER)

    assert Answer.objects.get().text == f"{LINE}\n\n-- \nTomasz"
    with pytest.raises(actions.Refused):
        actions.put_back(row, by=mentee, now=LATER)


def test_nobody_decides_on_somebody_elses_mail(mentee: User, mentor: User, quarter_round: Round) -> None:
    address = asked(mentee, quarter_round)
    comes(mail("tz@home.example"), address)
    row = IncomingMail.objects.get()
    for act in (
        lambda: actions.accept_held(row, by=mentor, place=None, now=LATER),
        lambda: actions.refuse_held(row, by=mentor, now=LATER),
        lambda: actions.put_back(row, by=mentor, now=LATER),
    ):
        with pytest.raises(actions.Refused):
            act()
    assert IncomingMail.objects.get().state == "held"


def test_a_subject_that_a_mail_program_cut_in_two_keeps_no_answer_back(
    mentee: User, quarter_round: Round
) -> None:
    content = mail(mentee.email).replace(b"Message-ID:", b"Subject: =?UTF-8?B?V2FzI?=\nMessage-ID:", 1)
    assert deliver(content, asked(mentee, quarter_round), NOW) == [Outcome.KEPT]
    assert Answer.objects.get().text == LINE


OUT_OF_OFFICE = "Abwesenheitsnotiz: What was your best stuff this quarter?"


def test_a_subject_alone_makes_nobody_a_machine_and_its_person_is_asked(
    mentee: User, quarter_round: Round
) -> None:
    address = asked(mentee, quarter_round)
    assert comes(mail("x@evil.example", Subject=OUT_OF_OFFICE), address) == Outcome.BY_ITSELF
    assert comes(mail(mentee.email, Subject=OUT_OF_OFFICE, Return_Path="<>"), address) == Outcome.BY_ITSELF
    assert not IncomingMail.objects.exists()

    assert comes(mail(mentee.email, Subject=OUT_OF_OFFICE), address) == Outcome.HELD
    row = IncomingMail.objects.get()
    assert (row.because, row.text) == ("by_itself", LINE)
    assert not Answer.objects.exists()
    assert not Message.objects.filter(kind="reply_receipt").exists()
    actions.accept_held(row, by=mentee, place=place_of(row.link, mentee), now=NOW)
    assert Answer.objects.get().text == LINE
