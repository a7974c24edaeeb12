"""The e-mails of the calendar that are not about a round's page: who gets them, when, and why not."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail import letters, outbox
from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring.days_off import NO_DAYS_OFF
from mentoring.models import Enrollment, Holiday, Pairing, Program
from reflections import actions
from reflections.asides import Aside, look_aside, plan_asides
from reflections.closings import CLOSED, look_after, plan_closings
from reflections.models import Answer, Midquarter, Question, Reflection, Round, RoundFigure, Thanks
from reflections.schedule import GAP, MOST_ASIDES, WINDOW_OPENS, WINDOW_SHUTS, Calendar, Slot
from tests.conftest import enroll, make_person
from tests.mentoring.test_races import at_once
from tests.reflections.nudging import DAY, LISBON, WEEK, at, send_due

pytestmark = pytest.mark.django_db

# Of the quarter that begins on April 1, 2026, a Wednesday: the seventh week begins on May 13.
MIDDLE = datetime(2026, 5, 19, 7, 30, tzinfo=LISBON)
TENTH = datetime(2026, 6, 9, 7, 30, tzinfo=LISBON)
SIX_ZONES = [
    "Europe/Lisbon", "America/Denver", "Australia/Lord_Howe", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia",
]  # fmt: skip


def owed(kind: str, *people: User) -> list[datetime]:
    rows = Message.objects.of(kind).order_by("due_at", "pk")
    return list((rows.filter(person__in=people) if people else rows).values_list("due_at", flat=True))


def states(kind: str, person: User) -> list[tuple[str, str]]:
    return list(Message.objects.of(kind).filter(person=person).values_list("state", "last_error"))


def why(kind: str, person: User, now: datetime) -> str:
    found = [each for each in look_aside(now) if each.kind == kind and each.person.pk == person.pk]
    return str(found[0].why) if found else "nothing"


def keep(person: User, now: datetime) -> None:
    moment = actions.keep_moment(person, text="She asked first.", happened_on=now.date())
    type(moment).objects.filter(pk=moment.pk).update(created_at=now)


# --- A line in the middle of the quarter ---------------------------------------------------------------------------


def test_a_line_is_asked_for_in_the_seventh_week_at_the_coffee_time(pairing: Pairing, mentor: User) -> None:
    plan_asides(MIDDLE - 4 * DAY)
    assert owed(Aside.LINE, mentor) == []
    plan_asides(MIDDLE - 2 * DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE, mentor) == [MIDDLE]
    send_due(MIDDLE)
    assert states(Aside.LINE, mentor) == [("sent", "")]


def test_no_line_is_asked_of_whoever_wrote_in_the_last_three_weeks(pairing: Pairing, mentor: User) -> None:
    keep(mentor, MIDDLE - 20 * DAY)
    assert "wrote" in why(Aside.LINE, mentor, MIDDLE - DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE, mentor) == []


def test_a_line_kept_three_weeks_ago_does_not_count(pairing: Pairing, mentor: User) -> None:
    keep(mentor, MIDDLE - 22 * DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE, mentor) == [MIDDLE]


def test_what_is_kept_after_it_was_owed_holds_it_back_at_the_fence(pairing: Pairing, mentor: User) -> None:
    plan_asides(MIDDLE - DAY)
    keep(mentor, MIDDLE - timedelta(hours=1))
    send_due(MIDDLE)
    assert states(Aside.LINE, mentor) == [("cancelled", "they wrote something")]


def test_no_line_is_asked_of_whoever_joined_two_weeks_ago_or_pauses(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(joined_on=MIDDLE.date() - 13 * DAY)
    Enrollment.objects.filter(person=mentee).update(status="paused")
    assert "joined" in why(Aside.LINE, mentor, MIDDLE - DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE) == []


def test_a_second_line_is_asked_for_only_of_those_who_want_it(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_line_twice=True)
    plan_asides(TENTH - DAY)
    assert owed(Aside.LINE_AGAIN, mentor) == [TENTH]
    assert owed(Aside.LINE_AGAIN, mentee) == []
    User.objects.filter(pk=mentor.pk).update(wants_line_twice=False)
    send_due(TENTH)
    assert states(Aside.LINE_AGAIN, mentor) == [("cancelled", "once is enough for them")]


def test_whoever_stopped_them_or_snoozes_or_rests_is_not_asked(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    Stopped.objects.stop(mentor.pk, "lines")
    User.objects.filter(pk=mentee.pk).update(nudges_paused_at=MIDDLE - DAY)
    assert "stopped" in why(Aside.LINE, mentor, MIDDLE - DAY)
    assert "come back" in why(Aside.LINE, mentee, MIDDLE - DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE) == []


@pytest.mark.parametrize("status", ["paused", "closed", "archived", "draft"])
def test_nothing_goes_out_while_a_program_rests(pairing: Pairing, mentor: User, status: str) -> None:
    plan_asides(MIDDLE - DAY)
    Program.objects.update(status=status)
    plan_asides(MIDDLE - timedelta(hours=1))
    send_due(MIDDLE)
    assert states(Aside.LINE, mentor) == [("cancelled", "the program is not running")]
    Program.objects.update(status="active")
    plan_asides(MIDDLE + DAY)
    send_due(MIDDLE + 2 * DAY)
    assert states(Aside.LINE, mentor) == [("sent", "")]


def test_a_holiday_pushes_it_on(pairing: Pairing, program: Program, mentor: User) -> None:
    Holiday.objects.create(program=program, starts_on=MIDDLE.date(), ends_on=MIDDLE.date() + DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE, mentor) == [MIDDLE + 2 * DAY]


def test_what_waits_follows_its_person_to_another_slot(pairing: Pairing, mentor: User) -> None:
    plan_asides(MIDDLE - DAY)
    User.objects.filter(pk=mentor.pk).update(coffee_time=time(16, 0))
    assert plan_asides(MIDDLE - DAY).moved == 1
    assert owed(Aside.LINE, mentor) == [MIDDLE.replace(hour=16, minute=0)]


def test_two_days_asleep_make_it_late_and_a_week_leaves_it_out(pairing: Pairing, mentor: User) -> None:
    plan_asides(MIDDLE + 2 * DAY)
    (due,) = owed(Aside.LINE, mentor)
    assert due == MIDDLE + 2 * DAY
    Message.objects.all().delete()
    plan_asides(MIDDLE + WEEK + DAY)
    assert owed(Aside.LINE, mentor) == []


@pytest.mark.parametrize("zone", SIX_ZONES)
def test_in_each_zone_it_comes_at_the_persons_own_time(pairing: Pairing, mentor: User, zone: str) -> None:
    User.objects.filter(pk=mentor.pk).update(time_zone=zone)
    plan_asides(MIDDLE - 2 * DAY)
    (due,) = owed(Aside.LINE, mentor)
    local = due.astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.time()) == (1, time(7, 30))


# --- Caps ----------------------------------------------------------------------------------------------------------


def gone(person: User, kind: str, subject: int, at_: datetime) -> None:
    outbox.owe(kind, person.pk, subject, due_at=at_, expires_at=at_ + WEEK)
    Message.objects.filter(person=person, kind=kind, subject_id=subject).update(
        state="sent", sending_at=at_, sent_at=at_
    )


def test_of_two_that_want_one_week_the_loser_is_dropped(pairing: Pairing, mentor: User) -> None:
    gone(mentor, "postcard_asked", 1, MIDDLE - 5 * DAY)
    assert "another" in why(Aside.LINE, mentor, MIDDLE - DAY)
    plan_asides(MIDDLE - DAY)
    assert owed(Aside.LINE, mentor) == []


def test_four_of_the_small_ones_are_enough_in_a_quarter(pairing: Pairing, mentor: User) -> None:
    for number in range(MOST_ASIDES):
        gone(mentor, Aside.DRAFT, 1000 + number, datetime(2026, 4, 2, 8, tzinfo=UTC) + number * WEEK)
    assert "enough" in why(Aside.LINE, mentor, MIDDLE - DAY)


def test_at_the_fence_one_gives_way_to_a_question_that_is_about_to_go(pairing: Pairing, mentor: User) -> None:
    plan_asides(MIDDLE - DAY)
    outbox.owe("ask", mentor.pk, 1, due_at=MIDDLE + 3 * DAY, expires_at=MIDDLE + 9 * DAY)
    send_due(MIDDLE)
    assert states(Aside.LINE, mentor) == [("cancelled", "another that week")]


instants = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
some_slots = st.builds(
    Slot,
    st.sampled_from(SIX_ZONES).map(ZoneInfo),
    st.integers(0, 6),
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
)


@given(some_slots, st.lists(instants, max_size=8), instants, st.integers(0, 20))
def test_what_has_a_place_is_a_week_from_everything_and_by_day(
    slot: Slot, taken: list[datetime], now: datetime, ahead: int
) -> None:
    calendar = Calendar(slot, now, list(taken))
    meant = slot.first_from(now + ahead * DAY)
    placed, why_not = calendar.fit(meant, NO_DAYS_OFF, now.date())
    assert (placed is None) == (why_not is not None)
    if placed is not None:
        assert all(abs(placed - other) >= GAP for other in taken)
        local = placed.astimezone(slot.zone)
        assert WINDOW_OPENS <= local.time() < WINDOW_SHUTS
        assert calendar.taken[-1] == placed


@given(
    some_slots,
    st.lists(st.integers(0, 91), min_size=1, max_size=40),
    st.just(datetime(2026, 4, 1, tzinfo=UTC)),
)
def test_however_many_want_it_a_quarter_holds_no_more_than_the_cap(
    slot: Slot, days: list[int], start: datetime
) -> None:
    calendar = Calendar(slot, start)
    for day in days:
        calendar.fit(slot.first_from(start + day * DAY), NO_DAYS_OFF, date(2026, 4, 1))
    assert len(calendar.taken) <= MOST_ASIDES
    for one in calendar.taken:
        assert sum(abs(one - other) < GAP for other in calendar.taken) == 1


# --- The others ----------------------------------------------------------------------------------------------------

JOINED = datetime(2026, 5, 4, 9, 0, tzinfo=LISBON)  # a Monday


@pytest.fixture
def newcomer(program: Program) -> User:
    person = make_person("ines@harbor.example", "Ines")
    enroll(program, person, "mentee", joined_on=JOINED.date())
    return person


def test_whoever_is_new_is_asked_for_their_coffee_time_two_days_later_once(newcomer: User) -> None:
    plan_asides(JOINED)
    plan_asides(JOINED + DAY)
    assert owed(Aside.COFFEE, newcomer) == [datetime(2026, 5, 6, 7, 30, tzinfo=LISBON)]
    send_due(JOINED + 3 * DAY)
    plan_asides(JOINED + 4 * DAY)
    assert states(Aside.COFFEE, newcomer) == [("sent", "")]


def test_whoever_chose_a_time_is_not_asked_for_it(newcomer: User) -> None:
    plan_asides(JOINED)
    User.objects.filter(pk=newcomer.pk).update(coffee_chosen_at=JOINED)
    send_due(JOINED + 3 * DAY)
    assert states(Aside.COFFEE, newcomer) == [("cancelled", "they chose their coffee time")]
    Message.objects.all().delete()
    assert "chose" in why(Aside.COFFEE, newcomer, JOINED)


def test_three_weeks_before_the_end_the_question_says_it_instead(newcomer: User) -> None:
    late = datetime(2026, 6, 12, 9, 0, tzinfo=LISBON)
    Enrollment.objects.filter(person=newcomer).update(joined_on=late.date())
    assert "the question" in why(Aside.COFFEE, newcomer, late)
    plan_asides(late)
    assert owed(Aside.COFFEE, newcomer) == []


def draft(writer: User, reader: User | None, pairing: Pairing, now: datetime) -> int:
    note = actions.draft_note(writer, text="For the patience.", recipient=reader, pairing=pairing, now=now)
    return note.pk


def test_a_note_in_the_drafts_is_brought_to_mind_after_a_week_once(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    saved = datetime(2026, 4, 22, 10, 0, tzinfo=LISBON)
    draft(mentee, mentor, pairing, saved)
    plan_asides(saved + 6 * DAY)
    assert owed(Aside.DRAFT, mentee) == [saved + WEEK]
    send_due(saved + WEEK)
    assert states(Aside.DRAFT, mentee) == [("sent", "")]
    plan_asides(saved + 8 * DAY)
    assert len(owed(Aside.DRAFT)) == 1


def test_a_note_that_was_sent_or_deleted_meanwhile_is_left_alone(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    saved = datetime(2026, 4, 22, 10, 0, tzinfo=LISBON)
    pk = draft(mentee, mentor, pairing, saved)
    plan_asides(saved + 6 * DAY)
    Thanks.objects.filter(pk=pk).update(way="copy", sent_at=saved + 6 * DAY)
    send_due(saved + WEEK)
    assert states(Aside.DRAFT, mentee) == [("cancelled", "sent, or not there any more")]


def test_a_note_to_nobody_is_not_brought_to_mind(pairing: Pairing, mentee: User) -> None:
    saved = datetime(2026, 4, 22, 10, 0, tzinfo=LISBON)
    note = Thanks(writer=mentee, text="To whom?", created_at=saved, saved_at=saved)
    note.save()
    plan_asides(saved + 6 * DAY)
    assert owed(Aside.DRAFT) == []


def finished(person: User, round: Round, *, written: bool = True) -> None:
    at_ = datetime(2026, 6, 25, 8, 0, tzinfo=UTC)
    page = Reflection.objects.create(
        person=person, round=round, role="mentor", status="submitted", started_at=at_, submitted_at=at_
    )
    if written:
        question = Question.objects.filter(round=round).first()
        assert question is not None
        Answer(reflection=page, question=question, text="He asked Ines first.").save()


AFTER = datetime(2026, 7, 28, 7, 30, tzinfo=LISBON)


def test_three_weeks_after_the_quarter_whoever_finished_is_led_to_their_words(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    finished(mentor, current)
    finished(mentee, current, written=False)
    plan_asides(AFTER - DAY)
    assert owed(Aside.QUARTER, mentor) == [AFTER]
    assert owed(Aside.QUARTER, mentee) == []
    with at(AFTER):
        letter = letters.compose(Message.objects.of(Aside.QUARTER).get())
    html = str(letter.alternatives[0][0])
    assert "Ines" not in letter.body + html
    assert f"/reflections/{current.pk}/" in letter.body


def test_a_coordinator_hears_what_to_look_after_and_no_name_of_the_silent(
    current: Round, pairing: Pairing, mentor: User, mentee: User, admin: User
) -> None:
    outbox.owe("ask", mentor.pk, current.pk, due_at=AFTER - 40 * DAY, expires_at=AFTER)
    Message.objects.filter(person=mentor).update(state="failed", last_code=550)
    gone(mentee, "ask", current.pk, AFTER - 35 * DAY)
    when = datetime(2026, 7, 21, 9, 0, tzinfo=LISBON)
    assert plan_closings(when - DAY) == plan_closings(when - 2 * DAY) + 1
    assert owed(CLOSED, admin) == [when.astimezone(admin.zone).replace(hour=9)]
    with at(when):
        body = letters.compose(Message.objects.of(CLOSED).get()).body
    assert "Noor Haddad" in body
    assert "Tomasz" not in body
    assert "finished their page" not in body


def test_the_only_total_is_the_one_that_is_told_of_the_round(current: Round, pairing: Pairing) -> None:
    assert look_after(current).totals is None
    RoundFigure.objects.create(round=current, as_of=current.due_on, asked=24, finished=12)
    assert look_after(current).totals == (24, 10)


def test_whoever_runs_it_no_more_is_not_told(
    current: Round, pairing: Pairing, program: Program, admin: User
) -> None:
    when = datetime(2026, 7, 21, 9, 0, tzinfo=LISBON)
    plan_closings(when - DAY)
    program.admins.filter(person=admin).delete()
    send_due(when + DAY)
    assert states(CLOSED, admin) == [("cancelled", "does not run the program any more")]


# --- Queries -------------------------------------------------------------------------------------------------------


def test_planning_asks_the_database_as_often_for_many_as_for_few(program: Program, pairing: Pairing) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(look_aside(MIDDLE - DAY))
        return len(seen)

    plan_asides(MIDDLE - DAY)
    few = asked()
    for number in range(30):
        person = make_person(f"q{number}@harbor.example", f"Person {number}")
        enroll(program, person, "mentee")
    plan_asides(MIDDLE - DAY)
    assert Message.objects.of(Aside.LINE).count() == 32
    assert asked() == few


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_owe_one(pairing: Pairing, mentor: User) -> None:
    before = MIDDLE - DAY
    assert at_once([lambda: plan_asides(before)] * 2) == ["done", "done"]
    assert owed(Aside.LINE, mentor) == [MIDDLE]
    assert Midquarter.objects.count() == 1
