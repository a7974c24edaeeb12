"""Waiting for a mentor's room: one e-mail, and the wait is over."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Pairing, Program, RoomWatch, RuledOut
from mentoring.room_emails import CANNOT_ASK, FULL_AGAIN, HAS_ROOM, mentor_has_room
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.nudging import send_due

from .conftest import Make

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _then() -> None:
    """The fence asks the database's clock, which nothing stops (`nudging.at` moves both)."""


@pytest.fixture
def full(asking: Program, make_mentor: Make, member: User) -> User:
    odile = make_mentor("Odile")
    pair(asking, odile, member)
    return odile


def free(mentor: User) -> None:
    Pairing.objects.filter(mentor=mentor).update(status="ended", ended_on=TODAY)


def letters() -> list[tuple[str, str]]:
    return list(Message.objects.of(HAS_ROOM).order_by("pk").values_list("state", "last_error"))


def test_one_press_waits_and_one_press_does_not(asking: Program, full: User, mentee: User) -> None:
    client = signed_in(mentee)
    listed = reverse("programs:mentors", args=[asking.pk])
    path = reverse("programs:watch", args=[asking.pk, full.pk])
    assert b"Tell me when there is room" in client.get(listed).content
    text = client.post(path, {"query": "q=x"}, follow=True).content.decode()
    assert "You get an e-mail when Odile has room." in text
    client.post(path)
    assert RoomWatch.objects.count() == 1
    assert b"Tell me when there is room" not in client.get(listed).content
    client.post(path, {"stop": "1"})
    assert not RoomWatch.objects.exists()


def test_there_is_nothing_to_wait_for_where_there_is_room(
    asking: Program, make_mentor: Make, mentee: User
) -> None:
    make_mentor("Odile")
    text = signed_in(mentee).get(reverse("programs:mentors", args=[asking.pk])).content
    assert b"Tell me when there is room" not in text


def test_only_whoever_could_ask_waits(asking: Program, full: User, mentor: User, mentee: User) -> None:
    for by in (mentor, full):
        with pytest.raises(Refused):
            actions.watch_room(asking, full, by=by, now=NOW)
    Enrollment.objects.filter(person=full).update(status="paused")
    with pytest.raises(Refused):
        actions.watch_room(asking, full, by=mentee, now=NOW)


