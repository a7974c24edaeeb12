"""The table of all fits says of each pair what is said of it slowly; and what each must-have and weight does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from mentoring.matching import scores
from mentoring.matching.criteria import Criteria, Likeness, Question, Weight
from mentoring.matching.fit import Musts, points
from mentoring.matching.hours import week
from mentoring.matching.people import Answer, Mentee, Mentor, Pair
from mentoring.matching.program import Matching
from mentoring.matching.scores import ProgramScores, blocks

from .cast import EVERYTHING, GRETA, MONDAY_MORNING, ON, YUKI, matching, matchings

NOTHING = Criteria(
    outside_reporting_line=False, not_again=False, skills=Weight.OFF, languages=Weight.OFF, hours=Weight.OFF,
    interests=Weight.OFF,
)  # fmt: skip


@settings(max_examples=150)
@given(matchings())
def test_the_table_holds_what_is_said_of_each_pair(asked: Matching) -> None:
    says_the_same(asked)


@settings(max_examples=100)
@given(matchings())
def test_it_does_where_people_are_too_many_for_kinds(asked: Matching) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scores, "CELLS_OF_KINDS", 4)
        patch.setattr(scores, "CELLS", 3)
        says_the_same(asked)


def says_the_same(asked: Matching) -> None:
    musts = Musts(asked)
    expected = np.array(
        [
            [
                -1 if any(musts.broken(mentee, mentor)) else points(mentee, mentor, asked.criteria)
                for mentor in asked.mentors
            ]
            for mentee in asked.mentees
        ]
    ).reshape(len(asked.mentees), len(asked.mentors))
    table = ProgramScores(asked)
    rows = [block for _, block in blocks(table)]
    found = np.concatenate(rows) if rows else np.zeros(expected.shape)
    assert np.array_equal(found, expected)
    assert found.max(initial=0) <= table.best
    some, others = np.arange(len(asked.mentees))[::2], np.arange(len(asked.mentors))[::-2]
    assert np.array_equal(table.block(some, others), expected[np.ix_(some, others)])


def fit(mentee: Mentee, mentor: Mentor, criteria: Criteria, **settled: object) -> int:
    asked = matching(mentee, mentor, criteria=criteria, **settled)
    return int(ProgramScores(asked).block(np.array([0]))[0, 0])


def test_a_pair_for_which_everything_speaks_has_the_best_fit() -> None:
    mentee = replace(YUKI, languages=GRETA.languages, interests=GRETA.interests)
    assert fit(mentee, GRETA, EVERYTHING) == EVERYTHING.best


def test_a_language_in_common() -> None:
    asked = replace(NOTHING, language_in_common=True)
    assert fit(YUKI, GRETA, asked) == 0
    assert fit(YUKI, replace(GRETA, languages=frozenset({"de"})), asked) == -1
    assert fit(YUKI, replace(GRETA, languages=frozenset()), asked) == -1


def test_hours_shared_by_two_clocks() -> None:
    asked = replace(NOTHING, half_hours_shared=2)
    in_lisbon = week([(0, 17, 20)], "Europe/Lisbon", ON)  # From 7:30 to 9:00 by UTC, in summer.
    assert fit(replace(YUKI, hours=in_lisbon), GRETA, asked) == 0
    assert fit(replace(YUKI, hours=in_lisbon), GRETA, replace(asked, half_hours_shared=3)) == -1
    assert fit(replace(YUKI, hours=0), GRETA, asked) == -1


def test_clocks_that_are_near_enough_the_short_way_round() -> None:
    asked = replace(NOTHING, zone_gap=180)
    assert fit(replace(YUKI, zone=300), GRETA, asked) == 0
    assert fit(YUKI, GRETA, asked) == -1
    assert fit(replace(YUKI, zone=-660), replace(GRETA, zone=660), asked) == 0
    assert fit(replace(YUKI, zone=None), GRETA, asked) == -1


@pytest.mark.parametrize("upwards", [True, False])
def test_nobody_from_the_reporting_line_however_long_it_is(upwards: bool) -> None:
    asked = replace(NOTHING, outside_reporting_line=True)
    one, other = (YUKI.key, GRETA.key) if upwards else (GRETA.key, YUKI.key)
    assert fit(YUKI, GRETA, asked, reports_to={one: 77, 77: 78, 78: other}) == -1
    assert fit(YUKI, GRETA, asked, reports_to={one: 77, other: 77}) == 0
    assert fit(YUKI, GRETA, NOTHING, reports_to={one: other}) == 0
    # Whoever reports to themselves in a circle is no reason to go round forever.
    assert fit(YUKI, GRETA, asked, reports_to={one: 77, 77: 78, 78: 77}) == 0


def test_another_department() -> None:
    asked = replace(NOTHING, other_department=True)
    assert fit(YUKI, GRETA, asked) == 0
    assert fit(YUKI, replace(GRETA, department="Sales"), asked) == -1
    assert fit(replace(YUKI, department=""), replace(GRETA, department=""), asked) == 0


def test_blocked_and_earlier_pairs_and_oneself() -> None:
    pair = frozenset({Pair(YUKI.key, GRETA.key)})
    assert fit(YUKI, GRETA, NOTHING, forbidden=pair) == -1
    assert fit(YUKI, GRETA, NOTHING, never=pair) == -1
    assert fit(YUKI, GRETA, NOTHING, earlier=pair) == 0
    assert fit(YUKI, GRETA, replace(NOTHING, not_again=True), earlier=pair) == -1
    assert fit(YUKI, replace(GRETA, key=YUKI.key), NOTHING) == -1


@pytest.mark.parametrize(
    ("must", "same", "different", "silent"), [(Likeness.SAME, 0, -1, -1), (Likeness.DIFFERENT, -1, 0, 0)]
)
def test_any_question_can_ask_for_the_same_answer_or_another(
    must: Likeness, same: int, different: int, silent: int
) -> None:
    asked = replace(NOTHING, questions=(Question("site", must=must),))
    here, there = Answer(frozenset({"here", "anywhere"})), Answer(frozenset({"there"}))
    mentee = replace(YUKI, answers={"site": here})
    assert fit(mentee, replace(GRETA, answers={"site": Answer(frozenset({"here"}))}), asked) == same
    assert fit(mentee, replace(GRETA, answers={"site": there}), asked) == different
    assert fit(mentee, GRETA, asked) == silent


@pytest.mark.parametrize(
    ("weight", "changed"),
    [
        ("skills", {"offers": frozenset({"pricing"})}),
        ("languages", {"languages": frozenset({"de"})}),
        ("hours", {"hours": MONDAY_MORNING & -MONDAY_MORNING}),
        ("interests", {"interests": frozenset()}),
        ("seniority", {"seniority": 9}),
        ("department", {"department": "Sales"}),
    ],
)
def test_each_weight_is_worth_what_it_says(weight: str, changed: dict[str, object]) -> None:
    fits = {}
    for heavy in Weight:
        asked = replace(NOTHING, **{weight: heavy})
        fits[heavy] = fit(YUKI, GRETA, asked) - fit(YUKI, replace(GRETA, **changed), asked)
    assert fits[Weight.OFF] == 0
    assert 0 < fits[Weight.LOW] * 4 == fits[Weight.MEDIUM] * 2 == fits[Weight.HIGH]


def test_an_answer_that_is_wanted_counts() -> None:
    asked = replace(NOTHING, questions=(Question("site", weight=Weight.LOW, wanted=Likeness.DIFFERENT),))
    mentee = replace(YUKI, answers={"site": Answer(frozenset({"here"}))})
    assert fit(mentee, replace(GRETA, answers={"site": Answer(frozenset({"there"}))}), asked) == 1000
    assert fit(mentee, replace(GRETA, answers={"site": Answer(frozenset({"here"}))}), asked) == 0
    assert fit(mentee, GRETA, asked) == 0


def test_criteria_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        Criteria(questions=(Question("a"), Question("a")))
    with pytest.raises(ValueError, match="half an hour"):
        Criteria(half_hours_wanted=0)
