"""The e-mails about a pairing that rests, goes on and ends: what they say, and when they are not sent any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, ending_emails
from mentoring.actions.endings import Aside
from mentoring.emails import NOT_RUNNING
from mentoring.models import Extension, Farewell, Pairing, Program
from tests.conftest import NOW, TODAY, pair
from tests.mentoring.test_emails import body, message_to, wanted
from tests.reflections.nudging import send_due

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LATER = TODAY + 30 * DAY
CANARY = "spoonbill-why-and-what-stays"


def over(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.end_own_pairing(pairing, by=mentee, said=Aside(CANARY, "another"), now=NOW)


def not_begun(pairing: Pairing, mentor: User, mentee: User) -> None:
    Pairing.objects.update(status="accepted", starts_on=LATER)
    actions.end_own_pairing(pairing, by=mentee, said=Aside(CANARY, "talk"), now=NOW)


def ends_soon(pairing: Pairing, mentor: User, mentee: User) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    actions.ask_before_the_end(NOW)


def paused(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.pause_own_pairing(pairing, by=mentee, until=LATER, said=Aside(CANARY, "talk"), now=NOW)


def resumed(pairing: Pairing, mentor: User, mentee: User) -> None:
    paused(pairing, mentor, mentee)
    actions.resume_own_pairing(pairing, by=mentee, now=NOW)


def longer_asked(pairing: Pairing, mentor: User, mentee: User) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    actions.propose_extension(pairing, by=mentee, until=LATER, now=NOW)


def longer_answered(pairing: Pairing, mentor: User, mentee: User) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    found = actions.propose_extension(pairing, by=mentor, until=LATER, now=NOW)
    actions.answer_extension(found, by=mentee, is_yes=True, now=NOW)


def farewell_said(pairing: Pairing, mentor: User, mentee: User) -> None:
    over(pairing, mentor, mentee)
    actions.say_farewell(pairing, by=mentee, keep=CANARY, hear=CANARY, now=NOW)


Way = Callable[[Pairing, User, User], None]
# How each comes about for the mentor, the beginning of its subject, and one sentence of it.
LETTERS: dict[str, tuple[Way, str, str]] = {
    "pairing_over": (over, "Noor, your pairing with Tomasz is over", "came to its end on"),
    "pairing_not_begun": (
        not_begun, "Noor, the pairing with Tomasz does not come about", "No reason is asked, or given.",
    ),
    "pairing_ends_soon": (
        ends_soon, "Noor, your pairing with Tomasz ends on July 3, 2026", "There is time to meet once more",
    ),
    "pairing_paused": (
        paused, "Noor, your pairing with Tomasz rests for a while", "It goes on by itself on July 23, 2026.",
    ),
    "pairing_resumed": (resumed, "Noor, your pairing with Tomasz goes on", "Its pause is over."),
    "pairing_longer_asked": (
        longer_asked, "Noor, how long would you like to go on with Tomasz?", "runs until July 23, 2026",
    ),
    "pairing_longer_answered": (longer_answered, "Noor, you and Tomasz go on", "Tomasz said yes"),
    "farewell_said": (farewell_said, "Noor, Tomasz left you a few words", "Nobody but the two of you can read them."),
}  # fmt: skip


def test_each_kind_is_in_this_table() -> None:
    assert set(LETTERS) == set(ending_emails.KINDS)


@pytest.fixture(params=LETTERS)
def letter(request: pytest.FixtureRequest, pairing: Pairing, mentor: User, mentee: User) -> Message:
    LETTERS[request.param][0](pairing, mentor, mentee)
    return message_to(mentor, request.param)


def test_it_says_what_is_so_and_nothing_that_anybody_wrote(letter: Message) -> None:
    _way, subject, sentence = LETTERS[letter.kind]
    said, text, html = body(letter)
    assert said == subject
    for words in (text, html):
        assert sentence in words
        assert CANARY not in words
        assert "clients and pricing" not in words
        # What they told those who run the program is for those alone.
        assert "somebody else" not in words.replace("may propose somebody else", "")
    assert wanted(letter)


def test_it_can_be_stopped_with_the_others_about_pairings(letter: Message) -> None:
    assert kinds.get(letter.kind).stream == kinds.get("pairing_made").stream


@pytest.mark.parametrize("status", ["draft", "paused", "archived"])
def test_it_waits_while_its_program_rests_and_comes_when_it_goes_on(
    letter: Message, program: Program, admin: User, status: str
) -> None:
    Program.objects.update(status=status)
    send_due(NOW + MINUTE)
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == ("cancelled", NOT_RUNNING)
    Program.objects.update(status="paused")
    program.refresh_from_db()
    actions.resume_program(program, by=admin, now=NOW + DAY)
    send_due(NOW + DAY + MINUTE)
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_closed_program_lets_out_what_tells_of_its_end_and_nothing_else(letter: Message) -> None:
    Program.objects.update(status="closed")
    of_ends = ("pairing_over", "pairing_not_begun", "farewell_said")
    assert wanted(letter) == (letter.kind in of_ends)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("pairing_ends_soon", lambda: Pairing.objects.update(runs_until=LATER)),
        ("pairing_ends_soon", lambda: Farewell.objects.update(answered_at=NOW)),
        ("pairing_ends_soon", lambda: Pairing.objects.update(status="ended", ended_on=TODAY)),
        ("pairing_paused", lambda: Pairing.objects.update(status="active", paused_until=None)),
        ("pairing_resumed", lambda: Pairing.objects.update(status="paused")),
        ("pairing_longer_asked", lambda: Extension.objects.update(state="withdrawn", closed_at=NOW)),
        ("pairing_longer_answered", lambda: Pairing.objects.update(status="ended", ended_on=TODAY)),
        ("farewell_said", lambda: Farewell.objects.update(sent_at=None)),
    ],
)
def test_what_is_otherwise_by_now_is_not_sent(
    pairing: Pairing, mentor: User, mentee: User, kind: str, change: Callable[[], object]
) -> None:
    LETTERS[kind][0](pairing, mentor, mentee)
    message = message_to(mentor, kind)
    assert wanted(message)
    change()
    assert not wanted(message)


def test_only_the_last_of_two_pauses_is_told(pairing: Pairing, mentor: User, mentee: User) -> None:
    paused(pairing, mentor, mentee)
    first = message_to(mentor, "pairing_paused")
    actions.resume_own_pairing(pairing, by=mentee, now=NOW + MINUTE)
    actions.pause_own_pairing(pairing, by=mentee, until=LATER + DAY, now=NOW + 2 * MINUTE)
    second = Message.objects.filter(kind="pairing_paused").exclude(pk=first.pk).get()
    assert not wanted(first)
    assert wanted(second)
    assert not wanted(message_to(mentor, "pairing_resumed"))


def test_a_no_to_a_later_day_says_so_kindly(pairing: Pairing, mentor: User, mentee: User) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    found = actions.propose_extension(pairing, by=mentor, until=LATER, now=NOW)
    actions.answer_extension(found, by=mentee, is_yes=False, now=NOW)
    subject, text, _html = body(message_to(mentor, "pairing_longer_answered"))
    assert subject == "Noor, your pairing with Tomasz stays as it was planned"
    assert "It ends on July 3, 2026." in text


def test_the_letter_about_a_program_that_closed_goes_to_both(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User
) -> None:
    actions.close_program(program, by=admin, now=NOW)
    send_due(NOW + MINUTE)
    assert list(Message.objects.filter(kind="pairing_over").values_list("state", flat=True)) == ["sent"] * 2


def test_of_somebody_who_is_gone_the_letter_says_no_name(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    from accounts.mydata import erasing

    erasing.erase(mentee, now=NOW)
    subject, text, _html = body(message_to(mentor, "pairing_over"))
    assert "Tomasz" not in subject + text
    assert "should hear" not in text


def test_a_letter_reads_german(program: Program, pairing: Pairing, mentor: User, mentee: User) -> None:
    User.objects.filter(pk=mentor.pk).update(language="de")
    elsewhere = pair(program, mentee, mentor)
    over(elsewhere, mentor, mentee)
    subject, text, _html = body(message_to(mentor, "pairing_over"))
    assert "vorbei" in subject
    assert "23. Juni 2026" in text
