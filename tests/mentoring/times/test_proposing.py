"""Times that one proposes, and what the other makes of them."""

from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Arrangement, Meeting, MeetingProposal, Pairing, ProposedTime
from mentoring.times_emails import NONE_SUITS, PROPOSED
from tests.conftest import NOW

from .conftest import DAY, FRIDAY, THURSDAY, TIMES, answers, plan, propose, versions

pytestmark = pytest.mark.django_db


def time_at(proposal: MeetingProposal, number: int = 0) -> ProposedTime:
    return proposal.times.order_by("starts_at")[number]


def test_a_time_that_is_taken_is_a_meeting_to_which_both_have_said_yes(
    proposal: MeetingProposal, mentee: User
) -> None:
    meeting = actions.take_time(time_at(proposal, 1), by=mentee, now=NOW)
    assert (meeting.starts_at, meeting.minutes, meeting.place) == (FRIDAY, 60, "Café Lux")
    assert answers(meeting.arrangement) == {"Noor": "ACCEPTED", "Tomasz": "ACCEPTED"}
    assert versions(meeting.arrangement) == [(0, None, False)]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_at) == ("taken", NOW)
    assert time_at(proposal, 1).meeting == meeting
    assert time_at(proposal, 0).meeting is None


def test_taken_twice_it_is_one_and_another_is_too_late(proposal: MeetingProposal, mentee: User) -> None:
    first = actions.take_time(time_at(proposal), by=mentee, now=NOW)
    assert actions.take_time(time_at(proposal), by=mentee, now=NOW) == first
    with pytest.raises(Refused, match="taken already"):
        actions.take_time(time_at(proposal, 1), by=mentee, now=NOW)
    assert Meeting.objects.count() == Arrangement.objects.count() == 1


def test_only_the_one_who_was_asked_answers(
    proposal: MeetingProposal, mentor: User, member: User, admin: User, superuser: User
) -> None:
    for person in (mentor, member, admin, superuser):
        with pytest.raises(Refused):
            actions.take_time(time_at(proposal), by=person, now=NOW)
        with pytest.raises(Refused):
            actions.none_suits(proposal, by=person, now=NOW)
    assert not Meeting.objects.exists()


def test_the_other_one_hears_of_times_and_whoever_proposed_of_a_no(
    proposal: MeetingProposal, mentor: User, mentee: User
) -> None:
    asked = Message.objects.get(kind=PROPOSED)
    assert (asked.person, asked.subject_id, asked.expires_at) == (mentee, proposal.pk, FRIDAY)
    for _twice in range(2):
        actions.none_suits(proposal, by=mentee, now=NOW)
    assert Message.objects.get(kind=NONE_SUITS).person == mentor
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    with pytest.raises(Refused, match="none of these times suits"):
        actions.take_time(time_at(proposal), by=mentee, now=NOW)
    assert propose(proposal.pairing, mentee).state == "open"


def test_one_proposal_is_open_at_a_time(proposal: MeetingProposal, mentor: User, mentee: User) -> None:
    pairing = proposal.pairing
    assert propose(pairing, mentor) == proposal
    with pytest.raises(Refused, match="Take them back to propose others"):
        propose(pairing, mentor, starts=[FRIDAY + DAY])
    with pytest.raises(Refused, match="Noor has proposed times already"):
        propose(pairing, mentee)
    assert MeetingProposal.objects.count() == Message.objects.filter(kind=PROPOSED).count() == 1


def test_taken_back_it_can_be_proposed_otherwise(
    proposal: MeetingProposal, mentor: User, mentee: User
) -> None:
    with pytest.raises(Refused):
        actions.take_back_times(proposal, by=mentee, now=NOW)
    for _twice in range(2):
        actions.take_back_times(proposal, by=mentor, now=NOW)
    with pytest.raises(Refused, match="taken back"):
        actions.take_time(time_at(proposal), by=mentee, now=NOW)
    assert not Message.objects.filter(kind=PROPOSED, state="queued").exists()
    assert propose(proposal.pairing, mentor, starts=[FRIDAY]).pk != proposal.pk


