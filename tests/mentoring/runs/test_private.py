"""No reason names an answer that the pair was not promised to read, nor that it counted; nor who reports to whom.

Programs are made up at random: people on either side, questions for either audience that count in any way, answers as
they were promised, line managers. Each run is made as an admin makes it, and everything that is kept of it, and every
sentence that anybody may read, is searched for what nobody was to read there.
"""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Profile, User
from mentoring import why
from mentoring.matching.people import Pair
from mentoring.matching.unmatched import mentee_without, mentor_without
from mentoring.matching.words import Reader
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    MatchingCriteria,
    MatchingQuestion,
    MatchingRun,
    Program,
    WithoutMatch,
)
from mentoring.pool import Pool, to_match
from mentoring.runs.making import find, in_one_go
from tests.conftest import NOW, enroll, make_person, say_skills

# In each option of a question that only admins read, in each address of a line manager, and in each question's text.
PRIVATE, SHARED, BOSS, ASKED = "canary-kept", "linnet-told", "canary-boss", "siskin-asked"
WEIGHTS, LIKENESSES = ["off", "low", "medium", "high"], ["same", "different"]


@dataclass(frozen=True)
class Made:
    """One question: how it counts, and who is promised to read the answers, if not all the same people."""

    audience: str
    must: str
    weight: str
    wanted: str
    tells: str  # interests, seniority or nothing


@dataclass
class World:
    role: list[str]
    questions: list[Made]
    # By person and question: None, or (number of the option, audience).
    answers: list[list[tuple[int, str] | None]]
    managers: list[int | None]
    capacity: list[int]
    criteria: dict[str, Any] = field(default_factory=dict)