def test_they_hear_once_when_there_is_room_and_then_the_wait_is_gone(
    asking: Program, full: User, mentee: User
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    assert actions.tell_of_room(NOW) == 0
    assert letters() == []
    free(full)
    assert actions.tell_of_room(NOW) == 1
    assert actions.tell_of_room(NOW) == 0
    assert RoomWatch.objects.exists()
    send_due(NOW + MINUTE)
    assert letters() == [("sent", "")]
    assert actions.tell_of_room(NOW + MINUTE) == 0
    assert not RoomWatch.objects.exists()


def test_the_letter_names_the_mentor_and_leads_to_them(asking: Program, full: User, mentee: User) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    free(full)
    actions.tell_of_room(NOW)
    letter = mentor_has_room(Message.objects.get(kind=HAS_ROOM))
    assert letter.subject == "Tomasz, Odile has room again"
    path = reverse("programs:ask", args=[asking.pk, full.pk])
    for said in (letter.text, letter.html):
        assert path in said
        assert "Odile can take on another mentee in Harbor Mentors." in said
    assert signed_in(mentee).get(path).status_code == 200


def test_waiting_a_second_time_brings_a_second_letter(asking: Program, full: User, mentee: User) -> None:
    for number in (1, 2):
        actions.watch_room(asking, full, by=mentee, now=NOW)
        free(full)
        actions.tell_of_room(NOW)
        send_due(NOW + MINUTE)
        actions.tell_of_room(NOW + MINUTE)
        assert letters() == [("sent", "")] * number


def test_where_the_room_is_gone_before_the_letter_is_sent_the_wait_goes_on(
    asking: Program, full: User, mentee: User, member: User
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    free(full)
    actions.tell_of_room(NOW)
    another = pair(asking, full, member)
    send_due(NOW + MINUTE)
    assert letters() == [("cancelled", FULL_AGAIN)]
    assert actions.tell_of_room(NOW + DAY) == 0
    assert RoomWatch.objects.exists()
    Pairing.objects.filter(pk=another.pk).update(status="ended", ended_on=TODAY)
    assert actions.tell_of_room(NOW + 2 * DAY) == 1
    send_due(NOW + 2 * DAY + MINUTE)
    assert letters() == [("sent", "")]


@pytest.mark.parametrize("how", ["paired", "asked", "closed", "over", "mentor left", "mentee left"])
def test_a_wait_is_over_when_there_is_nothing_to_wait_for(
    asking: Program, full: User, mentee: User, how: str
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    if how in ("paired", "asked"):
        free(full)
    if how == "paired":
        pair(asking, full, mentee)
    elif how == "asked":
        actions.ask_mentor(asking, full, by=mentee, note="Please", now=NOW)
    elif how == "closed":
        Program.objects.update(status="closed")
    elif how == "over":
        Program.objects.update(ends_on=TODAY - DAY)
    else:
        person = full if how == "mentor left" else mentee
        Enrollment.objects.filter(person=person).update(status="withdrawn")
    assert actions.tell_of_room(NOW) == 0
    assert not RoomWatch.objects.exists()
    assert letters() == []


def test_nobody_hears_while_the_program_or_the_mentor_rests(
    asking: Program, full: User, mentee: User
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    free(full)
    Program.objects.update(status="paused")
    assert actions.tell_of_room(NOW) == 0
    Program.objects.update(status="active")
    Enrollment.objects.filter(person=full).update(status="paused")
    assert actions.tell_of_room(NOW) == 0
    Enrollment.objects.filter(person=full).update(status="active")
    assert actions.tell_of_room(NOW) == 1


def test_waits_of_others_and_in_another_program_are_theirs(
    asking: Program, other_program: Program, full: User, mentee: User
) -> None:
    other = make_person("else@hill.example", "Else Berg")
    for person, role in ((full, "mentor"), (other, "mentee")):
        enroll(other_program, person, role)
    Program.objects.update(matched_by="mentees")
    other_program.refresh_from_db()
    actions.watch_room(asking, full, by=mentee, now=NOW)
    actions.watch_room(other_program, full, by=other, now=NOW)
    assert actions.tell_of_room(NOW) == 1
    assert Message.objects.get(kind=HAS_ROOM).person == other


IN_VAIN = ["no requests", "ruled out", "no fit elsewhere", "said no", "the mentee said no", "has a mentor"]


def in_vain(how: str, program: Program, other_program: Program, mentor: User, mentee: User) -> None:
    match how:
        case "no requests":
            Program.objects.update(matched_by="admins")
        case "ruled out":
            RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee)
        case "no fit elsewhere":
            RuledOut.objects.create(
                program=other_program, mentor=mentee, mentee=mentor, because=RuledOut.Because.NOT_A_FIT
            )
        case "said no":
            pair(program, mentor, mentee, status="declined")
        case "the mentee said no":
            pair(program, mentee, mentor, status="declined")
        case "has a mentor":
            other = make_person("some@harbor.example", "Some Body")
            enroll(program, other, "mentor")
            pair(program, other, mentee)


@pytest.mark.parametrize("how", IN_VAIN)
def test_nobody_waits_for_what_they_could_not_ask_for(
    asking: Program, other_program: Program, full: User, mentee: User, how: str
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    actions.tell_of_room(NOW)
    assert RoomWatch.objects.exists()
    free(full)
    in_vain(how, asking, other_program, full, mentee)
    assert actions.tell_of_room(NOW) == 0
    assert not RoomWatch.objects.exists()
    assert letters() == []


@pytest.mark.parametrize("how", IN_VAIN)
def test_a_letter_that_is_owed_is_not_sent_to_somebody_who_cannot_ask_any_more(
    asking: Program, other_program: Program, full: User, mentee: User, how: str
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    free(full)
    assert actions.tell_of_room(NOW) == 1
    in_vain(how, asking, other_program, full, mentee)
    send_due(NOW + MINUTE)
    assert letters() == [("cancelled", CANNOT_ASK)]
    actions.tell_of_room(NOW + MINUTE)
    assert not RoomWatch.objects.exists()


def test_what_was_ruled_out_or_refused_elsewhere_says_nothing_here(
    asking: Program, other_program: Program, full: User, mentee: User
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    free(full)
    RuledOut.objects.create(program=other_program, mentor=full, mentee=mentee)
    pair(other_program, full, mentee, status="declined")
    assert actions.tell_of_room(NOW) == 1


def test_whoever_has_a_break_or_a_proposal_waits_and_hears_afterwards(
    asking: Program, full: User, mentor: User, mentee: User
) -> None:
    actions.watch_room(asking, full, by=mentee, now=NOW)
    free(full)
    Enrollment.objects.filter(person=mentee).update(status="paused")
    assert actions.tell_of_room(NOW) == 0
    Enrollment.objects.filter(person=mentee).update(status="active")
    assert actions.tell_of_room(NOW) == 1
    proposed = pair(asking, mentor, mentee, status="proposed")
    send_due(NOW + MINUTE)
    assert letters() == [("cancelled", CANNOT_ASK)]
    assert actions.tell_of_room(NOW + DAY) == 0
    Pairing.objects.filter(pk=proposed.pk).update(status="declined")
    assert actions.tell_of_room(NOW + 2 * DAY) == 1
    send_due(NOW + 2 * DAY + MINUTE)
    assert letters() == [("sent", "")]