def test_what_is_taken_is_not_taken_back(proposal: MeetingProposal, mentor: User, mentee: User) -> None:
    actions.take_time(time_at(proposal), by=mentee, now=NOW)
    with pytest.raises(Refused, match="taken already"):
        actions.take_back_times(proposal, by=mentor, now=NOW)
    assert Meeting.objects.planned().count() == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"starts": []}, "one, two or three"),
        ({"starts": [THURSDAY + number * DAY for number in range(4)]}, "one, two or three"),
        ({"starts": [NOW]}, "still to come"),
        ({"starts": [FRIDAY, NOW - DAY]}, "still to come"),
        ({"starts": [NOW + 732 * DAY]}, "next two years"),
    ],
)
def test_times_that_cannot_be_proposed(
    pairing: Pairing, mentor: User, fields: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        propose(pairing, mentor, **fields)
    assert not Message.objects.exists()


@pytest.mark.parametrize("status", ["proposed", "paused", "declined"])
def test_a_pair_that_does_not_meet_takes_no_time(
    proposal: MeetingProposal, mentee: User, status: str
) -> None:
    Pairing.objects.update(status=status)
    with pytest.raises(Refused, match="under way"):
        actions.take_time(time_at(proposal), by=mentee, now=NOW)
    with pytest.raises(Refused, match="under way"):
        propose(proposal.pairing, mentee)


def test_a_time_that_has_gone_by_is_not_taken_and_the_next_one_is(
    proposal: MeetingProposal, mentee: User
) -> None:
    with pytest.raises(Refused, match="gone by"):
        actions.take_time(time_at(proposal), by=mentee, now=THURSDAY)
    assert actions.take_time(time_at(proposal, 1), by=mentee, now=THURSDAY).starts_at == FRIDAY


def test_a_proposal_lapses_once_all_its_times_have_gone_by(proposal: MeetingProposal, mentee: User) -> None:
    assert actions.lapse_proposals(FRIDAY - timedelta(minutes=1)) == 0
    assert actions.lapse_proposals(FRIDAY) == 1
    assert actions.lapse_proposals(FRIDAY) == 0
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_at) == ("lapsed", FRIDAY)


def test_one_whose_times_have_gone_by_is_in_nobodys_way(proposal: MeetingProposal, mentee: User) -> None:
    """Also before the clock has come by."""
    other = propose(proposal.pairing, mentee, starts=[FRIDAY + DAY], now=FRIDAY)
    proposal.refresh_from_db()
    assert (proposal.state, other.state) == ("lapsed", "open")


# --- Instead of a meeting


def test_a_meeting_stays_until_another_time_is_taken(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    moving = propose(pairing, mentee, starts=[FRIDAY], moves=meeting, place="Quay")
    meeting.refresh_from_db()
    assert meeting.starts_at == THURSDAY
    assert actions.take_time(time_at(moving), by=mentor, now=NOW) == meeting
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.place) == (FRIDAY, "Quay")
    assert Meeting.objects.count() == 1
    assert versions(meeting.arrangement) == [(0, None, False), (1, None, False)]
    assert answers(meeting.arrangement) == {"Noor": "ACCEPTED", "Tomasz": "ACCEPTED"}


@pytest.mark.parametrize("how", ["cancelled", "moved"])
def test_what_would_move_a_meeting_lapses_with_it(
    pairing: Pairing, mentor: User, mentee: User, how: str
) -> None:
    meeting = plan(pairing, mentor)
    moving = propose(pairing, mentee, starts=[FRIDAY], moves=meeting)
    if how == "cancelled":
        actions.cancel_meeting(meeting, by=mentor, now=NOW)
    else:
        actions.move_meeting(meeting, by=mentor, starts_at=FRIDAY + DAY, minutes=60, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        actions.take_time(time_at(moving), by=mentor, now=NOW)


def test_a_meeting_that_has_begun_is_not_to_be_moved(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    moving = propose(pairing, mentee, starts=[FRIDAY], moves=meeting)
    with pytest.raises(Refused, match="has begun"):
        actions.take_time(time_at(moving), by=mentor, now=THURSDAY)
    assert MeetingProposal.objects.get().state == "open"
    with pytest.raises(Refused, match="has begun"):
        propose(pairing, mentee, starts=[FRIDAY], moves=meeting, now=THURSDAY)


def test_a_time_at_which_they_meet_anyway_is_that_meeting(
    proposal: MeetingProposal, mentor: User, mentee: User
) -> None:
    there = plan(proposal.pairing, mentor, starts_at=TIMES[0])
    assert actions.take_time(time_at(proposal), by=mentee, now=NOW) == there
    assert Arrangement.objects.count() == 1
