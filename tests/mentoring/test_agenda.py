"""What the two want to talk about."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import AgendaItem, ConversationStarter, Meeting, Pairing, Program, Stage
from mentoring.room.stages import stage_of
from tests.conftest import NOW, pair, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def add(pairing: Pairing, by: User, text: str = "Prices") -> AgendaItem:
    return actions.add_to_agenda(pairing, by=by, text=text, now=NOW)


def url(name: str, *args: object) -> str:
    return reverse(f"pairings:{name}", args=args)


def page(client: Client, pairing: Pairing, name: str = "agenda") -> str:
    return client.get(url(name, pairing.pk)).content.decode()


def test_both_add_to_the_list_and_both_read_it(pairing: Pairing, mentor: User, mentee: User) -> None:
    for person, words in ((mentor, "The pricing call"), (mentee, "Which of the two offers")):
        there = signed_in(person).post(url("agenda", pairing.pk), {"topic": f"  {words}  "})
        assert there["Location"] == url("agenda", pairing.pk)
    for person in (mentor, mentee):
        for name in ("agenda", "detail"):
            text = page(signed_in(person), pairing, name)
            assert text.index("The pricing call") < text.index("Which of the two offers")


def test_from_the_pairs_page_one_comes_back_to_it(pairing: Pairing, mentor: User) -> None:
    there = signed_in(mentor).post(url("agenda", pairing.pk), {"topic": "Prices", "from": "pair"})
    assert there["Location"] == url("detail", pairing.pk) + "#agenda"


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201])
def test_what_cannot_be_kept_is_said_beside_the_field_and_stays_typed(
    pairing: Pairing, mentor: User, typed: str
) -> None:
    answer = signed_in(mentor).post(url("agenda", pairing.pk), {"topic": typed, "from": "pair"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'id="id_topic_error"' in text
    assert typed.strip() in text
    assert not AgendaItem.objects.exists()


def test_sent_twice_it_is_on_the_list_once(pairing: Pairing, mentor: User, mentee: User) -> None:
    assert add(pairing, mentor) == add(pairing, mentor) == add(pairing, mentee)
    add(pairing, mentee, "Prices again")
    assert AgendaItem.objects.count() == 2


def test_what_was_talked_about_may_be_put_on_the_list_anew(pairing: Pairing, mentor: User) -> None:
    item = add(pairing, mentor)
    actions.talked_about(item, by=mentor, now=NOW)
    assert add(pairing, mentor) != item


def test_what_was_talked_about_is_put_down_to_the_meeting_before(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=NOW - 3 * DAY, cancelled_at=NOW - 4 * DAY)
    met = Meeting.objects.create(pairing=pairing, starts_at=NOW - 5 * DAY)
    Meeting.objects.create(pairing=pairing, starts_at=NOW + DAY)
    item = add(pairing, mentor)
    with time_machine.travel(NOW, tick=False):
        signed_in(mentee).post(url("agenda_talked", pairing.pk, item.pk))
    item.refresh_from_db()
    assert (item.talked_at, item.meeting) == (NOW, met)
    actions.talked_about(item, by=mentor, now=NOW + DAY)
    item.refresh_from_db()
    assert (item.talked_at, item.meeting) == (NOW, met)


@pytest.mark.parametrize(
    ("days", "took_place", "is_its"), [(2, None, True), (2, False, False), (8, None, False)]
)
def test_a_meeting_long_ago_or_that_was_none_is_not_where(
    pairing: Pairing, mentor: User, days: int, took_place: bool | None, is_its: bool
) -> None:
    said = NOW if took_place is not None else None
    met = Meeting.objects.create(
        pairing=pairing, starts_at=NOW - days * DAY, took_place=took_place, said_at=said
    )
    item = add(pairing, mentor)
    actions.talked_about(item, by=mentor, now=NOW)
    item.refresh_from_db()
    assert item.meeting == (met if is_its else None)
    assert item.talked_at == NOW


def test_it_is_put_back_where_it_stood(pairing: Pairing, mentor: User, mentee: User) -> None:
    first, second = add(pairing, mentor, "One"), add(pairing, mentor, "Two")
    actions.talked_about(first, by=mentor, now=NOW)
    signed_in(mentee).post(url("agenda_again", pairing.pk, first.pk))
    assert list(AgendaItem.objects.open()) == [first, second]


def test_only_its_writer_takes_something_off(pairing: Pairing, mentor: User, mentee: User) -> None:
    item = add(pairing, mentor)
    signed_in(mentee).post(url("agenda_delete", pairing.pk, item.pk))
    assert AgendaItem.objects.count() == 1
    assert url("agenda_delete", pairing.pk, item.pk) not in page(signed_in(mentee), pairing)
    signed_in(mentor).post(url("agenda_delete", pairing.pk, item.pk))
    assert not AgendaItem.objects.exists()


# --- Whose it is


def test_nobody_else_reads_or_writes_it(
    pairing: Pairing, mentor: User, member: User, outsider: User, admin: User, superuser: User
) -> None:
    item = add(pairing, mentor, "only-for-the-two")
    for person in (member, outsider, admin, superuser):
        client = signed_in(person)
        assert client.get(url("agenda", pairing.pk)).status_code == 404
        assert client.post(url("agenda", pairing.pk), {"topic": "x"}).status_code == 404
        for name in ("agenda_talked", "agenda_again", "agenda_delete"):
            assert client.post(url(name, pairing.pk, item.pk)).status_code == 404
        assert not AgendaItem.objects.visible_to(person).exists()
        with pytest.raises(Refused):
            add(pairing, person)


def test_an_item_of_another_pair_is_not_reached_by_ones_own(
    pairing: Pairing, program: Program, mentor: User, member: User
) -> None:
    other = pair(program, mentor, member)
    item = add(other, mentor)
    assert signed_in(mentor).post(url("agenda_talked", pairing.pk, item.pk)).status_code == 404


@pytest.mark.parametrize(
    ("status", "may"),
    [("accepted", True), ("active", True), ("paused", True), ("completed", False), ("ended", False)],
)
def test_it_is_written_while_there_is_a_pair_and_read_for_good(
    pairing: Pairing, mentor: User, mentee: User, status: str, may: bool
) -> None:
    item = add(pairing, mentor, "Something to keep")
    ended_on = NOW.date() if status in Pairing.OVER else None
    Pairing.objects.update(status=status, ended_on=ended_on)
    for name in ("agenda", "detail"):
        text = page(signed_in(mentee), pairing, name)
        assert "Something to keep" in text
        assert ('name="topic"' in text) is may
    pairing.refresh_from_db()
    if may:
        add(pairing, mentor, "More")
        return
    for act in (
        lambda: add(pairing, mentor, "More"),
        lambda: actions.talked_about(item, by=mentor, now=NOW),
        lambda: actions.talk_again(item, by=mentor),
    ):
        with pytest.raises(Refused):
            act()
    answer = signed_in(mentor).post(url("agenda", pairing.pk), {"topic": "More"})
    assert "Nothing is put on this list any more." in answer.content.decode()


def test_nothing_is_written_once_the_program_is_over(pairing: Pairing, mentor: User) -> None:
    Program.objects.update(status="closed")
    with pytest.raises(Refused):
        add(pairing, mentor)


@pytest.mark.parametrize("status", ["proposed", "declined", "expired"])
def test_there_is_no_list_before_there_is_a_pair(pairing: Pairing, mentor: User, status: str) -> None:
    Pairing.objects.update(status=status, mentee_accepted_at=None)
    assert signed_in(mentor).get(url("agenda", pairing.pk)).status_code == 404


# --- The library


@pytest.fixture
def starters(program: Program, other_program: Program) -> dict[str, ConversationStarter]:
    rows = {
        stage: ConversationStarter.objects.create(program=program, text=f"A question {stage}", stage=stage)
        for stage in Stage.values
    }
    rows["gone"] = ConversationStarter.objects.create(
        program=program, text="A question retired", is_offered=False
    )
    rows["theirs"] = ConversationStarter.objects.create(program=other_program, text="A question of theirs")
    return rows


def test_a_question_of_the_library_goes_on_the_list_with_one_click(
    pairing: Pairing, mentee: User, starters: dict[str, Any]
) -> None:
    client = signed_in(mentee)
    for _click in range(2):
        answer = client.post(url("agenda_starter", pairing.pk, starters["any"].pk), {"from": "pair"})
        assert answer["Location"] == url("detail", pairing.pk) + "#agenda"
    item = AgendaItem.objects.get()
    assert (item.text, item.author) == ("A question any", mentee)


@pytest.mark.parametrize("which", ["gone", "theirs"])
def test_a_question_that_is_not_offered_here_is_not_there(
    pairing: Pairing, mentor: User, starters: dict[str, Any], which: str
) -> None:
    there = url("agenda_starter", pairing.pk, starters[which].pk)
    assert signed_in(mentor).post(there).status_code == 404
    with pytest.raises(Refused):
        actions.start_from(starters[which], pairing, by=mentor, now=NOW)
    assert starters[which].text not in page(signed_in(mentor), pairing)


def test_the_pairs_page_leads_to_the_questions_and_the_page_of_the_list_has_them_all(
    pairing: Pairing, mentor: User, starters: dict[str, Any]
) -> None:
    there = url("agenda", pairing.pk) + "#starters"
    text = page(signed_in(mentor), pairing, "detail")
    assert f'href="{there}"' in text
    assert "A question" not in text
    assert "A question beginning" in page(signed_in(mentor), pairing)
    ConversationStarter.objects.all().delete()
    assert there not in page(signed_in(mentor), pairing, "detail")


def test_what_they_did_not_get_to_is_called_so_once_it_is_over(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    item = add(pairing, mentor, "Prices")
    assert "What you will talk about" in page(signed_in(mentee), pairing, "detail")
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=NOW.date())
    for name in ("detail", "agenda"):
        text = page(signed_in(mentee), pairing, name)
        assert "What you did not get to" in text
        assert "Prices" in text
    assert "What you will talk about" not in page(signed_in(mentee), pairing, "detail")
    item.delete()
    for heading in ("What you will talk about", "What you did not get to", "Nothing yet."):
        assert heading not in page(signed_in(mentee), pairing, "detail")


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2025, 12, 1), "beginning"),
        (date(2026, 2, 15), "beginning"),
        (date(2026, 2, 16), "under_way"),
        (date(2026, 5, 20), "under_way"),
        (date(2026, 5, 21), "ending"),
    ],
)
def test_where_a_pairing_stands(pairing: Pairing, today: date, stage: str) -> None:
    pairing.starts_on, pairing.program.ends_on = date(2026, 1, 5), date(2026, 7, 1)
    assert stage_of(pairing, today) == stage
    pairing.runs_until, pairing.program.ends_on = date(2026, 7, 1), None
    assert stage_of(pairing, today) == stage


def test_without_a_last_day_it_goes_on_and_one_that_is_over_has_ended(pairing: Pairing) -> None:
    assert stage_of(pairing, date(2040, 1, 1)) == Stage.UNDER_WAY
    pairing.status = Pairing.Status.ENDED
    assert stage_of(pairing, pairing.starts_on) == Stage.ENDING


# --- Long lists


def test_the_list_holds_past_a_page_with_the_same_number_of_questions(
    pairing: Pairing, mentor: User, mentee: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(mentor)
    for number in range(2):
        actions.talked_about(add(pairing, mentor, f"Was {number}"), by=mentor, now=NOW)
        add(pairing, (mentor, mentee)[number], f"One of a few {number}")
        ConversationStarter.objects.create(program=pairing.program, text=f"One of few {number}")
    client.get(url("agenda", pairing.pk))
    with django_assert_max_num_queries(30) as few:
        client.get(url("agenda", pairing.pk))
    for number in range(60):
        item = add(pairing, (mentor, mentee)[number % 2], f"Open {number:02}")
        done = add(pairing, mentee, f"Done {number:02}")
        AgendaItem.objects.filter(pk=done.pk).update(talked_at=NOW)
        ConversationStarter.objects.create(program=pairing.program, text=f"Question {number:02}")
    with django_assert_max_num_queries(len(few)):
        text = page(client, pairing)
    assert "Open 40" in text
    assert "Open 55" not in text
    assert "Open 55" in client.get(url("agenda", pairing.pk) + "?page=2").content.decode()
    assert "Done 00" in client.get(url("agenda", pairing.pk) + "?talked=2").content.decode()
    assert "Question 55" in client.get(url("agenda", pairing.pk) + "?starters=2").content.decode()
    # The pair's page has the first few.
    text = page(client, pairing, "detail")
    assert "Open 01" in text
    assert "Open 05" not in text
    assert "The whole list" in text
    assert item.pk
