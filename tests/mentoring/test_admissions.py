"""Answers to those who ask for a place, and the places that fall free."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.actions.admissions import REST
from mentoring.models import Enrollment, Notice, Program
from reflections import tasks
from tests.conftest import NOW, TODAY, enroll, make_person

DAY = timedelta(days=1)


@pytest.fixture
def applicant(program: Program) -> Enrollment:
    return enroll(
        program, make_person("petra@new.example", "Petra Novak"), "mentee", status="applied", joined_on=None
    )


def waiting(program: Program, name: str, *, role: str = "mentee", days_ago: int = 0) -> Enrollment:
    person = make_person(f"{name.lower()}@new.example", name)
    since = NOW - timedelta(days=days_ago)
    return enroll(
        program, person, role, status="waitlisted", joined_on=None, applied_at=since, waitlisted_at=since
    )


def again(place: Enrollment) -> Enrollment:
    place.refresh_from_db()
    return place


def owed(place: Enrollment) -> list[str]:
    return list(Message.objects.filter(person=place.person_id).order_by("pk").values_list("kind", flat=True))


def offered(program: Program) -> list[str]:
    rows = program.enrollments.filter(offered_at__isnull=False).order_by("offered_at", "pk")
    return [str(place.person) for place in rows]


# --- Answers


def test_whoever_is_approved_is_in_from_today_and_told_once(applicant: Enrollment, admin: User) -> None:
    actions.approve(applicant, by=admin, now=NOW, note="  See you on Monday.\r\n")
    again(applicant)
    assert (applicant.status, applicant.joined_on, applicant.decided_at) == ("active", TODAY, NOW)
    assert applicant.decision_note == "See you on Monday."
    assert owed(applicant) == ["place_approved"]
    with pytest.raises(Refused, match="answered already"):
        actions.approve(applicant, by=admin, now=NOW)
    with pytest.raises(Refused, match="answered already"):
        actions.decline(applicant, by=admin, now=NOW)
    assert owed(applicant) == ["place_approved"]


def test_whoever_is_waitlisted_waits_from_now_on(applicant: Enrollment, admin: User) -> None:
    actions.waitlist(applicant, by=admin, now=NOW)
    again(applicant)
    assert (applicant.status, applicant.waitlisted_at, applicant.decided_at) == ("waitlisted", NOW, NOW)
    assert owed(applicant) == ["place_waitlisted"]
    with pytest.raises(Refused):
        actions.waitlist(applicant, by=admin, now=NOW)


def test_a_no_ends_an_offer_too(program: Program, admin: User) -> None:
    place = waiting(program, "Ada")
    actions.offer_place(place, by=admin, now=NOW)
    actions.decline(place, by=admin, now=NOW + DAY, note="The cohort is full.")
    again(place)
    assert (place.status, place.offered_at, place.waitlisted_at) == ("declined", None, None)
    assert place.decision_note == "The cohort is full."


def test_who_waits_is_approved_without_an_offer(program: Program, admin: User) -> None:
    place = waiting(program, "Ada")
    actions.approve(place, by=admin, now=NOW)
    assert again(place).status == "active"


@pytest.mark.parametrize("status", ["invited", "active", "paused", "declined", "withdrawn", "completed"])
@pytest.mark.parametrize("verb", ["approve", "waitlist", "decline"])
def test_only_what_was_asked_is_answered(
    program: Program, mentor: User, admin: User, status: str, verb: str
) -> None:
    place = Enrollment.objects.get(person=mentor)
    Enrollment.objects.update(status=status)
    with pytest.raises(Refused):
        getattr(actions, verb)(place, by=admin, now=NOW)
    assert again(place).status == status
    assert not Message.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("verb", ["approve", "waitlist", "decline", "offer_place"])
def test_others_answer_nobody(
    applicant: Enrollment, mentor: User, other_admin: User, outsider: User, verb: str
) -> None:
    for person in (mentor, other_admin, outsider, applicant.person):
        with pytest.raises(Refused, match="Only those who run"):
            getattr(actions, verb)(applicant, by=person, now=NOW)
    assert again(applicant).status == "applied"


def test_where_nothing_is_free_the_refusal_names_the_ways_on(applicant: Enrollment, admin: User) -> None:
    Program.objects.update(places_for_mentees=0, places_for_mentors=9)
    with pytest.raises(Refused, match="Put them on the waitlist, or give the program more places first"):
        actions.approve(applicant, by=admin, now=NOW)
    assert again(applicant).status == "applied"
    assert not Notice.objects.exists()
    Program.objects.update(places_for_mentees=1)
    actions.approve(applicant, by=admin, now=NOW)


def test_a_place_that_is_held_for_somebody_is_not_given_to_another(
    applicant: Enrollment, program: Program, admin: User
) -> None:
    Program.objects.update(places_for_mentees=1)
    held = waiting(program, "Ada")
    actions.offer_place(held, by=admin, now=NOW)
    with pytest.raises(Refused, match="no free place"):
        actions.approve(applicant, by=admin, now=NOW)
    actions.approve(held, by=admin, now=NOW)
    assert again(held).status == "active"


def test_nobody_comes_into_a_program_that_is_over(
    applicant: Enrollment, program: Program, admin: User
) -> None:
    Program.objects.update(status="closed")
    program.refresh_from_db()
    with pytest.raises(Refused, match="over"):
        actions.approve(applicant, by=admin, now=NOW)
    actions.decline(applicant, by=admin, now=NOW)


def test_a_note_that_is_too_long_is_refused(applicant: Enrollment, admin: User) -> None:
    with pytest.raises(Refused, match="1000 characters"):
        actions.decline(applicant, by=admin, now=NOW, note="a" * 1001)
    assert again(applicant).status == "applied"


def test_a_note_can_be_changed_afterwards(applicant: Enrollment, admin: User, other_admin: User) -> None:
    actions.change_note(applicant, "too early", by=admin)
    assert again(applicant).decision_note == ""
    actions.decline(applicant, by=admin, now=NOW, note="Next yera.")
    actions.change_note(applicant, "Next year. ", by=admin)
    assert again(applicant).decision_note == "Next year."
    assert Notice.objects.get().note == "Next yera."
    with pytest.raises(Refused):
        actions.change_note(applicant, "", by=other_admin)


# --- Offers


def test_a_place_is_held_to_the_end_of_a_day_on_the_programs_calendar(program: Program, admin: User) -> None:
    Program.objects.update(time_zone="Pacific/Auckland", offer_days=5)
    program.refresh_from_db()
    place = waiting(program, "Ada")
    actions.offer_place(place, by=admin, now=NOW)  # On the 24th, there.
    ends = datetime(2026, 6, 29, 23, 59, tzinfo=ZoneInfo("Pacific/Auckland"))
    again(place)
    assert (place.offered_at, place.offer_expires_at) == (NOW, ends)
    first, reminder = Message.objects.filter(person=place.person_id).order_by("due_at")
    assert (first.kind, first.due_at, first.expires_at) == ("place_offered", NOW, ends)
    there = reminder.due_at.astimezone(place.person.zone)
    assert reminder.kind == "place_offer_reminder"
    assert (there.date(), there.time()) == (date(2026, 6, 28), time(9, 0))


@pytest.mark.parametrize(("days", "number"), [(1, 1), (2, 1), (3, 2), (60, 2)])
def test_only_a_long_offer_is_brought_to_mind(program: Program, admin: User, days: int, number: int) -> None:
    Program.objects.update(offer_days=days)
    program.refresh_from_db()
    place = waiting(program, "Ada")
    actions.offer_place(place, by=admin, now=NOW)
    assert len(owed(place)) == number


@pytest.mark.parametrize("status", ["draft", "paused", "closed", "archived"])
def test_a_program_that_rests_offers_nothing(program: Program, admin: User, status: str) -> None:
    place = waiting(program, "Ada")
    Program.objects.update(status=status, places_for_mentees=5)
    with pytest.raises(Refused, match="active"):
        actions.offer_place(Enrollment.objects.get(), by=admin, now=NOW)
    assert actions.offer_freed_places(NOW) == 0
    assert not again(place).offered_at


def test_nor_does_one_whose_last_day_is_past(program: Program, admin: User) -> None:
    waiting(program, "Ada")
    Program.objects.update(places_for_mentees=5, ends_on=TODAY - DAY)
    assert actions.offer_freed_places(NOW) == 0


def test_an_offer_is_made_once_and_only_to_who_waits(
    program: Program, applicant: Enrollment, admin: User
) -> None:
    place = waiting(program, "Ada")
    with pytest.raises(Refused, match="not on the waitlist"):
        actions.offer_place(applicant, by=admin, now=NOW)
    actions.offer_place(place, by=admin, now=NOW, note="As we said on the phone.")
    with pytest.raises(Refused, match="may still answer"):
        actions.offer_place(place, by=admin, now=NOW + DAY)
    assert again(place).decision_note == "As we said on the phone."
    Program.objects.update(places_for_mentees=1)
    with pytest.raises(Refused, match="no free place"):
        actions.offer_place(waiting(program, "Ben"), by=admin, now=NOW)


def test_the_clock_offers_free_places_in_the_order_of_the_list(program: Program) -> None:
    Program.objects.update(places_for_mentees=2)
    waiting(program, "Cleo", days_ago=1)
    waiting(program, "Ada", days_ago=3)
    waiting(program, "Ben", days_ago=2)
    assert actions.offer_freed_places(NOW) == 2
    assert sorted(offered(program)) == ["Ada", "Ben"]
    assert actions.offer_freed_places(NOW + DAY) == 0
    assert Message.objects.filter(kind="place_offered").count() == 2


def test_the_clock_offers_nothing_where_any_number_may_come_in(program: Program) -> None:
    waiting(program, "Ada")
    Program.objects.update(places_for_mentors=3)
    assert actions.offer_freed_places(NOW) == 0


def test_whoever_is_both_waits_for_both_sides_and_holds_up_nobody(program: Program) -> None:
    Program.objects.update(places_for_mentees=1, places_for_mentors=0)
    both = waiting(program, "Bo", role="both", days_ago=9)
    waiting(program, "Ada")
    assert actions.offer_freed_places(NOW) == 1
    assert offered(program) == ["Ada"]
    Program.objects.update(places_for_mentees=2, places_for_mentors=1)
    assert actions.offer_freed_places(NOW) == 1
    assert again(both).offered_at == NOW


def test_nobody_who_is_about_to_leave_is_offered_a_place(program: Program) -> None:
    Program.objects.update(places_for_mentees=5)
    leaving, closed = waiting(program, "Ada"), waiting(program, "Ben")
    User.objects.filter(pk=leaving.person_id).update(erasure_due_at=NOW + DAY)
    User.objects.filter(pk=closed.person_id).update(is_active=False)
    assert actions.offer_freed_places(NOW) == 0


def test_an_offer_that_ends_goes_on_to_the_next_and_its_person_to_the_end(program: Program) -> None:
    Program.objects.update(places_for_mentees=1)
    ada, ben = waiting(program, "Ada", days_ago=2), waiting(program, "Ben", days_ago=1)
    actions.offer_freed_places(NOW)
    deadline = again(ada).offer_expires_at
    assert deadline
    assert actions.expire_offers(deadline - timedelta(seconds=1)) == 0
    assert actions.expire_offers(deadline) == 1
    assert actions.expire_offers(deadline) == 0
    assert again(ada).waitlisted_at == deadline
    assert owed(ada) == ["place_offered", "place_offer_reminder", "place_offer_ended"]
    assert list(program.enrollments.waitlist()) == [ben, ada]
    assert actions.offer_freed_places(deadline) == 1
    assert offered(program) == ["Ben"]


def test_the_clock_leaves_whoever_let_an_offer_go_alone_for_a_while_and_asks_once_more(
    program: Program,
) -> None:
    Program.objects.update(places_for_mentees=1)
    place = waiting(program, "Ada")
    actions.offer_freed_places(NOW)
    first = again(place).offer_expires_at
    assert first
    actions.expire_offers(first)
    assert actions.offer_freed_places(first + REST - timedelta(seconds=1)) == 0
    assert actions.offer_freed_places(first + REST) == 1
    second = again(place).offer_expires_at
    assert second
    actions.expire_offers(second)
    assert actions.offer_freed_places(second + timedelta(days=300)) == 0
    # Asked for anew, it is offered anew.
    Enrollment.objects.update(applied_at=second + DAY, waitlisted_at=second + DAY)
    assert actions.offer_freed_places(second + DAY) == 1


def test_the_tick_ends_offers_first_and_then_makes_new_ones(program: Program) -> None:
    Program.objects.update(places_for_mentees=1)
    waiting(program, "Ada", days_ago=2)
    waiting(program, "Ben", days_ago=1)
    done = tasks.run(NOW)
    assert (done["offers ended"], done["places offered"]) == (0, 1)
    done = tasks.run(NOW + timedelta(days=6))
    assert (done["offers ended"], done["places offered"]) == (1, 1)
    assert offered(program) == ["Ben"]
    assert list(done).index("offers ended") < list(done).index("places offered")


# --- Places that are taken


def test_a_place_is_paused_until_a_day_and_resumed(program: Program, mentor: User, admin: User) -> None:
    place = Enrollment.objects.get(person=mentor)
    with pytest.raises(Refused, match="day to come"):
        actions.pause_place(place, by=admin, now=NOW, until=TODAY)
    actions.pause_place(place, by=admin, now=NOW, until=TODAY + DAY)
    assert (again(place).status, place.paused_until) == ("paused", TODAY + DAY)
    with pytest.raises(Refused):
        actions.pause_place(place, by=admin, now=NOW)
    actions.resume_place(place, by=admin, now=NOW)
    assert (again(place).status, place.paused_until) == ("active", None)
    with pytest.raises(Refused):
        actions.resume_place(place, by=admin, now=NOW)


def test_whoever_is_through_comes_back_where_there_is_room(
    program: Program, mentee: User, admin: User
) -> None:
    place = Enrollment.objects.get(person=mentee)
    actions.complete_place(place, by=admin)
    assert again(place).status == "completed"
    Program.objects.update(places_for_mentees=0)
    with pytest.raises(Refused, match="no free place"):
        actions.resume_place(place, by=admin, now=NOW)
    Program.objects.update(places_for_mentees=1)
    actions.resume_place(place, by=admin, now=NOW)
    assert again(place).status == "active"


@pytest.mark.parametrize("status", ["applied", "waitlisted", "active", "paused"])
def test_a_place_is_withdrawn_from_wherever_it_stood(program: Program, admin: User, status: str) -> None:
    place = enroll(program, make_person("ada@new.example", "Ada"), "mentee", status=status)
    actions.withdraw_place(place, by=admin, now=NOW)
    assert (again(place).status, place.waitlisted_at) == ("withdrawn", None)


@pytest.mark.parametrize("status", ["invited", "declined"])
def test_nobody_who_has_not_said_yes_is_withdrawn(program: Program, admin: User, status: str) -> None:
    """Their name would be shown, which only their account knows."""
    place = enroll(program, make_person("ada@new.example", "Ada"), "mentee", status=status)
    with pytest.raises(Refused):
        actions.withdraw_place(place, by=admin, now=NOW)


def test_an_open_pairing_ends_before_its_places_do(
    pairing: object, mentor: User, mentee: User, admin: User
) -> None:
    for person in (mentor, mentee):
        place = Enrollment.objects.get(person=person)
        with pytest.raises(Refused, match="open pairing"):
            actions.withdraw_place(place, by=admin, now=NOW)
        with pytest.raises(Refused, match="open pairing"):
            actions.complete_place(place, by=admin)
        actions.pause_place(place, by=admin, now=NOW)


@pytest.mark.parametrize("verb", ["pause_place", "resume_place", "withdraw_place"])
def test_others_move_nobodys_place(program: Program, mentor: User, other_admin: User, verb: str) -> None:
    place = Enrollment.objects.get(person=mentor)
    for person in (mentor, other_admin):
        with pytest.raises(Refused, match="run a program"):
            getattr(actions, verb)(place, by=person, now=NOW)
        with pytest.raises(Refused, match="run a program"):
            actions.complete_place(place, by=person)


# --- Enrolling at once


def test_a_place_is_given_where_there_is_room(program: Program, outsider: User, admin: User) -> None:
    Program.objects.update(places_for_mentors=0)
    with pytest.raises(Refused, match="no free place"):
        actions.enroll(program, outsider, "mentor", by=admin, now=NOW)
    actions.enroll(program, outsider, "mentee", by=admin, now=datetime(2026, 6, 23, tzinfo=UTC))
