"""What becomes of meetings when one of those who come is erased."""

import pytest

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.models import Arrangement, Attendance, Meeting, MeetingProposal, Pairing, Program
from mentoring.mydata_room import times
from tests.conftest import NOW

from .conftest import FRIDAY, plan, propose, versions

pytestmark = pytest.mark.django_db


def test_what_was_to_come_is_called_off_in_the_others_calendar(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    meeting = plan(pairing, mentor)
    propose(pairing, mentee, starts=[FRIDAY])
    erase(mentor, now=NOW)
    arrangement = Arrangement.objects.get()
    assert arrangement.cancelled_at == NOW
    assert (arrangement.arranged_by, arrangement.place) == (None, "")
    assert versions(arrangement) == [(0, None, False), (1, None, True)]
    meeting.refresh_from_db()
    assert (meeting.cancelled_at, meeting.place) == (NOW, "")
    assert MeetingProposal.objects.get().state == "lapsed"
    assert not Attendance.objects.filter(person=mentor).exists()
    assert Attendance.objects.filter(person=mentee).exists()


def test_their_own_proposals_go(proposal: MeetingProposal, mentor: User) -> None:
    erase(mentor, now=NOW)
    assert not MeetingProposal.objects.exists()


def test_the_others_of_a_meeting_for_several_keep_it(
    pairing: Pairing, second: Pairing, mentor: User, member: User
) -> None:
    actions.plan_together(pairing, by=mentor, starts_at=FRIDAY, minutes=60, place="Quay", now=NOW)
    erase(member, now=NOW)
    arrangement = Arrangement.objects.get()
    assert (arrangement.place, arrangement.arranged_by, arrangement.cancelled_at) == ("Quay", mentor, None)
    assert Meeting.objects.planned().get().pairing == pairing
    assert [each[0] for each in versions(arrangement)] == [0, 1]


def test_where_somebody_proposed_to_meet_is_cleared_with_their_words(
    proposal: MeetingProposal, program: Program, mentor: User, mentee: User
) -> None:
    times.clear_words(mentee, program)
    proposal.refresh_from_db()
    assert proposal.place == "Café Lux"
    times.clear_words(mentor, program)
    proposal.refresh_from_db()
    assert proposal.place == ""
