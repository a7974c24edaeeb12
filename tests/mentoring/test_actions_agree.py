"""What the two of a pair agree on: who may suggest, who answers, what becomes of the version before."""

from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.agree_emails import AGREED, PROPOSED
from mentoring.models import Agreement, FeedbackWish, Pairing, Program
from tests.conftest import NOW, pair

from .agreeing import OFTEN, QUIET, RARELY, agreed, suggest

State = Agreement.State


def states(pairing: Pairing) -> list[tuple[int, str]]:
    return list(Agreement.objects.filter(pairing=pairing).order_by("number").values_list("number", "state"))


def owed(kind: str) -> list[tuple[int, int]]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("person", "subject_id"))


# --- Suggesting


def test_one_suggests_and_the_other_agrees(pairing: Pairing, mentor: User, mentee: User) -> None:
    version = suggest(pairing, mentor)
    assert (version.cadence, version.confidentiality, version.ending) == (OFTEN, QUIET, "")
    assert states(pairing) == [(1, "proposed")]
    assert owed(PROPOSED) == [(mentee.pk, version.pk)]
    actions.accept_agreement(version, by=mentee, now=NOW)
    assert states(pairing) == [(1, "agreed")]
    assert owed(AGREED) == [(mentor.pk, version.pk)]
    version.refresh_from_db()
    assert version.agreed_at == NOW


