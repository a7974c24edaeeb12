"""Meetings that are planned, moved, answered and called off: what stands in calendars, and for whom."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from mentoring import actions, arrangements
from mentoring.actions import Refused
from mentoring.models import Arrangement, Attendance, Meeting, Pairing, Program
from tests.conftest import NOW

from .conftest import DAY, FRIDAY, THURSDAY, answers, plan, propose, versions

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def test_a_planned_meeting_stands_in_calendars_and_the_other_is_asked(pairing: Pairing, mentor: User) -> None:
    meeting = plan(pairing, mentor)
    arrangement = meeting.arrangement
    assert arrangement is not None
    assert (arrangement.starts_at, arrangement.minutes, arrangement.place) == (THURSDAY, 60, "Café Lux")
    assert (arrangement.zone, arrangement.arranged_by) == ("Europe/Lisbon", mentor)
    assert meeting.original_at == meeting.starts_at == THURSDAY
    assert versions(arrangement) == [(0, None, False)]
    assert answers(arrangement) == {"Noor": "ACCEPTED", "Tomasz": "NEEDS-ACTION"}


def test_a_series_keeps_its_hour_on_the_wall_of_whoever_arranged_it(pairing: Pairing, mentee: User) -> None:
    """Warsaw puts its clock back on October 25, 2026."""
    begins = datetime(2026, 10, 15, 15, 0, tzinfo=UTC)
    plan(pairing, mentee, starts_at=begins, every="week", times=4)
    starts = list(Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True))
    assert [each.astimezone(mentee.zone).hour for each in starts] == [17] * 4
    assert [each.hour for each in starts] == [15, 15, 16, 16]
    assert Arrangement.objects.get().versions.count() == 1


def test_a_series_over_the_edge_of_summer_keeps_its_hour(pairing: Pairing, mentor: User) -> None:
    """Lisbon puts its clock forward on March 28, 2027."""
    begins = datetime(2027, 3, 20, 9, 0, tzinfo=UTC)
    plan(pairing, mentor, starts_at=begins, every="week", times=3)
    starts = Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [each.hour for each in starts] == [9, 9, 8]


def test_a_monthly_series_is_on_the_same_weekday(pairing: Pairing, mentor: User) -> None:
    plan(pairing, mentor, starts_at=THURSDAY, every="month", times=3)
    days = Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [(each.month, each.day) for each in days] == [(7, 2), (8, 6), (9, 3)]


def test_a_series_does_not_begin_at_a_meeting_that_is_there(pairing: Pairing, mentor: User) -> None:
    plan(pairing, mentor)
    with pytest.raises(Refused, match="at this time already"):
        plan(pairing, mentor, every="week", times=3)
    first = plan(pairing, mentor, starts_at=FRIDAY, every="week", times=3)
    assert plan(pairing, mentor, starts_at=FRIDAY, every="week", times=3) == first
    assert Meeting.objects.count() == 4


@pytest.mark.parametrize("fields", [{"every": "week", "times": 1}, {"every": "week", "times": 61}])
def test_a_series_without_end_or_of_one_is_refused(
    pairing: Pairing, mentor: User, fields: dict[str, object]
) -> None:
    with pytest.raises(Refused, match="series"):
        plan(pairing, mentor, **fields)
    assert not Arrangement.objects.exists()


def test_a_series_does_not_begin_in_the_hour_that_comes_twice(pairing: Pairing, mentor: User) -> None:
    with pytest.raises(Refused, match="series"):
        plan(pairing, mentor, starts_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), every="week", times=3)


@pytest.mark.parametrize("status", ["closed", "archived"])
def test_nothing_is_planned_in_a_program_that_is_over(
    pairing: Pairing, program: Program, mentor: User, status: str
) -> None:
    Program.objects.update(status=status)
    for act in (plan, propose):
        with pytest.raises(Refused, match="under way"):
            act(pairing, mentor)


# --- Moving


def test_moving_is_one_version_and_asks_the_other_again(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    actions.answer_meeting(meeting, by=mentee, comes=True, now=NOW)
    assert answers(meeting.arrangement) == {"Noor": "ACCEPTED", "Tomasz": "ACCEPTED"}
    actions.move_meeting(meeting, by=mentee, starts_at=FRIDAY, minutes=45, place="Quay", now=NOW)
    meeting.refresh_from_db()
    arrangement = meeting.arrangement
    assert arrangement is not None
    assert (meeting.starts_at, meeting.original_at, meeting.minutes, meeting.place) == (
        FRIDAY,
        FRIDAY,
        45,
        "Quay",
    )
    assert (arrangement.starts_at, arrangement.minutes, arrangement.place) == (FRIDAY, 45, "Quay")
    assert versions(arrangement) == [(0, None, False), (1, None, False)]
    assert arrangement.asked_in == 1
    assert answers(arrangement) == {"Noor": "NEEDS-ACTION", "Tomasz": "ACCEPTED"}


def test_another_place_is_a_version_that_asks_nobody_again(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    meeting = plan(pairing, mentor)
    actions.answer_meeting(meeting, by=mentee, comes=True, now=NOW)
    actions.move_meeting(meeting, by=mentor, starts_at=THURSDAY, minutes=60, place="Quay", now=NOW)
    arrangement = Arrangement.objects.get()
    assert (arrangement.sequence, arrangement.asked_in, arrangement.place) == (1, 0, "Quay")
    assert answers(arrangement)["Tomasz"] == "ACCEPTED"


def test_what_stays_as_it_is_is_no_version(pairing: Pairing, mentor: User) -> None:
    meeting = plan(pairing, mentor)
    actions.move_meeting(meeting, by=mentor, starts_at=THURSDAY, minutes=60, place="Café Lux", now=NOW)
    assert versions(meeting.arrangement) == [(0, None, False)]


def test_one_of_a_series_is_moved_alone(pairing: Pairing, mentor: User, mentee: User) -> None:
    first = plan(pairing, mentor, every="week", times=3)
    actions.answer_meeting(first, by=mentee, comes=True, now=NOW)
    second = Meeting.objects.get(original_at=THURSDAY + WEEK)
    later = THURSDAY + WEEK + DAY
    actions.move_meeting(second, by=mentor, starts_at=later, minutes=60, place="Café Lux", now=NOW)
    rows = list(Meeting.objects.order_by("original_at").values_list("original_at", "starts_at"))
    assert rows == [
        (THURSDAY, THURSDAY),
        (THURSDAY + WEEK, later),
        (THURSDAY + 2 * WEEK, THURSDAY + 2 * WEEK),
    ]
    arrangement = Arrangement.objects.get()
    assert versions(arrangement) == [(0, None, False), (1, THURSDAY + WEEK, False)]
    # What was answered to the others goes on counting.
    assert (arrangement.starts_at, arrangement.asked_in) == (THURSDAY, 0)
    assert answers(arrangement)["Tomasz"] == "ACCEPTED"
    of_one = Attendance.objects.filter(meeting=second).values_list("person__name", "answer")
    assert dict(of_one) == {"Noor Haddad": "ACCEPTED", "Tomasz Zielinski": "NEEDS-ACTION"}


def test_a_meeting_from_before_is_moved_into_calendars(pairing: Pairing, mentee: User) -> None:
    old = Meeting.objects.create(pairing=pairing, starts_at=THURSDAY, place="Café Lux")
    actions.move_meeting(old, by=mentee, starts_at=FRIDAY, minutes=60, place="Café Lux", now=NOW)
    old.refresh_from_db()
    assert (old.starts_at, old.original_at) == (FRIDAY, FRIDAY)
    assert versions(old.arrangement) == [(0, None, False)]
    assert answers(old.arrangement) == {"Noor": "NEEDS-ACTION", "Tomasz": "ACCEPTED"}


def test_a_meeting_from_before_is_simply_cancelled(pairing: Pairing, mentee: User) -> None:
    old = Meeting.objects.create(pairing=pairing, starts_at=THURSDAY)
    actions.cancel_meeting(old, by=mentee, now=NOW)
    old.refresh_from_db()
    assert (old.cancelled_at, old.arrangement) == (NOW, None)


def test_nothing_is_moved_to_the_past_or_onto_another_meeting_or_once_it_began(
    pairing: Pairing, mentor: User
) -> None:
    meeting = plan(pairing, mentor)
    plan(pairing, mentor, starts_at=FRIDAY)

    def move(starts_at: datetime, now: datetime = NOW) -> None:
        actions.move_meeting(meeting, by=mentor, starts_at=starts_at, minutes=60, now=now)

    with pytest.raises(Refused, match="still to come"):
        move(NOW - DAY)
    with pytest.raises(Refused, match="at this time already"):
        move(FRIDAY)
    with pytest.raises(Refused, match="has begun"):
        move(FRIDAY + DAY, now=THURSDAY)
    actions.cancel_meeting(meeting, by=mentor, now=NOW)
    with pytest.raises(Refused, match="canceled"):
        move(FRIDAY + DAY)


def test_others_move_and_answer_nothing(
    pairing: Pairing, mentor: User, member: User, admin: User, superuser: User
) -> None:
    meeting = plan(pairing, mentor)
    for person in (member, admin, superuser):
        with pytest.raises(Refused):
            actions.move_meeting(meeting, by=person, starts_at=FRIDAY, minutes=60, now=NOW)
        with pytest.raises(Refused):
            actions.answer_meeting(meeting, by=person, comes=True, now=NOW)
    assert versions(meeting.arrangement) == [(0, None, False)]


# --- Calling off


def test_cancelling_tells_calendars_once(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    for person in (mentee, mentor):
        actions.cancel_meeting(meeting, by=person, now=NOW)
    arrangement = Arrangement.objects.get()
    assert arrangement.cancelled_at == NOW
    assert versions(arrangement) == [(0, None, False), (1, None, True)]


def test_one_of_a_series_is_cancelled_alone_and_then_the_rest(pairing: Pairing, mentor: User) -> None:
    first = plan(pairing, mentor, every="week", times=4)
    second = Meeting.objects.get(original_at=THURSDAY + WEEK)
    actions.cancel_meeting(second, by=mentor, now=NOW)
    arrangement = Arrangement.objects.get()
    assert versions(arrangement)[1:] == [(1, THURSDAY + WEEK, True)]
    assert arrangement.cancelled_at is None
    third = Meeting.objects.get(original_at=THURSDAY + 2 * WEEK)
    actions.cancel_meeting(third, by=mentor, rest=True, now=NOW)
    assert list(Meeting.objects.planned()) == [first]
    assert versions(arrangement)[2:] == [(2, None, False)]
    actions.cancel_meeting(first, by=mentor, rest=True, now=NOW)
    arrangement.refresh_from_db()
    assert versions(arrangement)[3:] == [(3, None, True)]
    assert arrangement.cancelled_at == NOW


def test_calling_off_spares_what_has_been_and_ends_what_is_proposed(
    pairing: Pairing, second: Pairing, mentor: User
) -> None:
    plan(pairing, mentor, every="week", times=3)
    proposal = propose(pairing, mentor, starts=[FRIDAY])
    plan(second, mentor)
    now = THURSDAY + WEEK + timedelta(hours=3)
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=now.date())
    assert arrangements.call_off(Pairing.objects.filter(pk=pairing.pk), now) == 1
    assert Meeting.objects.planned().filter(pairing=pairing).count() == 2
    proposal.refresh_from_db()
    assert proposal.state == "lapsed"
    arrangement = Arrangement.objects.get(every="week")
    assert versions(arrangement)[1:] == [(1, THURSDAY + 2 * WEEK, True)]
    assert arrangement.cancelled_at is None
    assert Meeting.objects.planned().filter(pairing=second).count() == 1
    assert arrangements.call_off(Pairing.objects.filter(pk=pairing.pk), now) == 0
    assert arrangement.versions.count() == 2


# --- One meeting for several


def together(pairing: Pairing, mentor: User, **fields: object) -> Meeting:
    values: dict[str, object] = {"starts_at": THURSDAY, "minutes": 60, "now": NOW}
    return actions.plan_together(pairing, by=mentor, **(values | fields))  # type: ignore[arg-type]


def test_a_mentor_meets_all_their_mentees_at_once(
    pairing: Pairing, second: Pairing, mentor: User, mentee: User
) -> None:
    meeting = together(pairing, mentor)
    assert meeting.pairing == pairing
    assert together(second, mentor).arrangement == meeting.arrangement
    assert Meeting.objects.count() == 2
    assert answers(meeting.arrangement) == {
        "Noor": "ACCEPTED",
        "Tomasz": "NEEDS-ACTION",
        "Ines": "NEEDS-ACTION",
    }
    with pytest.raises(Refused):
        together(pairing, mentee)
    Pairing.objects.filter(pk=second.pk).update(status="paused")
    with pytest.raises(Refused, match="nobody else"):
        together(pairing, mentor, starts_at=FRIDAY)


def test_what_is_for_several_is_moved_by_the_mentor_for_all(
    pairing: Pairing, second: Pairing, mentor: User, mentee: User
) -> None:
    meeting = together(pairing, mentor)
    with pytest.raises(Refused):
        actions.move_meeting(meeting, by=mentee, starts_at=FRIDAY, minutes=60, now=NOW)
    with pytest.raises(Refused):
        propose(pairing, mentee, starts=[FRIDAY], moves=meeting)
    actions.move_meeting(meeting, by=mentor, starts_at=FRIDAY, minutes=60, now=NOW)
    assert set(Meeting.objects.values_list("starts_at", flat=True)) == {FRIDAY}
    assert versions(meeting.arrangement)[1:] == [(1, None, False)]


def test_a_mentee_is_out_of_it_and_the_others_meet(
    pairing: Pairing, second: Pairing, mentor: User, mentee: User
) -> None:
    meeting = together(pairing, mentor)
    actions.cancel_meeting(meeting, by=mentee, now=NOW)
    assert list(Meeting.objects.planned().values_list("pairing", flat=True)) == [second.pk]
    arrangement = Arrangement.objects.get()
    assert versions(arrangement)[1:] == [(1, None, False)]
    assert arrangement.cancelled_at is None
    actions.move_meeting(Meeting.objects.planned().get(), by=mentor, starts_at=FRIDAY, minutes=60, now=NOW)
    meeting.refresh_from_db()
    assert meeting.starts_at == THURSDAY
    actions.cancel_meeting(Meeting.objects.planned().get(), by=mentor, now=NOW)
    assert versions(arrangement)[-1] == (3, None, True)


def test_the_mentor_cancels_it_for_all(pairing: Pairing, second: Pairing, mentor: User) -> None:
    actions.cancel_meeting(together(pairing, mentor), by=mentor, now=NOW)
    assert not Meeting.objects.planned().exists()
    assert versions(Arrangement.objects.get())[1:] == [(1, None, True)]


def test_a_pair_that_ends_leaves_the_meeting_of_several(
    pairing: Pairing, second: Pairing, mentor: User
) -> None:
    together(pairing, mentor, every="week", times=2)
    assert arrangements.call_off(Pairing.objects.filter(pk=second.pk), NOW) == 2
    assert Meeting.objects.planned().filter(pairing=pairing).count() == 2
    assert versions(Arrangement.objects.get())[1:] == [(1, None, False)]


# --- Answering


def test_the_answer_to_a_series_is_one_and_a_no_is_to_one_meeting(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    first = plan(pairing, mentor, every="week", times=3)
    actions.answer_meeting(first, by=mentee, comes=True, now=NOW)
    second = Meeting.objects.get(original_at=THURSDAY + WEEK)
    actions.answer_meeting(second, by=mentee, comes=False, now=NOW)
    assert answers(first.arrangement)["Tomasz"] == "ACCEPTED"
    assert Attendance.objects.get(meeting=second).answer == "DECLINED"
    assert versions(first.arrangement) == [(0, None, False)]
    actions.answer_meeting(second, by=mentee, comes=True, now=NOW)
    assert Attendance.objects.get(meeting=second).answer == "ACCEPTED"


# --- Twice at one moment


def test_a_series_is_not_planned_over_a_meeting_that_is_there(pairing: Pairing, mentor: User) -> None:
    plan(pairing, mentor, starts_at=THURSDAY + WEEK)
    with pytest.raises(Refused, match="meet at this time already"):
        plan(pairing, mentor, every="week", times=3)
    assert Meeting.objects.count() == 1
    # Around it there is room.
    plan(pairing, mentor, every="two_weeks", times=3)


def test_a_series_asked_for_twice_is_one_and_another_of_its_days_is_not_it(
    pairing: Pairing, mentor: User
) -> None:
    first = plan(pairing, mentor, every="week", times=3)
    assert plan(pairing, mentor, every="week", times=3) == first
    for wanted in ({"times": 4}, {"times": 3, "starts_at": THURSDAY + WEEK}):
        with pytest.raises(Refused, match="meet at this time already"):
            plan(pairing, mentor, every="week", **wanted)
    assert Meeting.objects.count() == 3


@pytest.mark.parametrize("every", ["", "week"])
def test_a_meeting_of_several_is_not_planned_over_one_of_any_of_them(
    pairing: Pairing, second: Pairing, mentor: User, every: str
) -> None:
    times = 3 if every else 1
    plan(second, mentor, starts_at=THURSDAY + WEEK * (times - 1))
    with pytest.raises(Refused, match="meet at this time already"):
        together(pairing, mentor, every=every, times=times)
    assert Meeting.objects.count() == 1


def test_a_meeting_of_several_is_not_moved_onto_one_of_any_of_them(
    pairing: Pairing, second: Pairing, mentor: User
) -> None:
    meeting = together(pairing, mentor)
    plan(second, mentor, starts_at=FRIDAY)
    with pytest.raises(Refused, match="meet at this time already"):
        actions.move_meeting(meeting, by=mentor, starts_at=FRIDAY, minutes=60, now=NOW)


def test_that_they_met_is_written_down_also_where_two_were_planned_then(
    pairing: Pairing, mentor: User
) -> None:
    first, _second = (Meeting.objects.create(pairing=pairing, starts_at=THURSDAY) for _each in range(2))
    assert actions.log_meeting(pairing, by=mentor, starts_at=THURSDAY, now=FRIDAY) == first
    assert list(Meeting.objects.order_by("pk").values_list("took_place", flat=True)) == [True, None]
