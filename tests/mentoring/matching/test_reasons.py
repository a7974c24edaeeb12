"""Reasons in words, for each reader; and that none of them names what was not promised to be shown."""

import json
from dataclasses import replace
from typing import TypeVar

import pytest
from django.utils import translation
from hypothesis import given, settings

from mentoring.matching.criteria import Criteria, Likeness, Question, Weight
from mentoring.matching.people import Answer, Mentee, Mentor, Pair
from mentoring.matching.program import Matching
from mentoring.matching.proposal import propose
from mentoring.matching.reasons import Kind, reasons
from mentoring.matching.unmatched import everybody_without
from mentoring.matching.words import Reader, Words

from .cast import EVERYTHING, GRETA, YUKI, matching, matchings

Person = TypeVar("Person", Mentee, Mentor)
WORDS = Words(
    languages={"en": "English", "de": "German"}.__getitem__, questions={"site": "Where do you work?"}
)
PLAIN = Criteria(interests=Weight.OFF)


def said(
    mentee: Mentee, mentor: Mentor, reader: Reader, criteria: Criteria = PLAIN, **settled: object
) -> str:
    asked = matching(mentee, mentor, criteria=criteria, **settled)
    return WORDS.of_pair(reasons(asked, Pair(mentee.key, mentor.key)), reader, "Yuki", "Greta")


def test_a_pair_is_explained_to_each_in_their_own_person() -> None:
    greta = replace(GRETA, languages=frozenset({"de"}))
    assert said(YUKI, greta, Reader.MENTEE) == (
        "You asked for help with hiring and pricing; Greta offers both. Four shared hours a week. "
        "You differ on language."
    )
    assert said(YUKI, greta, Reader.MENTOR) == (
        "Yuki asked for help with hiring and pricing; you offer both. Four shared hours a week. "
        "You differ on language."
    )
    assert said(YUKI, greta, Reader.ADMIN) == (
        "Yuki asked for help with hiring and pricing; Greta offers both. Four shared hours a week. "
        "They differ on language."
    )


def test_what_is_offered_only_in_part_says_what_is_missing() -> None:
    greta = replace(GRETA, offers=frozenset({"hiring"}), hours=0)
    assert said(YUKI, greta, Reader.MENTEE) == (
        "Of what you asked for, Greta offers hiring. Greta does not offer pricing. You both speak English."
    )
    assert "You do not offer pricing." in said(YUKI, greta, Reader.MENTOR)
    facts = reasons(matching(YUKI, greta), Pair(YUKI.key, greta.key))
    assert WORDS.of_reason(facts[0], Reader.MENTEE, "Yuki", "Greta") == [
        (True, "Of what you asked for, Greta offers hiring."),
        (False, "Greta does not offer pricing."),
    ]
    nothing = replace(GRETA, offers=frozenset(), hours=0)
    assert said(YUKI, nothing, Reader.MENTOR).endswith(
        "Yuki asked for help with hiring and pricing, which you do not offer."
    )


@pytest.mark.parametrize(
    ("half_hours", "words"),
    [
        (0b1, "Half a shared hour a week."),
        (0b11, "One shared hour a week."),
        (0b111, "More than one shared hour a week."),
        (2**8 - 1, "Four shared hours a week."),
        (2**26 - 1, "13 shared hours a week."),
        (1 << 300, "No shared hours."),
    ],
)
def test_hours_are_counted_in_words(half_hours: int, words: str) -> None:
    greta = replace(GRETA, hours=2**26 - 1)
    assert words in said(replace(YUKI, hours=half_hours), greta, Reader.ADMIN)


def test_every_part_that_counts_is_said_and_no_other() -> None:
    everything = said(YUKI, GRETA, Reader.ADMIN, EVERYTHING)
    for words in ("interested in chess", "two steps ahead", "different departments", "speak English"):
        assert words in everything
    assert said(YUKI, GRETA, Reader.MENTEE, replace(PLAIN, skills=Weight.OFF, hours=Weight.OFF)) == (
        "You both speak English."
    )
    same = replace(GRETA, department="Sales")
    assert "You work in the same department." in said(YUKI, same, Reader.MENTOR, EVERYTHING)
    assert "ahead" not in said(replace(YUKI, seniority=9), GRETA, Reader.MENTEE, EVERYTHING)


