"""A person's private calendar: what is in it, whom it opens to, and how it ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import accounts.actions
from accounts import access
from accounts.models import User
from mentoring import calendar_events, calendar_feeds
from mentoring.models import CalendarFeed, Meeting, Pairing, Program
from tests import tables
from tests.accounts.conftest import lately_seen
from tests.conftest import pair, signed_in
from tests.mentoring.invites.lines import events, only, properties, second_reader

from .cast import DAY, HOUR, arranged, call_off, soon, told

pytestmark = pytest.mark.django_db


def link(person: User) -> str:
    return reverse("calendar:feed", args=[calendar_feeds.renew(person, datetime.now(UTC))])


def fetch(path: str, **headers: str) -> Any:
    return Client(headers=headers).get(path)


def test_the_link_opens_ones_meetings_without_signing_in(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, place="Room 4")
    response = fetch(link(mentee))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    (event,) = events(response.content)
    assert only(event, "UID").value == str(arrangement.uid)
    assert only(event, "LOCATION").value == "Room 4"
    assert next(each.value for each in properties(response.content) if each.name == "METHOD") == "PUBLISH"
    assert second_reader(response.content).vevent.dtstart.value == arrangement.starts_at


def test_nobodys_address_and_nobodys_words_are_in_it(pairing: Pairing, mentor: User, mentee: User) -> None:
    pairing.focus = "avocet-what-we-work-on"
    pairing.save()
    told(pairing)
    content = fetch(link(mentee)).content.decode()
    for private in (mentor.email, mentee.email, "avocet", "ATTENDEE", "Haddad"):
        assert private not in content


def test_what_did_not_change_is_not_sent_again(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    path = link(mentee)
    first = fetch(path)
    again = fetch(path, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    call_off(arrangement)
    other = fetch(path, **{"if-none-match": first["ETag"]})
    assert other.status_code == 200
    assert only(events(other.content)[0], "STATUS").value == "CANCELLED"
    assert Client().head(path).content == b""


def test_it_holds_ones_own_meetings_of_all_programs_and_of_no_other_pair(
    program: Program, other_program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    ours = told(pairing)
    theirs = told(pair(program, mentor, member), starts_at=soon(8))
    elsewhere = told(pair(other_program, mentee, member), starts_at=soon(9))
    uids = {only(each, "UID").value for each in events(fetch(link(mentee)).content)}
    assert uids == {str(ours.uid), str(elsewhere.uid)}
    assert str(theirs.uid) not in uids


def test_the_past_goes_back_a_year_and_pairs_that_are_over_stay(pairing: Pairing, mentee: User) -> None:
    recent = arranged(pairing, starts_at=soon(-30))
    arranged(pairing, starts_at=soon(-400))
    Pairing.objects.update(status="completed", ended_on=soon(-5).date())
    uids = [only(each, "UID").value for each in events(fetch(link(mentee)).content)]
    assert uids == [str(recent.uid)]


def test_a_pair_that_came_to_nothing_is_not_in_it(pairing: Pairing, mentee: User) -> None:
    told(pairing)
    Pairing.objects.update(status="declined")
    assert events(fetch(link(mentee)).content) == []


def test_a_meeting_that_was_only_written_down_is_in_it_too(pairing: Pairing, mentee: User) -> None:
    meeting = Meeting.objects.create(pairing=pairing, starts_at=soon(), place="https://meet.example/x")
    path = link(mentee)
    (event,) = events(fetch(path).content)
    assert only(event, "UID").value == f"meeting-{meeting.pk}@localhost"
    assert only(event, "CONFERENCE").value == "https://meet.example/x"
    Meeting.objects.update(cancelled_at=datetime.now(UTC))
    (event,) = events(fetch(path).content)
    assert (only(event, "STATUS").value, only(event, "SEQUENCE").value) == ("CANCELLED", "1")


def test_of_a_series_what_is_off_is_left_out_and_what_was_stays(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4, starts_at=soon(-10))
    call_off(arrangement)
    (event,) = events(fetch(link(mentee)).content)
    assert only(event, "STATUS").value == "CONFIRMED"
    assert len([each for each in event if each.name == "EXDATE"]) == 2


def test_one_that_no_calendar_can_hold_takes_no_other_along(pairing: Pairing, mentee: User) -> None:
    twice = arranged(pairing, starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), zone="Europe/Berlin")
    twice.every, twice.times = "week", 2
    twice.save()
    good = told(pairing)
    assert [only(each, "UID").value for each in events(fetch(link(mentee)).content)] == [str(good.uid)]


def test_it_takes_as_many_queries_for_many_meetings_as_for_one(
    pairing: Pairing, mentee: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(1, 60):
        arranged(pairing, starts_at=soon(days))
    arranged(pairing, every="week", times=30)
    Meeting.objects.create(pairing=pairing, starts_at=soon())
    with django_assert_num_queries(2):
        content = calendar_events.feed(mentee, datetime.now(UTC))
    assert len(events(content)) == 61


def test_it_is_in_the_language_of_its_person(pairing: Pairing, mentee: User) -> None:
    mentee.language = "de"
    mentee.save()
    told(pairing)
    assert "Noor und Tomasz" in fetch(link(mentee)).content.decode()


# --- Who gets in ---------------------------------------------------------------------------------------------------


def test_a_link_that_we_do_not_know_opens_nothing(mentee: User) -> None:
    response = fetch(reverse("calendar:feed", args=["unknown"]))
    assert (response.status_code, response.content) == (404, b"")


def test_the_database_knows_a_hash(mentee: User) -> None:
    token = calendar_feeds.renew(mentee, datetime.now(UTC))
    row = CalendarFeed.objects.get()
    assert token.encode() not in bytes(row.token_hash)
    assert fetch(reverse("calendar:feed", args=[bytes(row.token_hash).hex()])).status_code == 404


def test_a_new_link_ends_the_one_before(mentee: User) -> None:
    before, after = link(mentee), link(mentee)
    assert fetch(before).status_code == 404
    assert fetch(after).status_code == 200


def test_a_closed_account_has_no_calendar(mentee: User, superuser: User) -> None:
    path = link(mentee)
    access.disable(mentee, by=superuser, now=datetime.now(UTC))
    assert fetch(path).status_code == 404
    access.enable(mentee, by=superuser)
    assert fetch(path).status_code == 404


def test_it_ends_with_the_other_ways_in(mentee: User, mentor: User) -> None:
    path, other = link(mentee), link(mentor)
    accounts.actions.close_other_ways_in(mentee, keep=None, now=datetime.now(UTC))
    assert fetch(path).status_code == 404
    assert fetch(other).status_code == 200


def test_guessing_is_stopped(mentee: User) -> None:
    path = link(mentee)
    for number in range(60):
        assert fetch(reverse("calendar:feed", args=[f"guess-{number}"])).status_code == 404
    assert fetch(reverse("calendar:feed", args=["one-more"])).status_code == 429
    assert fetch(path).status_code == 429, "a right one too, or it would tell"


def test_one_link_is_fetched_so_often_and_no_more(mentee: User) -> None:
    path = link(mentee)
    for _ in range(120):
        assert Client().head(path).status_code == 200
    assert fetch(path).status_code == 429


def test_when_it_was_fetched_is_noted_to_the_hour(mentee: User) -> None:
    path = link(mentee)
    assert CalendarFeed.objects.get().fetched_at is None
    Client().head(path)
    assert CalendarFeed.objects.get().fetched_at is None
    fetch(path)
    first = CalendarFeed.objects.get().fetched_at
    assert first is not None
    fetch(path)
    assert CalendarFeed.objects.get().fetched_at == first
    CalendarFeed.objects.update(fetched_at=first - timedelta(hours=2))
    fetch(path)
    now = CalendarFeed.objects.get().fetched_at
    assert now is not None
    assert now > first - HOUR


def test_fetching_changes_nothing_but_that_hour(pairing: Pairing, mentee: User) -> None:
    told(pairing)
    path = link(mentee)
    before = tables.prints()
    fetch(path)
    first = tables.prints()
    assert [each for each in before if before[each] != first[each]] == ["mentoring_calendarfeed"]
    fetch(path)
    fetch(reverse("calendar:feed", args=["unknown"]))
    assert tables.prints() == first


# --- The page ------------------------------------------------------------------------------------------------------


def page(client: Client) -> str:
    return client.get(reverse("calendar:settings")).content.decode()


def test_the_link_is_shown_once_and_works(pairing: Pairing, mentee: User) -> None:
    client = lately_seen(mentee, signed_in(mentee))
    assert "You have no link yet" in page(client)
    made = client.post(reverse("calendar:renew"))
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    url = made.context["url"]
    assert url.startswith("http://localhost:8000/calendar/")
    assert url in made.content.decode()
    assert fetch(url.removeprefix("http://localhost:8000")).status_code == 200
    after = page(client)
    assert "You have a link" in after
    assert url not in after


def test_a_link_is_made_for_whoever_has_just_shown_who_they_are(mentee: User) -> None:
    response = signed_in(mentee).post(reverse("calendar:renew"))
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert not CalendarFeed.objects.exists()


def test_it_is_ended_by_a_click(mentee: User) -> None:
    path = link(mentee)
    client = signed_in(mentee)
    client.post(reverse("calendar:stop"))
    assert fetch(path).status_code == 404
    assert "You have no link yet" in page(client)


# --- One meeting as a file -----------------------------------------------------------------------------------------


def test_one_meeting_is_a_file_for_the_two(
    pairing: Pairing, mentor: User, mentee: User, outsider: User
) -> None:
    arrangement = told(pairing)
    meeting = arrangement.meetings.get()
    path = reverse("pairings:meeting_file", args=[pairing.pk, meeting.pk])
    for person in (mentor, mentee):
        response = signed_in(person).get(path)
        assert response.status_code == 200
        assert response["Content-Disposition"] == f'attachment; filename="meeting-{meeting.pk}.ics"'
        assert "no-store" in response["Cache-Control"]
        (event,) = events(response.content)
        assert only(event, "UID").value == str(arrangement.uid)
        assert b"X-WR-CALNAME" not in response.content
        assert b"ATTENDEE" not in response.content
    assert signed_in(outsider).get(path).status_code == 404
    Meeting.objects.update(cancelled_at=datetime.now(UTC))
    assert signed_in(mentor).get(path).status_code == 404


def test_what_no_calendar_can_hold_is_no_file(pairing: Pairing, mentee: User) -> None:
    twice = arranged(pairing, starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), zone="Europe/Berlin")
    twice.every, twice.times = "week", 2
    twice.save()
    path = reverse("pairings:meeting_file", args=[pairing.pk, twice.meetings.get().pk])
    assert signed_in(mentee).get(path).status_code == 404


def test_the_pairs_page_offers_it(pairing: Pairing, mentee: User) -> None:
    meeting = Meeting.objects.create(pairing=pairing, starts_at=datetime.now(UTC) + DAY)
    path = reverse("pairings:meeting_file", args=[pairing.pk, meeting.pk])
    assert path in signed_in(mentee).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert len(events(signed_in(mentee).get(path).content)) == 1
