"""Proposals for people: who is matched with whom, locked and forbidden pairs, changes, and the order that is none."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matching_people import matching as many
from mentoring.matching.changes import moved, proposed_again, swapped
from mentoring.matching.fit import Must, Musts
from mentoring.matching.people import Mentee, Pair
from mentoring.matching.program import Matching, NoSuchMatching
from mentoring.matching.proposal import propose, propose_at_once

from .cast import GRETA, ODILE, WEN, YUKI, matching, matchings


@settings(max_examples=150)
@given(matchings(), st.randoms(use_true_random=False))
def test_it_never_matters_in_which_order_people_came(asked: Matching, shuffled: random.Random) -> None:
    mentees, mentors = list(asked.mentees), list(asked.mentors)
    shuffled.shuffle(mentees)
    shuffled.shuffle(mentors)
    other = replace(asked, mentees=tuple(mentees), mentors=tuple(mentors))
    assert propose(asked).pairs == propose(other).pairs


@settings(max_examples=150)
@given(matchings())
def test_a_proposal_keeps_what_is_settled(asked: Matching) -> None:
    for proposal in (propose(asked), propose_at_once(asked)):
        pairs = [each.pair for each in proposal.pairs]
        assert asked.locked <= set(pairs)
        assert not (asked.forbidden | asked.never) & set(pairs)
        assert len({pair.mentee for pair in pairs}) == len(pairs)
        assert all(left >= 0 for left in proposal.room.values())
        musts = Musts(asked)
        for each in proposal.pairs:
            assert each.is_locked == (each.pair in asked.locked)
            if not each.is_locked:
                mentee = asked.mentees[asked.mentee_at[each.pair.mentee]]
                mentor = asked.mentors[asked.mentor_at[each.pair.mentor]]
                assert not list(musts.broken(mentee, mentor))


@settings(max_examples=100)
@given(matchings())
def test_a_proposal_is_proven(asked: Matching) -> None:
    propose(asked).check()


def test_a_program_of_hundreds_is_proven_and_its_first_proposal_is_near() -> None:
    asked = many(300)
    best, first = propose(asked), propose_at_once(asked)
    best.check()
    assert best.assignment.worst_is_best
    assert first.totals.matched == best.totals.matched
    assert 0.99 * best.totals.fit <= first.totals.fit <= best.totals.fit
    assert propose(asked).pairs == best.pairs


def test_a_locked_pair_stays_though_a_must_have_is_against_it() -> None:
    asked = matching(
        YUKI, WEN, replace(GRETA, languages=frozenset({"de"})), ODILE, locked=frozenset({Pair(1, 10)})
    )
    asked = replace(asked, criteria=replace(asked.criteria, language_in_common=True))
    proposal = propose(asked)
    assert proposal.mentor_of == {1: 10, 2: 11}
    assert proposal.totals.matched == 2
    assert [each.is_locked for each in proposal.pairs] == [True, False]


@pytest.mark.parametrize(
    ("settled", "problem"),
    [
        ({"locked": {Pair(1, 10), Pair(2, 10)}}, "no room"),
        ({"locked": {Pair(1, 10), Pair(1, 11)}}, "twice"),
        ({"locked": {Pair(1, 99)}}, "not both"),
        ({"locked": {Pair(1, 10)}, "forbidden": {Pair(1, 10)}}, "forbidden"),
        ({"locked": {Pair(1, 10)}, "never": {Pair(1, 10)}}, "forbidden"),
    ],
)
def test_what_cannot_be_kept_is_refused(settled: dict[str, set[Pair]], problem: str) -> None:
    with pytest.raises(NoSuchMatching, match=problem):
        matching(YUKI, WEN, GRETA, ODILE, **{name: frozenset(pairs) for name, pairs in settled.items()})
    with pytest.raises(NoSuchMatching, match="twice among the mentees"):
        matching(YUKI, YUKI)


def test_nobody_on_one_side_is_no_match() -> None:
    assert propose(matching(YUKI)).pairs == ()
    assert propose(matching(GRETA)).mentors_without == [10]
    assert propose(matching()).totals.worst is None


def test_forbidding_a_pair_shows_its_effect_before_it_is_taken() -> None:
    before = propose(matching(YUKI, WEN, GRETA, ODILE))
    pair = before.pairs[0].pair
    after, effect = proposed_again(before, forbid=[pair])
    assert pair in effect.gone
    assert pair not in {each.pair for each in after.pairs}
    assert effect.before == before.totals
    assert effect.after == after.totals
    again, _ = proposed_again(after, allow=[pair], lock=[pair])
    assert pair in {each.pair for each in again.pairs}
    assert proposed_again(again, unlock=[pair])[0].matching.locked == frozenset()


def test_a_change_to_a_large_proposal_comes_out_as_if_made_from_the_beginning() -> None:
    before = propose(many(150))
    lock = Pair(before.mentees_without[0] if before.mentees_without else 0, before.pairs[5].pair.mentor)
    forbid = [each.pair for each in before.pairs[10:20]]
    after, effect = proposed_again(before, lock=[lock], forbid=forbid)
    after.check()
    assert propose(after.matching).totals == after.totals == effect.after


def test_moving_and_swapping_by_hand_say_what_they_would_break() -> None:
    strict = replace(GRETA, languages=frozenset({"ja"}), capacity=1)
    wen = replace(WEN, languages=frozenset({"en"}))
    asked = matching(YUKI, wen, strict, ODILE)
    asked = replace(asked, criteria=replace(asked.criteria, language_in_common=True))
    before = propose(asked)
    assert before.mentor_of == {1: 10, 2: 11}
    effect = swapped(before, 1, 2)
    assert set(effect.new) == {Pair(1, 11), Pair(2, 10)}
    assert effect.breaks == ((Pair(2, 10), Must("language")),)
    assert not effect.overfull
    assert moved(before, 1, 11).overfull == (11,)
    alone = moved(before, 1, None)
    assert alone.after.matched == 1
    assert alone.gone == (Pair(1, 10),)
    assert swapped(before, 1, 1).new == ()


def test_another_program_is_no_beginning_for_this_one() -> None:
    with pytest.raises(ValueError, match="other people"):
        propose(matching(YUKI, GRETA), near=propose(matching(WEN, GRETA)))


def test_keys_give_the_order_of_people() -> None:
    people = [Mentee(key=key) for key in (5, 3, 9)]
    assert all(one.key < other.key for one, other in pairwise(matching(*people).mentees))
