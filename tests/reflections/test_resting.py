"""Silence makes the calendar quieter, and after three quarters it asks once whether to go on; and what the quiet
choices at the foot of its e-mails do, behind their links and by mail."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.mail import letters, outbox
from accounts.mail.inbound import addresses, inboxes
from accounts.mail.inbound.addresses import Purpose
from accounts.mail.models import MailLink, Message
from accounts.mail.weekly import WEEKLY
from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.actions.asking import other_times
from reflections.models import AnotherTime, Reflection, Round
from reflections.nudges import plan_nudges
from reflections.outlook import KEEP_ASKING
from reflections.quick_replies import Outcome
from tests.conftest import signed_in
from tests.reflections.conftest import open_round
from tests.reflections.mailing import confirmed
from tests.reflections.nudging import (
    ASK,
    DAY,
    LAST_CALL,
    REMINDER,
    SOON,
    W0,
    WEEK,
    answer,
    at,
    live,
    send_due,
    sent,
)

pytestmark = pytest.mark.django_db
BEFORE = [date(2026, 1, 1), date(2025, 10, 1), date(2025, 7, 1)]


@pytest.fixture
def silent(program: Program, pairing: Pairing, current: Round, mentor: User) -> list[Round]:
    """The mentor was asked in the three quarters before, and never opened the page."""
    Program.objects.update(starts_on=date(2025, 4, 1))
    Pairing.objects.update(starts_on=date(2025, 4, 1))
    rounds = [
        Round.objects.filter(program=program, quarter_start=start).first() or open_round(program, start)
        for start in BEFORE
    ]
    for round in rounds:
        when = datetime.combine(round.due_on, W0.timetz()) - WEEK
        Message.objects.create(
            person=mentor, kind=ASK, subject_id=round.pk, state="sent", due_at=when, next_attempt_at=when,
            expires_at=when + WEEK, sending_at=when, sent_at=when, message_id=f"{round.pk}@test",
        )  # fmt: skip
    return rounds


def kinds_owed(person: User, round: Round) -> list[str]:
    return list(
        Message.objects.filter(person=person, subject_id=round.pk)
        .order_by("due_at")
        .values_list("kind", flat=True)
    )


# --- Silence -------------------------------------------------------------------------------------------------------


def test_after_three_silent_quarters_it_is_asked_once_whether_to_go_on(
    silent: list[Round], current: Round, mentor: User
) -> None:
    live(SOON, 30)
    assert kinds_owed(mentor, current) == [KEEP_ASKING]


@pytest.mark.parametrize(("quarters", "expected"), [(1, [ASK, REMINDER]), (2, [ASK])])
def test_fewer_make_it_quieter(
    silent: list[Round], current: Round, mentor: User, quarters: int, expected: list[str]
) -> None:
    answer(mentor, silent[quarters], "draft", at=W0 - 300 * DAY)
    live(SOON, 30)
    assert kinds_owed(mentor, current) == expected


def test_whoever_keeps_moments_is_not_silent_for_good(
    silent: list[Round], current: Round, mentor: User
) -> None:
    actions.keep_moment(mentor, text="She asked first.", happened_on=W0.date())
    plan_nudges(SOON)
    assert kinds_owed(mentor, current) == [ASK]


def test_after_the_question_the_calendar_rests_until_they_write(
    silent: list[Round], current: Round, mentor: User
) -> None:
    live(SOON, 5)
    assert actions.note_pauses(W0 + 3 * DAY) == 1
    assert actions.note_pauses(W0 + 3 * DAY) == 0
    mentor.refresh_from_db()
    assert mentor.nudges_paused_at is not None
    live(W0 + 4 * DAY, 30)
    assert kinds_owed(mentor, current) == [KEEP_ASKING]
    answer(mentor, current, "draft", at=W0 + 40 * DAY)
    assert actions.note_pauses(W0 + 41 * DAY) == 1
    mentor.refresh_from_db()
    assert mentor.nudges_paused_at is None
    assert actions.note_pauses(W0 + 42 * DAY) == 0


def test_whoever_says_so_is_asked_again_as_if_nothing_had_been(
    silent: list[Round], current: Round, mentor: User
) -> None:
    actions.ask_again(mentor, now=SOON - DAY)
    live(SOON, 30)
    assert kinds_owed(mentor, current) == [ASK, REMINDER, LAST_CALL]


def test_a_rest_holds_back_at_the_fence_what_was_owed_before(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    plan_nudges(SOON)
    actions.rest_from_asking(mentor, now=SOON)
    send_due(W0)
    row = Message.objects.get(person=mentor, kind=ASK)
    assert (row.state, row.last_error) == ("cancelled", "not asked until they come back")


def test_a_button_in_the_settings_ends_a_rest(mentor: User) -> None:
    actions.rest_from_asking(mentor, now=SOON)
    client = signed_in(mentor)
    assert b"We do not ask you" in client.get(reverse("accounts:settings")).content
    assert client.get(reverse("reflections:ask_again")).status_code == 405
    client.post(reverse("reflections:ask_again"))
    mentor.refresh_from_db()
    assert mentor.nudges_paused_at is None
    assert b"We do not ask you" not in client.get(reverse("accounts:settings")).content


# --- Another time --------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(current: Round, pairing: Pairing, mentor: User) -> Message:
    """The mentor was asked on June 23."""
    live(W0 - 2 * DAY, 3)
    return Message.objects.get(person=mentor, kind=ASK)


@pytest.fixture
def token(asked: Message) -> str:
    return MailLink.objects.issue(
        asked.person_id, MailLink.Purpose.NUDGE, now=W0, message_id=asked.pk, lives=timedelta(days=36)
    )


def behind(name: str, token: str) -> str:
    """The address of that page, with the token of the e-mail that leads there."""
    if name == "keep_asking":
        Message.objects.filter(links__purpose=MailLink.Purpose.NUDGE).update(kind=KEEP_ASKING)
    return reverse(f"reflections:{name}", args=[token])


def test_whether_to_go_on_can_be_asked_in_the_weekly_e_mail(asked: Message, mentor: User) -> None:
    """There it leads to the settings, since nothing there works without signing in."""
    Message.objects.filter(pk=asked.pk).update(
        kind=KEEP_ASKING, state="queued", sending_at=None, sent_at=None
    )
    outbox.owe(WEEKLY, mentor.pk, 1, due_at=W0 + DAY, expires_at=W0 + 2 * DAY)
    with at(W0 + DAY):
        Reflection.objects.all().delete()
        letter = letters.compose(Message.objects.get(kind=WEEKLY))
    assert "Shall we keep asking?" in str(letter.body)
    assert reverse("accounts:settings") in str(letter.body)


def test_the_next_coffee_times_within_the_calendar_are_offered(asked: Message, current: Round) -> None:
    assert other_times(asked, current, now=W0 + DAY) == [
        W0 + WEEK,
        W0 + 2 * WEEK,
        W0 + 3 * WEEK,
        W0 + 4 * WEEK,
    ]


def test_the_question_comes_at_that_time_and_not_before(asked: Message, current: Round, mentor: User) -> None:
    assert actions.say_another_time(asked, current, choice=1, now=W0 + DAY) == W0 + 2 * WEEK
    live(W0 + DAY, 32)
    assert [(kind, day) for kind, _round, day in sent(mentor)] == [
        (ASK, W0.date()),
        (REMINDER, (W0 + 2 * WEEK).date()),
        (LAST_CALL, (W0 + 3 * WEEK).date()),
    ]


def test_a_reminder_that_waits_already_is_moved(asked: Message, current: Round, mentor: User) -> None:
    plan_nudges(W0 + 5 * DAY)
    actions.say_another_time(asked, current, choice=2, now=W0 + 5 * DAY)
    plan_nudges(W0 + 5 * DAY)
    assert Message.objects.get(person=mentor, kind=REMINDER).due_at == W0 + 3 * WEEK


def test_it_is_said_once_for_each_mail(asked: Message, current: Round) -> None:
    actions.say_another_time(asked, current, now=W0 + DAY)
    with pytest.raises(Refused):
        actions.say_another_time(asked, current, now=W0 + DAY)
    assert AnotherTime.objects.count() == 1


def test_whoever_was_silent_and_says_another_time_is_asked_then(
    silent: list[Round], current: Round, mentor: User
) -> None:
    answer(mentor, silent[2], "draft", at=W0 - 300 * DAY)
    live(W0 - 2 * DAY, 3)
    actions.say_another_time(
        Message.objects.get(person=mentor, kind=ASK, subject_id=current.pk), current, now=W0 + DAY
    )
    live(W0 + DAY, 30)
    assert kinds_owed(mentor, current) == [ASK, REMINDER]


@pytest.mark.parametrize("status", ["submitted", "declined"])
def test_whoever_has_answered_is_offered_no_other_time(
    asked: Message, current: Round, mentor: User, status: str
) -> None:
    answer(mentor, current, status)
    assert other_times(asked, current, now=W0 + DAY) == []


def test_after_the_last_of_them_and_after_the_round_there_is_none(asked: Message, current: Round) -> None:
    assert other_times(asked, current, now=W0 + 60 * DAY) == []
    asked.kind = LAST_CALL
    assert other_times(asked, current, now=W0 + DAY) == []


# --- Behind the links ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["not_now", "another_time", "keep_asking"])
def test_looking_changes_nothing_and_shows_no_session(token: str, name: str) -> None:
    url = behind(name, token)
    client = Client()
    with at(W0 + DAY):
        for method in (client.get, client.head):
            response = method(url)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]
            assert response["Referrer-Policy"] == "strict-origin"
    assert not Reflection.objects.exists()
    assert not AnotherTime.objects.exists()
    assert "sessionid" not in client.cookies


def test_not_this_quarter_is_one_button(token: str, mentor: User, current: Round) -> None:
    url = reverse("reflections:not_now", args=[token])
    with at(W0 + DAY):
        client = Client()
        assert b"Nothing is asked about this quarter any more" in client.post(url, follow=True).content
        assert b"full answer" in signed_in(mentor).get(url).content
    assert Reflection.objects.get(person=mentor, round=current).status == "declined"
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("name", ["not_now", "another_time"])
def test_who_is_not_signed_in_does_not_read_how_the_question_was_answered(
    token: str, mentor: User, current: Round, name: str
) -> None:
    """The e-mail may have been passed on: whoever has it reads the same of every answer, and of none in time."""
    url = behind(name, token)
    read = []
    with at(W0 + DAY):
        for status, said in (("submitted", "You have finished"), ("declined", "full answer")):
            reflection = answer(mentor, current, status)
            read.append(Client().get(url).content.decode().partition("<h1")[2])
            assert said in signed_in(mentor).get(url).content.decode()
            reflection.delete()
    with at(W0 + 30 * DAY):
        read.append(Client().get(url).content.decode().partition("<h1")[2])
    assert len(set(read)) == 1
    assert "Nothing is asked about this quarter any more" in read[0]


def test_whether_it_rests_is_behind_the_link_of_the_mail_that_asks(token: str, mentor: User) -> None:
    url = reverse("reflections:keep_asking", args=[token])
    with at(W0 + DAY):
        assert Client().get(url).status_code == 404
        assert Client().post(url, {"do": "rest"}).status_code == 404
    mentor.refresh_from_db()
    assert mentor.nudges_paused_at is None


def test_another_time_is_one_button_too(token: str) -> None:
    url = reverse("reflections:another_time", args=[token])
    with at(W0 + DAY):
        client = Client()
        assert b"Tuesday, July 7" in client.get(url).content
        client.post(url, {"which": "1"})
        assert b"comes again on Tuesday, July 7" in client.get(url).content
        assert b"comes again on Tuesday, July 7" in client.post(url, {"which": "2"}).content
    assert AnotherTime.objects.get().not_before == date(2026, 7, 7)


def test_keep_asking_or_let_it_rest(token: str, mentor: User) -> None:
    url = behind("keep_asking", token)
    with at(W0 + DAY):
        client = Client()
        client.post(url, {"do": "rest"})
        mentor.refresh_from_db()
        assert mentor.nudges_paused_at is not None
        client.post(url, {"do": "go_on"})
        assert b"We keep asking" in client.get(url).content
    mentor.refresh_from_db()
    assert mentor.nudges_paused_at is None


@pytest.mark.parametrize("name", ["not_now", "another_time", "keep_asking"])
def test_a_wrong_an_old_and_an_ended_link_do_nothing(token: str, name: str, mentor: User) -> None:
    url = behind(name, token)
    with at(W0 + DAY):
        assert Client().post(reverse(f"reflections:{name}", args=["a" * 32])).status_code == 404
    with at(W0 + 40 * DAY):
        assert Client().post(url).status_code == 404
    MailLink.objects.revoke(mentor.pk, now=W0)
    with at(W0 + DAY):
        assert Client().post(url).status_code == 404
    assert not Reflection.objects.exists()


def test_nothing_is_said_in_anothers_name(token: str, mentee: User) -> None:
    url = reverse("reflections:not_now", args=[token])
    with at(W0 + DAY):
        assert b"This link is for Noor" in signed_in(mentee).post(url).content
    assert not Reflection.objects.exists()


def test_twenty_posts_an_hour_are_enough(token: str) -> None:
    url = behind("keep_asking", token)
    client = Client()
    with at(W0 + DAY):
        answers = [client.post(url, {"do": "rest"}).status_code for _ in range(21)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {302}


# --- By mail -------------------------------------------------------------------------------------------------------


@pytest.fixture
def inbound(settings: Settings, mentor: User, mentee: User) -> None:
    confirmed(mentor)
    confirmed(mentee)
    settings.INBOUND_ADDRESS = "post@in.harbor.example"
    settings.INBOUND_AUTHSERV_ID = "mx.harbor.example"


def written(sender: str, **headers: str) -> bytes:
    email = EmailMessage()
    email["Authentication-Results"] = f"mx.harbor.example; dmarc=pass header.from={sender.partition('@')[2]}"
    email["From"], email["Subject"] = sender, "Not this quarter"
    for name, value in headers.items():
        email[name.replace("_", "-")] = value
    email.set_content("")
    return email.as_bytes()


def take(token: str, purpose: Purpose, content: bytes) -> list[str]:
    outcome = inboxes.take(content, addresses.address(purpose, token), W0 + DAY)
    return [] if outcome is None else list(outcome)


def test_an_empty_mail_from_its_person_is_enough(
    inbound: None, token: str, mentor: User, current: Round
) -> None:
    assert take(token, Purpose.ANOTHER_TIME, written(mentor.email)) == [Outcome.ANOTHER_TIME]
    assert AnotherTime.objects.get().not_before == (W0 + WEEK).date()
    assert take(token, Purpose.ANOTHER_TIME, written(mentor.email)) == [Outcome.NOTHING]
    assert take(token, Purpose.NOT_THIS_QUARTER, written(mentor.email)) == [Outcome.DECLINED]
    assert Reflection.objects.get(person=mentor, round=current).status == "declined"
    assert take(token, Purpose.NOT_THIS_QUARTER, written(mentor.email)) == [Outcome.NOTHING]


@pytest.mark.parametrize("purpose", [Purpose.ANOTHER_TIME, Purpose.NOT_THIS_QUARTER])
def test_from_another_or_from_a_machine_it_is_nothing(
    inbound: None, token: str, mentor: User, mentee: User, purpose: Purpose
) -> None:
    for content in (
        written(mentee.email),
        written(mentor.email, Auto_Submitted="auto-replied"),
        written(mentor.email, Precedence="bulk"),
        written(mentor.email).replace(b"dmarc=pass", b"dmarc=fail"),
    ):
        assert take(token, purpose, content) == [Outcome.NOT_THEIRS]
    assert take("a" * 32, purpose, written(mentor.email)) == [Outcome.UNKNOWN]
    assert not Reflection.objects.exists()
    assert not AnotherTime.objects.exists()


def test_a_letter_has_the_addresses_behind_its_links_only_where_mail_is_taken_in(
    asked: Message, settings: Settings
) -> None:
    """The text has the pages alone: each address is a line of seventy letters."""
    with at(W0):
        assert "mailto:" not in str(letters.compose(asked).alternatives[0][0])
        settings.INBOUND_ADDRESS, settings.INBOUND_AUTHSERV_ID = "post@in.harbor.example", "mx"
        made = letters.compose(asked)
    markup = str(made.alternatives[0][0])
    assert "mailto:post+n-" in markup
    assert "mailto:post+t-" in markup
    assert "post+" not in made.body
    assert "/not-now/" in made.body
    assert "/another-time/" in made.body


# --- In the weekly e-mail ------------------------------------------------------------------------------------------


def test_a_question_that_went_with_the_weekly_e_mail_has_been_asked(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    plan_nudges(SOON)
    Message.objects.filter(person=mentor, kind=ASK).update(
        state="cancelled", last_error=Message.IN_THE_WEEKLY, sending_at=W0
    )
    live(W0 + DAY, 10)
    assert [(kind, day) for kind, _round, day in sent(mentor)] == [(REMINDER, (W0 + WEEK).date())]


def test_a_question_that_went_with_the_weekly_e_mail_and_was_not_opened_is_silence(
    silent: list[Round], current: Round, mentor: User
) -> None:
    Message.objects.filter(person=mentor, kind=ASK).update(
        state="cancelled", last_error=Message.IN_THE_WEEKLY, sent_at=None
    )
    plan_nudges(SOON)
    assert kinds_owed(mentor, current) == [KEEP_ASKING]
