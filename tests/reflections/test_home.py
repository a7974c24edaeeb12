"""The home page says where one stands, in a sentence, in every state."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from mentoring.models import Enrollment, Meeting, Pairing, Program
from mentoring.quarter import Quarter
from reflections.models import Moment, Reflection
from reflections.weeks import weeks_of
from tests.conftest import NOW, TODAY, enroll, in_state, make_person, pair, signed_in
from tests.reflections.conftest import FIRST, open_round, queries_of, rows, write

DRAFT, SUBMITTED, DECLINED = Reflection.Status.DRAFT, Reflection.Status.SUBMITTED, Reflection.Status.DECLINED


def page_of(person: User, at: datetime = NOW) -> str:
    with time_machine.travel(at, tick=False):
        return signed_in(person).get(reverse("home")).content.decode()


def headline(person: User, at: datetime = NOW) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page_of(person, at), re.DOTALL)
    assert found
    return " ".join(strip_tags(found[1]).replace("&nbsp;", " ").split())


def keep(person: User, number: int, day: date = TODAY, **values: object) -> None:
    for n in range(number):
        Moment.objects.create(person=person, text=f"moment {n}", happened_on=day, **values)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_somebody_signed_out_sees_the_welcome_page(db: None) -> None:
    reply = signed_in(None).get(reverse("home"))

    assert reply.status_code == 200
    assert "Your pairings" not in reply.content.decode()


def test_the_headline_says_the_quarter_the_moments_and_the_draft(program: Program, mentor: User) -> None:
    write(mentor, open_round(program), FIRST, "First words")
    keep(mentor, 9)

    assert headline(mentor) == (
        "Quarter one ends in seven days. You have kept nine moments, and your reflection is a draft."
    )


@pytest.mark.parametrize(
    ("status", "kept", "said"),
    [
        (None, 0, "Your reflection is open."),
        (None, 1, "You have kept one moment, and your reflection is open."),
        (None, 2, "You have kept two moments, and your reflection is open."),
        (DRAFT, 0, "Your reflection is a draft."),
        (DRAFT, 1, "You have kept one moment, and your reflection is a draft."),
        (SUBMITTED, 0, "Your reflection is finished."),
        (SUBMITTED, 13, "You have kept 13 moments, and your reflection is finished."),
        (DECLINED, 0, "You leave this one out."),
        (DECLINED, 3, "You have kept three moments, and leave the reflection out this time."),
    ],
)
def test_the_headline_knows_how_far_one_has_come(
    program: Program, mentor: User, status: Reflection.Status | None, kept: int, said: str
) -> None:
    quarter_round = open_round(program)
    if status:
        write(mentor, quarter_round, FIRST, "Words", status=status)
    keep(mentor, kept)

    assert headline(mentor) == f"Quarter one ends in seven days. {said}"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 6, 10), "Quarter one ends in 20 days."),
        (date(2026, 6, 28), "Quarter one ends in two days."),
        (date(2026, 6, 29), "Quarter one ends tomorrow."),
        (date(2026, 6, 30), "Quarter one ends today."),
        (date(2026, 7, 1), "Quarter one ended yesterday."),
        (date(2026, 7, 2), "Quarter one ended on Tuesday, June 30."),
        (date(2026, 7, 21), "Quarter one ended on Tuesday, June 30."),
        (date(2026, 7, 22), "Quarter two goes on until September 30."),
    ],
)
def test_the_headline_counts_down_to_the_last_day_and_over_it(
    program: Program, mentor: User, day: date, said: str
) -> None:
    open_round(program)

    assert headline(mentor, at_noon(day)).startswith(said)


def test_the_last_day_is_that_of_the_reader_and_not_of_the_server(program: Program, mentor: User) -> None:
    open_round(program)
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert headline(mentor, late).startswith("Quarter one ended yesterday.")  # half past midnight in Lisbon

    User.objects.filter(pk=mentor.pk).update(time_zone="America/Denver")
    assert headline(mentor, late).startswith("Quarter one ends today.")


def test_a_quarter_that_is_answered_and_over_gives_way_to_the_new_one(program: Program, mentor: User) -> None:
    write(mentor, open_round(program), FIRST, "Words", status=SUBMITTED)

    assert headline(mentor, at_noon(date(2026, 7, 1))) == (
        "Quarter two goes on until September 30. Nothing kept yet; it will not have been nothing."
    )


def test_without_an_open_round_the_headline_speaks_of_the_quarter(program: Program, mentor: User) -> None:
    keep(mentor, 1, date(2026, 5, 3))

    assert (
        headline(mentor, at_noon(date(2026, 5, 4)))
        == "Quarter one goes on until June 30. You have kept one moment."
    )
    assert "Nothing to write now." in page_of(mentor, at_noon(date(2026, 5, 4)))


def test_somebody_in_no_program_is_told_so_and_can_keep_moments(outsider: User) -> None:
    page = page_of(outsider)

    assert headline(outsider) == "Welcome, Otto. You are in no program yet."
    assert "What did you notice?" in page
    assert "Your quarter, week by week" not in page
    assert "Nothing kept yet." in page


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("applied", "Your place in Harbor Mentors is not settled yet."),
        ("invited", "Your place in Harbor Mentors is not settled yet."),
        ("waitlisted", "Your place in Harbor Mentors is not settled yet."),
        ("paused", "Your place in Harbor Mentors is paused. Your words are here."),
        ("completed", "Harbor Mentors is over for you now. Your words are still here."),
        ("declined", "Welcome, Ines. You are in no program yet."),
        ("withdrawn", "Welcome, Ines. You are in no program yet."),
    ],
)
def test_a_place_that_is_not_active_is_said_as_it_is(
    program: Program, member: User, status: str, said: str
) -> None:
    open_round(program)
    Enrollment.objects.filter(person=member).update(**in_state(status))

    assert headline(member) == said


def test_a_program_that_has_not_begun_or_has_ended_is_said_as_it_is(program: Program, member: User) -> None:
    Program.objects.update(starts_on=date(2026, 9, 1))
    assert headline(member) == "Harbor Mentors begins on Tuesday, September 1."
    Program.objects.update(starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 22))
    assert headline(member) == "Harbor Mentors is over for you now. Your words are still here."


def test_somebody_without_a_pairing_is_told_what_comes(member: User) -> None:
    page = page_of(member)

    assert "You are in no pairing now." in page
    assert "None now. A pairing is two people." in page


def test_several_programs_are_told_apart(program: Program, other_program: Program, mentor: User) -> None:
    enroll(other_program, mentor, "mentee")
    here, there = open_round(program), open_round(other_program)
    page = page_of(mentor)

    assert "Your reflection in Harbor Mentors" in page
    assert "Your reflection in Hill Mentors" in page
    assert "· Harbor Mentors" in page
    assert page.count('class="btn full"') == 1  # one thing to do next

    write(mentor, here, FIRST, "Words", status=SUBMITTED)
    page = page_of(mentor)
    assert "· Hill Mentors" in page
    assert page.index("in Hill Mentors") < page.index("in Harbor Mentors")
    assert reverse("reflections:open", args=[there.pk]) in page


def test_the_card_says_what_to_do_in_each_state(program: Program, mentor: User) -> None:
    quarter_round = open_round(program)
    assert "Begin writing" in page_of(mentor)
    write(mentor, quarter_round, FIRST, "Secret words")
    page = page_of(mentor)
    assert "Carry on writing" in page
    assert "Your words were last saved today at 13:00." in page
    assert "Secret words" not in page
    Reflection.objects.update(saved_at=NOW - timedelta(days=1))
    assert "last saved yesterday at 13:00" in page_of(mentor)
    assert "Open until Tuesday, July 21; late is fine." in page_of(mentor)
    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW)
    assert "You finished today at 13:00." in page_of(mentor)
    Reflection.objects.update(status=DECLINED, submitted_at=None, declined_at=NOW)
    assert "You are not asked again." in page_of(mentor)


def test_the_next_meeting_stands_in_both_zones(mentor: User, mentee: User, pairing: Pairing) -> None:
    Meeting.objects.create(
        pairing=pairing, starts_at=datetime(2026, 6, 25, 15, 0, tzinfo=UTC), place="Room 4"
    )
    Meeting.objects.create(
        pairing=pairing, starts_at=datetime(2026, 6, 24, 9, 0, tzinfo=UTC), cancelled_at=NOW
    )
    Meeting.objects.create(pairing=pairing, starts_at=datetime(2026, 6, 16, 9, 0, tzinfo=UTC))
    page = page_of(mentor)

    assert "With Tomasz" in page
    assert "16:00 in Lisbon" in page
    assert "17:00 in Warsaw" in page
    assert "Room 4" in page
    assert "Meets on Thursday, June 25" in page
    assert "17:00 in Warsaw" in page_of(mentee)

    User.objects.filter(pk=mentee.pk).update(time_zone="Pacific/Auckland")
    assert "Friday, 03:00 in Auckland" in page_of(mentor)


def test_pairings_say_how_they_stand(program: Program, mentor: User, mentee: User, pairing: Pairing) -> None:
    assert "You mentor Tomasz." in page_of(mentor)
    assert "No date yet" in page_of(mentor)
    assert "Noor mentors you." in page_of(mentee)
    Meeting.objects.create(pairing=pairing, starts_at=datetime(2026, 6, 16, 9, 0, tzinfo=UTC))
    assert "Met last on Tuesday, June 16" in page_of(mentee)
    Pairing.objects.update(status="paused")
    assert "Paused for now" in page_of(mentee)
    Pairing.objects.update(status="accepted", starts_on=date(2026, 7, 6))
    assert "Begins on Monday, July 6" in page_of(mentee)


def test_a_proposal_waits_for_my_yes_before_everything_else(
    program: Program, mentor: User, mentee: User
) -> None:
    pair(program, mentor, mentee)
    person = make_person("ayo@harbor.example", "Ayo Bello")
    enroll(program, person, "mentee")
    proposal = pair(
        program, mentor, person, status="proposed", mentor_accepted_at=None, mentee_accepted_at=None
    )
    page = page_of(mentor)

    assert page.index("Ayo could be your mentee. What do you say?") < page.index("You mentor Tomasz.")
    assert f'href="{reverse("pairings:detail", args=[proposal.pk])}"' in page
    Pairing.objects.filter(pk=proposal.pk).update(mentor_accepted_at=NOW)
    assert "You said yes. It begins with a second one." in page_of(mentor)
    assert "Noor could be your mentor. What do you say?" in page_of(person)
    Pairing.objects.filter(pk=proposal.pk).update(status="declined")
    assert "Ayo" not in page_of(mentor)


def test_what_was_kept_lately_is_ones_own(mentor: User, mentee: User, pairing: Pairing) -> None:
    keep(mentee, 1, audience="pairing", pairing=pairing)
    keep(mentor, 6)
    page = page_of(mentor)

    assert page.count('<article class="moment">') == 4
    assert "Only me" in page


def test_nothing_is_chosen_before_one_chooses(mentor: User, pairing: Pairing) -> None:
    page = page_of(mentor)

    assert "checked" not in page
    assert re.search(r'<option value="me"( selected)?>Only me</option>', page)
    assert f'<option value="pairing-{pairing.pk}">Tomasz and me</option>' in page


def test_looking_at_the_home_page_changes_nothing(program: Program, mentor: User, pairing: Pairing) -> None:
    open_round(program)
    client = signed_in(mentor)
    before = rows()
    with time_machine.travel(NOW, tick=False):
        assert client.get(reverse("home")).status_code == 200
        assert client.head(reverse("home")).status_code == 200
    assert rows() == before


def test_the_home_page_asks_as_much_for_many_rows_as_for_few(
    program: Program, mentor: User, now: datetime
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=60)
    open_round(program)
    client = signed_in(mentor)
    asked = []
    for batch, size in enumerate((3, 57)):
        for n in range(size):
            person = make_person(f"p{batch}-{n}@harbor.example", f"Person {batch} {n}")
            pairing = pair(program, mentor, person)
            for days in (-3, 3):
                Meeting.objects.create(pairing=pairing, starts_at=now + timedelta(days=days))
            keep(mentor, 1, audience="pairing", pairing=pairing)
        asked.append(queries_of(client, reverse("home")))

    assert asked[0] == asked[1]
    assert asked[1] <= 16  # notes, swaps, what was carried, and another year among them


# --- The strip of weeks -------------------------------------------------------------------------------------------


def test_the_weeks_of_a_quarter_are_those_that_touch_it(db: None) -> None:
    weeks = weeks_of(
        Quarter(date(2026, 4, 1), 4), [date(2026, 4, 1), date(2026, 6, 22), date(2026, 6, 28)], TODAY
    )

    assert len(weeks) == 14
    assert (weeks[0].monday, weeks[-1].monday) == (date(2026, 3, 30), date(2026, 6, 29))
    assert [week.kept for week in weeks] == [1] + [0] * 11 + [2, 0]
    assert [week.month for week in weeks if week.month] == ["April", "May", "June"]
    assert [week.is_now for week in weeks].index(True) == 12
    assert [week.is_ahead for week in weeks] == [False] * 13 + [True]


def test_a_quarter_that_is_over_has_no_week_of_today(db: None) -> None:
    weeks = weeks_of(Quarter(date(2026, 4, 1), 4), [], date(2026, 7, 1))

    assert not any(week.is_now or week.is_ahead for week in weeks)


@given(day=st.dates(date(1990, 1, 1), date(2090, 12, 31)), first_month=st.integers(1, 12))
def test_each_day_of_a_quarter_lies_in_one_of_its_weeks(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    weeks = weeks_of(quarter, [day], day)

    assert 13 <= len(weeks) <= 15
    assert sum(week.kept for week in weeks) == 1
    assert [week.is_now for week in weeks].count(True) == 1
    months = [week.month for week in weeks if week.month]
    assert len(months) == len(set(months)) <= 3


def test_the_strip_draws_one_drop_for_each_moment_and_says_it_in_words(
    program: Program, mentor: User
) -> None:
    keep(mentor, 2, date(2026, 5, 13))
    page = page_of(mentor)

    assert "Week of May 11: two moments</span><i></i><i></i>" in page
    assert "Week of June 22: nothing kept" in page
    assert "Week of June 29: still to come" in page
