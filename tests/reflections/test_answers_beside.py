"""What lies beside a question: moments, the note set aside, earlier words, the rail."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.models import Answer, Moment, Question, Reflection, Round
from tests.conftest import NOW, TODAY, make_person, pair, signed_in
from tests.reflections.conftest import (
    AGAIN,
    ASIDE,
    BOTH_WAYS,
    FIRST,
    HARD,
    WORDS,
    open_round,
    posted,
    queries_of,
    question_url,
    save_url,
    write,
)

SUBMITTED, DECLINED = Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def later() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


# --- Beside the page -----------------------------------------------------------------------------------------------


def test_ones_own_moments_of_the_quarter_stand_beside_the_question(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    for person, text, day in (
        (mentee, "mine in May", date(2026, 5, 1)),
        (mentee, "mine on the last day", date(2026, 6, 30)),
        (mentee, "mine of last quarter", date(2026, 3, 31)),
        (mentor, "theirs", date(2026, 5, 1)),
    ):
        Moment.objects.create(person=person, text=text, happened_on=day, audience="pairing", pairing=pairing)
    page = signed_in(mentee).get(question_url(quarter_round)).content.decode()

    assert "mine in May" in page
    assert "mine on the last day" in page
    assert "mine of last quarter" not in page
    assert "theirs" not in page


def test_without_moments_the_page_says_something_kind(mentee: User, quarter_round: Round) -> None:
    assert (
        "It will not have been nothing" in signed_in(mentee).get(question_url(quarter_round)).content.decode()
    )


def test_what_was_set_aside_is_folded_on_later_pages_only(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, ASIDE, "The margin target, again.")
    client = signed_in(mentee)

    assert "The margin target" not in client.get(question_url(quarter_round, FIRST)).content.decode()
    page = client.get(question_url(quarter_round, AGAIN)).content.decode()
    assert '<details class="fold">' in page
    assert "The margin target, again." in page


def test_the_first_thoughts_stand_untouched_when_one_looks_again(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, "The first thing that came.")
    client = signed_in(mentee)

    assert "The first thing that came." in client.get(question_url(quarter_round, AGAIN)).content.decode()
    assert "The first thing that came." not in client.get(question_url(quarter_round, HARD)).content.decode()


def test_ones_own_last_answer_to_a_question_can_be_unfolded_but_not_what_was_set_aside(
    program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    before = open_round(program, date(2026, 1, 1))
    write(mentee, before, FIRST, "In winter I learned to wait.")
    write(mentee, before, ASIDE, "Winter shortfalls.")
    write(mentor, before, FIRST, "Somebody else’s winter.")
    client = signed_in(mentee)
    page = client.get(question_url(quarter_round)).content.decode()

    assert "What you wrote in FY26 Q4." in page
    assert "In winter I learned to wait." in page
    assert "Somebody else’s winter." not in page
    assert "Winter shortfalls." not in client.get(question_url(quarter_round, ASIDE)).content.decode()


def test_the_rail_names_the_steps_of_ones_own_set(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, ASIDE, "Folded")
    Question.objects.filter(code=BOTH_WAYS).update(mentee_position=None)
    page = signed_in(mentee).get(question_url(quarter_round, AGAIN)).content.decode()

    assert "3 of 6: Look again" in page
    assert "Both ways" not in page
    assert page.count('class="is-done"') == 1
    assert page.count('aria-current="step"') == 1


def test_the_short_way_asks_the_short_questions_only(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    reply = client.post(question_url(quarter_round) + "?set=short", posted(then="next"))
    assert reply.url == question_url(quarter_round, AGAIN) + "?set=short"  # type: ignore[attr-defined]
    page = client.get(reply.url).content.decode()  # type: ignore[attr-defined]
    assert "Hard and clear" not in page
    assert "2 of 3: Look again" in page
    assert client.get(question_url(quarter_round, HARD) + "?set=short").status_code == 404
    reply = client.post(question_url(quarter_round, AGAIN) + "?set=short", posted(then="next"))
    assert reply.url.startswith(reverse("reflections:review", args=[quarter_round.pk]))  # type: ignore[attr-defined]


def test_a_question_asks_as_much_for_many_rows_as_for_few(
    program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    client = signed_in(mentor)
    Enrollment.objects.filter(person=mentor).update(capacity=61)
    asked = []
    for batch, size in enumerate((3, 57)):
        for n in range(size):
            person = make_person(f"p{batch}-{n}@harbor.example", f"Person {batch} {n}")
            pairing = pair(program, mentor, person)
            Moment.objects.create(person=mentor, text="m", happened_on=TODAY)
            Answer.objects.filter(reflection__person=mentor).delete()
            answer = write(mentor, quarter_round, FIRST, WORDS, audience="pairing")
            answer.pairings.set(Pairing.objects.filter(mentor=mentor))
            open_round(program, date(2026, 1, 1)) if not batch and not n else pairing
        asked.append(queries_of(client, question_url(quarter_round, AGAIN)))

    assert asked[0] == asked[1]
    assert asked[1] <= 20  # the meetings, the notes and the pairings of the quarter among them


def test_words_go_into_no_log(mentee: User, quarter_round: Round, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = signed_in(mentee)
    client.raise_request_exception = False
    for text in ("CANARY", "CANARY" * 5000, "CANARY\x00"):
        for url in (question_url(quarter_round), save_url(quarter_round), question_url(quarter_round, "M99")):
            client.post(url, posted(text=text, version="CANARY"))
        client.post(reverse("moments:keep"), {"text": text, "seen_by": "CANARY"})
    app_logs = [record for record in caplog.records if not record.name.startswith("django.db")]

    assert not [record for record in app_logs if "CANARY" in record.getMessage()]
