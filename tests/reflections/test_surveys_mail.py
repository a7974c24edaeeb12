"""The e-mails about a survey: one and a reminder, at the coffee time, as long as nothing was said to it."""

from datetime import datetime, timedelta

import pytest

from accounts.mail import letters
from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring import actions as mentoring_actions
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.asides import Aside, plan_asides
from reflections.models import Survey
from tests.conftest import enroll, make_person, pair
from tests.reflections.nudging import DAY, LISBON, send_due
from tests.reflections.surveying import answer, ask_due_surveys, sheet_of, survey_of

pytestmark = pytest.mark.django_db

# A Wednesday far from a quarter's end and from its middle; the next coffee time is that of the Tuesday after it.
ASKED = datetime(2026, 4, 15, 12, 0, tzinfo=LISBON)
COFFEE = datetime(2026, 4, 21, 7, 30, tzinfo=LISBON)
AGAIN = datetime(2026, 5, 5, 7, 30, tzinfo=LISBON)


@pytest.fixture
def asked(program: Program) -> Pairing:
    survey_of(program)
    two = []
    for name in ("Mara", "Nils"):
        person = make_person(f"{name}@harbor.example".lower(), f"{name} Survey", coffee_chosen_at=ASKED)
        enroll(program, person, "mentor" if name == "Mara" else "mentee")
        two.append(person)
    made = pair(program, *two, starts_on=program.today(ASKED) - timedelta(days=8))
    assert ask_due_surveys(ASKED) == 2
    return made


def owed(kind: str, person: User) -> list[tuple[str, datetime]]:
    return list(Message.objects.of(kind).filter(person=person).values_list("state", "due_at"))


def live(days: int) -> None:
    for n in range(days):
        now = ASKED + n * DAY
        plan_asides(now)
        send_due(now)


def test_it_comes_at_the_coffee_time_and_once_more_two_weeks_later(asked: Pairing) -> None:
    live(29)
    assert owed(Aside.SURVEY, asked.mentor) == [("sent", COFFEE)]
    assert owed(Aside.SURVEY_AGAIN, asked.mentor) == [("sent", AGAIN)]


@pytest.mark.parametrize("said", ["answered", "declined"])
def test_whoever_has_said_something_gets_no_more(asked: Pairing, said: str) -> None:
    live(10)
    sheet = sheet_of(asked.mentor)
    if said == "answered":
        answer(asked.mentor, wish="a", now=ASKED + 10 * DAY)
    else:
        actions.decline_survey(sheet, by=asked.mentor, now=ASKED + 10 * DAY)
    live(29)
    assert owed(Aside.SURVEY_AGAIN, asked.mentor) == []
    assert [state for state, _at in owed(Aside.SURVEY_AGAIN, asked.mentee)] == ["sent"]


def test_what_is_owed_is_not_sent_once_it_is_answered_or_closed(asked: Pairing) -> None:
    plan_asides(COFFEE - DAY)
    answer(asked.mentor, wish="a", now=COFFEE - DAY)
    sheet_of(asked.mentee).period.sheets.filter(person=asked.mentee).update(closes_at=COFFEE - DAY / 2)
    send_due(COFFEE + DAY)
    for person in (asked.mentor, asked.mentee):
        row = Message.objects.get(kind=Aside.SURVEY, person=person)
        assert (row.state, row.last_error) == (
            "cancelled",
            "it is answered, put aside, closed or switched off",
        )


def test_whoever_stopped_the_stream_gets_none(asked: Pairing) -> None:
    Stopped.objects.create(person=asked.mentor, stream="surveys")
    live(29)
    assert owed(Aside.SURVEY, asked.mentor) == []
    assert [state for state, _at in owed(Aside.SURVEY, asked.mentee)] == ["sent"]


def test_a_survey_that_is_switched_off_sends_nothing_more(asked: Pairing) -> None:
    plan_asides(COFFEE - DAY)
    Survey.objects.update(is_on=False)
    send_due(COFFEE)
    assert [state for state, _at in owed(Aside.SURVEY, asked.mentor)] == ["cancelled"]
    live(29)
    assert owed(Aside.SURVEY_AGAIN, asked.mentor) == []


def test_while_a_program_rests_it_waits_and_comes_when_it_goes_on(
    asked: Pairing, program: Program, admin: User
) -> None:
    plan_asides(COFFEE - DAY)
    mentoring_actions.pause_program(program, by=admin)
    send_due(COFFEE)
    row = Message.objects.get(kind=Aside.SURVEY, person=asked.mentor)
    assert (row.state, row.last_error) == ("cancelled", "the program is not running")
    program.refresh_from_db()
    mentoring_actions.resume_program(program, by=admin, now=COFFEE + DAY)
    plan_asides(COFFEE + DAY)
    send_due(COFFEE + 2 * DAY)
    row.refresh_from_db()
    assert row.state == "sent"


def test_it_comes_after_the_programs_last_day_too(asked: Pairing, program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(ends_on=program.today(ASKED))
    live(10)
    assert owed(Aside.SURVEY, asked.mentor) == [("sent", COFFEE)]


@pytest.mark.parametrize("stage", Survey.Stage.values)
def test_the_letter_says_who_asks_and_no_question(asked: Pairing, stage: str) -> None:
    Survey.objects.update(stage=stage)
    plan_asides(COFFEE - DAY)
    got = letters.compose(Message.objects.get(kind=Aside.SURVEY, person=asked.mentor))
    assert got.subject == "A few questions from Harbor Mentors"
    for part in (got.body, str(got.alternatives[0][0])):
        assert "Mara" in part
        assert "Nils" not in part
        assert "totals of five people or more" in " ".join(part.split())
        assert f"/surveys/{sheet_of(asked.mentor, stage).pk}/" in part
        assert "Do you know" not in part
