"""Both act at one moment, in transactions of a real database: one truth, one version in calendars each, one e-mail."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, arrangements, times_links
from mentoring.models import Arrangement, ArrangementVersion, Meeting, MeetingProposal, Pairing
from mentoring.times_emails import PROPOSED
from tests.conftest import NOW, signed_in
from tests.mentoring.test_races import at_once

from .conftest import DAY, FRIDAY, THURSDAY, plan, propose, versions

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(6)


def clear() -> None:
    MeetingProposal.objects.all().delete()
    Meeting.objects.all().delete()
    Arrangement.objects.all().delete()
    Message.objects.all().delete()


def test_of_two_who_propose_at_once_one_is_first(pairing: Pairing, mentor: User, mentee: User) -> None:
    for _round in ROUNDS:
        clear()
        ends = at_once([lambda: propose(pairing, mentor), lambda: propose(pairing, mentee, starts=[FRIDAY])])
        assert [end.split(":")[0] for end in ends] == ["done", "refused"]
        assert "has proposed times already" in ends[1]
        made = MeetingProposal.objects.get()
        told = Message.objects.get(kind=PROPOSED)
        assert told.person_id == pairing.partner_key(made.proposed_by)


def test_a_double_click_proposes_once(pairing: Pairing, mentor: User) -> None:
    for _round in ROUNDS:
        clear()
        assert at_once([lambda: propose(pairing, mentor)] * 3) == ["done"] * 3
        assert MeetingProposal.objects.count() == Message.objects.filter(kind=PROPOSED).count() == 1


def test_a_time_that_is_taken_back_and_taken_at_once_is_one_or_the_other(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    for _round in ROUNDS:
        clear()
        proposal = propose(pairing, mentor)
        time = proposal.times.earliest("starts_at")
        ends = at_once(
            [
                lambda: actions.take_time(time, by=mentee, now=NOW),  # noqa: B023
                lambda: actions.take_back_times(proposal, by=mentor, now=NOW),  # noqa: B023
            ]
        )
        proposal.refresh_from_db()
        assert [end.split(":")[0] for end in ends] == ["done", "refused"]
        is_taken = proposal.state == "taken"
        assert is_taken or proposal.state == "withdrawn"
        assert Meeting.objects.planned().count() == ArrangementVersion.objects.count() == int(is_taken)


def test_a_time_taken_by_the_page_and_by_the_link_at_once_is_one_meeting(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    for _round in ROUNDS:
        clear()
        soon = timezone.now() + 3 * DAY
        proposal = propose(pairing, mentor, starts=[soon, soon + DAY], now=timezone.now())
        time = proposal.times.earliest("starts_at")
        by_link = reverse("pairings:times_answer", args=[times_links.token_for(proposal, mentee)])
        by_page = reverse("pairings:times_take", args=[pairing.pk, proposal.pk])
        browser = signed_in(mentee)
        ends = at_once(
            [
                lambda: Client().post(by_link, {"time": time.pk}),  # noqa: B023
                lambda: browser.post(by_page, {"time": time.pk}),  # noqa: B023
            ]
        )
        assert ends == ["done", "done"]
        meeting = Meeting.objects.get()
        assert meeting.starts_at == time.starts_at
        assert versions(meeting.arrangement) == [(0, None, False)]


def test_of_two_times_taken_at_once_one_is(pairing: Pairing, mentor: User, mentee: User) -> None:
    for _round in ROUNDS:
        clear()
        proposal = propose(pairing, mentor)
        acts = [
            lambda time=time: actions.take_time(time, by=mentee, now=NOW)  # type: ignore[misc]
            for time in proposal.times.all()
        ]
        ends = at_once(acts)
        assert ends == ["done", "refused: Another of these times is taken already."]
        assert Meeting.objects.count() == ArrangementVersion.objects.count() == 1


def test_taken_and_none_suits_at_once_is_one_answer(pairing: Pairing, mentor: User, mentee: User) -> None:
    for _round in ROUNDS:
        clear()
        proposal = propose(pairing, mentor)
        time = proposal.times.earliest("starts_at")
        ends = at_once(
            [
                lambda: actions.take_time(time, by=mentee, now=NOW),  # noqa: B023
                lambda: actions.none_suits(proposal, by=mentee, now=NOW),  # noqa: B023
            ]
        )
        proposal.refresh_from_db()
        assert ends.count("done") == 1
        assert Meeting.objects.count() == int(proposal.state == "taken")


def test_a_meeting_moved_and_cancelled_at_once_is_cancelled_in_every_calendar(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    for _round in ROUNDS:
        clear()
        meeting = plan(pairing, mentor)
        ends = at_once(
            [
                lambda: actions.move_meeting(meeting, by=mentor, starts_at=FRIDAY, minutes=60, now=NOW),  # noqa: B023
                lambda: actions.cancel_meeting(meeting, by=mentee, now=NOW),  # noqa: B023
            ]
        )
        arrangement = Arrangement.objects.get()
        assert "done" in ends
        assert not Meeting.objects.planned().exists()
        assert arrangement.cancelled_at == NOW
        told = versions(arrangement)
        assert [each[0] for each in told] == list(range(len(told)))
        assert [each[2] for each in told].count(True) == 1
        assert told[-1][2]
        assert len(told) == (3 if ends == ["done", "done"] else 2)


def test_two_who_cancel_at_once_tell_calendars_once(pairing: Pairing, mentor: User, mentee: User) -> None:
    for _round in ROUNDS:
        clear()
        meeting = plan(pairing, mentor)
        acts = [
            lambda person=person: actions.cancel_meeting(meeting, by=person, now=NOW)  # type: ignore[misc] # noqa: B023
            for person in (mentor, mentee)
        ]
        assert at_once(acts) == ["done", "done"]
        assert versions(Arrangement.objects.get()) == [(0, None, False), (1, None, True)]


def test_two_who_move_at_once_leave_one_time_and_a_version_for_each(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    for _round in ROUNDS:
        clear()
        meeting = plan(pairing, mentor)
        acts = [
            lambda by=by, to=to: actions.move_meeting(  # type: ignore[misc]
                meeting,  # noqa: B023
                by=by,
                starts_at=to,
                minutes=60,
                now=NOW,
            )
            for by, to in ((mentor, FRIDAY), (mentee, FRIDAY + DAY))
        ]
        assert at_once(acts) == ["done", "done"]
        meeting.refresh_from_db()
        arrangement = Arrangement.objects.get()
        assert meeting.starts_at == meeting.original_at == arrangement.starts_at
        assert [each[0] for each in versions(arrangement)] == [0, 1, 2]


def test_a_pair_that_ends_while_a_time_is_taken_meets_no_more(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    def end() -> None:
        with transaction.atomic():
            rows = Pairing.objects.filter(pk=pairing.pk)
            rows.update(status="ended", ended_on=NOW.date())
            arrangements.call_off(rows, NOW)

    for _round in ROUNDS:
        clear()
        Pairing.objects.update(status="active", ended_on=None)
        proposal = propose(pairing, mentor)
        time = proposal.times.earliest("starts_at")
        ends = at_once([end, lambda: actions.take_time(time, by=mentee, now=NOW)])  # noqa: B023
        assert "done" in ends
        assert not Meeting.objects.planned().exists()
        assert not MeetingProposal.objects.open().exists()


def test_a_meeting_of_several_is_left_and_moved_at_once(
    pairing: Pairing, second: Pairing, mentor: User, mentee: User
) -> None:
    for _round in ROUNDS:
        clear()
        meeting = actions.plan_together(pairing, by=mentor, starts_at=THURSDAY, minutes=60, now=NOW)
        theirs = Meeting.objects.get(pairing=second)
        ends = at_once(
            [
                lambda: actions.cancel_meeting(meeting, by=mentee, now=NOW),  # noqa: B023
                lambda: actions.move_meeting(theirs, by=mentor, starts_at=FRIDAY, minutes=60, now=NOW),  # noqa: B023
            ]
        )
        assert ends == ["done", "done"]
        assert Meeting.objects.planned().get().starts_at == FRIDAY
        assert [each[0] for each in versions(Arrangement.objects.get())] == [0, 1, 2]
