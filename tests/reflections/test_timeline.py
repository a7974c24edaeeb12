"""The line of time of two people, and the pages on which one says something to the other."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.models import Moment, Reflection, Response, Round
from reflections.timeline import items, shared_in
from tests.conftest import NOW, TODAY, signed_in
from tests.reflections.conftest import AGAIN, FIRST, open_round, queries_of, rows, write

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("now")


def keep(person: User, pairing: Pairing, text: str, days_ago: int = 0) -> Moment:
    return Moment.objects.create(
        person=person, text=text, happened_on=TODAY - days_ago * DAY, audience="pairing", pairing=pairing
    )


def page_of(person: User, pairing: Pairing, round: Round, text: str, code: str = FIRST) -> int:
    answer = write(person, round, code, text, audience="pairing", pairings=(pairing,), status="submitted")
    return answer.reflection_id


def url(name: str, pairing: Pairing, *more: object) -> str:
    return reverse(f"reflections:{name}", args=[pairing.pk, *more])


def test_moments_and_pages_stand_in_one_line_the_newest_first(
    pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    keep(mentor, pairing, "long ago", 40)
    keep(mentee, pairing, "yesterday", 1)
    page = page_of(mentee, pairing, quarter_round, "on the page")
    Reflection.objects.filter(pk=page).update(submitted_at=NOW - 10 * DAY)
    found = items(pairing, mentor, shared_in(pairing, mentor))
    assert [(each.what, each.is_mine) for each in found] == [
        ("moments", False), ("pages", False), ("moments", True),
    ]  # fmt: skip
    html = signed_in(mentor).get(url("timeline", pairing)).content.decode()
    assert html.index("yesterday") < html.index("on the page") < html.index("long ago")


def test_nothing_that_was_not_shared_with_the_two_is_in_it(
    pairing: Pairing, program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    Moment.objects.create(person=mentee, text="alone", happened_on=TODAY)
    Moment.objects.create(person=mentee, text="all", happened_on=TODAY, audience="program", program=program)
    write(mentee, quarter_round, FIRST, "a draft", audience="pairing", pairings=(pairing,))
    write(mentor, quarter_round, FIRST, "for me", status="submitted")
    assert list(shared_in(pairing, mentor)) == []
    Reflection.objects.filter(person=mentee).update(status="submitted", submitted_at=NOW)
    assert [row["what"] for row in shared_in(pairing, mentor)] == ["pages"]
    assert "Nothing is shared yet." not in signed_in(mentor).get(url("timeline", pairing)).content.decode()


def test_of_what_is_shared_with_all_only_the_quarters_of_the_pair_are_in_it(
    pairing: Pairing, program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, "for everybody", audience="program", status="submitted")
    assert len(shared_in(pairing, mentor)) == 1
    pairing.starts_on = quarter_round.due_on + DAY
    assert len(shared_in(pairing, mentor)) == 0


def test_the_page_of_one_thing_is_for_the_two_while_it_is_shared(
    pairing: Pairing, mentor: User, mentee: User, member: User, superuser: User
) -> None:
    moment = keep(mentee, pairing, "He waited.")
    there = url("shared_thing", pairing, "moments", moment.pk)
    for person, status in ((mentor, 200), (mentee, 200), (member, 404), (superuser, 404)):
        assert signed_in(person).get(there).status_code == status
    assert signed_in(mentor).get(url("shared_thing", pairing, "pages", moment.pk)).status_code == 404
    assert signed_in(mentor).get(url("shared_thing", pairing, "nonsense", moment.pk)).status_code == 404
    Moment.objects.update(audience="me", pairing=None)
    for person in (mentor, mentee):
        assert signed_in(person).get(there).status_code == 404


def test_one_click_says_that_it_was_read(pairing: Pairing, mentor: User, mentee: User) -> None:
    moment = keep(mentee, pairing, "He waited.")
    reader, writer = signed_in(mentor), signed_in(mentee)
    before = rows()
    html = reader.get(url("timeline", pairing)).content.decode()
    assert "I’ve read this" in html
    assert rows() == before
    page = reader.post(url("read", pairing, "moments", moment.pk), follow=True).content.decode()
    assert "Tomasz sees that you have read it." in page
    assert "I’ve read this" not in page
    assert "Noor has read it." in writer.get(url("timeline", pairing)).content.decode()
    back = reader.post(url("read", pairing, "moments", moment.pk), {"from": "pair"})
    assert back.headers["Location"] == reverse("pairings:detail", args=[pairing.pk]) + "#shared"


def test_a_question_is_asked_and_answered_on_the_page(pairing: Pairing, mentor: User, mentee: User) -> None:
    moment = keep(mentee, pairing, "He waited.")
    reader, writer = signed_in(mentor), signed_in(mentee)
    there = url("shared_thing", pairing, "moments", moment.pk)
    page = reader.post(url("ask", pairing, "moments", moment.pk), {"ask-words": " "}).content.decode()
    assert "Write a sentence." in page
    reader.post(url("thanks", pairing, "moments", moment.pk), {"thanks-words": ""})
    reader.post(url("ask", pairing, "moments", moment.pk), {"ask-words": "What made you wait?"})
    page = writer.get(there).content.decode()
    assert "Noor thanks you" in page
    assert "What made you wait?" in page
    long = "word " * 210
    page = writer.post(url("answer", pairing, "moments", moment.pk), {"answer-words": long}).content.decode()
    assert "Keep it to 1000 characters" in page
    assert long.strip() in page
    writer.post(url("answer", pairing, "moments", moment.pk), {"answer-words": "The client did."})
    page = reader.get(there).content.decode()
    assert "Tomasz answered" in page
    assert "The client did." in page
    assert url("ask", pairing, "moments", moment.pk) not in page
    refused = writer.post(url("ask", pairing, "moments", moment.pk), {"ask-words": "Me?"}).content.decode()
    assert "It is not shared with you any more." in refused


def test_taking_back_leaves_that_it_was_read(pairing: Pairing, mentor: User, mentee: User) -> None:
    moment = keep(mentee, pairing, "He waited.")
    actions.say_thanks(pairing, "moments", moment.pk, by=mentor, words="For that.", now=NOW)
    page = signed_in(mentor).post(url("unsay", pairing, "moments", moment.pk), follow=True).content.decode()
    assert "For that." not in page
    assert "You have read it." in page


def test_once_it_is_over_the_page_has_words_and_no_forms(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    moment = keep(mentee, pairing, "He waited.")
    actions.ask_question(pairing, "moments", moment.pk, by=mentor, words="What for?", now=NOW)
    Pairing.objects.update(status="completed", ended_on=TODAY)
    for person in (mentor, mentee):
        for there in (url("timeline", pairing), url("shared_thing", pairing, "moments", moment.pk)):
            html = signed_in(person).get(there).content.decode()
            assert "What for?" in html
            assert f"/timeline/moments/{moment.pk}/" not in html.replace(there, "")
    signed_in(mentor).post(url("thanks", pairing, "moments", moment.pk), {"thanks-words": ""})
    assert Response.objects.get().thanked_at is None


def test_words_that_cannot_be_read_any_more_leave_the_page_whole(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    moment = keep(mentee, pairing, "He waited.")
    actions.ask_question(pairing, "moments", moment.pk, by=mentor, words="What for?", now=NOW)
    with connection.cursor() as cursor:  # As if it had been taken from another row.
        cursor.execute("UPDATE reflections_response SET seal_id = gen_random_uuid()")
    page = signed_in(mentee).get(url("timeline", pairing)).content.decode()
    assert "He waited." in page
    assert "What for?" not in page


def test_the_side_by_side_page_has_the_readers_buttons(
    pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    page = page_of(mentee, pairing, quarter_round, "on the page")
    there = url("pair_round", pairing, quarter_round.pk)
    html = signed_in(mentor).get(there).content.decode()
    assert url("read", pairing, "pages", page) in html
    assert "Advice only if asked." in html
    assert url("read", pairing, "pages", page) not in signed_in(mentee).get(there).content.decode()


def test_a_long_line_has_pages_and_asks_as_much_as_a_short_one(
    pairing: Pairing, program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    page_of(mentee, pairing, quarter_round, "on the page")
    first = keep(mentee, pairing, "the first")
    actions.ask_question(pairing, "moments", first.pk, by=mentor, words="What for?", now=NOW)
    few = queries_of(signed_in(mentor), url("timeline", pairing))
    page_of(mentor, pairing, open_round(program, NOW.date().replace(month=1, day=1)), "and mine", AGAIN)
    for number in range(60):
        moment = keep(mentee if number % 2 else mentor, pairing, f"no. {number}", number + 1)
        if number % 2:
            actions.ask_question(pairing, "moments", moment.pk, by=mentor, words="Why?", now=NOW)
    assert queries_of(signed_in(mentor), url("timeline", pairing)) <= few + 1
    html = signed_in(mentor).get(url("timeline", pairing)).content.decode()
    assert html.count('<div class="shared') == 50
    more = signed_in(mentor).get(url("timeline", pairing) + "?page=2").content.decode()
    assert more.count('<div class="shared') == 13


def test_the_pairs_page_has_the_newest_of_it(
    pairing: Pairing, mentor: User, mentee: User, quarter_round: Round, django_assert_max_num_queries: Any
) -> None:
    moment = keep(mentee, pairing, "He waited.")
    page_of(mentee, pairing, quarter_round, "on the page")
    html = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert url("read", pairing, "moments", moment.pk) in html
    assert url("timeline", pairing) in html
