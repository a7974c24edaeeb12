"""What somebody does with their own place: take one that is offered, rest, come back, leave; and what the page says."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mentoring import actions, rules
from mentoring.actions import Refused
from mentoring.models import Enrollment, EnrollmentAnswer, Pairing, Program
from reflections import tasks
from reflections.models import Round
from reflections.nudges import plan_nudges
from reflections.rounds import open_due_rounds
from tests.conftest import NOW, TODAY, enroll, pair, say_skills, signed_in
from tests.mentoring.applying import RULES, _then, ask, garden, meadow, page, place_of

__all__ = ["_then", "garden", "meadow"]
pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(days=3)
TOMORROW = TODAY + timedelta(days=1)


def press(name: str, program: Program, person: User, **typed: object) -> str:
    """The button, and the page that comes after it."""
    browser = signed_in(person)
    response = browser.post(reverse(f"programs:{name}", args=[program.pk]), typed)
    if response.status_code == 302:
        response = browser.get(response["Location"])
    assert response.status_code == 200
    return response.content.decode()


def offered(program: Program, person: User, until: datetime = SOON) -> Enrollment:
    return enroll(
        program,
        person,
        "mentee",
        status="waitlisted",
        waitlisted_at=NOW - timedelta(days=9),
        offered_at=NOW - timedelta(days=4),
        offer_expires_at=until,
        joined_on=None,
    )


# --- What the page says ---------------------------------------------------------------------------------------------


def test_it_says_where_one_stands_by_when_and_what_one_agreed_to(meadow: Program, outsider: User) -> None:
    Program.objects.filter(pk=meadow.pk).update(
        concern_name="Ada Ferro", concern_email="ada@meadow.example", agreement="We meet every other week."
    )
    enroll(
        meadow,
        outsider,
        "mentee",
        status="applied",
        joined_on=None,
        agreed_to="The old rules.",
        agreed_at=NOW,
    )
    shown = page("detail", meadow, outsider)
    for words in (
        "You asked on Tuesday, June 23, 2026 to be a mentee here.",
        "read what you said, and answer you",
        "The program begins on Monday, July 20, 2026.",
        "Ada Ferro",
        "ada@meadow.example",
        "We meet every other week.",
        "The old rules.",
        "You agreed to these on Tuesday, June 23, 2026.",
        "They read otherwise now",
        "Take your application back",
    ):
        assert words in shown
    assert RULES not in shown


def test_a_no_is_shown_with_its_note_to_whoever_asked(meadow: Program, outsider: User, member: User) -> None:
    enroll(
        meadow,
        outsider,
        "mentee",
        status="declined",
        joined_on=None,
        applied_at=NOW - timedelta(days=5),
        decided_at=NOW,
        decision_note="Next round <gladly>.",
    )
    shown = page("detail", meadow, outsider)
    assert "the answer of Tuesday, June 23, 2026 was no" in shown
    assert "Next round &lt;gladly&gt;." in shown
    assert "Ask for a place" not in shown
    assert "Next round" not in signed_in(member).get("/programs/").content.decode()


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({"status": "active"}, True),
        ({"status": "waitlisted"}, True),
        ({"status": "waitlisted", "offered_at": NOW, "offer_expires_at": NOW + timedelta(days=5)}, True),
        ({"status": "applied"}, False),
        ({"status": "paused"}, False),
        ({"status": "withdrawn"}, False),
    ],
)
def test_the_note_with_an_answer_is_read_while_it_is_news(
    meadow: Program, outsider: User, fields: dict[str, Any], is_shown: bool
) -> None:
    waits = fields["status"] in ("applied", "waitlisted")
    Program.objects.filter(pk=meadow.pk).update(status="active")
    said = {"decided_at": NOW, "decision_note": "Come on <Monday>."}
    joined = None if waits else TODAY
    enroll(meadow, outsider, "mentee", joined_on=joined, applied_at=NOW, **said, **fields)
    assert ("Come on &lt;Monday&gt;." in page("detail", meadow, outsider)) == is_shown


def test_whoever_says_no_to_an_invitation_is_left_alone_also_after_an_application(
    meadow: Program, outsider: User, admin: User
) -> None:
    meadow.admins.create(person=admin)
    enroll(
        meadow,
        outsider,
        "mentee",
        status="withdrawn",
        joined_on=None,
        applied_at=NOW,
        decision_note="an old note",
    )
    guests = [actions.Guest(outsider.email)]
    (invitation,) = actions.invite_by_email(
        meadow, "mentor", guests, by=admin, now=NOW, lives=timedelta(days=5)
    )
    actions.decline_invitation(invitation, now=NOW)
    assert place_of(outsider, meadow).said_no
    assert not Program.objects.visible_to(outsider).exists()


@pytest.mark.parametrize(
    ("status", "fields", "words", "buttons"),
    [
        ("waitlisted", {}, "keep your place in the order", {"withdraw"}),
        ("paused", {"paused_until": TOMORROW}, "until Wednesday, June 24, 2026", {"come_back", "withdraw"}),
        ("paused", {}, "until you come back", {"come_back", "withdraw"}),
        ("active", {}, "You are a mentee here, since", {"pause", "withdraw", "edit"}),
        ("withdrawn", {}, "Your place has ended.", {"apply"}),
        ("withdrawn", {"joined_on": None}, "Your application was taken back.", {"apply"}),
        ("completed", {}, "been through it to its end", set()),
        ("applied", {"joined_on": None}, "answer you", {"withdraw"}),
    ],
)
def test_each_state_offers_what_can_be_done_in_it(
    meadow: Program, outsider: User, status: str, fields: dict[str, object], words: str, buttons: set[str]
) -> None:
    enroll(meadow, outsider, "mentee", status=status, **fields)
    shown = page("detail", meadow, outsider)
    assert words in shown
    names = ("apply", "accept", "pass", "pause", "come_back", "withdraw", "edit")
    found = {name for name in names if f'"{reverse(f"programs:{name}", args=[meadow.pk])}"' in shown}
    assert found | {"edit"} == buttons | {"edit"}


def test_a_program_that_is_over_asks_for_nothing(meadow: Program, outsider: User) -> None:
    for status in ("applied", "waitlisted", "paused", "active"):
        Enrollment.objects.all().delete()
        enroll(meadow, outsider, "mentee", status=status)
        Program.objects.filter(pk=meadow.pk).update(status="closed")
        shown = page("detail", meadow, outsider)
        assert "The program is over." in shown
        for name in ("pause", "come_back", "accept", "apply"):
            assert reverse(f"programs:{name}", args=[meadow.pk]) not in shown
        Program.objects.filter(pk=meadow.pk).update(status="active")


def test_a_program_that_rests_says_so(program: Program, member: User) -> None:
    Program.objects.filter(pk=program.pk).update(status="paused")
    assert "The program itself rests at the moment" in page("detail", program, member)


# --- A place that is offered ----------------------------------------------------------------------------------------


def test_a_place_that_is_held_is_taken_by_one_press(meadow: Program, outsider: User) -> None:
    offered(meadow, outsider)
    assert "held for you until Friday, June 26, 2026, 13:00" in page("detail", meadow, outsider)
    assert "You are in." in press("accept", meadow, outsider)
    place = place_of(outsider, meadow)
    assert (place.status, place.joined_on, place.waitlisted_at) == ("active", TODAY, None)
    assert (place.offered_at, place.offer_expires_at) == (None, None)
    actions.accept_offer(place, now=NOW)  # A second click.


def test_whoever_lets_it_pass_waits_on_at_the_end(meadow: Program, outsider: User, member: User) -> None:
    offered(meadow, outsider)
    behind = enroll(meadow, member, "mentee", status="waitlisted", waitlisted_at=NOW - timedelta(days=2))
    assert "You let it pass." in press("pass", meadow, outsider)
    place = place_of(outsider, meadow)
    assert (place.status, place.waitlisted_at, place.offered_at) == ("waitlisted", NOW, None)
    assert list(meadow.enrollments.waitlist()) == [behind, place]
    with pytest.raises(Refused):
        actions.pass_on_offer(place, now=NOW)


@pytest.mark.parametrize("name", ["accept", "pass"])
def test_an_offer_that_is_over_is_answered_no_more(meadow: Program, outsider: User, name: str) -> None:
    offered(meadow, outsider, until=NOW)
    assert "Take the place" not in page("detail", meadow, outsider)
    assert "This place is not offered to you any more." in press(name, meadow, outsider)
    assert place_of(outsider, meadow).status == "waitlisted"


def test_nobody_takes_a_place_that_was_not_offered_or_is_in_a_closed_program(
    meadow: Program, outsider: User, member: User
) -> None:
    enroll(meadow, member, "mentee", status="waitlisted")
    offered(meadow, outsider)
    Program.objects.filter(pk=meadow.pk).update(status="closed")
    for person in (member, outsider):
        with pytest.raises(Refused):
            actions.accept_offer(place_of(person, meadow), now=NOW)


# --- Leaving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["applied", "waitlisted", "active", "paused"])
def test_one_can_leave_at_any_time(meadow: Program, outsider: User, status: str) -> None:
    fields: dict[str, object] = {"paused_until": TOMORROW} if status == "paused" else {}
    if status == "waitlisted":
        fields = {"offered_at": NOW, "offer_expires_at": SOON}
    place = enroll(meadow, outsider, "mentee", status=status, **fields)
    page("withdraw", meadow, outsider)
    place.refresh_from_db()
    assert place.status == status
    press("withdraw", meadow, outsider)
    place.refresh_from_db()
    assert place.status == "withdrawn"
    assert (place.waitlisted_at, place.offered_at, place.paused_until) == (None, None, None)
    with pytest.raises(Refused, match="left this program already"):
        actions.withdraw(place, now=NOW)
    assert signed_in(outsider).get(reverse("programs:withdraw", args=[meadow.pk])).status_code == 302


def test_pairings_end_with_a_place_and_the_page_names_them_first(
    program: Program, mentor: User, mentee: User, member: User, pairing: Pairing
) -> None:
    asked = pair(program, mentor, member, status="proposed", mentor_accepted_at=None, mentee_accepted_at=None)
    to_come = pair(program, mentee, mentor, status="accepted", starts_on=TODAY + timedelta(days=9))
    elsewhere = Program.objects.create(name="Else", slug="else", starts_on=TODAY)
    other = pair(elsewhere, mentor, mentee)
    shown = page("withdraw", program, mentor)
    assert "Your pairing with Tomasz ends today." in shown
    assert "The pairing with Ines does not come about." in shown
    press("withdraw", program, mentor)
    for one, status in ((pairing, "ended"), (asked, "expired"), (to_come, "expired"), (other, "active")):
        one.refresh_from_db()
        assert one.status == status
    assert (pairing.ended_on, pairing.focus) == (TODAY, "clients and pricing")
    assert place_of(mentee, program).status == "active"


def test_one_leaves_a_program_that_is_closed_too(program: Program, member: User) -> None:
    Program.objects.filter(pk=program.pk).update(status="closed")
    press("withdraw", program, member)
    assert place_of(member, program).status == "withdrawn"


# --- Resting --------------------------------------------------------------------------------------------------------


def test_a_pause_lasts_until_its_day_and_ends_by_itself(program: Program, member: User) -> None:
    place = place_of(member, program)
    shown = press("pause", program, member, until=TOMORROW.isoformat())
    assert "Your place is paused until Wednesday, June 24, 2026" in shown
    assert actions.resume_due_places(NOW) == 0
    # By the program's own calendar: in Lisbon it is still the day before, though UTC's is over soon.
    assert actions.resume_due_places(datetime(2026, 6, 23, 22, 59, tzinfo=NOW.tzinfo)) == 0
    assert actions.resume_due_places(datetime(2026, 6, 23, 23, 0, tzinfo=NOW.tzinfo)) == 1
    assert actions.resume_due_places(datetime(2026, 6, 23, 23, 0, tzinfo=NOW.tzinfo)) == 0
    place.refresh_from_db()
    assert (place.status, place.paused_until) == ("active", None)


def test_the_tick_brings_back_whose_day_has_come_also_after_a_rest_of_its_own(
    program: Program, member: User, mentee: User
) -> None:
    Enrollment.objects.filter(person=member).update(status="paused", paused_until=TODAY - timedelta(days=40))
    Enrollment.objects.filter(person=mentee).update(status="paused")
    assert tasks.run(NOW)["places resumed"] == 1
    assert (place_of(member, program).status, place_of(mentee, program).status) == ("active", "paused")


@pytest.mark.parametrize(
    "until", ["", "soon", TODAY.isoformat(), "2020-01-01", "2027-06-25", "9999-12-31", "0001-01-01"]
)
def test_a_pause_has_a_day_from_tomorrow_on_within_a_year(program: Program, member: User, until: str) -> None:
    shown = press("pause", program, member, until=until)
    assert "Choose a day from tomorrow on" in shown
    assert "Error:" in shown
    assert place_of(member, program).status == "active"


def test_a_pause_is_no_longer_than_the_program(program: Program, member: User) -> None:
    program.ends_on = TOMORROW
    program.save()
    place = place_of(member, program)
    assert rules.latest_pause(program, NOW) == TOMORROW
    with pytest.raises(Refused):
        actions.take_a_break(place, until=TOMORROW + timedelta(days=1), now=NOW)
    actions.take_a_break(place, until=TOMORROW, now=NOW)
    with pytest.raises(Refused, match="Only an active place"):
        actions.take_a_break(place, until=TOMORROW, now=NOW)


def test_one_comes_back_at_once(program: Program, member: User) -> None:
    actions.take_a_break(place_of(member, program), until=TOMORROW, now=NOW)
    assert "You are back." in press("come_back", program, member)
    place = place_of(member, program)
    assert (place.status, place.paused_until) == ("active", None)
    assert "is not paused any more" in press("come_back", program, member)


def test_whoever_rests_is_asked_for_nothing_and_is_again_afterwards(
    program: Program, mentor: User, mentee: User, pairing: Pairing
) -> None:
    then = datetime(2026, 6, 28, 12, 0, tzinfo=NOW.tzinfo)
    actions.take_a_break(place_of(mentee, program), until=date(2026, 7, 20), now=NOW)
    open_due_rounds(then)
    plan_nudges(then)
    assert Round.objects.exists()
    assert mentor.messages.exists()
    assert not mentee.messages.exists()
    actions.come_back(place_of(mentee, program), now=then)
    plan_nudges(then)
    assert mentee.messages.exists()


def test_nobody_touches_the_place_of_somebody_else(meadow: Program, outsider: User, member: User) -> None:
    offered(meadow, outsider)
    for name in ("accept", "pass", "pause", "come_back", "withdraw", "edit"):
        response = signed_in(member).post(reverse(f"programs:{name}", args=[meadow.pk]), {"until": TOMORROW})
        assert response.status_code == 404
    assert place_of(outsider, meadow).status == "waitlisted"


def test_page_and_form_cost_the_same_however_much_is_asked_and_said(
    meadow: Program, outsider: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    place = enroll(meadow, outsider, "mentee", status="applied")
    browser = signed_in(outsider)

    def more(start: int, end: int) -> None:
        for number in range(start, end):
            question = ask(meadow, f"q{number}", "choices" if number % 2 else "long")
            said = {"chosen": ["Tea"]} if number % 2 else {"text": "words"}
            EnrollmentAnswer.objects.create(
                enrollment=place,
                question=question,
                code=question.code,
                asked="as it was",
                kind=question.kind,
                audience="admins",
                **said,
            )
            say_skills(place, "offers" if number % 2 else "seeks", f"Skill {number}")

    more(0, 2)
    for name, most in (("detail", 14), ("edit", 15)):
        address = reverse(f"programs:{name}", args=[meadow.pk])
        with django_assert_max_num_queries(most) as few:
            browser.get(address)
        more(2 if name == "detail" else 20, 20 if name == "detail" else 24)
        with django_assert_max_num_queries(len(few)):
            assert browser.get(address).content.decode().count("words") > 2
