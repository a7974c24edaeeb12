"""The clock by which a program forgets: it warns, waits, deletes what was written there, and never too early."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from accounts.mail import kinds, letters
from accounts.mail.models import Message
from accounts.models import Erasure, User
from mentoring import retention
from mentoring.models import Enrollment, EnrollmentAnswer, Notice, Program, ProgramAdmin, Retention
from mentoring.quarter import plus_months
from mentoring.retention import WARNING, Tended
from reflections.models import Audience, Moment, Reflection, Round
from tests.conftest import NOW, TODAY, enroll, in_state, signed_in
from tests.mentoring.admin.test_programs import settings_of

pytestmark = pytest.mark.django_db
DAY, NOTICE = timedelta(days=1), timedelta(days=30)
LISBON = ZoneInfo("Europe/Lisbon")


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LISBON)


@pytest.fixture
def place(program: Program, mentee: User) -> Enrollment:
    """Over since today, in a program that keeps words for a year; first seen by the clock today."""
    Program.objects.filter(pk=program.pk).update(retention_months=12)
    program.refresh_from_db()
    Enrollment.objects.filter(person=mentee).update(
        status=Enrollment.Status.COMPLETED, department="sandpiper"
    )
    retention.tend(NOW)
    return Enrollment.objects.get(person=mentee)


@pytest.fixture
def words(program: Program, mentee: User, place: Enrollment) -> None:
    round = Round.objects.create(
        program=program,
        quarter_start=date(2026, 4, 1),
        opens_on=date(2026, 6, 1),
        due_on=date(2026, 6, 30),
        closes_on=date(2026, 7, 20),
    )
    Reflection.objects.create(person=mentee, round=round, role="mentee")
    Moment.objects.create(person=mentee, text="mine alone", happened_on=TODAY)
    Moment.objects.create(
        person=mentee, text="for all", happened_on=TODAY, audience=Audience.PROGRAM, program=program
    )


def due(place: Enrollment) -> date:
    return plus_months(TODAY, 12)


def sent(at: datetime) -> None:
    """The outbox has sent what was owed, at that instant."""
    Message.objects.waiting().update(state=Message.State.SENT, sending_at=at, sent_at=at)


def warned(place: Enrollment) -> datetime:
    """The clock warns, a month before the day, and the outbox sends it."""
    at = noon(due(place)) - NOTICE
    assert retention.tend(at).warned == 1
    sent(at)
    return at


# --- Since when ----------------------------------------------------------------------------------------------------


def test_it_counts_from_the_day_on_which_it_first_sees_that_a_place_is_over(place: Enrollment) -> None:
    assert Retention.objects.get().over_since == TODAY
    retention.tend(NOW + 40 * DAY)
    assert Retention.objects.get().over_since == TODAY


@pytest.mark.parametrize("status", ["withdrawn", "completed", "declined"])
def test_a_place_is_over_by_its_own_state(status: str, mentee: User) -> None:
    Enrollment.objects.filter(person=mentee).update(status=status)
    retention.tend(NOW)
    assert Retention.objects.get().enrollment.person == mentee


@pytest.mark.parametrize("status", ["invited", "applied", "waitlisted", "active", "paused"])
def test_no_other_state_starts_the_clock(status: str, mentee: User) -> None:
    Enrollment.objects.filter(person=mentee).update(**in_state(status))
    retention.tend(NOW)
    assert not Retention.objects.exists()


def test_a_place_is_over_with_its_program(program: Program, mentee: User) -> None:
    Program.objects.update(ends_on=TODAY)
    retention.tend(NOW)
    assert not Retention.objects.exists()
    retention.tend(NOW + 20 * DAY)  # The clock had a rest.
    assert Retention.objects.get().over_since == TODAY
    Program.objects.update(ends_on=None)
    retention.tend(NOW + 21 * DAY)
    assert not Retention.objects.exists()
    Program.objects.update(status=Program.Status.CLOSED)
    retention.tend(NOW + 22 * DAY)
    assert Retention.objects.get().over_since == TODAY + 22 * DAY


def test_a_place_that_is_taken_up_again_begins_anew(place: Enrollment, mentee: User) -> None:
    warned(place)
    Enrollment.objects.filter(pk=place.pk).update(status=Enrollment.Status.ACTIVE)
    assert retention.tend(noon(due(place)) + DAY) == Tended()
    assert not Retention.objects.exists()
    Enrollment.objects.filter(pk=place.pk).update(status=Enrollment.Status.WITHDRAWN)
    later = noon(due(place)) + 5 * DAY
    retention.tend(later)
    again = later + timedelta(days=366)
    assert retention.tend(again).warned == 1  # Told again, though they were told once before.


def test_a_program_without_a_clock_keeps_everything(program: Program, place: Enrollment, words: None) -> None:
    Program.objects.update(retention_months=None)
    assert retention.tend(NOW + 4000 * DAY) == Tended()
    assert Reflection.objects.exists()


def test_a_clock_that_is_switched_off_takes_its_warning_back(program: Program, place: Enrollment) -> None:
    at = warned(place)
    Program.objects.update(retention_months=None)
    assert retention.tend(at + DAY) == Tended()
    assert Retention.objects.get().warned_at is None
    Program.objects.update(retention_months=12)
    assert retention.tend(at + 90 * DAY) == Tended(warned=1)


# --- The warning ---------------------------------------------------------------------------------------------------


def test_it_warns_thirty_days_before_and_once(place: Enrollment, mentee: User) -> None:
    early = noon(due(place)) - NOTICE - DAY
    assert retention.tend(early) == Tended()
    assert retention.tend(early + DAY) == Tended(warned=1)
    assert retention.tend(early + 2 * DAY) == Tended()
    message = Message.objects.of(WARNING).get()
    assert (message.person, message.subject_id) == (mentee, place.pk)


def test_the_warning_says_what_goes_when_and_how_to_take_it_along(place: Enrollment) -> None:
    warned(place)
    letter = letters.compose(Message.objects.get())
    assert letter.subject == "What you wrote in Harbor Mentors will be deleted"
    assert kinds.get(WARNING).stream is None
    assert "kept for twelve months after that" in letter.body
    assert "Not before Wednesday, June 23, 2027" in letter.body
    assert "your account with them" in letter.body
    assert reverse("accounts:data") in letter.body
    assert "It cannot be stopped" in letter.body
    assert "sandpiper" not in letter.body


def test_whoever_has_another_place_is_told_that_the_rest_stays(
    place: Enrollment, mentee: User, other_program: Program
) -> None:
    enroll(other_program, mentee, Enrollment.Role.MENTEE)
    warned(place)
    body = letters.compose(Message.objects.get()).body
    assert "Whatever else you have here stays." in body
    assert "your account with them" not in body


def test_a_warning_about_a_place_that_was_taken_up_again_is_not_sent(place: Enrollment) -> None:
    retention.tend(noon(due(place)) - NOTICE)
    message = Message.objects.get()
    Retention.objects.all().delete()
    with pytest.raises(kinds.Unrenderable):
        kinds.get(WARNING).render(message)


# --- The end -------------------------------------------------------------------------------------------------------


def test_thirty_days_after_the_warning_the_account_goes_where_it_was_the_last_place(
    place: Enrollment, words: None, mentee: User
) -> None:
    at = warned(place)
    assert retention.tend(at + NOTICE - timedelta(minutes=1)) == Tended()
    assert retention.tend(at + NOTICE) == Tended(erased=1)
    mentee.refresh_from_db()
    assert mentee.erased_at == at + NOTICE
    assert not Moment.objects.exists()
    assert not Reflection.objects.exists()
    assert Erasure.objects.count() == 1
    assert retention.tend(at + NOTICE + 400 * DAY) == Tended()


def test_a_clock_that_slept_warns_first_and_waits_its_thirty_days(place: Enrollment, words: None) -> None:
    late = noon(due(place)) + 500 * DAY
    assert retention.tend(late) == Tended(warned=1)
    sent(late)
    assert "Not before" in letters.compose(Message.objects.get()).body
    assert retention.tend(late + NOTICE - DAY) == Tended()
    assert retention.tend(late + NOTICE) == Tended(erased=1)


def test_the_days_are_counted_from_when_the_warning_went_out(place: Enrollment, words: None) -> None:
    at = noon(due(place)) - NOTICE
    retention.tend(at)
    assert retention.tend(at + NOTICE) == Tended()  # The mail rests: nobody was warned yet.
    sent(at + NOTICE)
    assert retention.tend(at + 2 * NOTICE - DAY) == Tended()
    assert retention.tend(at + 2 * NOTICE) == Tended(erased=1)


@pytest.mark.parametrize(
    ("state", "code", "warns_again"),
    [("expired", None, True), ("failed", 451, True), ("failed", 550, False), ("cancelled", None, True)],
)
def test_a_warning_that_was_lost_is_made_anew(
    state: str, code: int | None, warns_again: bool, place: Enrollment, words: None
) -> None:
    """An address that is refused for good cannot be warned: its words do not stay for ever because of that."""
    at = noon(due(place)) - NOTICE
    retention.tend(at)
    Message.objects.update(state=state, last_code=code)
    done = retention.tend(at + NOTICE)
    assert done == (Tended() if warns_again else Tended(erased=1))
    if warns_again:
        assert retention.tend(at + NOTICE + DAY) == Tended(warned=1)


def test_a_warning_that_found_a_closed_account_counts_only_while_that_is_closed(
    place: Enrollment, words: None, mentee: User
) -> None:
    at = noon(due(place)) - NOTICE
    retention.tend(at)
    Message.objects.update(state="cancelled", last_error="inactive")
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    assert retention.tend(at + NOTICE) == Tended(erased=1)


@pytest.mark.parametrize("status", ["invited", "declined"])
def test_whoever_was_never_there_gets_no_letter_about_it(
    program: Program, outsider: User, status: str
) -> None:
    Program.objects.update(retention_months=1, status=Program.Status.CLOSED)
    enroll(program, outsider, Enrollment.Role.MENTEE, status=status, joined_on=None)
    for days in range(0, 120, 10):
        assert retention.tend(NOW + days * DAY) == Tended()
    assert not Message.objects.filter(person=outsider).exists()


def test_what_was_said_by_somebody_who_was_declined_is_forgotten_too(
    program: Program, outsider: User
) -> None:
    Program.objects.update(retention_months=12)
    place = enroll(program, outsider, "mentee", status="declined", joined_on=None, applied_at=NOW)
    enroll(Program.objects.create(name="Other", slug="o", starts_on=TODAY), outsider, "mentee")
    EnrollmentAnswer.objects.create(
        enrollment=place, code="why", asked="Why?", kind="short", audience="admins", text="Because."
    )
    Notice.objects.create(enrollment=place, kind="declined", note="Next year.")
    Enrollment.objects.filter(pk=place.pk).update(decision_note="Next year.")
    retention.tend(NOW)
    at = warned(place)
    assert retention.tend(at + NOTICE) == Tended(cleared=1)
    assert not EnrollmentAnswer.objects.exists()
    assert not Notice.objects.exists()
    assert Enrollment.objects.get(pk=place.pk).decision_note == ""


def test_a_no_elsewhere_keeps_no_account_for_ever(
    place: Enrollment, words: None, mentee: User, other_program: Program
) -> None:
    enroll(other_program, mentee, Enrollment.Role.MENTEE, status="declined", joined_on=None)
    at = warned(place)
    assert retention.tend(at + NOTICE) == Tended(erased=1)


def test_whoever_signed_in_since_keeps_the_account_and_loses_the_words(
    place: Enrollment, words: None, mentee: User
) -> None:
    at = warned(place)
    User.objects.filter(pk=mentee.pk).update(last_login=at + DAY)
    assert retention.tend(at + NOTICE) == Tended(cleared=1)
    mentee.refresh_from_db()
    place.refresh_from_db()
    assert mentee.is_active
    assert mentee.name == "Tomasz Zielinski"
    assert place.department == ""
    assert not Reflection.objects.exists()
    assert [moment.text for moment in Moment.objects.all()] == ["mine alone"]
    assert retention.tend(at + 900 * DAY) == Tended()


def test_another_place_keeps_the_account_and_what_was_written_there(
    place: Enrollment, words: None, mentee: User, other_program: Program
) -> None:
    enroll(other_program, mentee, Enrollment.Role.MENTEE)
    Moment.objects.create(
        person=mentee, text="over there", happened_on=TODAY, audience=Audience.PROGRAM, program=other_program
    )
    at = warned(place)
    assert retention.tend(at + NOTICE) == Tended(cleared=1)
    assert {moment.text for moment in Moment.objects.all()} == {"mine alone", "over there"}


def test_whoever_runs_something_stays(
    place: Enrollment, words: None, mentee: User, other_program: Program
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=mentee)
    at = warned(place)
    assert retention.tend(at + NOTICE) == Tended(cleared=1)
    mentee.refresh_from_db()
    assert mentee.erased_at is None


def test_the_last_of_several_places_takes_the_account_along(
    place: Enrollment, words: None, mentee: User, other_program: Program
) -> None:
    Program.objects.update(retention_months=12)
    enroll(other_program, mentee, Enrollment.Role.MENTEE, status=Enrollment.Status.WITHDRAWN)
    retention.tend(NOW)
    at = noon(due(place)) - NOTICE
    assert retention.tend(at) == Tended(warned=2)
    sent(at)
    # Both letters said that the account stays, so it does not go by them.
    assert retention.tend(at + NOTICE) == Tended(cleared=1)
    assert retention.tend(at + NOTICE + DAY) == Tended(warned=1)
    assert Retention.objects.get(cleared_at=None).goes_whole
    sent(at + NOTICE + DAY)
    assert retention.tend(at + 2 * NOTICE + DAY) == Tended(erased=1)


def test_the_others_words_stay(place: Enrollment, words: None, mentor: User, program: Program) -> None:
    Moment.objects.create(
        person=mentor, text="of the mentor", happened_on=TODAY, audience=Audience.PROGRAM, program=program
    )
    at = warned(place)
    retention.tend(at + NOTICE)
    assert [moment.text for moment in Moment.objects.all()] == ["of the mentor"]


def test_two_clocks_warn_once_and_delete_once(place: Enrollment, words: None, monkeypatch: Any) -> None:
    """The second looks at the list that the first has just worked off."""
    at = noon(due(place)) - NOTICE
    stale = retention._to_warn(place.program, at)
    assert [retention.tend(at), sum(retention._warn(pk, at) for pk in stale)] == [Tended(warned=1), 0]
    sent(at)
    ripe = retention._to_clear(place.program, at + NOTICE)
    assert [retention.tend(at + NOTICE), *(retention._clear(pk, at + NOTICE) for pk in ripe)] == [
        Tended(erased=1),
        "",
    ]


# --- The setting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("months", [0, 121])
def test_a_program_keeps_words_for_a_month_to_ten_years(months: int, program: Program) -> None:
    program.retention_months = months
    with pytest.raises(ValidationError):
        program.full_clean()
    with pytest.raises(IntegrityError, match="retention"):
        program.save()


def test_a_program_admin_sets_the_clock(program: Program, admin: User) -> None:
    browser = signed_in(admin)
    url = reverse("admin:mentoring_program_change", args=[program.pk])
    page = browser.get(url).content.decode()
    assert "They are warned by e-mail 30 days before." in page
    assert browser.post(url, settings_of(program, retention_months="24")).status_code == 302
    program.refresh_from_db()
    assert program.retention_months == 24
