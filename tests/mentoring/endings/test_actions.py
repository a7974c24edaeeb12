"""Pausing, ending and prolonging a pairing by one of the two; and what follows an end, whatever brought it about."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accounts.mail.letters import compose
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import erasing
from mentoring import actions, endings
from mentoring.actions import Refused
from mentoring.actions.endings import Aside
from mentoring.models import (
    Agreement,
    Arrangement,
    Enrollment,
    Extension,
    Farewell,
    Goal,
    Meeting,
    MeetingProposal,
    Note,
    Pairing,
    Program,
    Step,
)
from tests.conftest import NOW, TODAY, pair, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Status = Pairing.Status
LATER = TODAY + 30 * DAY
ASIDE = Aside("because of the tide", "another")


def letters(kind: str) -> list[str]:
    """Who is owed one."""
    rows = Message.objects.filter(kind=kind).order_by("person__email")
    return list(rows.values_list("person__email", flat=True))


def fresh(pairing: Pairing) -> Pairing:
    return Pairing.objects.get(pk=pairing.pk)


def plans(pairing: Pairing, by: User) -> None:
    """All that may wait in a pair's room: a meeting in calendars, one that is written down, and three questions."""
    arranged = Arrangement.objects.create(zone="Europe/Lisbon", starts_at=NOW + 3 * DAY)
    Meeting.objects.create(
        pairing=pairing, starts_at=NOW + 3 * DAY, arrangement=arranged, original_at=NOW + 3 * DAY
    )
    Meeting.objects.create(pairing=pairing, starts_at=NOW + 9 * DAY)
    Meeting.objects.create(pairing=pairing, starts_at=NOW - 9 * DAY)
    MeetingProposal.objects.create(pairing=pairing, proposed_by=by)
    Extension.objects.create(pairing=pairing, proposed_by=by, until=LATER)
    Agreement.objects.create(pairing=pairing, number=1, proposed_by=by, cadence="weekly")


def follows_an_end(pairing: Pairing) -> None:
    assert list(Meeting.objects.planned().values_list("starts_at", flat=True)) == [NOW - 9 * DAY]
    (arranged,) = Arrangement.objects.all()
    assert arranged.cancelled_at is not None
    assert arranged.versions.get().is_cancelled
    assert MeetingProposal.objects.get().state == "lapsed"
    assert Extension.objects.get().state == "lapsed"
    assert Agreement.objects.get().state == "withdrawn"


# --- A pause


