"""The e-mails about a request: who gets which, as long as it is true, and none of the words of the two."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.mail import claims, kinds
from accounts.mail.kinds import Letter
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, PairingRequest, Program
from mentoring.request_emails import KINDS

from .conftest import NOTE, question

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUESTION, REPLY = "avocet-what-have-you-tried", "plover-two-things"


@pytest.fixture
def now() -> datetime:
    """The fence reads the database's clock."""
    return timezone.now()


@pytest.fixture
def request_(asking: Program, mentor: User, mentee: User, now: datetime) -> PairingRequest:
    return actions.ask_mentor(asking, mentor, by=mentee, note=NOTE, now=now)


def letter(kind: str) -> Letter:
    message = Message.objects.get(kind=kind)
    assert claims.why_not(message) is None
    return kinds.get(kind).render(message)


def why_not(kind: str) -> str:
    no = claims.why_not(Message.objects.get(kind=kind))
    return no.reason if no else ""


def bring_about(kind: str, request: PairingRequest, now: datetime) -> None:
    """Everything that leads to a letter of this kind."""
    asked, mentor, mentee = question(request), request.mentor, request.mentee
    match kind:
        case "request_reminder":
            actions.remind_mentors(now + 7 * DAY)
        case "request_asked_back" | "request_replied":
            actions.ask_back(request, by=mentor, question=QUESTION, now=now)
            if kind == "request_replied":
                actions.reply(request, by=mentee, reply=REPLY, now=now)
        case "request_declined":
            actions.decline_pairing(asked, by=mentor, now=now)
        case "request_expired":
            actions.expire_requests(now + 14 * DAY)
        case "request_ended":
            place = Enrollment.objects.select_related("program", "person").get(person=mentor)
            actions.set_room(place, 0, by=mentor, now=now)


@pytest.mark.parametrize("kind", KINDS)
def test_each_names_who_and_where_and_quotes_nothing(
    request_: PairingRequest, mentor: User, mentee: User, now: datetime, kind: str
) -> None:
    bring_about(kind, request_, now)
    said = letter(kind)
    to_mentor = kind in ("request_asked", "request_reminder", "request_replied")
    assert Message.objects.get(kind=kind).person == (mentor if to_mentor else mentee)
    other = "Tomasz" if to_mentor else "Noor"
    assert other in said.subject
    for body in (said.text, said.html):
        assert other in body
        assert "Harbor Mentors" in body
        assert f"/requests/{request_.pk}/" in body
        for words in (NOTE, QUESTION, REPLY):
            assert words not in body
    assert not any(words in said.subject for words in (NOTE, QUESTION, REPLY))


@pytest.mark.parametrize(
    "kind", ["request_asked", "request_reminder", "request_asked_back", "request_replied"]
)
def test_what_is_answered_meanwhile_is_not_sent(request_: PairingRequest, now: datetime, kind: str) -> None:
    bring_about(kind, request_, now)
    actions.take_back_request(request_, by=request_.mentee, now=now)
    assert why_not(kind) == "the request is answered, taken back or over"


def test_whoever_asked_back_needs_no_letter_that_they_are_asked(
    request_: PairingRequest, now: datetime
) -> None:
    bring_about("request_asked_back", request_, now)
    assert why_not("request_asked") == "the request is answered, taken back or over"


@pytest.mark.parametrize("kind", KINDS)
def test_none_is_sent_while_the_program_rests_and_each_comes_when_it_goes_on(
    request_: PairingRequest, asking: Program, admin: User, now: datetime, kind: str
) -> None:
    bring_about(kind, request_, now)
    actions.pause_program(asking, by=admin)
    assert why_not(kind) == NOT_RUNNING
    Message.objects.filter(kind=kind).update(state="cancelled", last_error=NOT_RUNNING)
    actions.resume_program(asking, by=admin, now=now + DAY)
    message = Message.objects.get(kind=kind)
    assert message.state == Message.State.QUEUED
    assert claims.why_not(message) is None
    assert message.due_at == now + (8 if kind == "request_reminder" else 1) * DAY


@pytest.mark.parametrize("kind", ["request_declined", "request_expired", "request_ended"])
def test_whoever_has_left_since_hears_nothing_of_it(
    request_: PairingRequest, mentee: User, now: datetime, kind: str
) -> None:
    bring_about(kind, request_, now)
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    assert why_not(kind) == "they have no place any more"


NEXT: dict[str, Callable[[Letter], bool]] = {
    "nobody": lambda said: "You can look for somebody else whenever you like." in said.text,
    "waiting": lambda said: "Odile is your next choice, and is asked by itself." in said.text,
    "asked": lambda said: "Odile, your next choice, is asked now." in said.text,
}


@pytest.mark.parametrize("which", NEXT)
@pytest.mark.parametrize("kind", ["request_declined", "request_expired", "request_ended"])
def test_what_comes_next_is_said(
    request_: PairingRequest, asking: Program, odile: User, mentee: User, now: datetime, kind: str, which: str
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    if which != "nobody":
        actions.ask_mentor(asking, odile, by=mentee, note=NOTE, now=now)
    bring_about(kind, request_, now)
    if which == "asked":
        actions.ask_next_choices(now + 14 * DAY)
    assert NEXT[which](letter(kind))


def test_a_question_that_stayed_open_is_not_said_to_be_the_mentors_silence(
    request_: PairingRequest, now: datetime
) -> None:
    bring_about("request_asked_back", request_, now)
    actions.expire_requests(now + 14 * DAY)
    said = letter("request_expired")
    assert "has not answered" not in said.subject + said.text
    assert "that question has stayed open" in said.text


@pytest.mark.parametrize("because", ["room", "away", "organizers", "program"])
def test_a_request_that_has_ended_says_why(request_: PairingRequest, now: datetime, because: str) -> None:
    bring_about("request_ended", request_, now)
    PairingRequest.objects.update(because=because, is_read_by_admins=True)
    words = {
        "room": "Noor has no room for another mentee now",
        "away": "Noor takes no requests now",
        "organizers": "did not pass this one on",
        "program": "Harbor Mentors stopped taking requests before there was an answer",
    }
    assert words[because] in letter("request_ended").text


def test_requests_that_nobody_looks_at_first_are_not_said_to_be_looked_at(
    request_: PairingRequest, now: datetime
) -> None:
    bring_about("request_ended", request_, now)
    PairingRequest.objects.update(because="organizers")
    said = letter("request_ended").text
    assert "Those who run Harbor Mentors have closed this request." in said
    assert "look at requests first" not in said


def test_a_mentor_who_was_erased_is_not_named(request_: PairingRequest, mentor: User, now: datetime) -> None:
    from accounts.mydata.erasing import erase

    erase(mentor, now=now)
    said = letter("request_ended")
    assert "Noor" not in said.subject + said.text + said.html
    assert "Somebody who left" in said.text
