"""Where the two find a time, and what each may do there."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User, UsualHours
from mentoring import actions, times_links
from mentoring.models import Arrangement, Enrollment, Holiday, Meeting, MeetingProposal, Pairing, Program
from mentoring.room.due import due
from mentoring.room.times_due import meeting_unanswered, times_proposed
from tests.conftest import NOW, make_person, pair, signed_in

from .conftest import DAY, FRIDAY, THURSDAY, plan, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def url(name: str, pairing: Pairing, *more: int) -> str:
    return reverse(f"pairings:{name}", args=[pairing.pk, *more])


def page(person: User, address: str) -> str:
    response = signed_in(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def usually(person: User, begins: int, ends: int, weekdays: range = range(5)) -> None:
    UsualHours.objects.bulk_create(
        UsualHours(person=person, weekday=day, begins=begins * 2, ends=ends * 2) for day in weekdays
    )


# --- Times that suit


def test_times_are_offered_where_both_have_time_on_both_clocks(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    usually(mentor, 9, 11)
    usually(mentee, 11, 18)
    text = page(mentor, url("detail", pairing))
    assert "No meeting planned" in text
    assert "These lie within the usual hours of you both" in text
    assert "10:00 to 11:00" in text
    assert "11:00 to 12:00 for Tomasz in Warsaw" in text
    assert 'value="2026-06-25T09:00Z"' in text
    text = page(mentee, url("meeting_plan", pairing))
    assert "11:00 to 12:00" in text
    assert "10:00 to 11:00 for Noor in Lisbon" in text


def test_no_time_is_offered_on_days_off_in_a_break_or_when_one_of_them_meets(
    pairing: Pairing, second: Pairing, program: Program, mentor: User, mentee: User
) -> None:
    usually(mentor, 9, 10)
    usually(mentee, 10, 11)
    Holiday.objects.create(program=program, starts_on=date(2026, 6, 24), ends_on=date(2026, 6, 26))
    # Of the mentor with somebody else.
    plan(second, mentor, starts_at=datetime(2026, 6, 29, 8, 0, tzinfo=UTC))
    text = page(mentee, url("meeting_plan", pairing))
    offered = [day for day in range(24, 31) if f'value="2026-06-{day}T08:00Z"' in text]
    assert offered == [30]
    Enrollment.objects.filter(person=mentor).update(status="paused", paused_until=date(2026, 7, 2))
    assert 'value="2026-06-30T08:00Z"' not in page(mentee, url("meeting_plan", pairing))


def test_without_such_a_time_the_closest_are_named_with_what_they_cost(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    usually(mentor, 9, 10)
    usually(mentee, 12, 13)
    text = page(mentor, url("meeting_plan", pairing))
    assert "No time lies within the usual hours of you both." in text
    assert "60 minutes before Tomasz’s usual hours" in text or "60 minutes past your usual hours" in text


def test_it_says_whose_hours_were_assumed(pairing: Pairing, mentor: User, mentee: User) -> None:
    usually(mentor, 9, 17)
    assert "Tomasz has not said when they have time" in page(mentor, url("meeting_plan", pairing))
    assert "You have not said your usual hours" in page(mentee, url("meeting_plan", pairing))


def test_times_are_looked_for_until_the_last_day(pairing: Pairing, program: Program, mentor: User) -> None:
    Program.objects.update(ends_on=date(2026, 6, 25))
    text = page(mentor, url("meeting_plan", pairing))
    assert 'value="2026-06-25T' in text
    assert 'value="2026-06-26T' not in text
    Program.objects.update(ends_on=date(2026, 6, 22))
    assert "We found no time that would do for you both." in page(mentor, url("meeting_plan", pairing))


@pytest.mark.parametrize(
    "query", ["?minutes=90&from=2026-09-01", "?minutes=x&from=0001-01-01", "?from=9999-12-31"]
)
def test_other_lengths_and_later_days_are_looked_for(pairing: Pairing, mentor: User, query: str) -> None:
    text = page(mentor, url("meeting_plan", pairing) + query)
    assert ("Tuesday, September 1" in text) == ("2026-09" in query)


def test_the_page_costs_the_same_however_many_meetings_there_are(
    pairing: Pairing, program: Program, mentor: User, django_assert_num_queries: object
) -> None:
    client = signed_in(mentor)
    address = url("meeting_plan", pairing)
    client.get(address)
    plan(pairing, mentor)
    with django_assert_num_queries(25, exact=False) as few:  # type: ignore[operator]
        client.get(address)
    Enrollment.objects.filter(person=mentor).update(capacity=9)
    for number in range(3):
        other = make_person(f"p{number}@harbor.example", f"Person {number}")
        plan(pair(program, mentor, other), mentor, starts_at=FRIDAY, every="week", times=20)
    with django_assert_num_queries(len(few)):  # type: ignore[operator]
        client.get(address)


# --- Proposing and taking


def test_three_at_most_are_proposed_from_the_offered_and_ones_own(
    pairing: Pairing, mentee: User, mentor: User
) -> None:
    form = {
        "suggested": ["2026-07-02T15:00Z"],
        "on_1": "2026-07-03",
        "at_1": "17:30",
        "minutes": "45",
        "place": "Quay",
    }
    response = signed_in(mentee).post(url("times_propose", pairing), form, follow=True)
    text = response.content.decode()
    assert "Proposed. Noor gets an e-mail." in text
    assert "You have proposed times" in text
    assert "17:30 to 18:15 in Warsaw" in text
    made = MeetingProposal.objects.get()
    assert list(made.times.values_list("starts_at", flat=True)) == [
        THURSDAY,
        datetime(2026, 7, 3, 15, 30, tzinfo=UTC),
    ]
    text = page(mentor, url("detail", pairing))
    assert "Tomasz proposes times to meet" in text
    assert "16:30 to 17:15 in Lisbon" in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose at least one time."),
        ({"on_1": "2026-07-02"}, "Choose a time."),
        ({"at_2": "10:00"}, "Choose a day."),
        ({"on_1": "2026-06-22", "at_1": "10:00"}, "still to come"),
        ({"on_1": "9999-12-31", "at_1": "23:30"}, "in the next two years"),
        ({"on_1": "2027-03-28", "at_1": "02:30"}, "The clocks skip this time"),
        ({"on_1": "soon", "at_1": "then"}, "Write the time like 14:30."),
        ({"suggested": ["now"]}, "Select a valid choice"),
        ({"suggested": [f"2026-07-0{day}T15:00Z" for day in range(1, 5)]}, "Choose three times at most"),
        ({"suggested": ["2026-07-02T15:00Z"], "place": "x" * 201}, "at most 200 characters"),
    ],
)
def test_times_that_cannot_be_proposed_are_shown_again_with_the_reason(
    pairing: Pairing, mentee: User, form: dict[str, object], words: str
) -> None:
    form = {"minutes": "60", "place": "Quay"} | form
    response = signed_in(mentee).post(url("times_propose", pairing), form)
    assert response.status_code == 200
    text = response.content.decode()
    assert words in text
    assert "<title>Error:" in text
    assert str(form["place"])[:20] in text
    if "on_1" in form:
        assert f'value="{form["on_1"]}"' in text
    assert not MeetingProposal.objects.exists()


def test_what_was_found_is_proposed_as_long_as_it_was_shown(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    usually(mentor, 9, 18)
    usually(mentee, 9, 18)
    text = page(mentee, url("meeting_plan", pairing) + "?minutes=90&from=2026-07-06")
    assert '<input type="hidden" name="minutes" value="90"' in text
    assert '<input type="hidden" name="from" value="2026-07-06">' in text
    assert '<option value="90" selected>' in text
    ticked = {"suggested": ["2026-07-06T08:00Z"], "minutes": "90", "from": "2026-07-06"}
    # "How long" is about times of one's own; without one it says nothing.
    signed_in(mentee).post(url("times_propose", pairing), ticked | {"own_minutes": "120"})
    assert MeetingProposal.objects.get().minutes == 90


def test_times_of_ones_own_last_as_long_as_is_said_beside_them(pairing: Pairing, mentee: User) -> None:
    own = {"on_1": "2026-07-03", "at_1": "17:30", "own_minutes": "120", "minutes": "60"}
    address = url("times_propose", pairing)
    text = signed_in(mentee).post(address, own | {"suggested": ["2026-07-02T15:00Z"]}).content.decode()
    assert (
        text.count("The times that you ticked are for 60 minutes") == 2
    )  # In the box, and beside its field.
    assert not MeetingProposal.objects.exists()
    signed_in(mentee).post(address, own)
    assert MeetingProposal.objects.get().minutes == 120


@pytest.mark.parametrize("name", ["detail", "meeting_plan"])
def test_one_length_alone_is_asked_for_what_was_found(pairing: Pairing, mentor: User, name: str) -> None:
    text = page(mentor, url(name, pairing))
    assert text.count('name="minutes" value="60"') == 1
    assert '<select name="minutes"' not in text.split("You have agreed on a time already?")[0]


def test_after_an_error_the_same_times_are_offered_and_named_alike(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    usually(mentor, 9, 18)
    usually(mentee, 9, 18)
    form = {
        "suggested": ["2026-07-02T15:00Z"],
        "minutes": "90",
        "from": "2026-07-06",
        "own_minutes": "90",
        "on_1": "2026-07-03",
    }
    text = signed_in(mentee).post(url("times_propose", pairing), form).content.decode()
    assert "Choose a time." in text
    assert 'name="minutes" value="90"' in text
    assert 'name="from" value="2026-07-06"' in text
    assert 'value="2026-07-06T08:00Z"' in text
    assert "These lie within the usual hours of you both" in text
    assert f'href="{url("meeting_plan", pairing)}?minutes=90&amp;from=2026-07-27"' in text
    # What was ticked is none of them any more, and is called as it was, on both clocks.
    assert "Thursday, July 2, 17:00 to 18:30" in text
    assert "16:00 to 17:30 for Noor in Lisbon" in text
    assert "UTC" not in text


def test_all_that_is_wrong_is_said_at_once_and_beside_its_field(pairing: Pairing, mentee: User) -> None:
    form = {
        "suggested": ["2026-06-22T06:00Z"],
        "on_1": "2026-06-22",
        "at_1": "10:00",
        "at_2": "10:00",
        "place": "x" * 201,
        "minutes": "60",
    }
    text = signed_in(mentee).post(url("times_propose", pairing), form).content.decode()
    for of, words in (
        ("suggested", "Choose a time that is still to come."),
        ("on_1", "Choose a time that is still to come."),
        ("on_2", "Choose a day."),
        ("place", "at most 200 characters"),
    ):
        assert words in text.split(f'id="id_{of}_error"')[1].split("</ul>")[0]
    text = signed_in(mentee).post(url("times_propose", pairing), {"minutes": "60", "place": "x" * 201})
    text = text.content.decode()
    assert "at most 200 characters" in text.split('id="id_place_error"')[1].split("</ul>")[0]
    assert "Choose at least one time." in text.split('id="id_suggested_error"')[1].split("</ul>")[0]


@pytest.mark.parametrize("minutes", ["", "x", "9", "481"])
def test_a_length_that_no_meeting_has_is_not_proposed(pairing: Pairing, mentee: User, minutes: str) -> None:
    form = {"suggested": ["2026-07-02T15:00Z"], "minutes": minutes, "from": "then"}
    assert signed_in(mentee).post(url("times_propose", pairing), form).status_code == 200
    assert not MeetingProposal.objects.exists()


def test_a_move_that_is_taken_is_told_with_its_new_time(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    proposal = propose(pairing, mentor, starts=[FRIDAY], moves=meeting)
    form = {"time": str(proposal.times.get().pk)}
    response = signed_in(mentee).post(url("times_take", pairing, proposal.pk), form, follow=True)
    assert "You meet on Friday, July 3 at 17:00." in response.content.decode()


def test_a_single_time_is_not_spoken_of_as_several(pairing: Pairing, mentor: User, mentee: User) -> None:
    propose(pairing, mentor, starts=[FRIDAY])
    text = page(mentee, url("detail", pairing))
    assert "It does not suit" in text
    assert "None of them suits" not in text


def test_whoever_comes_second_reads_so_with_what_they_typed(proposal: MeetingProposal, mentee: User) -> None:
    form = {"on_1": "2026-07-08", "at_1": "10:00", "minutes": "60", "place": "Quay"}
    text = signed_in(mentee).post(url("times_propose", proposal.pairing), form).content.decode()
    assert "Noor has proposed times already" in text
    assert 'value="2026-07-08"' in text
    assert "This one" in text


def test_one_tap_takes_a_time(proposal: MeetingProposal, mentee: User) -> None:
    pairing = proposal.pairing
    time = proposal.times.earliest("starts_at")
    text = page(mentee, url("meeting_plan", pairing))
    assert f'value="{time.pk}"' in text
    assert "16:00 to 17:00 for Noor in Lisbon" in text
    response = signed_in(mentee).post(
        url("times_take", pairing, proposal.pk), {"time": str(time.pk)}, follow=True
    )
    assert "You meet on Thursday, July 2 at 17:00." in response.content.decode()
    assert Meeting.objects.get().starts_at == THURSDAY


def test_none_suits_leads_to_proposing_others(proposal: MeetingProposal, mentor: User, mentee: User) -> None:
    response = signed_in(mentee).post(url("times_none", proposal.pairing, proposal.pk), follow=True)
    text = response.content.decode()
    assert "Noor hears of it. You can propose others here." in text
    assert "Propose to Noor" in text
    assert "proposed a" not in page(mentor, url("detail", proposal.pairing))


def test_taken_back_it_is_gone(proposal: MeetingProposal, mentor: User, mentee: User) -> None:
    signed_in(mentor).post(url("times_take_back", proposal.pairing, proposal.pk))
    assert "proposes times" not in page(mentee, url("detail", proposal.pairing))
    time = proposal.times.earliest("starts_at")
    response = signed_in(mentee).post(
        url("times_take", proposal.pairing, proposal.pk), {"time": str(time.pk)}, follow=True
    )
    assert "These times were taken back." in response.content.decode()


@pytest.mark.parametrize("time", ["", "0", "x", "9" * 30])
def test_a_time_that_is_none_of_them_is_not_there(proposal: MeetingProposal, mentee: User, time: str) -> None:
    address = url("times_take", proposal.pairing, proposal.pk)
    assert signed_in(mentee).post(address, {"time": time}).status_code == 404


def test_a_time_of_another_pair_is_not_taken_by_ones_own(
    proposal: MeetingProposal, second: Pairing, mentor: User, mentee: User, member: User
) -> None:
    theirs = propose(second, member).times.earliest("starts_at")
    address = url("times_take", proposal.pairing, proposal.pk)
    assert signed_in(mentee).post(address, {"time": str(theirs.pk)}).status_code == 404
    assert signed_in(mentee).post(url("times_take", second, theirs.proposal_id)).status_code == 404


# --- One meeting


def test_a_meeting_is_moved_on_its_page(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor, minutes=75)
    address = url("meeting_change", pairing, meeting.pk)
    text = page(mentee, address)
    assert "75 minutes" in text
    assert 'value="2026-07-02"' in text
    assert 'value="17:00"' in text
    form = {"on": "2026-07-03", "at": "17:00", "minutes": "75", "place": "Café Lux"}
    response = signed_in(mentee).post(address, form, follow=True)
    assert "in the calendars of all who come" in response.content.decode()
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.minutes) == (FRIDAY, 75)


def test_other_times_are_proposed_for_a_meeting(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    form = {"moves": str(meeting.pk), "suggested": ["2026-07-03T15:00Z"], "minutes": "60"}
    text = signed_in(mentee).post(url("times_propose", pairing), form | {"suggested": []}).content.decode()
    assert "Choose at least one time." in text
    assert "The meeting stays where it is until Noor takes one of them." in text
    response = signed_in(mentee).post(url("times_propose", pairing), form, follow=True)
    assert "Instead of Thursday, July 2, 17:00" in response.content.decode()
    assert MeetingProposal.objects.get().moves == meeting
    assert "That meeting stays until you take another time." in page(mentor, url("detail", pairing))


def test_a_meeting_of_another_pair_is_not_moved_by_ones_own(
    pairing: Pairing, second: Pairing, mentor: User, mentee: User
) -> None:
    theirs = plan(second, mentor)
    form = {"moves": str(theirs.pk), "suggested": ["2026-07-03T15:00Z"], "minutes": "60"}
    assert signed_in(mentor).post(url("times_propose", pairing), form).status_code == 404
    assert signed_in(mentor).get(url("meeting_change", pairing, theirs.pk)).status_code == 404
    assert signed_in(mentee).get(url("meeting_change", second, theirs.pk)).status_code == 404


def test_a_meeting_that_has_begun_has_nothing_to_change(
    pairing: Pairing, mentor: User, today: time_machine.Traveller
) -> None:
    meeting = plan(pairing, mentor)
    today.move_to(THURSDAY + DAY)
    assert "cannot be moved any more" in page(mentor, url("meeting_change", pairing, meeting.pk))


def test_whoever_is_asked_says_whether_they_come(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    assert "Tomasz has not answered yet." in page(mentor, url("detail", pairing))
    assert "I will come" in page(mentee, url("detail", pairing))
    address = url("meeting_answer", pairing, meeting.pk)
    signed_in(mentee).post(address, {"do": "no"})
    assert "Tomasz cannot come then." in page(mentor, url("detail", pairing))
    assert "You said that you cannot come." in page(mentee, url("detail", pairing))
    signed_in(mentee).post(address, {"do": "yes"})
    assert "cannot come" not in page(mentor, url("detail", pairing))


def test_a_series_is_planned_and_its_rest_called_off(pairing: Pairing, mentor: User, mentee: User) -> None:
    form = {"on": "2026-07-02", "at": "16:00", "minutes": "60", "every": "week", "times": "5"}
    signed_in(mentor).post(url("meeting_add", pairing), form)
    assert Meeting.objects.count() == 5
    text = page(mentor, url("detail", pairing))
    assert "After that: July 9, 16:00; July 16, 16:00 …" in " ".join(text.split())
    assert page(mentor, url("meeting_coming", pairing)).count("Every week") == 5
    second = Meeting.objects.order_by("starts_at")[1]
    response = signed_in(mentee).post(
        url("meeting_cancel", pairing, second.pk), {"which": "rest"}, follow=True
    )
    assert "all that would have followed it" in response.content.decode()
    assert Meeting.objects.planned().count() == 1


def test_a_list_of_meetings_has_pages_and_costs_the_same(
    pairing: Pairing, mentor: User, django_assert_num_queries: object
) -> None:
    client = signed_in(mentor)
    plan(pairing, mentor)
    client.get(url("meeting_coming", pairing))
    with django_assert_num_queries(12, exact=False) as few:  # type: ignore[operator]
        client.get(url("meeting_coming", pairing))
    plan(pairing, mentor, starts_at=FRIDAY, every="week", times=52)
    with django_assert_num_queries(len(few)):  # type: ignore[operator]
        text = client.get(url("meeting_coming", pairing)).content.decode()
    assert text.count("Move it") == 50
    assert "Move it" in client.get(url("meeting_coming", pairing) + "?page=2").content.decode()


def test_a_mentor_plans_for_all_and_each_sees_only_their_own(
    pairing: Pairing, second: Pairing, mentor: User, mentee: User, member: User
) -> None:
    address = url("meeting_together", pairing)
    text = page(mentor, address)
    assert "Tomasz, Ines" in text
    for person in (mentee, member):
        assert signed_in(person).get(address).status_code == 404
    both = {
        "suggested": "2026-07-02T15:00Z",
        "on": "2026-07-02",
        "at": "16:00",
        "minutes": "60",
        "times": "6",
    }
    assert "not both" in signed_in(mentor).post(address, both).content.decode()
    none = {"minutes": "60", "times": "6"}
    assert "Choose a day." in signed_in(mentor).post(address, none).content.decode()
    response = signed_in(mentor).post(address, none | {"suggested": "2026-07-02T15:00Z"}, follow=True)
    assert "Each of them gets an invitation." in response.content.decode()
    assert Arrangement.objects.count() == 1
    assert "With everybody at once" in page(mentor, url("detail", second))
    text = page(mentee, url("detail", pairing))
    assert "Together with the others whom Noor meets" in text
    assert "Ines" not in text
    assert "Move it" not in text
    # For a mentee the meeting goes on without them; the mentor cancels it for all.
    assert "Cancel th" not in text
    assert "Withdraw from this meeting" in text
    assert "Cancel this meeting" in page(mentor, url("detail", pairing))
    meeting = Meeting.objects.get(pairing=pairing)
    response = signed_in(mentee).post(url("meeting_cancel", pairing, meeting.pk), follow=True)
    assert "You are out of this meeting. Noor meets with the others." in response.content.decode()
    assert Meeting.objects.planned().get().pairing == second
    # With the one who is left it is a meeting like any other.
    assert "Cancel this meeting" in page(member, url("detail", second))


def test_what_suits_everybody_is_planned_as_long_as_it_was_shown(
    pairing: Pairing, second: Pairing, mentor: User
) -> None:
    address = url("meeting_together", pairing)
    text = page(mentor, address + "?minutes=90&from=2026-07-06")
    assert 'name="found_minutes" value="90"' in text
    assert 'name="from" value="2026-07-06"' in text
    form = {"minutes": "120", "found_minutes": "90", "from": "2026-07-06", "times": "6"}
    ticked = form | {"suggested": "2026-07-02T15:00Z"}
    text = signed_in(mentor).post(address, ticked | {"at": "10:00"}).content.decode()
    assert "Thursday, July 2, 16:00 to 17:30" in text
    assert 'value="2026-07-06T' in text
    signed_in(mentor).post(address, ticked)
    assert {each.minutes for each in Meeting.objects.all()} == {90}
    signed_in(mentor).post(address, form | {"on": "2026-07-03", "at": "16:00"})
    assert Meeting.objects.latest("starts_at").minutes == 120


def test_a_mentor_with_one_mentee_has_no_page_for_several(pairing: Pairing, mentor: User) -> None:
    assert signed_in(mentor).get(url("meeting_together", pairing)).status_code == 404
    assert "everybody at once" not in page(mentor, url("meeting_plan", pairing))


@pytest.mark.parametrize("status", ["paused", "ended"])
def test_a_pair_that_does_not_meet_is_told_so(pairing: Pairing, mentor: User, status: str) -> None:
    ended_on = date(2026, 6, 1) if status == "ended" else None
    Pairing.objects.update(status=status, ended_on=ended_on)
    text = page(mentor, url("meeting_plan", pairing))
    assert "Meetings are planned while the pairing is under way." in text
    assert "Propose to" not in text


def test_long_and_hostile_words_stay_words(pairing: Pairing, mentor: User, mentee: User) -> None:
    User.objects.filter(pk=mentor.pk).update(name="<b>Noor</b>")
    propose(pairing, mentor, place="<script>alert(1)</script>" + "x" * 170)
    for name in ("detail", "meeting_plan"):
        text = page(mentee, url(name, pairing))
        assert "<b>Noor" not in text
        assert "<script>alert" not in text
        assert "x" * 170 in text


# --- What is due


def test_times_and_an_unanswered_meeting_are_due_for_the_one_who_was_asked(
    pairing: Pairing, mentor: User, mentee: User, django_assert_num_queries: object
) -> None:
    assert due(pairing, mentee, NOW) == []
    meeting = plan(pairing, mentor)
    assert [each.words for each in due(pairing, mentee, NOW)] == [
        "Noor has planned a meeting on Thursday, July 2."
    ]
    propose(pairing, mentor)
    found = due(pairing, mentee, NOW)
    assert found[0].words == "Noor proposes times to meet."
    assert len(found) == 2
    assert due(pairing, mentor, NOW) == []
    actions.answer_meeting(meeting, by=mentee, comes=True, now=NOW)
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = [*times_proposed(pairing, mentee, NOW), *meeting_unanswered(pairing, mentee, NOW)]
    assert len(found) == 1
    assert not times_proposed(pairing, mentee, FRIDAY)
    assert not meeting_unanswered(pairing, mentee, FRIDAY)


def test_what_waits_in_the_first_section_stands_there_alone(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    def seen() -> str:
        return signed_in(mentee).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()

    meeting = plan(pairing, mentor)
    assert 'id="due"' not in seen()
    assert '<button class="btn" name="do" value="yes">I will come' in seen()
    propose(pairing, mentor)
    assert 'id="due"' not in seen()
    assert '<button class="btn" name="time"' in seen()
    assert '<button class="btn btn-quiet" name="do" value="yes">I will come' in seen()
    # Further ahead than what is shown there: the card leads to it.
    MeetingProposal.objects.all().delete()
    for week in (1, 2, 3):
        other = plan(pairing, mentor, starts_at=THURSDAY + 7 * DAY * week)
        actions.answer_meeting(other, by=mentee, comes=True, now=NOW)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=THURSDAY + 7 * DAY * 4)
    assert 'id="due"' in seen()


def test_one_of_a_series_that_was_refused_is_not_asked_about_again(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    first = plan(pairing, mentor, every="week", times=2)
    actions.answer_meeting(first, by=mentee, comes=False, now=NOW)
    (found,) = due(pairing, mentee, NOW)
    assert "July 9" in str(found.words)


def test_nobody_else_finds_any_of_it(
    proposal: MeetingProposal, mentor: User, member: User, admin: User, superuser: User
) -> None:
    pairing = proposal.pairing
    meeting = plan(pairing, mentor)
    for person in (member, admin, superuser):
        browser = signed_in(person)
        for address in (
            url("meeting_plan", pairing),
            url("meeting_coming", pairing),
            url("meeting_together", pairing),
            url("meeting_change", pairing, meeting.pk),
        ):
            assert browser.get(address).status_code == 404
        for address in (
            url("times_propose", pairing),
            url("times_take", pairing, proposal.pk),
            url("times_none", pairing, proposal.pk),
            url("times_take_back", pairing, proposal.pk),
            url("meeting_answer", pairing, meeting.pk),
            url("meeting_change", pairing, meeting.pk),
        ):
            assert browser.post(address).status_code == 404
    assert Client().get(url("meeting_plan", pairing)).status_code == 302


def test_a_number_of_any_length_is_nobodys(
    pairing: Pairing, mentor: User, mentee: User, proposal: MeetingProposal
) -> None:
    long = "9" * 5000
    client = signed_in(mentee)
    taken = reverse("pairings:times_take", args=[pairing.pk, proposal.pk])
    assert client.post(taken, {"time": long}).status_code == 404
    there = reverse("pairings:times_propose", args=[pairing.pk])
    assert client.post(there, {"moves": long}).status_code == 404
    by_link = reverse("pairings:times_answer", args=[times_links.token_for(proposal, mentee)])
    assert Client().post(by_link, {"time": long}).status_code == 200
    assert MeetingProposal.objects.get().state == MeetingProposal.State.OPEN