def test_either_of_the_two_pauses_until_a_day_and_the_other_hears_of_it(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    plans(pairing, mentor)
    actions.pause_own_pairing(pairing, by=mentee, until=LATER, said=Aside("tired", "talk"), now=NOW)
    found = fresh(pairing)
    assert (found.status, found.paused_until) == (Status.PAUSED, LATER)
    assert letters("pairing_paused") == [mentor.email]
    step = Step.objects.get()
    assert (step.person, step.kind, step.reason, step.next_step) == (mentee, "pause", "tired", "talk")
    assert not Meeting.objects.coming(NOW).exists()
    assert MeetingProposal.objects.get().state == "lapsed"
    # Whether to go on for longer is another question.
    assert Extension.objects.get().state == "proposed"


def test_a_pause_spares_what_is_planned_from_its_last_day_on(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    starts_at = NOW + 3 * DAY
    every_week = {"minutes": 60, "place": "", "every": "week", "times": 6}
    actions.plan_meeting(pairing, by=mentor, starts_at=starts_at, now=NOW, **every_week)
    until = (starts_at + 14 * DAY).date()
    actions.pause_own_pairing(pairing, by=mentee, until=until, now=NOW)
    left = Meeting.objects.planned().order_by("starts_at").values_list("starts_at", flat=True)
    assert list(left) == [starts_at + 7 * week * DAY for week in (2, 3, 4, 5)]
    (arranged,) = Arrangement.objects.all()
    assert arranged.cancelled_at is None
    newest = arranged.versions.order_by("sequence").last()
    assert newest is not None
    assert not newest.is_cancelled


@pytest.mark.parametrize("until", [TODAY, TODAY - DAY, TODAY + 367 * DAY])
def test_a_pause_ends_on_a_day_to_come_within_a_year(pairing: Pairing, mentee: User, until: date) -> None:
    with pytest.raises(Refused, match="Choose a day"):
        actions.pause_own_pairing(pairing, by=mentee, until=until, now=NOW)
    assert fresh(pairing).status == Status.ACTIVE
    assert not Message.objects.exists()


def test_a_pause_is_no_longer_than_the_pairing(pairing: Pairing, mentee: User) -> None:
    Pairing.objects.update(runs_until=TODAY + 5 * DAY)
    with pytest.raises(Refused, match="Choose a day"):
        actions.pause_own_pairing(pairing, by=mentee, until=TODAY + 6 * DAY, now=NOW)
    actions.pause_own_pairing(pairing, by=mentee, until=TODAY + 5 * DAY, now=NOW)


def test_whoever_paused_lets_it_go_on_and_nobody_else_of_the_two_does(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.pause_own_pairing(pairing, by=mentee, until=LATER, now=NOW)
    with pytest.raises(Refused, match="Only whoever paused it"):
        actions.resume_own_pairing(pairing, by=mentor, now=NOW)
    actions.resume_own_pairing(pairing, by=mentee, now=NOW)
    actions.resume_own_pairing(pairing, by=mentee, now=NOW)
    assert (fresh(pairing).status, fresh(pairing).paused_until) == (Status.ACTIVE, None)
    assert letters("pairing_resumed") == [mentor.email]


def test_a_pause_by_those_who_run_the_program_ends_by_them(
    pairing: Pairing, mentee: User, admin: User
) -> None:
    actions.pause_own_pairing(pairing, by=mentee, until=LATER, now=NOW)
    actions.resume_pairing(fresh(pairing), by=admin)
    assert fresh(pairing).paused_until is None
    plans(pairing, mentee)
    actions.pause_pairing(fresh(pairing), by=admin, now=NOW)
    assert not Meeting.objects.coming(NOW).exists()
    with pytest.raises(Refused):
        actions.resume_own_pairing(pairing, by=mentee, now=NOW)
    assert fresh(pairing).status == Status.PAUSED


def test_strangers_pause_end_and_prolong_nothing(
    pairing: Pairing, member: User, admin: User, superuser: User
) -> None:
    for person in (member, admin, superuser):
        for act in (
            lambda person=person: actions.pause_own_pairing(pairing, by=person, until=LATER, now=NOW),
            lambda person=person: actions.complete_own_pairing(pairing, by=person, now=NOW),
            lambda person=person: actions.end_own_pairing(pairing, by=person, now=NOW),
            lambda person=person: actions.propose_extension(pairing, by=person, until=LATER, now=NOW),
            lambda person=person: actions.say_farewell(pairing, by=person, keep="a", hear="b", now=NOW),
        ):
            with pytest.raises(Refused):
                act()  # type: ignore[no-untyped-call]
    assert fresh(pairing).status == Status.ACTIVE
    assert not Step.objects.exists()
    assert not Message.objects.exists()


# --- An end


@pytest.mark.parametrize("verb", ["complete", "end"])
@pytest.mark.parametrize("status", Pairing.UNDER_WAY)
def test_either_of_the_two_ends_it_and_the_other_hears_of_it(
    pairing: Pairing, mentor: User, mentee: User, verb: str, status: str
) -> None:
    plans(pairing, mentor)
    Pairing.objects.update(status=status, paused_until=LATER if status == Status.PAUSED else None)
    assert getattr(actions, f"{verb}_own_pairing")(pairing, by=mentee, said=ASIDE, now=NOW)
    found = fresh(pairing)
    assert found.status == (Status.COMPLETED if verb == "complete" else Status.ENDED)
    assert (found.ended_on, found.paused_until) == (TODAY, None)
    follows_an_end(pairing)
    assert letters("pairing_over") == [mentor.email]
    asked = Farewell.objects.unanswered().order_by("person__email").values_list("person__email", flat=True)
    assert list(asked) == [mentor.email, mentee.email]
    assert Step.objects.get().reason == "because of the tide"


def test_of_two_who_end_it_the_later_one_keeps_what_they_noted_and_nobody_hears_twice(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    assert actions.complete_own_pairing(pairing, by=mentee, said=ASIDE, now=NOW)
    assert not actions.end_own_pairing(pairing, by=mentor, said=Aside("mine", "break"), now=NOW)
    assert fresh(pairing).status == Status.COMPLETED
    assert Step.objects.get(person=mentor).reason == "mine"
    assert letters("pairing_over") == [mentor.email]
    with pytest.raises(Refused, match="over already"):
        actions.end_own_pairing(pairing, by=mentor, now=NOW)


def test_what_ended_long_ago_is_not_ended_again(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.end_own_pairing(pairing, by=mentee, now=NOW)
    with pytest.raises(Refused, match="over already"):
        actions.end_own_pairing(pairing, by=mentor, said=ASIDE, now=NOW + 2 * DAY)
    assert not Step.objects.filter(person=mentor).exists()


def test_a_pair_that_has_not_begun_comes_to_nothing(program: Program, mentor: User, mentee: User) -> None:
    waits = pair(program, mentor, mentee, status="accepted", starts_on=LATER)
    Meeting.objects.create(pairing=waits, starts_at=NOW + 40 * DAY)
    with pytest.raises(Refused):
        actions.complete_own_pairing(waits, by=mentee, now=NOW)
    assert actions.end_own_pairing(waits, by=mentee, now=NOW)
    assert fresh(waits).status == Status.EXPIRED
    assert letters("pairing_not_begun") == [mentor.email]
    assert not Meeting.objects.planned().exists()
    assert not Farewell.objects.exists()


@pytest.mark.parametrize("status", [*Pairing.ASKED, *Pairing.CAME_TO_NOTHING])
def test_what_is_no_pair_has_no_end(program: Program, mentor: User, mentee: User, status: str) -> None:
    asked = pair(program, mentor, mentee, status=status)
    with pytest.raises(Refused):
        actions.end_own_pairing(asked, by=mentee, now=NOW)
    with pytest.raises(Refused):
        actions.pause_own_pairing(asked, by=mentee, until=LATER, now=NOW)


# --- What brings an end about besides


def test_those_who_run_the_program_end_it_and_both_hear(
    pairing: Pairing, mentor: User, mentee: User, admin: User
) -> None:
    plans(pairing, mentor)
    actions.end_pairing(pairing, by=admin, now=NOW)
    follows_an_end(pairing)
    assert letters("pairing_over") == [mentor.email, mentee.email]
    with pytest.raises(Refused, match="under way"):
        actions.complete_pairing(pairing, by=admin, now=NOW)


def test_a_place_that_is_left_ends_it_and_the_other_one_hears(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    plans(pairing, mentor)
    Pairing.objects.update(status="paused", paused_until=LATER)
    actions.withdraw(Enrollment.objects.get(person=mentee), now=NOW)
    assert fresh(pairing).status == Status.ENDED
    follows_an_end(pairing)
    assert letters("pairing_over") == [mentor.email]
    assert Farewell.objects.count() == 2


def test_a_program_that_closes_completes_its_pairs_and_all_hear(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User, admin: User
) -> None:
    plans(pairing, mentor)
    waits = pair(program, mentor, member, status="accepted", starts_on=LATER)
    elsewhere = pair(
        Program.objects.create(name="Hill", slug="hill", starts_on=TODAY), mentor, member, starts_on=TODAY
    )
    actions.close_program(program, by=admin, now=NOW)
    assert fresh(pairing).status == Status.COMPLETED
    assert fresh(waits).status == Status.EXPIRED
    assert fresh(elsewhere).status == Status.ACTIVE
    follows_an_end(pairing)
    assert letters("pairing_over") == [mentor.email, mentee.email]
    assert letters("pairing_not_begun") == [member.email, mentor.email]


def test_an_account_that_is_erased_ends_it_and_only_the_other_one_is_asked(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.pause_own_pairing(pairing, by=mentee, until=LATER, said=ASIDE, now=NOW)
    Extension.objects.create(pairing=pairing, proposed_by=mentee, until=LATER)
    erasing.erase(mentee, now=NOW)
    assert (fresh(pairing).status, fresh(pairing).paused_until) == (Status.ENDED, None)
    assert letters("pairing_over") == [mentor.email]
    assert [each.person for each in Farewell.objects.all()] == [mentor]
    assert not Step.objects.exists()
    assert not Extension.objects.exists()
    with pytest.raises(Refused, match="not here any more"):
        actions.say_farewell(pairing, by=mentor, keep="", hear="Thank you", now=NOW)
    actions.say_farewell(pairing, by=mentor, keep="the tide tables", hear="", now=NOW)


def test_many_pairs_end_in_a_fixed_number_of_statements(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    from django.test.utils import CaptureQueriesContext

    def close() -> int:
        Program.objects.update(status="active")
        program.refresh_from_db()
        with CaptureQueriesContext(connection) as found:
            actions.close_program(program, by=admin, now=NOW)
        return len(found)

    pair(program, mentor, mentee)
    few = close()
    for person in (mentee, member, admin):
        pair(program, mentor, person)
    assert close() == few


# --- Longer


@pytest.fixture
def planned(pairing: Pairing) -> Pairing:
    """It has a last day, in ten days."""
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    return fresh(pairing)


def test_it_takes_a_yes_of_both_to_go_on_for_longer(planned: Pairing, mentor: User, mentee: User) -> None:
    found = actions.propose_extension(planned, by=mentee, until=LATER, now=NOW)
    assert letters("pairing_longer_asked") == [mentor.email]
    assert fresh(planned).runs_until == TODAY + 10 * DAY
    with pytest.raises(Refused, match="other one of the two"):
        actions.answer_extension(found, by=mentee, is_yes=True, now=NOW)
    endings.ask_farewells([planned], NOW)
    actions.answer_extension(found, by=mentor, is_yes=True, now=NOW)
    actions.answer_extension(found, by=mentor, is_yes=True, now=NOW)
    assert fresh(planned).runs_until == LATER
    assert letters("pairing_longer_answered") == [mentee.email]
    # They are asked anew before the end that it has now.
    assert not Farewell.objects.exists()
    with pytest.raises(Refused, match="no longer open"):
        actions.answer_extension(found, by=mentor, is_yes=False, now=NOW)


def test_a_no_leaves_it_as_it_was(planned: Pairing, mentor: User, mentee: User) -> None:
    found = actions.propose_extension(planned, by=mentee, until=LATER, now=NOW)
    actions.answer_extension(found, by=mentor, is_yes=False, now=NOW)
    assert fresh(planned).runs_until == TODAY + 10 * DAY
    assert letters("pairing_longer_answered") == [mentee.email]


def test_the_same_day_proposed_by_both_is_agreed_and_another_is_answered_first(
    planned: Pairing, mentor: User, mentee: User
) -> None:
    actions.propose_extension(planned, by=mentee, until=LATER, now=NOW)
    with pytest.raises(Refused, match="You have proposed a day already"):
        actions.propose_extension(planned, by=mentee, until=LATER, now=NOW)
    with pytest.raises(Refused, match="Tomasz has proposed another day"):
        actions.propose_extension(planned, by=mentor, until=LATER + DAY, now=NOW)
    found = actions.propose_extension(planned, by=mentor, until=LATER, now=NOW)
    assert found.state == Extension.State.AGREED
    assert fresh(planned).runs_until == LATER


def test_whoever_proposed_it_takes_it_back(planned: Pairing, mentor: User, mentee: User) -> None:
    found = actions.propose_extension(planned, by=mentee, until=LATER, now=NOW)
    with pytest.raises(Refused):
        actions.take_back_extension(found, by=mentor, now=NOW)
    actions.take_back_extension(found, by=mentee, now=NOW)
    actions.take_back_extension(found, by=mentee, now=NOW)
    with pytest.raises(Refused):
        actions.answer_extension(found, by=mentor, is_yes=True, now=NOW)
    assert fresh(planned).runs_until == TODAY + 10 * DAY


@pytest.mark.parametrize("until", [TODAY, TODAY + 10 * DAY, TODAY + 51 * DAY])
def test_a_later_day_is_later_and_within_the_program(
    program: Program, planned: Pairing, mentee: User, until: date
) -> None:
    Program.objects.update(ends_on=TODAY + 50 * DAY)
    with pytest.raises(Refused, match="Choose a later day"):
        actions.propose_extension(planned, by=mentee, until=until, now=NOW)


def test_nobody_goes_on_past_the_program(program: Program, pairing: Pairing, mentee: User) -> None:
    Pairing.objects.update(runs_until=LATER)
    Program.objects.update(ends_on=LATER)
    with pytest.raises(Refused, match="cannot be changed"):
        actions.propose_extension(pairing, by=mentee, until=LATER, now=NOW)


def test_two_without_a_last_day_agree_on_one(pairing: Pairing, mentor: User, mentee: User) -> None:
    found = actions.propose_extension(pairing, by=mentor, until=LATER, now=NOW)
    actions.answer_extension(found, by=mentee, is_yes=True, now=NOW)
    assert endings.last_day(fresh(pairing)) == LATER


# --- What stays


def test_what_the_other_should_hear_goes_to_them_once_and_what_one_keeps_stays_ones_own(
    pairing: Pairing, mentor: User, mentee: User, admin: User, superuser: User, member: User
) -> None:
    actions.complete_own_pairing(pairing, by=mentor, now=NOW)
    actions.say_farewell(pairing, by=mentee, keep="patience", hear="You believed in me", now=NOW)
    actions.say_farewell(pairing, by=mentee, keep="patience, and tea", hear="Otherwise", now=NOW + DAY)
    assert letters("farewell_said") == [mentor.email]
    (heard,) = Farewell.objects.heard_by(mentor)
    assert (heard.hear, heard.sent_at) == ("You believed in me", NOW)
    assert Farewell.objects.visible_to(mentee).get().keep == "patience, and tea"
    assert "patience" not in [row.keep for row in Farewell.objects.visible_to(mentor)]
    for person in (admin, superuser, member):
        assert not Farewell.objects.heard_by(person).exists()
        assert not Farewell.objects.visible_to(person).exists()


def test_saying_nothing_is_an_answer(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.end_own_pairing(pairing, by=mentor, now=NOW)
    actions.say_farewell(pairing, by=mentee, keep="", hear="", now=NOW)
    assert not Farewell.objects.unanswered().filter(person=mentee).exists()
    assert letters("farewell_said") == []


def test_nobody_says_farewell_before_the_end_is_near(pairing: Pairing, mentee: User) -> None:
    with pytest.raises(Refused, match="comes to its end"):
        actions.say_farewell(pairing, by=mentee, keep="a", hear="b", now=NOW)


# --- What comes next


def test_those_who_run_the_program_see_to_a_next_step_once(
    pairing: Pairing, mentee: User, admin: User, other_admin: User, mentor: User
) -> None:
    actions.end_own_pairing(pairing, by=mentee, said=ASIDE, now=NOW)
    step = Step.objects.get()
    for person in (mentee, mentor, other_admin):
        with pytest.raises(Refused, match="run a program"):
            actions.settle_step(step, by=person, now=NOW)
    actions.settle_step(step, by=admin, now=NOW)
    with pytest.raises(Refused, match="seen to it already"):
        actions.settle_step(step, by=admin, now=NOW)


# --- What was written before it came to nothing


@pytest.fixture
def nothing(program: Program, mentor: User, mentee: User, admin: User) -> Pairing:
    """Taken back by an admin, with words of both in it."""
    one = pair(program, mentor, mentee, status="accepted", starts_on=TODAY + 30 * DAY)
    actions.write_note(one, by=mentee, text="godwit-for-both", is_shared=True, now=NOW)
    actions.write_note(one, by=mentee, text="curlew-for-me", is_shared=False, now=NOW)
    actions.add_goal(one, by=mentee, text="plover", why="", owner="mentee", now=NOW)
    clauses = dict.fromkeys(Agreement.CLAUSES, "dunlin")
    actions.propose_agreement(one, clauses, by=mentor, seen=0, now=NOW)
    actions.withdraw_pairing(one, by=admin, now=NOW)
    return one


def test_words_of_a_pairing_that_never_began_stay_their_writers(
    nothing: Pairing, mentor: User, mentee: User
) -> None:
    client = signed_in(mentee)
    there = reverse("pairings:detail", args=[nothing.pk])
    assert f'href="{there}"' in client.get(reverse("pairings:list")).content.decode()
    said = client.get(there).content.decode()
    pages = {name: reverse(f"pairings:{name}", args=[nothing.pk]) for name in ("agreement", "goals", "notes")}
    for url in pages.values():
        assert f'href="{url}"' in said
        assert client.get(url).status_code == 200
    assert reverse("pairings:agenda", args=[nothing.pk]) not in said
    assert "curlew-for-me" in client.get(pages["notes"]).content.decode()
    theirs = signed_in(mentor).get(pages["notes"]).content.decode()
    assert "godwit-for-both" in theirs
    assert "curlew-for-me" not in theirs
    private, shared = Note.objects.order_by("is_shared")
    client.post(reverse("pairings:note_take_back", args=[nothing.pk, shared.pk]))
    assert "godwit-for-both" not in signed_in(mentor).get(pages["notes"]).content.decode()
    client.post(reverse("pairings:note_delete", args=[nothing.pk, private.pk]))
    assert list(Note.objects.all()) == [shared]


def test_nothing_is_added_to_a_pairing_that_never_began(nothing: Pairing, mentor: User, mentee: User) -> None:
    with pytest.raises(Refused):
        actions.write_note(nothing, by=mentee, text="more", is_shared=False, now=NOW)
    version = Agreement.objects.get()
    assert version.state == Agreement.State.WITHDRAWN
    with pytest.raises(Refused):
        actions.accept_agreement(version, by=mentee, now=NOW)


def test_nobody_else_finds_the_words_of_a_pairing_that_never_began(
    nothing: Pairing, admin: User, superuser: User, member: User
) -> None:
    for person in (admin, superuser, member):
        for name in ("detail", "agreement", "goals", "notes", "agenda"):
            answer = signed_in(person).get(reverse(f"pairings:{name}", args=[nothing.pk]))
            assert answer.status_code == 404, name


def test_a_pairing_that_never_began_and_holds_no_words_is_on_no_page(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    one = pair(program, mentor, mentee, status="accepted", starts_on=TODAY + 30 * DAY)
    note = actions.write_note(one, by=mentee, text="for me alone", is_shared=False, now=NOW)
    actions.withdraw_pairing(one, by=admin, now=NOW)
    there = reverse("pairings:detail", args=[one.pk])
    # A note for oneself is nobody else's business.
    assert signed_in(mentor).get(there).status_code == 404
    assert there not in signed_in(mentor).get(reverse("pairings:list")).content.decode()
    assert signed_in(mentee).get(there).status_code == 200
    actions.delete_note(note, by=mentee)
    assert signed_in(mentee).get(there).status_code == 404


def test_the_letter_leads_to_what_one_wrote_and_says_nothing_of_it(
    nothing: Pairing, mentor: User, mentee: User
) -> None:
    letter = compose(Message.objects.get(kind="pairing_not_begun", person=mentee))
    assert reverse("pairings:detail", args=[nothing.pk]) in str(letter.body)
    assert "godwit" not in str(letter.body)
    Note.objects.all().delete()
    Goal.objects.all().delete()
    Agreement.objects.all().delete()
    letter = compose(Message.objects.get(kind="pairing_not_begun", person=mentor))
    assert reverse("pairings:detail", args=[nothing.pk]) not in str(letter.body)
