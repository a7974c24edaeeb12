"""The e-mails to those who ask for a place."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.mail import kinds
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.admission_emails import KINDS, OFFER_REMINDER
from mentoring.models import Enrollment, Notice, Program
from tests.conftest import NOW, enroll, make_person, signed_in

from .test_emails import body, message_to, wanted

DAY = timedelta(days=1)
NOTE = "We start in <July>.\nRosa"


@pytest.fixture
def place(program: Program) -> Enrollment:
    person = make_person("petra@new.example", "Petra Novak")
    return enroll(program, person, "mentee", status="applied", joined_on=None)


def letter(place: Enrollment, kind: str) -> tuple[str, str, str]:
    return body(message_to(place.person, kind))


def test_a_yes_says_what_they_are_and_where_to_look(place: Enrollment, admin: User) -> None:
    actions.approve(place, by=admin, now=NOW)
    subject, text, html = letter(place, "place_approved")
    assert subject == "You have a place in Harbor Mentors"
    for words in (text, html):
        assert "Welcome to Harbor Mentors. You are a mentee there from today." in words
        assert f"/programs/{place.program_id}/" in words
        assert "write to you" not in words
        assert "Rosa" in words


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("approve", "place_approved"), ("waitlist", "place_waitlisted"), ("decline", "place_declined")],
)
def test_the_admins_note_stands_in_the_letter_and_in_no_subject(
    place: Enrollment, admin: User, verb: str, kind: str
) -> None:
    getattr(actions, verb)(place, by=admin, now=NOW, note=NOTE)
    subject, text, html = letter(place, kind)
    assert "July" not in subject
    assert "Petra" not in subject
    assert "Those who run Harbor Mentors write to you:\n\nWe start in <July>.\nRosa" in text
    assert "We start in &lt;July&gt;.<br" in html
    assert "<July>" not in html


def test_a_no_and_a_wait_look_alike_from_outside(program: Program, place: Enrollment, admin: User) -> None:
    actions.waitlist(place, by=admin, now=NOW)
    other = enroll(program, make_person("ada@new.example", "Ada"), "mentor", status="applied", joined_on=None)
    actions.decline(other, by=admin, now=NOW)
    waits, no = letter(place, "place_waitlisted"), letter(other, "place_declined")
    assert waits[0] == no[0] == "Your request for a place in Harbor Mentors"
    assert "You are on the waitlist" in waits[1]
    assert "There is no place for you there this time." in no[1]
    assert "write to rosa@harbor.example" in no[1]
    assert "/programs/" not in no[1]


def test_an_offer_says_until_when_by_its_readers_clock(
    program: Program, place: Enrollment, admin: User
) -> None:
    actions.waitlist(place, by=admin, now=NOW)
    User.objects.filter(pk=place.person_id).update(time_zone="Asia/Tokyo")
    actions.offer_place(place, by=admin, now=NOW, note=NOTE)
    for kind, subject in (
        ("place_offered", "A place in Harbor Mentors is free for you"),
        (OFFER_REMINDER, "A place in Harbor Mentors is still held for you"),
    ):
        said, text, html = letter(place, kind)
        assert said == subject
        for words in (text, html):
            assert "Monday, June 29" in words  # Its last minute in Lisbon is morning in Tokyo.
            assert "07:59" in words
            assert f"/programs/{program.pk}/" in words
        assert "We start in <July>." in text


def test_an_offer_that_ended_is_told_kindly(program: Program, place: Enrollment, admin: User) -> None:
    actions.waitlist(place, by=admin, now=NOW)
    actions.offer_place(place, by=admin, now=NOW)
    actions.expire_offers(NOW + 6 * DAY)
    subject, text, _html = letter(place, "place_offer_ended")
    assert subject == "The place in Harbor Mentors that was held for you"
    assert "That is fine." in text
    assert "You are still on the list, at its end." in text


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_asked_hears_the_answer_whatever_they_have_stopped(kind: str) -> None:
    found = kinds.get(kind)
    assert found.stream is None
    assert found.always
    assert found.always in kinds.always()


# --- Not sent once it is not true any more


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("approve", "place_approved"), ("waitlist", "place_waitlisted"), ("decline", "place_declined")],
)
def test_an_answer_is_dropped_once_its_person_has_withdrawn(
    place: Enrollment, admin: User, verb: str, kind: str
) -> None:
    getattr(actions, verb)(place, by=admin, now=NOW)
    message = message_to(place.person, kind)
    assert wanted(message)
    Enrollment.objects.update(status="withdrawn", waitlisted_at=None)
    assert not wanted(message)


def test_a_yes_after_a_wait_leaves_one_letter(place: Enrollment, admin: User) -> None:
    actions.waitlist(place, by=admin, now=NOW)
    waits = message_to(place.person, "place_waitlisted")
    actions.approve(place, by=admin, now=NOW + timedelta(minutes=1))
    assert not wanted(waits)
    assert wanted(message_to(place.person, "place_approved"))


def test_an_offer_and_its_reminder_are_dropped_once_it_is_answered_or_over(
    place: Enrollment, admin: User
) -> None:
    now = timezone.now()  # Whether a deadline is past, the database says by its own clock.
    actions.waitlist(place, by=admin, now=now)
    waits = message_to(place.person, "place_waitlisted")
    actions.offer_place(place, by=admin, now=now)
    assert not wanted(waits)
    letters = [message_to(place.person, kind) for kind in ("place_offered", OFFER_REMINDER)]
    assert all(map(wanted, letters))
    Program.objects.update(status="paused")
    assert not any(map(wanted, letters))
    Program.objects.update(status="active")
    Enrollment.objects.update(
        status="active", joined_on="2026-06-23", waitlisted_at=None, offered_at=None, offer_expires_at=None
    )
    assert not any(map(wanted, letters))


def test_a_second_offer_is_a_second_letter_and_the_first_is_dropped(place: Enrollment, admin: User) -> None:
    now = timezone.now()  # Whether a deadline is past, the database says by its own clock.
    actions.waitlist(place, by=admin, now=now)
    actions.offer_place(place, by=admin, now=now)
    actions.expire_offers(now + 6 * DAY)
    ended = message_to(place.person, "place_offer_ended")
    assert wanted(ended)
    actions.offer_place(place, by=admin, now=now + 7 * DAY)
    assert not wanted(ended)
    offers = list(Message.objects.filter(kind="place_offered").order_by("pk"))
    assert len(offers) == 2
    assert len({each.message_id for each in offers}) == 2
    assert [wanted(each) for each in offers] == [False, True]


def test_nothing_is_said_to_anybody_else_nor_about_a_place_that_is_gone(
    place: Enrollment, admin: User, outsider: User
) -> None:
    actions.approve(place, by=admin, now=NOW)
    message = message_to(place.person, "place_approved")
    message.person = outsider
    with pytest.raises(Unrenderable):
        body(message)
    message.person = place.person
    Notice.objects.all().delete()
    assert not wanted(message)
    with pytest.raises(Unrenderable):
        body(message)


def test_admins_see_that_it_was_sent_for_their_own_programs(
    place: Enrollment, admin: User, other_admin: User
) -> None:
    actions.decline(place, by=admin, now=NOW, note=NOTE)
    pages = {who: signed_in(who).get("/admin/mail/message/") for who in (admin, other_admin)}
    assert "Petra Novak" in pages[admin].content.decode()
    assert "July" not in pages[admin].content.decode()
    assert "Petra" not in pages[other_admin].content.decode()


def test_the_settings_say_why_it_cannot_be_stopped(mentee: User) -> None:
    browser: Client = signed_in(mentee)
    assert "Answers when you ask for a place" in browser.get("/settings/").content.decode()
