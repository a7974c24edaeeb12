"""Whether the two met, said by either; a meeting that was, written down in one line; and the list of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import AgendaItem, Arrangement, Meeting, Note, Pairing, Program
from mentoring.room.due import due
from tests.conftest import NOW, pair, signed_in
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def meet(pairing: Pairing, starts_at: datetime = NOW - DAY, **fields: Any) -> Meeting:
    return Meeting.objects.create(pairing=pairing, starts_at=starts_at, **fields)


def say(meeting: Meeting, by: User, met: bool, now: datetime = NOW) -> None:
    actions.say_whether_met(meeting, by=by, met=met, now=now)


def said(meeting: Meeting) -> tuple[bool | None, datetime | None]:
    meeting.refresh_from_db()
    return meeting.took_place, meeting.said_at


def url(name: str, *args: object) -> str:
    return reverse(f"pairings:{name}", args=args)


def get(client: Client, name: str, *args: object) -> str:
    answer = client.get(url(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


# --- Did you meet?


@pytest.mark.parametrize(("do", "met"), [("yes", True), ("no", False)])
def test_either_says_it_for_both(pairing: Pairing, mentor: User, mentee: User, do: str, met: bool) -> None:
    for person in (mentor, mentee):
        meeting = meet(pairing)
        there = url("past_one", pairing.pk, meeting.pk)
        assert "Did you meet?" in get(signed_in(person), "past_one", pairing.pk, meeting.pk)
        answer = signed_in(person).post(url("past_met", pairing.pk, meeting.pk), {"do": do})
        assert answer["Location"] == there
        assert said(meeting) == (met, NOW)
        for reader in (mentor, mentee):
            text = get(signed_in(reader), "past_one", pairing.pk, meeting.pk)
            assert ("You met." if met else "You did not meet.") in text


def test_looking_says_nothing_and_a_button_without_a_name_neither(pairing: Pairing, mentor: User) -> None:
    meeting = meet(pairing)
    client = signed_in(mentor)
    get(client, "past_one", pairing.pk, meeting.pk)
    get(client, "past", pairing.pk)
    assert client.get(url("past_met", pairing.pk, meeting.pk) + "?do=yes").status_code == 405
    client.post(url("past_met", pairing.pk, meeting.pk), {"do": "perhaps"})
    assert said(meeting) == (None, None)


def test_what_was_said_last_counts(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = meet(pairing)
    say(meeting, mentor, False)
    say(meeting, mentee, True, NOW + HOUR)
    assert said(meeting) == (True, NOW + HOUR)


def test_nobody_says_it_of_a_meeting_that_is_to_come_or_was_canceled(pairing: Pairing, mentor: User) -> None:
    for meeting in (meet(pairing, NOW + HOUR), meet(pairing, cancelled_at=NOW - 2 * DAY)):
        with pytest.raises(Refused):
            say(meeting, mentor, True)
        assert signed_in(mentor).get(url("past_one", pairing.pk, meeting.pk)).status_code == 404
        assert said(meeting) == (None, None)


def test_nobody_else_says_or_reads_it(
    pairing: Pairing, member: User, outsider: User, admin: User, superuser: User
) -> None:
    meeting = meet(pairing)
    for person in (member, outsider, admin, superuser):
        client = signed_in(person)
        for name in ("past_met", "past_kind"):
            assert client.post(url(name, pairing.pk, meeting.pk), {"do": "yes"}).status_code == 404
        assert client.get(url("past_one", pairing.pk, meeting.pk)).status_code == 404
        assert client.get(url("past", pairing.pk)).status_code == 404
        with pytest.raises(Refused):
            say(meeting, person, True)
    assert said(meeting) == (None, None)


@pytest.mark.parametrize("status", ["completed", "ended"])
def test_once_the_pairing_is_over_it_is_only_read(pairing: Pairing, mentor: User, status: str) -> None:
    meeting = meet(pairing)
    Pairing.objects.update(status=status, ended_on=NOW.date())
    text = get(signed_in(mentor), "past_one", pairing.pk, meeting.pk)
    assert "Did you meet?" not in text
    with pytest.raises(Refused):
        say(meeting, mentor, True)


def test_a_program_that_is_over_takes_no_answer(pairing: Pairing, mentor: User) -> None:
    meeting = meet(pairing)
    Program.objects.update(status="closed")
    with pytest.raises(Refused):
        say(meeting, mentor, True)


def test_a_mentor_says_it_once_for_what_was_planned_with_several(
    pairing: Pairing, program: Program, mentor: User, mentee: User, member: User
) -> None:
    arranged = Arrangement.objects.create(zone="Europe/Lisbon", starts_at=NOW - DAY)
    shared = {"arrangement": arranged, "original_at": NOW - DAY}
    first, second = meet(pairing, **shared), meet(pair(program, mentor, member), **shared)
    other_day = meet(pairing, NOW - 2 * DAY, arrangement=arranged, original_at=NOW - 2 * DAY)
    text = get(signed_in(mentor), "past_one", pairing.pk, first.pk)
    assert "You had planned it with Ines as well" in text
    assert "as well" not in get(signed_in(mentee), "past_one", pairing.pk, first.pk)
    say(second, member, False)
    say(first, mentor, True)
    assert said(first)[0] is True
    # What somebody has said of theirs stays.
    assert said(second)[0] is False
    assert said(other_day)[0] is None
    Meeting.objects.update(took_place=None, said_at=None)
    say(first, mentee, True)
    assert said(second)[0] is None
    say(first, mentor, True)
    assert said(second)[0] is True


# --- What kind it was


def test_somebody_came_along(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = meet(pairing, took_place=True, said_at=NOW)
    signed_in(mentee).post(url("past_kind", pairing.pk, meeting.pk), {"kind": "came_along"})
    meeting.refresh_from_db()
    assert meeting.kind == "came_along"
    assert "What did you see that no book would have told you?" in get(
        signed_in(mentee), "past_one", pairing.pk, meeting.pk
    )
    assert "Came along" in get(signed_in(mentor), "past", pairing.pk)
    signed_in(mentee).post(url("past_kind", pairing.pk, meeting.pk), {"kind": "party"})
    meeting.refresh_from_db()
    assert meeting.kind == "came_along"


# --- Written down


def log(client: Client, pairing: Pairing, on: str, at: str, kind: str = "talk") -> Any:
    return client.post(url("past", pairing.pk), {"on": on, "at": at, "kind": kind})


def test_a_meeting_that_was_is_written_down_in_one_line(pairing: Pairing, mentee: User) -> None:
    answer = log(signed_in(mentee), pairing, "2026-06-22", "09:30", "came_along")
    meeting = Meeting.objects.get()
    assert answer["Location"] == url("past_one", pairing.pk, meeting.pk)
    # Half past nine in Warsaw.
    assert meeting.starts_at == datetime(2026, 6, 22, 7, 30, tzinfo=UTC)
    assert (meeting.kind, meeting.took_place, meeting.said_at) == ("came_along", True, NOW)


def test_the_line_is_filled_in_with_an_hour_ago(pairing: Pairing, mentor: User) -> None:
    text = get(signed_in(mentor), "past", pairing.pk)
    assert 'value="2026-06-23"' in text
    assert 'value="12:00"' in text


def test_one_that_was_planned_for_that_moment_is_that_one(pairing: Pairing, mentor: User) -> None:
    planned = meet(pairing, datetime(2026, 6, 22, 8, 0, tzinfo=UTC), place="Café Lux")
    log(signed_in(mentor), pairing, "2026-06-22", "09:00")
    log(signed_in(mentor), pairing, "2026-06-22", "09:00")
    assert Meeting.objects.count() == 1
    assert said(planned)[0] is True


@pytest.mark.parametrize(
    ("on", "at", "why"),
    [
        ("2026-06-24", "09:00", "This is still to come."),
        ("2026-01-04", "09:00", "since the two of you were brought together"),
        ("0001-01-01", "00:00", "since the two of you were brought together"),
        ("9999-12-31", "23:59", "since the two of you were brought together"),
        ("", "09:00", "Choose a day."),
        ("22.6.2026", "", "Choose a time."),
    ],
)
def test_what_cannot_have_been_is_said_beside_the_field(
    pairing: Pairing, mentor: User, on: str, at: str, why: str
) -> None:
    answer = log(signed_in(mentor), pairing, on, at)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert why in text
    assert f'value="{on}"' in text or not on
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        # The hour that the clocks skip in Lisbon on that night, and the one that they repeat.
        (("2026-03-29", "01:30"), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (("2025-10-26", "01:30"), datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
    ],
)
def test_both_edges_of_summer(pairing: Pairing, mentor: User, at: tuple[str, str], instant: datetime) -> None:
    Pairing.objects.update(starts_on="2025-01-01")
    log(signed_in(mentor), pairing, *at)
    assert Meeting.objects.get().starts_at == instant


def test_others_write_nothing_down_and_nobody_does_once_it_is_over(
    pairing: Pairing, mentor: User, admin: User
) -> None:
    with pytest.raises(Refused):
        actions.log_meeting(pairing, by=admin, starts_at=NOW - HOUR, now=NOW)
    Pairing.objects.update(status="ended", ended_on=NOW.date())
    with pytest.raises(Refused):
        actions.log_meeting(pairing, by=mentor, starts_at=NOW - HOUR, now=NOW)
    assert "Write down a meeting" not in get(signed_in(mentor), "past", pairing.pk)


# --- What is due


def test_the_page_asks_about_the_last_meeting_until_somebody_says_so(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    meet(pairing, NOW - 3 * DAY)
    last = meet(pairing)
    meet(pairing, NOW - HOUR / 2)  # still going on
    meet(pairing, NOW + DAY)
    for person in (mentor, mentee):
        (waits,) = due(pairing, person, NOW)
        assert waits.words == "Did you meet on Monday, June 22?"
        assert waits.url == url("past_one", pairing.pk, last.pk)
    say(last, mentee, True)
    Meeting.objects.filter(starts_at=NOW - 3 * DAY).delete()
    assert due(pairing, mentor, NOW) == []


def test_nothing_is_due_about_a_meeting_long_ago_or_in_a_pairing_that_is_over(
    pairing: Pairing, mentor: User
) -> None:
    meeting = meet(pairing, NOW - 15 * DAY)
    assert due(pairing, mentor, NOW) == []
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=NOW - DAY)
    assert len(due(pairing, mentor, NOW)) == 1
    pairing.status = Pairing.Status.ENDED
    assert due(pairing, mentor, NOW) == []


def test_the_list_asks_about_nothing_that_was_long_ago(pairing: Pairing, mentor: User) -> None:
    meet(pairing, NOW - 15 * DAY)
    for name in ("past", "detail"):
        assert "Did you meet?" not in get(signed_in(mentor), name, pairing.pk)
    meet(pairing, NOW - 13 * DAY)
    assert get(signed_in(mentor), "past", pairing.pk).count("Did you meet?") == 1


def test_what_the_card_at_the_top_asks_about_is_not_asked_again_below(pairing: Pairing, mentor: User) -> None:
    asked = meet(pairing, NOW - 2 * DAY)
    there = url("past_one", pairing.pk, asked.pk)
    text = get(signed_in(mentor), "detail", pairing.pk)
    assert text.count(f'href="{there}"') == 1
    assert "Did you meet?" not in text
    say(asked, mentor, True)
    text = get(signed_in(mentor), "detail", pairing.pk)
    assert text.count(f'href="{there}"') == 1
    assert text.index("When you met") < text.index(f'href="{there}"')


# --- The list


def test_the_list_holds_past_a_page_with_the_same_number_of_questions(
    pairing: Pairing, mentor: User, mentee: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(mentor)
    Pairing.objects.update(starts_on="2020-01-01")
    meet(pairing)
    client.get(url("past", pairing.pk))
    with django_assert_max_num_queries(30) as few:
        client.get(url("past", pairing.pk))
    with django_assert_max_num_queries(60) as few_on_the_pairs:
        client.get(url("detail", pairing.pk))
    for number in range(60):
        one = meet(pairing, NOW - (number + 2) * 7 * DAY, took_place=number % 2 == 0, said_at=NOW)
        for author in (mentor, mentee):
            Note.objects.create(pairing=pairing, meeting=one, author=author, text="x")
            AgendaItem.objects.create(pairing=pairing, meeting=one, author=author, text="x", talked_at=NOW)
    with django_assert_max_num_queries(len(few)):
        text = get(client, "past", pairing.pk)
    assert text.count("one note") == 49
    assert "?page=2" in text
    with django_assert_max_num_queries(len(few_on_the_pairs) + 2):
        text = get(client, "detail", pairing.pk)
    assert "All meetings" in text


def test_the_page_of_one_meeting_holds_many_notes(
    pairing: Pairing, mentor: User, django_assert_max_num_queries: Any
) -> None:
    one = meet(pairing, took_place=True, said_at=NOW)
    client = signed_in(mentor)

    def put(number: int) -> None:
        Note.objects.create(pairing=pairing, meeting=one, author=mentor, text=f"Note {number:02}")
        AgendaItem.objects.create(
            pairing=pairing, meeting=one, author=mentor, text=f"Talked {number:02}", talked_at=NOW
        )

    put(0)
    get(client, "past_one", pairing.pk, one.pk)
    with django_assert_max_num_queries(30) as few:
        get(client, "past_one", pairing.pk, one.pk)
    for number in range(1, 61):
        put(number)
    with django_assert_max_num_queries(len(few)):
        text = get(client, "past_one", pairing.pk, one.pk)
    assert "Note 60" in text
    assert "?page=2" in text
    assert "?talked=2" in text


# --- At once


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_meeting_down_at_once_leave_one(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    ends = at_once(
        [
            lambda person=person: actions.log_meeting(  # type: ignore[misc]
                pairing, by=person, starts_at=NOW - HOUR, now=NOW
            )
            for person in (mentor, mentee, mentor, mentee)
        ]
    )
    assert ends == ["done"] * 4
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_to_their_agenda_at_once_leave_one(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    ends = at_once(
        [
            lambda person=person: actions.add_to_agenda(pairing, by=person, text="Prices", now=NOW)  # type: ignore[misc]
            for person in (mentor, mentee, mentor)
        ]
    )
    assert ends == ["done"] * 3
    assert AgendaItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_no_at_once_one_counts(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = meet(pairing)
    ends = at_once([lambda: say(meeting, mentor, True), lambda: say(meeting, mentee, False)])
    assert ends == ["done", "done"]
    assert said(meeting)[0] in (True, False)
