"""The door of a reflection, leaving it out, and the list of quarters."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.actions import Refused, decline_reflection, submit_reflection
from reflections.models import Answer, Question, Reflection, Round
from tests.conftest import NOW, make_person, pair, signed_in
from tests.reflections.conftest import (
    AGAIN,
    ASIDE,
    FIRST,
    WORDS,
    open_round,
    page_url,
    queries_of,
    rows,
    write,
)

DRAFT, SUBMITTED, DECLINED = Reflection.Status.DRAFT, Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


# --- The door ------------------------------------------------------------------------------------------------------


def test_the_door_says_what_it_is_and_who_reads_it_before_anything_begins(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    before = rows()
    page = client.get(page_url("open", quarter_round)).content.decode()

    assert "What was your best stuff?" in page
    assert "Not an appraisal. Never scored." in page
    assert "Each answer is for you alone, unless you choose somebody for it." in page
    assert "Open until Tuesday, July 21; late is fine." in page
    assert f'href="{page_url("question", quarter_round, FIRST)}"' in page
    assert f'href="{page_url("question", quarter_round, FIRST)}?set=short"' in page
    assert f'href="{page_url("question", quarter_round, FIRST)}?set=line"' in page
    assert "It was a rough one" not in page  # this round has no questions for it
    assert rows() == before


def test_a_draft_is_carried_on_where_it_was_left(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    write(mentee, quarter_round, ASIDE, "Folded")
    page = signed_in(mentee).get(page_url("open", quarter_round)).content.decode()

    assert "Carry on writing" in page
    assert f'href="{page_url("question", quarter_round, AGAIN)}"' in page
    assert "Your words were last saved today at 14:00." in page
    assert WORDS not in page


def test_a_round_that_has_not_opened_says_when_it_does(program: Program, mentee: User) -> None:
    ahead = open_round(program, date(2026, 7, 1))
    client = signed_in(mentee)
    page = client.get(page_url("open", ahead)).content.decode()

    assert "This reflection opens on Thursday, September 10." in page
    assert "Begin" not in page
    assert client.get(page_url("review", ahead)).status_code == 404
    assert client.post(page_url("submit", ahead)).status_code == 404
    assert client.post(page_url("decline", ahead)).status_code == 404


def test_a_quarter_long_over_is_still_open_to_be_written(program: Program, mentee: User) -> None:
    past = open_round(program, date(2026, 1, 1))

    assert "late is still fine" in signed_in(mentee).get(page_url("open", past)).content.decode()


def test_a_round_without_questions_is_no_crash(program: Program, mentee: User) -> None:
    bare = open_round(program, questions=False)
    client = signed_in(mentee)

    assert "No questions were set" in client.get(page_url("open", bare)).content.decode()
    assert client.get(page_url("review", bare)).status_code == 200


# --- Not this quarter ----------------------------------------------------------------------------------------------


def test_not_this_quarter_is_a_full_answer(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    assert client.get(page_url("decline", quarter_round)).status_code == 405
    page = client.post(page_url("decline", quarter_round), follow=True).content.decode()

    reflection = Reflection.objects.get()
    assert (reflection.status, reflection.declined_at) == (DECLINED, NOW)
    assert "That is a full answer, and it needs no reason." in page
    assert Reflection.objects.answered().count() == 1


def test_declining_keeps_the_words_and_shares_none(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    signed_in(mentee).post(page_url("decline", quarter_round))

    assert Answer.objects.get().text == WORDS
    assert not Answer.objects.shared_with(mentor).exists()


def test_declining_twice_is_declining_once_and_a_finished_one_stays_finished(
    mentee: User, quarter_round: Round
) -> None:
    assert decline_reflection(mentee, quarter_round, now=NOW)
    assert not decline_reflection(mentee, quarter_round, now=NOW + timedelta(hours=1))
    assert Reflection.objects.get().declined_at == NOW

    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW, declined_at=None)
    reply = signed_in(mentee).post(page_url("decline", quarter_round))
    assert reply.url == page_url("done", quarter_round)  # type: ignore[attr-defined]
    assert Reflection.objects.get().status == SUBMITTED


# --- The list ------------------------------------------------------------------------------------------------------


def test_open_quarters_stand_on_top_and_earlier_ones_below(
    program: Program, mentee: User, quarter_round: Round
) -> None:
    past = open_round(program, date(2026, 1, 1))
    open_round(program, date(2026, 7, 1))
    page = signed_in(mentee).get(reverse("reflections:list")).content.decode()

    assert page.index("FY27 Q1") < page.index("Earlier quarters") < page.index("FY26 Q4")
    assert "FY27 Q2" not in page
    assert "January to March. Nothing written." in page
    assert f'href="{page_url("open", past)}"' in page
    assert "overdue" not in page.lower()


def test_the_list_says_how_far_each_has_come(program: Program, mentee: User, quarter_round: Round) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS)
    client = signed_in(mentee)
    assert (
        "A draft, last saved today at 14:00. Only you can read it."
        in client.get(reverse("reflections:list")).content.decode()
    )
    for status, said in (
        (SUBMITTED, "You finished today at 14:00."),
        (DECLINED, "Not this quarter: a full answer."),
    ):
        Reflection.objects.update(
            status=status,
            submitted_at=NOW if status == SUBMITTED else None,
            declined_at=NOW if status == DECLINED else None,
        )
        assert said in client.get(reverse("reflections:list")).content.decode()
    assert answer.text == WORDS


def test_the_list_is_kind_when_it_is_empty(outsider: User) -> None:
    page = signed_in(outsider).get(reverse("reflections:list")).content.decode()

    assert "Nothing to write now." in page
    assert "No earlier quarter yet." in page


def test_one_who_has_left_still_finds_their_own_words(
    program: Program, mentee: User, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, status=SUBMITTED)
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    client = signed_in(mentee)

    assert "FY27 Q1" in client.get(reverse("reflections:list")).content.decode()
    assert WORDS in client.get(page_url("done", quarter_round)).content.decode()


@pytest.mark.parametrize("status", [DRAFT, SUBMITTED])
def test_pages_ask_as_much_for_many_rows_as_for_few(
    program: Program, mentor: User, quarter_round: Round, now: datetime, status: Reflection.Status
) -> None:
    client = signed_in(mentor)
    names = ["open", "review"] if status == DRAFT else ["open", "done", "shared"]
    Enrollment.objects.filter(person=mentor).update(capacity=61)
    asked = []
    for batch, size in enumerate((3, 57)):
        for n in range(size):
            person = make_person(f"p{batch}-{n}@harbor.example", f"Person {batch} {n}")
            pairing = pair(program, mentor, person)
            question = Question.objects.create(
                round=quarter_round, code=f"X{batch}-{n}", step="again", text="Again?", mentee_position=50 + n
            )
            answer = write(mentor, quarter_round, question.code, WORDS, audience="pairing", status=status)
            answer.pairings.set([pairing])
            write(person, quarter_round, FIRST, WORDS, audience="program", status=status)
            Program.objects.filter(pk=program.pk).update(name=f"Harbor {n}")
        asked.append([queries_of(client, page_url(name, quarter_round)) for name in names])

    assert asked[0] == asked[1]
    assert max(asked[1]) <= 20
    assert now == NOW


def test_the_list_of_quarters_goes_on_on_a_second_page(program: Program, mentee: User) -> None:
    client = signed_in(mentee)
    asked = []
    for years in (range(2024, 2026), range(2008, 2024)):
        for year in years:
            for month in (1, 4, 7, 10):
                open_round(program, date(year, month, 1), questions=False)
        asked.append(queries_of(client, reverse("reflections:list")))
    page = client.get(reverse("reflections:list")).content.decode()

    assert asked[0] == asked[1]
    assert "FY08 Q4" not in page
    assert "FY08 Q4" in client.get(reverse("reflections:list"), {"page": 2}).content.decode()


def test_a_refusal_at_the_end_says_why(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    reflection = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,)
    ).reflection
    with pytest.raises(Refused, match="Something has changed since you read it over"):
        submit_reflection(reflection, by=mentee, share=True, shown="of yesterday", now=NOW)
    reflection.refresh_from_db()
    assert reflection.status == DRAFT


@pytest.mark.parametrize("code", ["a/b", "..", "a b", "?", "ü"])
def test_a_code_that_could_not_stand_in_an_address_is_refused(quarter_round: Round, code: str) -> None:
    question = Question(round=quarter_round, code=code, step="first", text="Why?")
    with pytest.raises(ValidationError):
        question.full_clean()