QUESTIONS = st.builds(
    Made,
    audience=st.sampled_from(["admins", "pairing"]),
    must=st.sampled_from(["", "", "same", "different"]),
    weight=st.sampled_from(WEIGHTS),
    wanted=st.sampled_from(LIKENESSES),
    tells=st.sampled_from(["", "interests", "seniority"]),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    people = draw(st.integers(2, 6))
    questions = draw(st.lists(QUESTIONS, min_size=1, max_size=3))
    given_ = st.none() | st.tuples(st.integers(0, 1), st.sampled_from(["admins", "admins", "pairing"]))
    each = st.lists(given_, min_size=len(questions), max_size=len(questions))
    return World(
        role=draw(st.lists(st.sampled_from(["mentor", "mentee", "both"]), min_size=people, max_size=people)),
        questions=questions,
        answers=draw(st.lists(each, min_size=people, max_size=people)),
        managers=draw(st.lists(st.none() | st.integers(0, people), min_size=people, max_size=people)),
        capacity=draw(st.lists(st.integers(0, 2), min_size=people, max_size=people)),
        criteria={
            "interests": draw(st.sampled_from(["high", *WEIGHTS])),
            "seniority": draw(st.sampled_from(WEIGHTS)),
            "department": draw(st.sampled_from(WEIGHTS)),
            "language_in_common": draw(st.booleans()),
            "outside_reporting_line": draw(st.booleans()),
        },
    )


def build(world: World) -> tuple[Program, list[User]]:
    program = Program.objects.create(name="Harbor", slug="harbor", starts_on=NOW.date())
    people = [
        make_person(f"{BOSS}-{number}@harbor.example", f"Person {number}")
        for number in range(len(world.role))
    ]
    for number, person in enumerate(people):
        boss = world.managers[number]
        address = "" if boss is None else f"{BOSS}-{boss}@HARBOR.example"
        place = enroll(
            program, person, world.role[number], capacity=world.capacity[number], line_manager=address,
            department=("Sales", "Law", "")[number % 3],
        )  # fmt: skip
        say_skills(place, "offers" if number % 2 else "seeks", "Pricing")
        Profile.objects.create(person=person, languages=["en"] if number % 3 else ["de"])
    tells: dict[str, EnrollmentQuestion] = {}
    for number, made in enumerate(world.questions):
        asked = EnrollmentQuestion.objects.create(
            program=program, code=f"q{number}", text=f"{ASKED}-{made.audience}-{number}", kind="choice",
            options=[f"option {each}" for each in range(3)], audience=made.audience,
        )  # fmt: skip
        MatchingQuestion.objects.create(
            question=asked, must=made.must, weight=made.weight, wanted=made.wanted
        )
        tells |= {made.tells: asked} if made.tells else {}
        for person, answers in zip(people, world.answers, strict=True):
            answer = answers[number]
            if answer is not None:
                _answer(asked, person, *answer)
    MatchingCriteria.objects.create(
        program=program,
        interests_from=tells.get("interests"),
        seniority_from=tells.get("seniority"),
        **world.criteria,
    )
    return program, people


def _answer(asked: EnrollmentQuestion, person: User, option: int, audience: str) -> None:
    """The same word for everybody who chose it and was promised the same, so that two may have it in common."""
    word = PRIVATE if audience == "admins" else SHARED
    EnrollmentAnswer.objects.create(
        enrollment=Enrollment.objects.get(program=asked.program, person=person), question=asked, code=asked.code,
        asked=asked.text, kind="choice", audience=audience, chosen=[f"{word}-{option}"],
    )  # fmt: skip


def read_by(pool: Pool, pair: Pair) -> dict[Reader, str]:
    facts = why.read(json.loads(json.dumps(why.facts(pool.matching, pair))))
    people = pool.people
    return {
        reader: " ".join(
            text
            for _speaks, text in why.sentences(
                facts, reader, people[pair.mentee].name, people[pair.mentor].name, pool.questions
            )
        )
        for reader in Reader
    }


def all_pairs(pool: Pool) -> list[Pair]:
    """Also those that were not found: an admin may put any two together by hand."""
    return [
        Pair(mentee.key, mentor.key)
        for mentee, mentor in itertools.product(pool.matching.mentees, pool.matching.mentors)
        if mentee.key != mentor.key
    ]


def named_to_both(pool: Pool, pair: Pair, code: str) -> bool:
    two = (
        pool.matching.mentees[pool.matching.mentee_at[pair.mentee]],
        pool.matching.mentors[pool.matching.mentor_at[pair.mentor]],
    )
    return all(code in person.answers and person.answers[code].may_be_named for person in two)


def check(world: World) -> set[str]:
    """Of what there was something to see: so that a test which sees nothing is noticed."""
    program, _people = build(world)
    run = in_one_go(program, NOW)
    pool, proposal = find(run, NOW)
    seen: set[str] = set()
    kept = json.dumps(
        [
            list(MatchingRun.objects.values("criteria", "problem", "fingerprint")),
            list(WithoutMatch.objects.values_list("why", flat=True)),
            list(run.pairs.values("fit", "is_locked")),
        ]
    )
    for secret in (PRIVATE, BOSS, SHARED, ASKED):
        assert secret not in kept
    for pair in all_pairs(pool):
        facts = json.dumps(why.facts(pool.matching, pair))
        texts = read_by(pool, pair)
        for said in (facts, *texts.values()):
            assert PRIVATE not in said
            assert BOSS not in said
        for number, made in enumerate(world.questions):
            # That it counted is told nobody either, where one of the two was promised that the pair does not read it.
            if not named_to_both(pool, pair, f"q{number}"):
                assert f'"code": "q{number}"' not in facts
                assert all(f"{ASKED}-{made.audience}-{number}" not in text for text in texts.values())
            elif ASKED in texts[Reader.MENTOR]:
                seen.add("named")
        if SHARED in texts[Reader.MENTEE]:
            seen.add("shared")
    called = {key: person.name for key, person in pool.people.items()}
    for keys, ask in ((proposal.mentees_without, mentee_without), (proposal.mentors_without, mentor_without)):
        for key in keys:
            found = ask(proposal, key)
            # For those who run the program alone, who read every answer: the question may be named, no answer is.
            text = why.unmatched_in_words(found, called[key], called.__getitem__, pool.questions)
            for said in (text, json.dumps(why.kept_unmatched(found))):
                assert PRIVATE not in said
                assert SHARED not in said
                assert BOSS not in said
                assert '"line"' not in said
            _nobody_from_the_line(pool, key, found.could_be_with)
            if found.change:
                _nobody_from_the_line(pool, key, [found.change.mentor])
            seen.add("without")
    return seen


def _nobody_from_the_line(pool: Pool, key: int, named: Any) -> None:
    if not pool.matching.criteria.outside_reporting_line:
        return
    for other in named:
        assert other not in pool.matching.above(key)
        assert key not in pool.matching.above(other)


class NothingPrivateIsNamed(TestCase):
    """Each example has a transaction of its own, which is what makes it Hypothesis's own TestCase."""

    @given(worlds())
    @settings(max_examples=60)
    def test_nothing_private_is_named_whoever_is_in_it(self, world: World) -> None:
        with translation.override("en"):
            check(world)


@pytest.mark.django_db
@pytest.mark.parametrize("tells", ["", "interests", "seniority"])
@pytest.mark.parametrize("must", ["", "same", "different"])
@pytest.mark.parametrize("promised", list(itertools.product(["admins", "pairing"], repeat=2)))
def test_an_answer_is_named_only_where_both_were_promised_that_the_pair_reads_it(
    tells: str, must: str, promised: tuple[str, str]
) -> None:
    world = World(
        role=["mentor", "mentee", "mentee"],
        questions=[Made("pairing", must, "high", "same", tells)],
        answers=[[(0, promised[0])], [(0, promised[1])], [None]],
        managers=[None, None, None],
        capacity=[1, 1, 1],
        criteria={"interests": "high", "seniority": "high"},
    )
    with translation.override("en"):
        seen = check(world)
    assert ("shared" in seen) == (promised == ("pairing", "pairing"))


@pytest.mark.django_db
def test_there_is_something_to_see_for_whoever_looks() -> None:
    """The same search, where answers of both kinds are the same for all, finds what may be named."""
    both = [
        Made("pairing", "", "high", "same", "interests"),
        Made("admins", "", "high", "same", ""),
        Made("pairing", "", "high", "same", ""),
    ]
    told: list[tuple[int, str] | None] = [(0, "pairing"), (0, "admins"), (0, "pairing")]
    world = World(
        role=["mentor", "mentee", "mentee", "mentee"],
        questions=both,
        answers=[told, told, told, [(0, "pairing"), None, (0, "admins")]],
        managers=[None, None, 0, None],
        capacity=[1, 1, 1, 1],
        criteria={"interests": "high"},
    )
    with translation.override("en"):
        assert check(world) == {"named", "shared", "without"}


@pytest.mark.django_db
def test_a_private_must_have_is_named_to_those_who_run_the_program_and_to_nobody_else() -> None:
    world = World(
        role=["mentor", "mentee"],
        questions=[Made("admins", "same", "high", "same", "")],
        answers=[[(0, "admins")], [(1, "admins")]],
        managers=[None, None],
        capacity=[1, 1],
    )
    with translation.override("en"), transaction.atomic():
        check(world)
        program = Program.objects.get()
        pool = to_match(program, NOW)
        [pair] = all_pairs(pool)
        run = MatchingRun.objects.get()
        without = why.read_unmatched(run.without.get(side="mentee").why)
        text = why.unmatched_in_words(without, "Person 1", lambda key: "Person 0", pool.questions)
        assert f"{ASKED}-admins-0" in text
        assert all(ASKED not in said for said in read_by(pool, pair).values())