@pytest.mark.parametrize("status", Pairing.MADE)
def test_it_is_written_from_the_second_yes_on_and_in_a_pause(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    pairing = pair(program, mentor, mentee, status=status)
    assert agreed(pairing, by=mentee).state == State.AGREED


@pytest.mark.parametrize("status", ["requested", "proposed", "completed", "ended", "declined", "expired"])
def test_nothing_is_written_before_and_after(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    is_over = status in Pairing.OVER
    pairing = pair(program, mentor, mentee, status=status, ended_on=program.starts_on if is_over else None)
    with pytest.raises(Refused):
        suggest(pairing, mentor)
    with pytest.raises(Refused):
        actions.say_wish(pairing, "Kindly", by=mentor, now=NOW)


@pytest.mark.parametrize("status", ["closed", "archived"])
def test_nothing_is_written_once_the_program_is_over(
    program: Program, pairing: Pairing, mentor: User, mentee: User, status: str
) -> None:
    version = suggest(pairing, mentor)
    Program.objects.update(status=status)
    with pytest.raises(Refused):
        suggest(pairing, mentor, cadence=RARELY)
    with pytest.raises(Refused):
        actions.accept_agreement(version, by=mentee, now=NOW)
    assert states(pairing) == [(1, "proposed")]


def test_nobody_else_suggests_or_answers(
    pairing: Pairing, mentor: User, mentee: User, member: User, admin: User, superuser: User
) -> None:
    for person in (member, admin, superuser):
        with pytest.raises(Refused):
            actions.propose_agreement(pairing, {"cadence": OFTEN}, by=person, seen=0, now=NOW)
    version = suggest(pairing, mentor)
    for person in (member, admin, superuser):
        for verb in (actions.accept_agreement, actions.decline_agreement, actions.withdraw_agreement):
            with pytest.raises(Refused):
                verb(version, by=person, now=NOW)
    assert states(pairing) == [(1, "proposed")]


def test_a_suggestion_without_words_is_none(pairing: Pairing, mentor: User) -> None:
    with pytest.raises(Refused, match="one of the fields"):
        actions.propose_agreement(pairing, {"cadence": "  ", "place": ""}, by=mentor, seen=0, now=NOW)
    assert states(pairing) == []


def test_what_holds_is_not_suggested_again(pairing: Pairing, mentor: User, mentee: User) -> None:
    agreed(pairing, by=mentor)
    for person in (mentor, mentee):
        with pytest.raises(Refused, match="agreed on already"):
            suggest(pairing, person)
    assert states(pairing) == [(1, "agreed")]


def test_said_twice_it_is_said_once(pairing: Pairing, mentor: User, mentee: User) -> None:
    words = {"cadence": OFTEN}
    first = actions.propose_agreement(pairing, words, by=mentor, seen=0, now=NOW)
    again = actions.propose_agreement(pairing, words, by=mentor, seen=0, now=NOW)
    assert again.pk == first.pk
    actions.accept_agreement(first, by=mentee, now=NOW)
    actions.accept_agreement(first, by=mentee, now=NOW + timedelta(hours=1))
    assert states(pairing) == [(1, "agreed")]
    assert len(owed(PROPOSED)) == len(owed(AGREED)) == 1


def test_whoever_is_slower_reads_the_others_words_first(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.propose_agreement(pairing, {"cadence": OFTEN}, by=mentor, seen=0, now=NOW)
    with pytest.raises(Refused, match="Read it first"):
        actions.propose_agreement(pairing, {"cadence": RARELY}, by=mentee, seen=0, now=NOW)
    assert states(pairing) == [(1, "proposed")]
    actions.propose_agreement(pairing, {"cadence": RARELY}, by=mentee, seen=1, now=NOW)
    assert states(pairing) == [(1, "replaced"), (2, "proposed")]


# --- Answering


def test_nobody_answers_themselves(pairing: Pairing, mentor: User) -> None:
    version = suggest(pairing, mentor)
    for verb in (actions.accept_agreement, actions.decline_agreement):
        with pytest.raises(Refused, match="The other one answers"):
            verb(version, by=mentor, now=NOW)
    assert states(pairing) == [(1, "proposed")]


def test_what_held_before_holds_until_the_other_says_yes(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    agreed(pairing, by=mentor)
    change = suggest(pairing, mentee, cadence=RARELY)
    assert states(pairing) == [(1, "agreed"), (2, "proposed")]
    actions.accept_agreement(change, by=mentor, now=NOW + timedelta(days=1))
    assert states(pairing) == [(1, "replaced"), (2, "agreed")]
    first = Agreement.objects.get(pairing=pairing, number=1)
    assert (first.agreed_at, first.closed_at) == (NOW, NOW + timedelta(days=1))


def test_a_no_leaves_what_holds_as_it_is(pairing: Pairing, mentor: User, mentee: User) -> None:
    agreed(pairing, by=mentor)
    change = suggest(pairing, mentee, cadence=RARELY)
    actions.decline_agreement(change, by=mentor, now=NOW)
    assert states(pairing) == [(1, "agreed"), (2, "declined")]
    with pytest.raises(Refused, match="not open any more"):
        actions.accept_agreement(change, by=mentor, now=NOW)


def test_only_whoever_suggested_it_takes_it_back(pairing: Pairing, mentor: User, mentee: User) -> None:
    version = suggest(pairing, mentor)
    with pytest.raises(Refused):
        actions.withdraw_agreement(version, by=mentee, now=NOW)
    actions.withdraw_agreement(version, by=mentor, now=NOW)
    assert states(pairing) == [(1, "withdrawn")]
    with pytest.raises(Refused, match="not open any more"):
        actions.accept_agreement(version, by=mentee, now=NOW)


def test_words_that_were_replaced_are_not_agreed_to(pairing: Pairing, mentor: User, mentee: User) -> None:
    """Whoever says yes does so to the words that they read."""
    old = suggest(pairing, mentor)
    suggest(pairing, mentor, cadence=RARELY)
    with pytest.raises(Refused, match="not open any more"):
        actions.accept_agreement(old, by=mentee, now=NOW)
    assert states(pairing) == [(1, "replaced"), (2, "proposed")]


# --- How each would like to hear hard things


def test_each_words_their_own_wish(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.say_wish(pairing, "Early", by=mentor, now=NOW)
    actions.say_wish(pairing, "Kindly", by=mentee, now=NOW)
    actions.say_wish(pairing, "Early, and once", by=mentor, now=NOW)
    said = {row.person_id: row.text for row in FeedbackWish.objects.filter(pairing=pairing)}
    assert said == {mentor.pk: "Early, and once", mentee.pk: "Kindly"}
    actions.say_wish(pairing, " ", by=mentor, now=NOW)
    assert [row.person_id for row in FeedbackWish.objects.all()] == [mentee.pk]
