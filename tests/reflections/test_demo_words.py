"""What people of the demo program write: enough of it, in our voice, and nothing that a page must not say."""

import re

from reflections.default_questions import FIRST_EDITION
from reflections.demo import words
from reflections.demo.cities import CITIES
from reflections.demo.people import SIGN_INS, cast
from reflections.models import Moment

NEVER = re.compile(r"!|[0-9]|\b(overdue|scores?|streaks?|ranked|percent|behind schedule)\b", re.IGNORECASE)


def texts() -> list[str]:
    return [
        *(text for header, text in words.blocks("enrollment.txt") if header[0] == "answer"),
        *(one.text for one in words.moments()),
        *(text for group in words.answers().values() for text in group),
        *(one.text for one in words.cast_moments()),
        *(one.text for one in words.cast_answers()),
    ]


def test_there_are_many_and_no_two_are_the_same() -> None:
    found = texts()
    assert len(set(words.moments_by_text())) >= 120
    moments = [one.text for one in words.moments()] + [one.text for one in words.cast_moments()]
    assert len(moments) == len(set(moments))
    assert len(set(found)) >= 340


def test_each_is_in_our_voice() -> None:
    for text in texts():
        assert not NEVER.search(text), text
        assert not set(text) & set("\"'\n"), text
        assert 1 <= len(text) <= 600, text
        assert text[-1] in ".?”", text


def test_kinds_and_people_of_moments_are_those_that_the_model_knows() -> None:
    for one in (*words.moments(), *words.cast_moments()):
        assert one.kind in {"", *Moment.Kind.values}
        assert one.for_whom in {"", *Moment.Whom.values}


def test_a_partner_is_named_only_where_there_is_one() -> None:
    for one in words.moments():
        if "{name}" in one.text:
            assert one.for_whom in {"mentor", "mentee"}
            assert one.who != words.ANY


def test_every_question_has_answers_and_every_answer_a_question() -> None:
    known = {prompt.code for prompt in FIRST_EDITION}
    for prompt in FIRST_EDITION:
        found = [
            text for (code, _who), group in words.answers().items() if code == prompt.code for text in group
        ]
        assert len(found) >= 4, prompt.code
    assert {code for code, _who in words.answers()} <= known
    assert {one.code for one in words.cast_answers()} <= known


def test_everybody_lives_at_an_address_that_is_nobodys() -> None:
    for _what, email, _password in SIGN_INS:
        assert email.endswith(".example")
    for person in cast():
        assert person.email.endswith("@harbor.example")
    for city in CITIES.values():
        for name in (*city.first_names, *city.last_names):
            assert re.fullmatch(r"[a-z-]+", name.plain), name
