"""The e-mail after a meeting: who is asked, when, and the link by which it is answered without signing in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.mail import kinds, letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, met_links
from mentoring.actions import ask_whether_they_met
from mentoring.met_emails import DID_YOU_MEET
from mentoring.models import Arrangement, Enrollment, Holiday, Meeting, Pairing, Program
from tests.conftest import NOW, enroll, make_person, pair, signed_in
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# An hour that ends at eight in the morning, UTC: three hours later it is noon in Lisbon.
BEGAN = datetime(2026, 6, 23, 7, 0, tzinfo=UTC)
DUE = datetime(2026, 6, 23, 11, 0, tzinfo=UTC)


@pytest.fixture
def met(pairing: Pairing) -> Meeting:
    return Meeting.objects.create(pairing=pairing, starts_at=BEGAN, place="behind the old lighthouse")


def owed() -> list[tuple[int, int, datetime]]:
    rows = Message.objects.filter(kind=DID_YOU_MEET).order_by("person", "subject_id")
    return list(rows.values_list("person", "subject_id", "due_at"))


def is_wanted(message: Message) -> list[str]:
    """Why it would not be sent, as the fence asks."""
    conditions = kinds.get(message.kind).conditions
    return [why for why, still in conditions if not Message.objects.filter(still, pk=message.pk).exists()]


def link(meeting: Meeting, person: User) -> str:
    return reverse("pairings:met", args=[met_links.token_for(meeting, person)])


def said(meeting: Meeting) -> bool | None:
    meeting.refresh_from_db()
    return meeting.took_place


# --- Who is asked, and when


def test_each_of_the_two_is_asked_some_hours_after_once(met: Meeting, mentor: User, mentee: User) -> None:
    assert ask_whether_they_met(DUE - MINUTE) == 0
    assert ask_whether_they_met(DUE) == 2
    assert ask_whether_they_met(DUE + HOUR) == 0
    assert owed() == [(person.pk, met.pk, DUE) for person in (mentor, mentee)]


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({}, 2),
        ({"took_place": True, "said_at": DUE}, 0),
        ({"took_place": False, "said_at": DUE}, 0),
        ({"cancelled_at": BEGAN - DAY}, 0),
        ({"starts_at": BEGAN - 5 * DAY}, 0),
        ({"starts_at": BEGAN - 3 * DAY}, 2),
        ({"minutes": 480}, 0),
    ],
)
def test_only_what_is_not_long_over_and_nobody_has_said_is_asked_about(
    met: Meeting, fields: dict[str, Any], number: int
) -> None:
    Meeting.objects.update(**fields)
    assert ask_whether_they_met(DUE) == number


@pytest.mark.parametrize("status", Pairing.Status.values)
def test_only_a_pair_that_meets_is_asked(met: Meeting, status: str) -> None:
    Pairing.objects.update(status=status, ended_on=NOW.date() if status in Pairing.OVER else None)
    assert ask_whether_they_met(DUE) == (2 if status in ("accepted", "active") else 0)


@pytest.mark.parametrize("status", ["draft", "paused", "closed", "archived"])
def test_a_program_that_does_not_run_asks_nobody(met: Meeting, status: str) -> None:
    Program.objects.update(status=status)
    assert ask_whether_they_met(DUE) == 0


def test_nobody_is_asked_on_a_holiday_and_in_time_after_it(met: Meeting, program: Program) -> None:
    Holiday.objects.create(program=program, name="Feast", starts_on=DUE.date(), ends_on=DUE.date())
    assert ask_whether_they_met(DUE) == 0
    assert ask_whether_they_met(DUE + DAY) == 2


def test_whoever_has_left_or_is_about_to_is_not_asked(met: Meeting, mentor: User, mentee: User) -> None:
    Enrollment.objects.filter(person=mentor).update(status=Enrollment.Status.PAUSED)
    User.objects.filter(pk=mentee.pk).update(erasure_due_at=NOW + DAY)
    assert ask_whether_they_met(DUE) == 0


@pytest.mark.parametrize(
    ("zone", "now", "at"),
    [
        # In the evening and at night nobody is asked; the morning comes by their own clock.
        ("Europe/Lisbon", "2026-06-23T19:30", "2026-06-24T08:00"),
        ("Europe/Lisbon", "2026-06-23T05:00", "2026-06-23T08:00"),
        ("Europe/Lisbon", "2026-06-23T18:59", "2026-06-23T19:59"),
        ("Asia/Tokyo", "2026-06-23T11:30", "2026-06-24T08:00"),
        # On the night on which summer ends, and the one on which it begins.
        ("Europe/Lisbon", "2026-10-24T22:00", "2026-10-25T08:00"),
        ("Europe/Lisbon", "2026-03-28T22:00", "2026-03-29T08:00"),
    ],
)
def test_the_question_comes_by_day(
    met: Meeting, mentor: User, mentee: User, zone: str, now: str, at: str
) -> None:
    User.objects.update(time_zone=zone)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    Meeting.objects.update(starts_at=moment - 5 * HOUR)
    assert ask_whether_they_met(moment) == 2
    expected = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
    assert {due_at for _person, _meeting, due_at in owed()} == {expected}


def test_of_what_was_planned_with_several_the_mentor_is_asked_once(
    program: Program, mentor: User, mentee: User, member: User, pairing: Pairing
) -> None:
    arranged = Arrangement.objects.create(zone="Europe/Lisbon", starts_at=BEGAN)
    both = [
        Meeting.objects.create(pairing=each, starts_at=BEGAN, arrangement=arranged, original_at=BEGAN)
        for each in (pairing, pair(program, mentor, member))
    ]
    assert ask_whether_they_met(DUE) == 3
    assert ask_whether_they_met(DUE + HOUR) == 0
    assert [person for person, _meeting, _at in owed()] == sorted([mentor.pk, mentee.pk, member.pk])
    email = letters.compose(Message.objects.get(person=mentor))
    assert email.subject == "Noor, did you meet Tomasz and Ines?"
    theirs = letters.compose(Message.objects.get(person=mentee))
    assert "Ines" not in f"{theirs.subject} {theirs.body}"
    page = Client().post(link(both[0], mentor), {"do": "yes"}, follow=True).content.decode()
    assert "Noted: you met" in page
    assert [said(each) for each in both] == [True, True]


# --- What the letter says


def test_the_letter_names_people_and_a_time_and_nothing_else(met: Meeting, mentee: User) -> None:
    ask_whether_they_met(DUE)
    email = letters.compose(Message.objects.get(person=mentee))
    text, html = str(email.body), str(email.alternatives[0][0])
    assert email.subject == "Tomasz, did you meet Noor?"
    for part in (text, html):
        assert "Tuesday, June 23" in part
        # By the clock of whoever reads it: Warsaw.
        assert "9:00" in part
        assert "lighthouse" not in part
    token = text.split("/pairings/met/")[1].split("/")[0]
    assert met_links.read(token) == (met.pk, mentee.pk, False)
    assert token not in str(email.subject)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda: Meeting.objects.update(took_place=True, said_at=NOW),
            "it was said already, or the meeting is canceled",
        ),
        (lambda: Meeting.objects.update(cancelled_at=NOW), "it was said already, or the meeting is canceled"),
        (
            lambda: Meeting.objects.update(starts_at=DUE + DAY),
            "it was said already, or the meeting is canceled",
        ),
        (lambda: Pairing.objects.update(status="paused"), "the pairing is not under way"),
        (lambda: Program.objects.update(status="paused"), "the program is not running"),
    ],
)
def test_at_the_fence_it_is_dropped_when_it_is_not_a_question_any_more(
    met: Meeting, mentor: User, change: Any, why: str
) -> None:
    ask_whether_they_met(DUE)
    message = Message.objects.get(person=mentor)
    assert is_wanted(message) == []
    change()
    assert is_wanted(message) == [why]


# --- The link


@pytest.fixture
def client() -> Iterator[Client]:
    with time_machine.travel(DUE + HOUR, tick=False):
        yield Client()


def test_looking_changes_nothing(client: Client, met: Meeting, mentor: User) -> None:
    for _scanner in range(3):
        answer = client.get(link(met, mentor))
        assert client.head(link(met, mentor)).status_code == 200
    page = answer.content.decode()
    assert "Did you meet Tomasz?" in page
    for private in ("Zielinski", "tomasz@", "noor@", "Haddad", "lighthouse"):
        assert private not in page
    assert said(met) is None
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_page_says_the_time_by_the_clock_of_whose_link_it_is(
    client: Client, met: Meeting, mentor: User, mentee: User
) -> None:
    Meeting.objects.update(starts_at=datetime(2026, 6, 22, 22, 30, tzinfo=UTC))
    assert "Monday, June 22, 23:30" in client.get(link(met, mentor)).content.decode()
    assert "Tuesday, June 23, 00:30" in client.get(link(met, mentee)).content.decode()


@pytest.mark.parametrize(
    ("do", "is_met", "heading"), [("yes", True, "you met"), ("no", False, "you did not meet")]
)
def test_one_tap_says_it_and_signs_nobody_in(
    client: Client, met: Meeting, mentee: User, do: str, is_met: bool, heading: str
) -> None:
    page = client.post(link(met, mentee), {"do": do}, follow=True).content.decode()
    assert f"Noted: {heading}" in page
    assert said(met) is is_met
    assert "_auth_user_id" not in client.session
    # And otherwise, if it was a slip.
    client.post(link(met, mentee), {"do": "no" if is_met else "yes"})
    assert said(met) is not is_met


@pytest.mark.parametrize("do", [{}, {"do": "perhaps"}])
def test_neither_yes_nor_no_is_no_answer(
    client: Client, met: Meeting, mentor: User, do: dict[str, str]
) -> None:
    assert client.post(link(met, mentor), do).status_code == 200
    assert said(met) is None


def test_a_form_from_elsewhere_is_not_taken(client: Client, met: Meeting, mentor: User) -> None:
    assert Client(enforce_csrf_checks=True).post(link(met, mentor), {"do": "yes"}).status_code == 403
    assert said(met) is None


def test_a_link_for_somebody_else_answers_nothing(
    client: Client, met: Meeting, mentor: User, mentee: User, member: User
) -> None:
    page = signed_in(mentee).post(link(met, mentor), {"do": "yes"}).content.decode()
    assert "This link is for Noor" in page
    # One that somebody who is neither of the two made up, with our key in hand.
    stranger = signing.dumps([met.pk, member.pk], salt=met_links.SALT)
    assert client.post(reverse("pairings:met", args=[stranger]), {"do": "yes"}).status_code == 410
    # A link of another kind opens nothing here.
    other = signing.dumps([met.pk, mentor.pk], salt="mentoring.answer_links")
    assert client.post(reverse("pairings:met", args=[other]), {"do": "yes"}).status_code == 404
    assert said(met) is None


def test_whose_account_is_closed_has_no_link(client: Client, met: Meeting, mentor: User) -> None:
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    assert client.post(link(met, mentor), {"do": "yes"}).status_code == 410
    assert said(met) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda: Meeting.objects.update(cancelled_at=NOW),
        lambda: Pairing.objects.update(status="ended", ended_on=NOW.date()),
        lambda: Program.objects.update(status="closed"),
        lambda: Meeting.objects.update(starts_at=DUE + 2 * DAY),
    ],
)
def test_what_is_no_question_any_more_says_so(
    client: Client, met: Meeting, mentor: User, change: Any
) -> None:
    there = link(met, mentor)
    change()
    for answer in (client.get(there), client.post(there, {"do": "yes"})):
        assert "This question is no longer open" in answer.content.decode()
    assert said(met) is None


def test_an_old_link_says_so(met: Meeting, mentor: User) -> None:
    with time_machine.travel(DUE, tick=False):
        there = link(met, mentor)
    with time_machine.travel(DUE + 15 * DAY, tick=False):
        assert "too old" in Client().post(there, {"do": "yes"}).content.decode()
    assert said(met) is None


def test_a_link_whose_meeting_is_gone_says_so(client: Client, met: Meeting, mentor: User) -> None:
    there = link(met, mentor)
    Meeting.objects.all().delete()
    assert client.get(there).status_code == 410


def test_unknown_links_are_limited(client: Client, met: Meeting, mentor: User) -> None:
    for _guess in range(100):
        status = client.get("/pairings/met/guessed/").status_code
        if status == 429:
            break
        assert status == 404
    assert status == 429
    # A right one is not looked up then either.
    assert client.get(link(met, mentor)).status_code == 429


# --- At once


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_each_once(met: Meeting) -> None:
    assert at_once([lambda: ask_whether_they_met(DUE)] * 3) == ["done"] * 3
    assert len(owed()) == 2


def test_other_programs_are_asked_about_their_own_meetings(met: Meeting, other_program: Program) -> None:
    people = [make_person(f"{name.lower()}@hill.example", name) for name in ("Mara", "Kofi")]
    for person, role in zip(people, ("mentor", "mentee"), strict=True):
        enroll(other_program, person, role)
    Meeting.objects.create(pairing=pair(other_program, *people), starts_at=BEGAN)
    Program.objects.filter(pk=other_program.pk).update(status="paused")
    assert ask_whether_they_met(DUE) == 2


def test_whether_they_met_counts_for_the_question_how_it_is_going(pairing: Pairing) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=NOW - 20 * DAY, took_place=False, said_at=NOW)
    assert actions.ask_due_fit_checks(NOW) == 0
    Meeting.objects.create(pairing=pairing, starts_at=NOW - 15 * DAY)
    assert actions.ask_due_fit_checks(NOW) == 2
