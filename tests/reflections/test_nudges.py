"""Who is owed which of the quarter's e-mails, and when. What a person reads is in test_nudge_emails.py."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.mail import claims
from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.models import Reflection, Round
from reflections.nudges import Planned, plan_nudges
from reflections.rounds import open_due_rounds
from reflections.schedule import Nudge
from tests.conftest import enroll, make_person, pair

pytestmark = pytest.mark.django_db

ASK, REMINDER, LAST_CALL = Nudge.ASK, Nudge.REMINDER, Nudge.LAST_CALL
LISBON, WARSAW, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Tokyo")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Tuesday, June 23, 2026, half past seven in Lisbon: the mentor's coffee slot in the last full week of the quarter.
W0 = datetime(2026, 6, 23, 7, 30, tzinfo=LISBON)
SOON = W0 - 2 * DAY


@pytest.fixture
def current(program: Program) -> Round:
    """The round of the quarter that ends on June 30, 2026."""
    open_due_rounds(SOON)
    return Round.objects.get(program=program, quarter_start=date(2026, 4, 1))


def owed(*people: User) -> list[tuple[str, str, datetime]]:
    """Who is owed what, when."""
    rows = Message.objects.of(*Nudge).order_by("due_at", "person__email")
    if people:
        rows = rows.filter(person__in=people)
    return [(row.person.first_name, row.kind, row.due_at) for row in rows.select_related("person")]


def send_due(now: datetime) -> None:
    """As if a worker had come by at that moment, with the conditions of the fence."""
    with at(now):
        for message in Message.objects.due().order_by("next_attempt_at", "pk"):
            row = Message.objects.filter(pk=message.pk)
            if ending := claims.why_not(message):
                row.update(state=ending.state, last_error=ending.reason)
            else:
                row.update(state="sent", sending_at=now, sent_at=now, attempts=1)


def at(now: datetime) -> override_settings:
    """The clock of the database says that it is then."""
    return override_settings(REHEARSAL_OFFSET=now - timezone.now())


def live(start: datetime, days: int, *, every: timedelta = DAY) -> None:
    """Ticks and workers, over and over."""
    now = start
    while now < start + days * DAY:
        open_due_rounds(now)
        plan_nudges(now)
        send_due(now)
        now += every


def sent(person: User) -> list[tuple[str, int, date]]:
    rows = Message.objects.filter(person=person, state="sent").order_by("sent_at")
    return [(row.kind, row.subject_id, row.sent_at.date()) for row in rows if row.sent_at]


def answer(person: User, round: Round, status: str, at: datetime = SOON) -> Reflection:
    return Reflection.objects.create(
        person=person,
        round=round,
        role="mentee",
        status=status,
        started_at=at,
        submitted_at=at if status == "submitted" else None,
        declined_at=at if status == "declined" else None,
    )


# --- When ----------------------------------------------------------------------------------------------------------


def test_both_of_a_pair_are_asked_at_their_own_coffee_time_in_their_own_zone(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    User.objects.filter(pk=mentee.pk).update(coffee_weekday=2, coffee_time=time(16, 0))
    assert plan_nudges(W0 - DAY).owed == 2
    assert owed() == [
        ("Noor", ASK, W0),
        ("Tomasz", ASK, datetime(2026, 6, 24, 16, 0, tzinfo=WARSAW)),
    ]
    assert set(Message.objects.values_list("subject_id", flat=True)) == {current.pk}
    assert not Message.objects.exclude(expires_at=F("due_at") + WEEK).exists()


def test_planning_again_owes_nothing_again(current: Round, pairing: Pairing) -> None:
    assert plan_nudges(SOON) == Planned(owed=2)
    assert plan_nudges(SOON) == Planned()
    assert plan_nudges(W0 - timedelta(minutes=1)) == Planned()


def test_nothing_is_owed_more_than_three_days_ahead(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(W0 - 3 * DAY - timedelta(minutes=1))
    assert owed(mentor) == []
    plan_nudges(W0 - 3 * DAY)
    assert owed(mentor) == [("Noor", ASK, W0)]


def test_a_whole_quarter_brings_three_e_mails_and_no_more(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 70)
    assert sent(mentor) == [
        (ASK, current.pk, date(2026, 6, 23)),
        (REMINDER, current.pk, date(2026, 6, 30)),
        (LAST_CALL, current.pk, date(2026, 7, 14)),
    ]


def test_a_clock_that_ticks_twice_and_one_that_misses_two_days_send_the_same(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 17)
    live(W0 + 2 * DAY, 1)
    live(W0 + 2 * DAY, 1)
    assert sent(mentor) == [(ASK, current.pk, date(2026, 6, 25))]


def test_after_two_days_without_a_tick_the_ask_goes_at_once_and_the_reminder_waits_its_week(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 + 2 * DAY + timedelta(hours=3), 60)
    assert sent(mentor) == [
        (ASK, current.pk, date(2026, 6, 25)),
        (REMINDER, current.pk, date(2026, 7, 7)),
        (LAST_CALL, current.pk, date(2026, 7, 14)),
    ]


def test_a_clock_that_starts_again_at_night_waits_for_morning(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    plan_nudges(datetime(2026, 6, 25, 2, 0, tzinfo=LISBON))
    assert owed(mentor) == [("Noor", ASK, datetime(2026, 6, 25, 7, 0, tzinfo=LISBON))]


def test_what_is_more_than_a_week_late_is_left_out(current: Round, pairing: Pairing, mentor: User) -> None:
    live(W0 + WEEK + timedelta(hours=2), 50)
    assert [kind for kind, *_rest in sent(mentor)] == [REMINDER, LAST_CALL]


def test_a_clock_that_starts_months_late_asks_about_no_old_quarter(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    live(datetime(2026, 9, 1, 9, 0, tzinfo=UTC), 26)
    assert Round.objects.filter(program=program).count() == 3
    assert [day for *_rest, day in sent(mentor)] == [date(2026, 9, 22)]


def test_a_program_of_another_fiscal_year_asks_at_its_own_quarters_end(
    other_program: Program, outsider: User, member: User
) -> None:
    Program.objects.filter(pk=other_program.pk).update(fiscal_first_month=2)
    for person in (outsider, member):
        enroll(other_program, person, "both")
    pair(other_program, outsider, member)
    live(datetime(2026, 7, 10, 6, 40, tzinfo=UTC), 45)
    assert [day for *_rest, day in sent(outsider)] == [
        date(2026, 7, 21),
        date(2026, 7, 28),
        date(2026, 8, 11),
    ]


def test_the_hour_stays_when_summer_time_begins_between_two_e_mails(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    """The quarter that ends on March 31, 2026: the ask on the 24th, the clock is put forward on the 29th."""
    live(datetime(2026, 3, 10, 7, 40, tzinfo=UTC), 26)
    asked, reminded = Message.objects.filter(person=mentor).order_by("due_at")[:2]
    assert reminded.due_at - asked.due_at == WEEK - timedelta(hours=1)
    assert {row.due_at.astimezone(LISBON).time() for row in (asked, reminded)} == {time(7, 30)}


# --- Who, and who not ----------------------------------------------------------------------------------------------


def test_nobody_is_asked_who_is_not_in_a_running_pairing(
    current: Round, pairing: Pairing, member: User
) -> None:
    plan_nudges(SOON)
    assert owed(member) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda program, pairing, mentor: Enrollment.objects.filter(person=mentor).update(status="paused"),
        lambda program, pairing, mentor: Enrollment.objects.filter(person=mentor).update(status="withdrawn"),
        lambda program, pairing, mentor: Pairing.objects.update(status="paused"),
        lambda program, pairing, mentor: Pairing.objects.update(status="ended", ended_on=date(2026, 6, 1)),
        lambda program, pairing, mentor: Program.objects.update(status="paused"),
        lambda program, pairing, mentor: Program.objects.update(status="closed"),
        lambda program, pairing, mentor: User.objects.filter(pk=mentor.pk).update(is_active=False),
    ],
    ids=[
        "pausing",
        "gone",
        "pair pauses",
        "pair is over",
        "program pauses",
        "program is closed",
        "no account",
    ],
)
def test_who_is_away_is_not_asked_and_not_sent_what_was_owed_before(
    current: Round, program: Program, pairing: Pairing, mentor: User, change: object
) -> None:
    plan_nudges(SOON)
    waiting = Message.objects.get(person=mentor, kind=ASK)
    with at(W0):
        assert claims.why_not(waiting) is None
        change(program, pairing, mentor)  # type: ignore[operator]
        ending = claims.why_not(waiting)
    assert ending is not None
    assert ending.state == "cancelled"
    Message.objects.all().delete()
    plan_nudges(SOON)
    assert owed(mentor) == []


def test_a_pairing_younger_than_three_weeks_at_the_quarters_end_is_not_asked_about(
    current: Round, pairing: Pairing
) -> None:
    Pairing.objects.update(starts_on=date(2026, 6, 10))
    assert plan_nudges(SOON).owed == 0
    Pairing.objects.update(starts_on=date(2026, 6, 9))
    assert plan_nudges(SOON).owed == 2


def test_who_stopped_these_e_mails_is_not_owed_any(current: Round, pairing: Pairing, mentor: User) -> None:
    Stopped.objects.stop(mentor.pk, "reflections")
    assert plan_nudges(SOON).owed == 1
    assert owed(mentor) == []


@pytest.mark.parametrize("status", ["submitted", "declined"])
def test_who_has_answered_is_not_asked_again(
    current: Round, pairing: Pairing, mentor: User, status: str
) -> None:
    live(W0 - DAY, 3)
    answer(mentor, current, status, W0 + DAY)
    live(W0 + 2 * DAY, 40)
    assert [kind for kind, *_rest in sent(mentor)] == [ASK]


def test_who_answers_between_planning_and_sending_gets_nothing(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    plan_nudges(SOON)
    answer(mentor, current, "submitted")
    send_due(W0 + timedelta(minutes=1))
    assert sent(mentor) == []
    assert Message.objects.get(person=mentor).last_error == "answered"
    assert len(sent(mentee)) == 1


def test_who_is_just_writing_is_not_reminded_of_it(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    live(W0 - DAY, 3)
    for person, begun in ((mentor, W0 + 6 * DAY), (mentee, W0 + 4 * DAY)):
        answer(person, current, "draft", begun)
    live(W0 + 7 * DAY - timedelta(hours=1), 4, every=timedelta(hours=1))
    assert [kind for kind, *_rest in sent(mentor)] == [ASK]
    assert [kind for kind, *_rest in sent(mentee)] == [ASK, REMINDER]


def test_who_starts_writing_after_the_reminder_was_owed_is_not_sent_it(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 - DAY, 7)
    assert Message.objects.get(person=mentor, kind=REMINDER).state == "queued"
    answer(mentor, current, "draft", W0 + 6 * DAY)
    live(W0 + 6 * DAY, 2)
    reminder = Message.objects.get(person=mentor, kind=REMINDER)
    assert (reminder.state, reminder.last_error) == ("cancelled", "writing")


def test_an_address_that_refused_the_ask_is_not_tried_for_the_reminder(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 - DAY, 3)
    Message.objects.filter(person=mentor).update(state="failed", sent_at=None, last_code=550)
    live(W0 + 2 * DAY, 40)
    assert Message.objects.filter(person=mentor).count() == 1


def test_who_was_silent_is_asked_less_and_who_comes_back_is_asked_as_before(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    """One quarter without opening the page: no last call. Two: only the ask. A page that was opened counts."""
    kinds = []
    for start in (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)):
        end = program.quarter_on(start).end
        live(datetime.combine(end, time(7, 40), UTC) - 18 * DAY, 42)
        kinds.append(
            [kind for kind, round, _day in sent(mentor) if Round.objects.get(pk=round).quarter_start == start]
        )
        if start == date(2026, 7, 1):
            answer(mentor, Round.objects.get(program=program, quarter_start=start), "draft")
    assert kinds == [[ASK, REMINDER, LAST_CALL], [ASK, REMINDER], [ASK], [ASK, REMINDER, LAST_CALL]]


# --- Changes on the way --------------------------------------------------------------------------------------------


def test_another_zone_moves_what_waits(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(SOON)
    User.objects.filter(pk=mentor.pk).update(time_zone="Asia/Tokyo")
    assert plan_nudges(SOON).moved == 1
    there = datetime(2026, 6, 23, 7, 30, tzinfo=TOKYO)
    message = Message.objects.get(person=mentor)
    assert (message.due_at, message.next_attempt_at, message.expires_at) == (there, there, there + WEEK)


def test_another_coffee_time_moves_what_waits_and_nothing_that_was_tried(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    plan_nudges(SOON)
    Message.objects.filter(person=mentee).update(attempts=1)
    User.objects.update(coffee_weekday=3, coffee_time=time(9, 0))
    assert plan_nudges(SOON).moved == 1
    assert owed(mentor) == [("Noor", ASK, datetime(2026, 6, 25, 9, 0, tzinfo=LISBON))]
    assert owed(mentee) == [("Tomasz", ASK, datetime(2026, 6, 23, 7, 30, tzinfo=WARSAW))]


def test_a_move_after_the_ask_was_sent_sends_nothing_again_and_keeps_the_week(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    """Moved from Tuesday to Monday: six days later is still a week; to Friday before it would be three days."""
    User.objects.filter(pk=mentor.pk).update(coffee_weekday=4)
    live(W0 - DAY, 5)
    assert sent(mentor) == [(ASK, current.pk, date(2026, 6, 26))]
    User.objects.filter(pk=mentor.pk).update(coffee_weekday=0, time_zone="Asia/Tokyo")
    live(W0 + 4 * DAY, 40)
    assert sent(mentor) == [
        (ASK, current.pk, date(2026, 6, 26)),
        (REMINDER, current.pk, date(2026, 7, 6)),
        (LAST_CALL, current.pk, date(2026, 7, 13)),
    ]


def test_changing_the_dates_of_a_round_never_sends_anything_again(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 - DAY, 3)
    Round.objects.filter(pk=current.pk).update(
        due_on=current.due_on + 10 * DAY, closes_on=current.closes_on + 10 * DAY
    )
    live(W0 + 2 * DAY, 50)
    kinds = [kind for kind, *_rest in sent(mentor)]
    assert len(kinds) == len(set(kinds)) == 3


def test_what_is_tried_again_sleeps_at_night(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(SOON)
    late = datetime(2026, 6, 23, 23, 10, tzinfo=LISBON)
    Message.objects.filter(person=mentor).update(attempts=4, next_attempt_at=late)
    plan_nudges(datetime(2026, 6, 23, 20, 30, tzinfo=LISBON))
    assert Message.objects.get(person=mentor).next_attempt_at == datetime(2026, 6, 24, 7, 0, tzinfo=LISBON)


# --- Two programs --------------------------------------------------------------------------------------------------


@pytest.fixture
def in_two(program: Program, other_program: Program, pairing: Pairing, mentor: User, member: User) -> User:
    """The mentor, who is paired in a second program whose quarter ends on the same day."""
    for person in (mentor, member):
        enroll(other_program, person, "both")
    pair(other_program, mentor, member)
    return mentor


def test_a_person_in_two_programs_is_asked_by_both_and_never_twice_in_a_week(
    in_two: User, program: Program, other_program: Program
) -> None:
    live(datetime(2026, 6, 10, 6, 40, tzinfo=UTC), 60)
    mine = [(kind, Round.objects.get(pk=round).program, day) for kind, round, day in sent(in_two)]
    assert mine == [
        (ASK, program, date(2026, 6, 23)),
        (ASK, other_program, date(2026, 6, 30)),
        (REMINDER, other_program, date(2026, 7, 7)),
        (LAST_CALL, program, date(2026, 7, 14)),
    ]


def test_a_reminder_that_is_owed_gives_its_week_to_another_programs_ask(
    in_two: User, current: Round, other_program: Program
) -> None:
    Program.objects.filter(pk=other_program.pk).update(status="paused")
    live(datetime(2026, 6, 10, 6, 40, tzinfo=UTC), 18)
    reminder = Message.objects.get(person=in_two, kind=REMINDER, subject_id=current.pk)
    assert reminder.state == "queued"
    Program.objects.filter(pk=other_program.pk).update(status="active")
    live(datetime(2026, 6, 28, 6, 40, tzinfo=UTC), 4)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.last_error) == ("cancelled", "another had the week")
    assert sent(in_two)[-1][2] == date(2026, 6, 30)


def test_the_fence_lets_no_second_nudge_out_in_a_week(
    in_two: User, current: Round, other_program: Program
) -> None:
    """Whatever was planned: here two asks stand on the same day, as if two planners had not seen each other."""
    for round in Round.objects.filter(quarter_start=date(2026, 4, 1)):
        Message.objects.create(
            person=in_two,
            kind=ASK,
            subject_id=round.pk,
            due_at=W0,
            next_attempt_at=W0,
            expires_at=datetime(2036, 1, 1, tzinfo=UTC),
            message_id=f"{round.pk}@example.org",
        )
    send_due(W0)
    assert sorted(Message.objects.values_list("state", "last_error")) == [
        ("cancelled", "another that week"),
        ("sent", ""),
    ]


# --- How much it asks of the database, and two at once -------------------------------------------------------------


def crowd(program: Program, count: int) -> None:
    for n in range(count):
        two = [make_person(f"{role}{count}-{n}@crowd.example", f"Person {n}") for role in ("a", "b")]
        for person in two:
            enroll(program, person, "both", capacity=3)
        pair(program, *two)


@pytest.mark.parametrize("pairs", [3, 60])
def test_planning_asks_the_database_as_often_for_sixty_pairs_as_for_three(
    current: Round,
    other_program: Program,
    pairs: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    settings: Settings,
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    crowd(current.program, pairs)
    crowd(other_program, 2)
    open_due_rounds(SOON)
    with django_assert_num_queries(10):
        assert plan_nudges(SOON).owed == 2 * (pairs + 2)
    with django_assert_num_queries(9):
        assert plan_nudges(SOON) == Planned()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_planners_at_once_owe_each_nudge_once(current: Round, pairing: Pairing) -> None:
    both = threading.Barrier(2, timeout=10)
    planned: list[Planned] = []

    def run() -> None:
        try:
            both.wait()
            planned.append(plan_nudges(SOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.owed for one in planned) == 2
    assert Message.objects.count() == 2


# --- The dry run ---------------------------------------------------------------------------------------------------


def dry_run(*args: str) -> str:
    out = StringIO()
    call_command("nudges", "--dry-run", *args, stdout=out)
    return out.getvalue()


def test_a_dry_run_says_who_gets_what_when_in_their_zone_and_why_not(
    current: Round, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    answer(mentee, current, "declined")
    said = dry_run("--on", "2026-06-20")
    assert "Harbor Mentors · FY27 Q1, ends on 2026-06-30" in said
    assert "noor@harbor.example\n    ask: Tue 2026-06-23 07:30 Europe/Lisbon\n" in said
    assert "last call: Tue 2026-07-14 07:30 Europe/Lisbon" in said
    assert "tomasz@harbor.example\n    ask: not sent: they have answered" in said
    assert "ines@harbor.example\n    ask: not sent: they are in no pairing that is under way" in said
    assert not Message.objects.exists()


def test_a_dry_run_shows_a_round_that_is_still_to_open(program: Program, pairing: Pairing) -> None:
    said = dry_run("--on", "2026-06-20")
    assert "FY27 Q1, ends on 2026-06-30 (not open yet)" in said
    assert "ask: Tue 2026-06-23 07:30 Europe/Lisbon" in said
    assert not Round.objects.exists()


def test_a_dry_run_between_two_rounds_says_so(current: Round, pairing: Pairing) -> None:
    assert dry_run("--on", "2026-05-15") == "No round is open then.\n"


def test_only_a_dry_run_takes_another_day(db: None) -> None:
    with pytest.raises(CommandError, match="dry-run"):
        call_command("nudges", "--on", "2026-06-20")
