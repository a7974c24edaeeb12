"""After a pairing: who stays in touch, who hears of it, and the postcards."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.mail import claims, letters
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import erasing
from mentoring import actions, in_touch, one_tap
from mentoring.actions import Refused
from mentoring.models import InTouch, Pairing, Postcard, Program, Retention
from mentoring.mydata_room import clear_words
from mentoring.room.due import due
from tests.conftest import NOW, signed_in
from tests.mentoring.test_races import at_once

from .conftest import DAY

CANARY = "bittern-a-few-lines-from-the-coast"


@pytest.fixture
def over(pairing: Pairing) -> Pairing:
    """Ended half a year ago, to the day."""
    Pairing.objects.update(status="completed", ended_on=date(2025, 12, 23), starts_on=date(2025, 3, 1))
    pairing.refresh_from_db()
    return pairing


@pytest.fixture
def friends(over: Pairing, mentor: User, mentee: User) -> Pairing:
    for person in (mentor, mentee):
        InTouch.objects.create(pairing=over, person=person, wants=True, said_at=NOW - 100 * DAY)
    return over


def say(pairing: Pairing, person: User, do: str) -> str:
    client = signed_in(person)
    response = client.post(reverse("pairings:in_touch", args=[pairing.pk]), {"do": do}, follow=True)
    return response.content.decode()


def page(pairing: Pairing, person: User) -> str:
    return signed_in(person).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()


def postcards(pairing: Pairing) -> str:
    return reverse("pairings:postcards", args=[pairing.pk])


def owed(kind: str) -> set[int]:
    return set(Message.objects.filter(kind=kind, state="queued").values_list("person", flat=True))


# --- Staying in touch


def test_both_hear_of_it_with_the_second_yes_and_find_each_others_address(
    over: Pairing, mentor: User, mentee: User
) -> None:
    assert "Would you like to stay in touch with Tomasz?" in page(over, mentor)
    assert "tomasz@harbor.example" not in page(over, mentor)
    assert "You said yes. If Tomasz says so too, both of you hear of it" in say(over, mentor, "yes")
    assert owed("in_touch") == set()
    assert "Would you like to stay in touch with Noor?" in page(over, mentee)
    assert "Noor would like" not in page(over, mentee)
    after = say(over, mentee, "yes")
    assert "You and Noor stay in touch" in after
    assert "noor@harbor.example" in after
    assert "tomasz@harbor.example" in page(over, mentor)
    assert owed("in_touch") == {mentor.pk, mentee.pk}
    email = letters.compose(Message.objects.get(kind="in_touch", person=mentor))
    assert email.subject == "Noor, you and Tomasz stay in touch"
    assert "tomasz@" not in str(email.body)


def test_nobody_hears_of_a_no(over: Pairing, mentor: User, mentee: User) -> None:
    before = page(over, mentee)
    say(over, mentor, "no")
    for person_page in (page(over, mentee),):
        assert person_page.count("stay in touch") == before.count("stay in touch")
        assert "rather not" not in person_page.lower().replace(">rather not<", "")
    say(over, mentee, "yes")
    assert "If Noor says so too, both of you hear of it; otherwise nobody does." in page(over, mentee)
    assert Message.objects.exists() is False


def test_a_mind_may_change_and_the_address_goes_with_it(friends: Pairing, mentor: User, mentee: User) -> None:
    say(friends, mentor, "no")
    assert Message.objects.exists() is False
    assert "noor@harbor.example" not in page(friends, mentee)
    assert "You said yes. If Noor says so too" in page(friends, mentee)
    say(friends, mentor, "yes")
    assert "noor@harbor.example" in page(friends, mentee)
    say(friends, mentor, "yes")
    assert Message.objects.filter(kind="in_touch").count() == 2


def test_an_e_mail_that_waits_is_not_sent_once_one_changed_their_mind(
    over: Pairing, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        actions.say_in_touch(over, by=person, wants=True, now=NOW)
    Message.objects.update(expires_at=timezone.now() + 9999 * DAY)
    message = Message.objects.get(kind="in_touch", person=mentor)
    assert claims.why_not(message) is None
    actions.say_in_touch(over, by=mentee, wants=False, now=NOW)
    ending = claims.why_not(message)
    assert ending is not None
    assert ending.reason == "one of them would rather not any more"


@pytest.mark.parametrize("status", ["accepted", "active", "paused"])
def test_it_is_asked_only_once_a_pairing_is_over(pairing: Pairing, mentor: User, status: str) -> None:
    Pairing.objects.update(status=status)
    assert "stay in touch" not in page(pairing, mentor)
    with pytest.raises(Refused):
        actions.say_in_touch(pairing, by=mentor, wants=True, now=NOW)


def test_others_say_nothing(
    over: Pairing, outsider: User, admin: User, superuser: User, member: User
) -> None:
    for person in (outsider, admin, superuser, member):
        client = signed_in(person)
        address = reverse("pairings:in_touch", args=[over.pk])
        assert client.post(address, {"do": "yes"}).status_code == 404
        with pytest.raises(Refused):
            actions.say_in_touch(over, by=person, wants=True, now=NOW)
    assert InTouch.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_one_moment_each_get_one_e_mail(over: Pairing, mentor: User, mentee: User) -> None:
    acts = [
        lambda: actions.say_in_touch(over, by=mentor, wants=True, now=NOW),
        lambda: actions.say_in_touch(over, by=mentee, wants=True, now=NOW),
        lambda: actions.say_in_touch(over, by=mentee, wants=True, now=NOW),
    ]
    assert at_once(acts) == ["done"] * 3
    assert in_touch.are_in_touch(over)
    assert sorted(Message.objects.values_list("person", flat=True)) == sorted([mentor.pk, mentee.pk])


# --- When a postcard is due


def asked_on(pairing: Pairing, start: date, days: int) -> list[tuple[int, date]]:
    for number in range(days):
        actions.ask_for_postcards(datetime.combine(start + number * DAY, NOW.timetz()))
    rows = Postcard.objects.filter(pairing=pairing, person=pairing.mentor).order_by("number")
    return [(row.number, row.asked_at.date()) for row in rows]


def test_each_is_asked_half_a_year_after_the_end_and_every_half_year(
    friends: Pairing, mentor: User, mentee: User
) -> None:
    Pairing.objects.update(ended_on=date(2025, 8, 31))
    times = asked_on(friends, date(2026, 2, 20), 15)
    times = asked_on(friends, date(2026, 8, 25), 12)
    times = asked_on(friends, date(2027, 2, 25), 5)
    assert times == [(1, date(2026, 3, 1)), (2, date(2026, 8, 31)), (3, date(2027, 3, 1))]
    assert Postcard.objects.filter(person=mentee).count() == 3
    letters_to_both = Message.objects.filter(kind="postcard_asked")
    assert letters_to_both.count() == 6
    email = letters.compose(letters_to_both.filter(person=mentor).earliest("pk"))
    assert email.subject == "How is Tomasz getting on?"
    assert "/pairings/postcards/" in str(email.body)


def test_what_was_not_asked_in_its_month_is_left_out(friends: Pairing) -> None:
    assert actions.ask_for_postcards(NOW + 40 * DAY) == 0
    assert actions.ask_for_postcards(NOW + 28 * DAY) == 2


def test_the_clock_twice_asks_once(friends: Pairing) -> None:
    assert [actions.ask_for_postcards(NOW + number * DAY) for number in (-1, 0, 0, 1, 29)] == [0, 2, 0, 0, 0]


@pytest.mark.parametrize("status", list(Program.Status))
def test_postcards_go_on_when_the_program_is_over_and_rest_while_it_rests(
    friends: Pairing, status: str
) -> None:
    Program.objects.update(status=status)
    goes_on = status in ("active", "closed", "archived")
    assert actions.ask_for_postcards(NOW) == (2 if goes_on else 0)


def test_nobody_is_asked_where_one_has_muted_or_changed_their_mind_or_is_leaving(
    friends: Pairing, mentee: User
) -> None:
    mine = InTouch.objects.filter(person=mentee)
    mine.update(muted_at=NOW)
    assert actions.ask_for_postcards(NOW) == 0
    mine.update(muted_at=None, wants=False)
    assert actions.ask_for_postcards(NOW) == 0
    mine.update(wants=True)
    User.objects.filter(pk=mentee.pk).update(erasure_due_at=NOW + DAY)
    assert actions.ask_for_postcards(NOW) == 0
    User.objects.update(erasure_due_at=None)
    assert actions.ask_for_postcards(NOW) == 2


def test_what_a_program_has_cleared_is_not_begun_anew(friends: Pairing, mentee: User) -> None:
    place = mentee.enrollments.get()
    Retention.objects.create(enrollment=place, over_since=NOW.date(), warned_at=NOW, cleared_at=NOW)
    assert actions.ask_for_postcards(NOW) == 0


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 3, 31), 6, date(2025, 9, 30)),
    ],
)
def test_months_before(day: date, months: int, earlier: date) -> None:
    assert in_touch.months_before(day, months) == earlier


def test_the_halves_of_years_never_overlap_and_none_is_left_out() -> None:
    days = [date(2025, 1, 1) + number * DAY for number in range(500)]
    for sooner, later in pairwise(days):
        step = in_touch.months_before(later, 6) - in_touch.months_before(sooner, 6)
        assert timedelta(0) <= step <= 4 * DAY


# --- Writing


@pytest.fixture
def waits(friends: Pairing) -> Pairing:
    actions.ask_for_postcards(NOW)
    return friends


def test_a_postcard_is_read_by_the_two_and_its_e_mail_says_nothing_of_it(
    waits: Pairing, mentor: User, mentee: User
) -> None:
    (due_now,) = due(waits, mentor, NOW)
    assert due_now.url == postcards(waits)
    response = signed_in(mentor).post(postcards(waits), {"text": CANARY}, follow=True)
    assert "Sent." in response.content.decode()
    assert CANARY in response.content.decode()
    assert due(waits, mentor, NOW) == []
    assert owed("postcard_came") == {mentee.pk}
    email = letters.compose(Message.objects.get(kind="postcard_came"))
    assert email.subject == "Tomasz, a postcard from Noor"
    assert CANARY not in str(email.body) + str(email.alternatives[0][0])
    theirs = signed_in(mentee).get(postcards(waits)).content.decode()
    assert CANARY in theirs
    # The reader's own still waits.
    assert "Send it to Noor" in theirs


def test_an_empty_postcard_and_one_that_is_too_long_are_said_beside_the_field(
    waits: Pairing, mentor: User
) -> None:
    client = signed_in(mentor)
    empty = client.post(postcards(waits), {"text": "  "})
    assert empty.status_code == 200
    assert "Write a line, or leave it: both are fine." in empty.content.decode()
    long = client.post(postcards(waits), {"text": "plover " * 1000})
    assert "plover plover" in long.content.decode()
    assert Postcard.objects.filter(sent_at__isnull=False).count() == 0


def test_a_postcard_is_sent_once(waits: Pairing, mentor: User) -> None:
    client = signed_in(mentor)
    client.post(postcards(waits), {"text": "First"})
    page = client.post(postcards(waits), {"text": "Second"}, follow=True).content.decode()
    assert "This postcard is sent already, or its time is over." in page
    assert [card.text for card in Postcard.objects.filter(person=mentor)] == ["First"]
    assert Message.objects.filter(kind="postcard_came").count() == 1


def test_only_the_last_one_can_be_written(waits: Pairing, mentor: User) -> None:
    card = Postcard.objects.get(person=mentor)
    Postcard.objects.create(pairing=waits, person=mentor, number=2)
    with pytest.raises(Refused):
        actions.send_postcard(card, by=mentor, text="x", now=NOW)


def test_nobody_but_the_two_reads_a_postcard(
    waits: Pairing, mentor: User, outsider: User, member: User, admin: User, superuser: User
) -> None:
    actions.send_postcard(Postcard.objects.get(person=mentor), by=mentor, text=CANARY, now=NOW)
    for person in (outsider, member, admin, superuser):
        assert signed_in(person).get(postcards(waits)).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM mentoring_postcard WHERE sent_at IS NOT NULL")
        assert CANARY.encode() not in bytes(cursor.fetchone()[0])


def test_what_was_written_stays_readable_when_they_are_no_longer_in_touch(
    waits: Pairing, mentor: User, mentee: User
) -> None:
    actions.send_postcard(Postcard.objects.get(person=mentor), by=mentor, text=CANARY, now=NOW)
    actions.say_in_touch(waits, by=mentor, wants=False, now=NOW)
    page = signed_in(mentee).get(postcards(waits)).content.decode()
    assert CANARY in page
    assert "Send it to" not in page
    with pytest.raises(Refused):
        actions.send_postcard(Postcard.objects.get(person=mentee), by=mentee, text="x", now=NOW)


def test_two_who_were_never_in_touch_have_no_such_page(over: Pairing, mentor: User) -> None:
    assert signed_in(mentor).get(postcards(over)).status_code == 404


def test_the_page_holds_past_fifty_with_the_same_number_of_queries(
    friends: Pairing, mentor: User, mentee: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 31):
        for person in (mentor, mentee):
            Postcard.objects.create(
                pairing=friends, person=person, number=number, text=f"card {number}", sent_at=NOW
            )
    client = signed_in(mentor)
    client.get(postcards(friends))
    with django_assert_num_queries(12):
        page = client.get(postcards(friends)).content.decode()
    assert page.count("<article") == 50
    assert "?page=2" in page


# --- Muting


def test_muting_by_the_link_of_the_e_mail_takes_one_press_and_tells_nobody(
    waits: Pairing, mentor: User, mentee: User
) -> None:
    address = reverse("pairings:postcards_stop", args=[one_tap.token_for(one_tap.MUTE, waits.pk, mentor.pk)])
    client = Client()
    assert "No more postcards between you and Tomasz?" in client.get(address).content.decode()
    assert InTouch.objects.filter(muted_at__isnull=False).count() == 0
    other = signed_in(mentee).post(address, {"do": "mute"}).content.decode()
    assert "This link is for Noor" in other
    assert InTouch.objects.filter(muted_at__isnull=False).count() == 0
    assert "You are not asked for any" in client.post(address, {"do": "mute"}, follow=True).content.decode()
    assert InTouch.objects.get(muted_at__isnull=False).person == mentor
    assert "muted" not in signed_in(mentee).get(postcards(waits)).content.decode()
    assert Message.objects.exclude(kind="postcard_asked").count() == 0


def test_muting_and_beginning_again_on_the_page(waits: Pairing, mentor: User) -> None:
    client = signed_in(mentor)
    address = reverse("pairings:postcards_mute", args=[waits.pk])
    assert "Postcards are muted" in client.post(address, {"do": "mute"}, follow=True).content.decode()
    assert due(waits, mentor, NOW) == []
    assert "Enough postcards?" in client.post(address, {"do": "unmute"}, follow=True).content.decode()


def test_an_e_mail_that_waits_is_not_sent_once_postcards_are_muted(
    waits: Pairing, mentor: User, mentee: User
) -> None:
    Message.objects.update(expires_at=timezone.now() + 9999 * DAY)
    message = Message.objects.get(kind="postcard_asked", person=mentor)
    assert claims.why_not(message) is None
    actions.mute_postcards(waits, by=mentee, is_muted=True, now=NOW)
    ending = claims.why_not(message)
    assert ending is not None
    assert ending.reason == "it is sent, or postcards are muted"


# --- What goes


def test_erasing_takes_the_words_of_whoever_wrote_them_and_leaves_the_others(
    waits: Pairing, mentor: User, mentee: User
) -> None:
    for person in (mentor, mentee):
        actions.send_postcard(Postcard.objects.get(person=person), by=person, text=person.first_name, now=NOW)
    erasing.erase(mentor, now=NOW)
    assert [card.text for card in Postcard.objects.all()] == ["Tomasz"]
    assert "Tomasz" in signed_in(mentee).get(postcards(waits)).content.decode()


def test_a_programs_retention_takes_the_words_in_it(waits: Pairing, mentor: User) -> None:
    actions.send_postcard(Postcard.objects.get(person=mentor), by=mentor, text=CANARY, now=NOW)
    clear_words(mentor, waits.program)
    assert not Postcard.objects.filter(person=mentor).exists()
    assert InTouch.objects.filter(person=mentor).exists()