def test_those_who_run_the_program_see_that_they_locked_a_pair_and_nobody_else_does() -> None:
    locked = frozenset({Pair(YUKI.key, GRETA.key)})
    assert said(YUKI, GRETA, Reader.ADMIN, locked=locked).endswith("You locked this pair.")
    assert "locked" not in said(YUKI, GRETA, Reader.MENTEE, locked=locked)


@pytest.mark.parametrize("named", [(True, True), (True, False), (False, True), (False, False)])
def test_an_answer_is_named_when_both_may_be(named: tuple[bool, bool]) -> None:
    criteria = replace(PLAIN, questions=(Question("site", weight=Weight.HIGH),))
    mentee = replace(YUKI, answers={"site": Answer(frozenset({"canary"}), named[0])})
    mentor = replace(GRETA, answers={"site": Answer(frozenset({"canary"}), named[1])})
    for reader in Reader:
        words = said(mentee, mentor, reader, criteria)
        assert ("canary" in words) == all(named)
        assert ("Where do you work" in words) == all(named)


def test_answers_that_differ_are_not_named() -> None:
    criteria = replace(PLAIN, questions=(Question("site", weight=Weight.HIGH, wanted=Likeness.DIFFERENT),))
    mentee = replace(YUKI, answers={"site": Answer(frozenset({"here"}), may_be_named=True)})
    mentor = replace(GRETA, answers={"site": Answer(frozenset({"elsewhere"}), may_be_named=True)})
    words = said(mentee, mentor, Reader.MENTEE, criteria)
    assert "You answered “Where do you work?” differently." in words
    assert "elsewhere" not in words


@settings(max_examples=150)
@given(matchings())
def test_no_reason_holds_a_private_answer(asked: Matching) -> None:
    """Every answer that may not be named is a canary, and so is the fact that it counted."""
    canaries = replace(
        asked,
        mentees=tuple(_with_canaries(each) for each in asked.mentees),
        mentors=tuple(_with_canaries(each) for each in asked.mentors),
        locked=frozenset(),
    )
    proposal = propose(canaries)
    words = Words(questions={"why": "Why?", "how": "How?"})
    for mentee in canaries.mentees:
        for mentor in canaries.mentors:
            found = reasons(canaries, Pair(mentee.key, mentor.key))
            told = [words.of_pair(found, reader, "Yuki", "Greta") for reader in Reader]
            assert "canary" not in json.dumps([told, repr(found)])
            for reason in found:
                if reason.kind is Kind.ANSWER:
                    assert mentee.answers[reason.code].may_be_named
                    assert mentor.answers[reason.code].may_be_named
    for why in everybody_without(proposal):
        assert "canary" not in repr(why) + words.of_unmatched(why, "Yuki", str)


def _with_canaries(person: Person) -> Person:
    answers = {
        code: answer if answer.may_be_named else Answer(frozenset(f"canary {each}" for each in answer.values))
        for code, answer in person.answers.items()
    }
    return replace(person, answers=answers)


def test_what_people_wrote_cannot_break_a_sentence() -> None:
    mentee = replace(YUKI, seeks=frozenset({"100 %", "%(mentor)s", "%(skills)s"}))
    words = said(mentee, replace(GRETA, offers=mentee.seeks), Reader.ADMIN)
    assert "100 %, %(mentor)s and %(skills)s" not in words  # In the order of the alphabet.
    assert "%(mentor)s, %(skills)s and 100 %" in words


def test_words_are_translated_by_django() -> None:
    words = Words(translator=translation, languages={"en": "Englisch"}.__getitem__)
    asked = matching(YUKI, GRETA, criteria=PLAIN)
    with translation.override("de"):
        told = words.of_pair(reasons(asked, Pair(1, 10)), Reader.MENTEE, "Yuki", "Greta")
    assert told == (
        "Du möchtest Hilfe bei hiring und pricing; Greta bietet beides an. Vier gemeinsame Stunden in der Woche. "
        "Ihr sprecht beide Englisch."
    )
