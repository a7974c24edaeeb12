"""Why somebody has no match, and that the smallest change is a change that works, and none is smaller."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings

from mentoring.matching.criteria import Criteria, Likeness, Question
from mentoring.matching.fit import Must, Musts
from mentoring.matching.people import Mentor, Pair
from mentoring.matching.program import Matching
from mentoring.matching.proposal import propose
from mentoring.matching.unmatched import (
    STANDS,
    UNTOLD,
    Cause,
    Change,
    Left,
    Unmatched,
    everybody_without,
    mentee_without,
    mentor_without,
)
from mentoring.matching.words import Words

from .cast import GRETA, ODILE, WEN, YUKI, matching, matchings

STRICT = Criteria(language_in_common=True, half_hours_shared=2)
NAMES = {1: "Yuki", 2: "Wen", 10: "Greta", 11: "Odile"}


def told(proposal_of: Matching, key: int) -> str:
    proposal = propose(proposal_of)
    asks = mentee_without if key < 10 else mentor_without
    return Words().of_unmatched(asks(proposal, key), NAMES[key], NAMES.__getitem__)


def test_the_must_have_that_left_nobody_is_named_with_what_each_took_away() -> None:
    german = replace(GRETA, languages=frozenset({"de"}))
    asleep = replace(ODILE, hours=1 << 300)
    asked = matching(YUKI, german, asleep, criteria=STRICT)
    why = mentee_without(propose(asked), YUKI.key)
    assert why.cause is Cause.MUSTS
    assert why.musts == (Left(Must("language"), 1), Left(Must("hours"), 0))
    assert why.emptied_by == Must("hours")
    # One thing would do with either; the fit is better with Greta, who has the same hours.
    assert why.change
    assert (why.change.mentor, why.change.waives, why.change.adds_place) == (10, (Must("language"),), False)
    assert told(asked, 1) == (
        "Everybody who is left has too few hours in common with Yuki. "
        "If languages did not matter for these two, Greta would fit."
    )


def test_a_mentor_without_room_is_named_and_one_more_place_would_do() -> None:
    asked = matching(YUKI, replace(WEN, seeks=frozenset({"law"})), GRETA)
    proposal = propose(asked)
    assert proposal.mentees_without == [2]
    why = mentee_without(proposal, 2)
    assert why.cause is Cause.FULL
    assert why.could_be_with == (10,)
    assert why.change == Change(10, why.change.fit if why.change else 0, adds_place=True)
    assert told(asked, 2) == (
        "Whoever Wen could be with has no room left: Greta. One more place with Greta would do."
    )


def test_a_private_question_is_not_quoted() -> None:
    criteria = replace(STRICT, questions=(Question("site", must=Likeness.SAME),))
    words = told(matching(YUKI, GRETA, criteria=criteria), 1)
    assert words == (
        "Nobody who is left has the answer that the program asks for. "
        "If the answers that the program asks for did not matter for these two, Greta would fit."
    )


@pytest.mark.parametrize(
    ("must", "said"),
    [
        (Must("zone"), "Everybody who is left is too many time zones away from Yuki."),
        (Must("language"), "Nobody who is left speaks a language that Yuki speaks."),
        (Must("department"), "Everybody who is left works in the department of Yuki."),
        (
            Must("question", "site"),
            "Nobody who is left has an answer to “50 % on site?” that fits the one of Yuki.",
        ),
        (Must("blocked"), "Yuki can be no pair with anybody who is left."),
    ],
)
def test_each_must_have_that_left_nobody_has_a_sentence_of_its_own(must: Must, said: str) -> None:
    why = Unmatched(1, Cause.MUSTS, emptied_by=must)
    words = Words(questions={"site": "50 % on site?"})
    assert words.of_cause(why, "Yuki", NAMES.__getitem__) == said


def test_what_would_help_says_all_that_would_not_have_to_matter() -> None:
    change = Change(10, 5, waives=(Must("zone"), Must("hours")), adds_place=True)
    assert Words().of_change(Unmatched(1, Cause.MUSTS, change=change), "Yuki", NAMES.__getitem__) == (
        "If time zones and hours in common did not matter for these two, and Greta had one more place, "
        "Greta would fit."
    )


def test_no_change_is_proposed_against_a_block() -> None:
    why = mentee_without(propose(matching(YUKI, GRETA, forbidden=frozenset({Pair(1, 10)}))), 1)
    assert why.cause is Cause.MUSTS
    assert why.change is None


def test_nobody_is_told_who_reports_to_whom() -> None:
    asked = matching(YUKI, GRETA, replace(ODILE, capacity=0), reports_to={1: 10})
    why = mentee_without(propose(asked), 1)
    assert "line" not in repr(why)
    assert why.could_be_with == (11,)
    assert "Greta" not in told(asked, 1)
    assert told(matching(YUKI, GRETA, reports_to={1: 10}), 1) == "There is nobody to match Yuki with."
    assert Words().must(Must("line")) == Words().must(Must("blocked"))


def test_nobody_is_told_who_was_no_fit_for_whom() -> None:
    no_fit = frozenset({Pair(1, 10)})
    asked = matching(YUKI, GRETA, replace(ODILE, capacity=0), never=no_fit)
    why = mentee_without(propose(asked), 1)
    assert not why.musts
    assert why.could_be_with == (11,)
    assert why.change == Change(11, why.change.fit if why.change else 0, adds_place=True)
    assert "Greta" not in told(asked, 1)
    alone = matching(YUKI, GRETA, never=no_fit)
    assert told(alone, 1) == "There is nobody to match Yuki with."
    assert told(alone, 10) == "There is nobody to match Greta with."
    assert Words().must(Must("never")) == Words().must(Must("blocked"))


def test_what_those_who_run_the_program_said_themselves_is_told_whatever_else_is_true_of_the_two() -> None:
    both = frozenset({Pair(1, 10)})
    asked, of_both = (matching(YUKI, GRETA, forbidden=both, never=never) for never in (frozenset(), both))
    assert mentee_without(propose(of_both), 1) == mentee_without(propose(asked), 1)
    assert list(of_both.shut()) == list(asked.shut()) == [(Pair(1, 10), "blocked")]


def test_mentors_without_anybody_are_told_why_too() -> None:
    asked = matching(YUKI, GRETA, replace(ODILE, offers=frozenset({"law"})))
    assert told(asked, 11) == "Those whom Odile could be with are with others: Yuki."
    assert mentor_without(propose(matching(GRETA)), 10).cause is Cause.NOBODY_THERE
    assert told(matching(YUKI, replace(GRETA, capacity=0)), 10) == "Greta has room for nobody."


@settings(max_examples=150)
@given(matchings())
def test_the_funnel_counts_everybody_once(asked: Matching) -> None:
    proposal = propose(asked)
    told = [(mentee_without(proposal, key), asked.mentors) for key in proposal.mentees_without]
    told += [(mentor_without(proposal, key), asked.mentees) for key in proposal.mentors_without]
    assert [why for why, _ in told] == everybody_without(proposal)
    untold = {(pair.mentee, pair.mentor) for pair, kind in asked.shut() if kind in UNTOLD}
    for why, others in told:
        if why.cause is Cause.NO_ROOM:
            continue
        there = [each for each in others if not untold & {(why.key, each.key), (each.key, why.key)}]
        remained = [len(there), *(left.remained for left in why.musts)]
        assert remained == sorted(set(remained), reverse=True)
        assert (why.cause is Cause.MUSTS) == bool(why.musts and remained[-1] == 0)


@settings(max_examples=60)
@given(matchings())
def test_the_smallest_change_matches_one_more_and_nothing_smaller_does(asked: Matching) -> None:
    proposal = propose(asked)
    for key in proposal.mentees_without:
        change = mentee_without(proposal, key).change
        sizes = {mentor.key: smallest_by_trying(asked, key, mentor) for mentor in asked.mentors}
        able = [size for size in sizes.values() if size is not None]
        assert (change is None) == (not able)
        if change:
            assert change.size == min(able) == sizes[change.mentor]


def smallest_by_trying(asked: Matching, key: int, mentor: Mentor) -> int | None:
    """How much has to change so that this mentee has this mentor and as many others are matched as before."""
    mentee = asked.mentees[asked.mentee_at[key]]
    broken = list(Musts(asked).broken(mentee, mentor))
    if any(must.kind in STANDS for must in broken):
        return None
    before = propose(asked).totals.matched
    for more in (0, 1):
        roomy = replace(mentor, capacity=mentor.capacity + more)
        mentors = tuple(roomy if each.key == mentor.key else each for each in asked.mentors)
        taken = Counter(pair.mentor for pair in asked.locked)
        if taken[mentor.key] >= roomy.capacity:
            continue
        changed = replace(asked, mentors=mentors, locked=asked.locked | {Pair(key, mentor.key)})
        if propose(changed).totals.matched == before + 1:
            return len(broken) + more
    raise AssertionError(f"{key} cannot be with {mentor.key} whatever happens")
