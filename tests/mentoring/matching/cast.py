"""People for the tests of matching, and hypothesis's own."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from mentoring.matching.criteria import Criteria, Likeness, Question, Weight
from mentoring.matching.hours import week
from mentoring.matching.people import Answer, Mentee, Mentor, Pair
from mentoring.matching.program import Matching

ON = date(2026, 6, 22)
MONDAY_MORNING = week([(0, 16, 24)], "UTC", ON)  # Four hours.
YUKI = Mentee(
    key=1,
    seeks=frozenset({"pricing", "hiring"}),
    languages=frozenset({"ja", "en"}),
    hours=MONDAY_MORNING,
    zone=540,
    department="Sales",
    interests=frozenset({"chess", "go"}),
    seniority=2,
)
GRETA = Mentor(
    key=10,
    offers=frozenset({"pricing", "hiring", "law"}),
    languages=frozenset({"de", "en"}),
    hours=MONDAY_MORNING,
    zone=120,
    department="Law",
    interests=frozenset({"chess"}),
    seniority=4,
    capacity=1,
)
WEN = replace(YUKI, key=2)
ODILE = replace(GRETA, key=11)
EVERYTHING = Criteria(
    skills=Weight.HIGH,
    languages=Weight.LOW,
    hours=Weight.MEDIUM,
    interests=Weight.LOW,
    seniority=Weight.MEDIUM,
    department=Weight.LOW,
)


def matching(*people: Mentee | Mentor, **fields: object) -> Matching:
    return Matching(
        mentees=tuple(each for each in people if isinstance(each, Mentee)),
        mentors=tuple(each for each in people if isinstance(each, Mentor)),
        **fields,  # type: ignore[arg-type]
    )


def names(*those: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(those), max_size=3)


def answers(questions: list[str]) -> st.SearchStrategy[dict[str, Answer]]:
    one = st.builds(Answer, st.frozensets(st.sampled_from("xyz"), min_size=1, max_size=2), st.booleans())
    return st.dictionaries(st.sampled_from(questions), one)


SAID = {
    "languages": names("de", "en", "fr", "pt"),
    "hours": st.integers(0, 2**12 - 1) | st.integers(0, 2**336 - 1),
    "zone": st.none() | st.sampled_from([-720, -300, 0, 60, 345, 720, 840]),
    "department": st.sampled_from(["", "Law", "Sales"]),
    "line_manager": st.none() | st.integers(0, 30),
    "interests": names("chess", "go", "bees"),
    "seniority": st.none() | st.integers(-3, 9),
    "answers": answers(["why", "how"]),
}
weights = st.sampled_from(Weight)
questions = st.lists(
    st.builds(
        Question, st.sampled_from(["why", "how"]), st.none() | st.sampled_from(Likeness), weights,
        st.sampled_from(Likeness),
    ),
    max_size=2, unique_by=lambda each: each.code,
)  # fmt: skip
criteria = st.builds(
    Criteria,
    language_in_common=st.booleans(),
    half_hours_shared=st.integers(0, 3),
    zone_gap=st.none() | st.sampled_from([0, 180, 600]),
    outside_reporting_line=st.booleans(),
    other_department=st.booleans(),
    not_again=st.booleans(),
    skills=weights,
    languages=weights,
    hours=weights,
    interests=weights,
    seniority=weights,
    department=weights,
    questions=questions.map(tuple),
    half_hours_wanted=st.integers(1, 9),
    seniority_gap=st.integers(0, 3),
    department_wanted=st.sampled_from(Likeness),
)


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    """Of few people; some are on both sides. Locks fit."""
    skills = names("a", "b", "c", "d")
    mentees = draw(
        st.lists(
            st.builds(Mentee, key=st.integers(0, 9), seeks=skills, **SAID),
            max_size=5,
            unique_by=lambda each: each.key,
        )
    )
    mentors = draw(
        st.lists(
            st.builds(Mentor, key=st.integers(5, 14), offers=skills, capacity=st.integers(0, 2), **SAID),
            max_size=4,
            unique_by=lambda each: each.key,
        )
    )
    pair = st.builds(Pair, st.integers(0, 9), st.integers(5, 14))
    locked: set[Pair] = set()
    for mentee in mentees:
        able = [one for one in mentors if one.capacity > sum(each.mentor == one.key for each in locked)]
        if able and draw(st.integers(0, 3)) == 0:
            locked.add(Pair(mentee.key, draw(st.sampled_from(able)).key))
    return Matching(
        mentees=tuple(draw(st.permutations(mentees))),
        mentors=tuple(draw(st.permutations(mentors))),
        criteria=draw(criteria),
        locked=frozenset(locked),
        forbidden=draw(st.frozensets(pair, max_size=3)) - locked,
        never=draw(st.frozensets(pair, max_size=3)) - locked,
        earlier=draw(st.frozensets(pair, max_size=3)),
        reports_to=draw(st.dictionaries(st.integers(0, 30), st.integers(0, 30), max_size=3)),
    )
