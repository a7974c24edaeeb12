"""The pages on which a pairing rests, ends and goes on for longer: said first what it means, done by a POST."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from accounts.mydata import archive
from mentoring import actions
from mentoring.actions.endings import Aside
from mentoring.models import Extension, Farewell, Pairing, Program, Step
from mentoring.room.due import due
from tests.conftest import NOW, TODAY, make_person, pair, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = TODAY + 30 * DAY
WHY, KEPT, HEARD = "spoonbill-why", "spoonbill-kept", "spoonbill-heard"
LONG = "tide " * 500


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def url(name: str, pairing: Pairing, *more: int) -> str:
    return reverse(f"pairings:{name}", args=[pairing.pk, *more])


def get(person: User, name: str, pairing: Pairing) -> str:
    response = signed_in(person).get(url(name, pairing))
    assert response.status_code == 200, name
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|data-csrf="\w+"', "", response.content.decode())


def post(person: User, name: str, pairing: Pairing, *more: int, **data: Any) -> Any:
    return signed_in(person).post(url(name, pairing, *more), data)


def status(pairing: Pairing) -> str:
    return Pairing.objects.get(pk=pairing.pk).status


# --- Pausing


def test_the_page_of_the_two_leads_to_all_ways(pairing: Pairing, mentee: User) -> None:
    assert url("ending", pairing) in get(mentee, "detail", pairing)
    page = get(mentee, "ending", pairing)
    for name in ("pause", "complete", "end", "extend"):
        assert f'href="{url(name, pairing)}"' in page


def test_a_pause_says_first_who_hears_what(pairing: Pairing, mentee: User) -> None:
    page = get(mentee, "pause", pairing)
    assert "Noor hears by e-mail that it rests, until when, and no reason." in page
    assert "Only you ever read this: not Noor, and not those who run the program." in page
    assert "Those who run Harbor Mentors read this answer. Noor does not." in page
    answer = post(mentee, "pause", pairing, until=LATER.isoformat(), reason=WHY, next_step="talk")
    assert answer.url == url("detail", pairing)
    assert status(pairing) == "paused"
    assert "It rests, and goes on by itself on Thursday, July 23, 2026." in get(mentee, "detail", pairing)
    assert WHY in get(mentee, "ending", pairing)


@pytest.mark.parametrize("until", ["", "soon", TODAY.isoformat(), "2030-01-01"])
def test_a_day_that_cannot_be_is_said_beside_the_field_and_what_was_typed_stays(
    pairing: Pairing, mentee: User, until: str
) -> None:
    answer = post(mentee, "pause", pairing, until=until, reason=WHY, next_step="talk")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose a day from tomorrow on" in page
    assert WHY in page
    assert re.search(r'value="talk"[^>]*checked', page)
    assert status(pairing) == "active"


def test_a_reason_that_is_too_long_is_said_and_stays(pairing: Pairing, mentee: User) -> None:
    answer = post(mentee, "end", pairing, reason=LONG, next_step="nothing")
    assert answer.status_code == 200
    assert LONG.strip() in answer.content.decode()
    assert status(pairing) == "active"


def test_whoever_paused_has_the_button_and_the_other_has_not(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.pause_own_pairing(pairing, by=mentee, until=LATER, now=NOW)
    assert url("resume", pairing) in get(mentee, "detail", pairing)
    assert url("resume", pairing) not in get(mentor, "detail", pairing)
    for person in (mentor, mentee):
        page = get(person, "detail", pairing)
        # At the top: until when.
        assert page.index("It rests until") < page.index('class="reach"')
    post(mentor, "resume", pairing)
    assert status(pairing) == "paused"
    post(mentee, "resume", pairing)
    assert status(pairing) == "active"


# --- Ending


@pytest.mark.parametrize(("name", "becomes"), [("complete", "completed"), ("end", "ended")])
def test_an_end_leads_to_what_one_keeps(pairing: Pairing, mentee: User, name: str, becomes: str) -> None:
    assert "Next you are asked what you will keep of it" in get(mentee, name, pairing)
    assert status(pairing) == "active"
    answer = post(mentee, name, pairing, reason="", next_step="nothing")
    assert answer.url == url("farewell", pairing)
    assert status(pairing) == becomes


def test_what_was_typed_while_the_other_one_ended_it_is_kept(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.complete_own_pairing(pairing, by=mentor, now=NOW)
    answer = signed_in(mentee).post(url("end", pairing), {"reason": WHY, "next_step": "another"}, follow=True)
    assert "What you noted is kept." in answer.content.decode()
    assert status(pairing) == "completed"
    assert Step.objects.get(person=mentee).reason == WHY


def test_the_other_one_and_those_who_run_it_read_no_reason_anywhere(
    pairing: Pairing, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    actions.end_own_pairing(pairing, by=mentee, said=Aside(WHY, "another"), now=NOW)
    for name in ("detail", "farewell"):
        page = get(mentor, name, pairing)
        assert WHY not in page
        assert "paired with somebody else" not in page
    for person in (admin, superuser):
        client = signed_in(person)
        steps = client.get(reverse("admin:mentoring_pairing_next_steps")).content.decode()
        assert "I would like to be paired with somebody else" in steps
        assert WHY not in steps
        change = client.get(reverse("admin:mentoring_pairing_change", args=[pairing.pk])).content.decode()
        assert WHY not in change
    for person, is_theirs in ((mentor, False), (mentee, True)):
        zipped = io.BytesIO()
        archive.write(person, zipped, now=NOW)
        with zipfile.ZipFile(zipped) as copy:
            assert any(WHY.encode() in copy.read(name) for name in copy.namelist()) == is_theirs


def test_whoever_ended_it_finds_their_reason_where_they_look_back_and_nobody_else_does(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.end_own_pairing(pairing, by=mentee, said=Aside("whimbrel-and-why"), now=NOW)
    assert "whimbrel-and-why" in get(mentee, "farewell", pairing)
    assert "whimbrel-and-why" not in get(mentor, "farewell", pairing)


def test_one_that_has_not_begun_leaves_both_pages(program: Program, mentor: User, mentee: User) -> None:
    waits = pair(program, mentor, mentee, status="accepted", starts_on=LATER)
    assert "it does not come about" in get(mentee, "end", waits)
    answer = post(mentee, "end", waits, reason="", next_step="nothing")
    assert answer.url == reverse("pairings:list")
    assert signed_in(mentor).get(url("detail", waits)).status_code == 404


def test_what_is_over_has_no_way_to_end_it(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.end_own_pairing(pairing, by=mentee, now=NOW)
    for name in ("ending", "pause", "complete", "end", "extend"):
        assert signed_in(mentee).get(url(name, pairing)).url == url("detail", pairing)  # type: ignore[attr-defined]
    page = get(mentor, "detail", pairing)
    assert "After a pairing" in page
    assert url("ending", pairing) not in page


# --- Longer


def test_a_later_day_is_proposed_answered_and_agreed_on_pages(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    pairing.refresh_from_db()
    assert "It is planned to run until Friday, July 3, 2026." in get(mentee, "detail", pairing)
    assert post(mentee, "extend", pairing, until=TODAY.isoformat()).status_code == 200
    assert post(mentee, "extend", pairing, until=LATER.isoformat()).url == url("extend", pairing)
    assert "Noor has not answered yet." in get(mentee, "extend", pairing)
    (waits, *_others) = due(pairing, mentor, NOW)
    assert waits.words == "Tomasz would like your pairing to run until Thursday, July 23, 2026."
    assert waits.url == url("extend", pairing)
    assert due(pairing, mentee, NOW) == []
    found = Extension.objects.get()
    assert "Tomasz proposes Thursday, July 23, 2026" in get(mentor, "extend", pairing)
    post(mentor, "extend_answer", pairing, found.pk, do="perhaps")
    assert Extension.objects.open().exists()
    post(mentor, "extend_answer", pairing, found.pk, do="yes")
    assert Pairing.objects.get(pk=pairing.pk).runs_until == LATER


def test_an_answer_is_to_the_very_day_that_was_shown(pairing: Pairing, mentor: User, mentee: User) -> None:
    first = actions.propose_extension(pairing, by=mentee, until=LATER, now=NOW)
    actions.take_back_extension(first, by=mentee, now=NOW)
    actions.propose_extension(pairing, by=mentee, until=LATER + 90 * DAY, now=NOW)
    post(mentor, "extend_answer", pairing, first.pk, do="yes")
    assert Pairing.objects.get(pk=pairing.pk).runs_until is None


def test_it_is_taken_back_and_a_no_is_shown_to_whoever_asked(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    found = actions.propose_extension(pairing, by=mentee, until=LATER, now=NOW)
    post(mentee, "extend_take_back", pairing, found.pk)
    assert Extension.objects.get().state == "withdrawn"
    found = actions.propose_extension(pairing, by=mentee, until=LATER, now=NOW)
    post(mentor, "extend_answer", pairing, found.pk, do="no")
    assert "Noor would rather not go on until" in get(mentee, "extend", pairing)
    assert "would rather not go on" not in get(mentor, "extend", pairing)


# --- What stays


def test_what_the_other_should_hear_is_on_their_page_and_what_one_keeps_on_ones_own(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.complete_own_pairing(pairing, by=mentor, now=NOW)
    (waits,) = due(Pairing.objects.get(pk=pairing.pk), mentee, NOW)
    assert waits.url == url("farewell", pairing)
    page = get(mentee, "farewell", pairing)
    assert "Only you read this, now and later." in page
    assert "It goes to Noor at once and stays as you say it." in page
    answer = post(mentee, "farewell", pairing, keep=KEPT, hear=HEARD)
    assert answer.url == url("detail", pairing)
    mine, theirs = get(mentee, "detail", pairing), get(mentor, "detail", pairing)
    assert KEPT in mine
    assert HEARD not in mine
    assert HEARD in theirs
    # One way to it each: the card, and what was said.
    assert mine.count(url("farewell", pairing)) == 1
    assert theirs.count(url("farewell", pairing)) == 1
    assert KEPT not in theirs + get(mentor, "farewell", pairing)
    # Said once: the form does not ask for it again.
    again = get(mentee, "farewell", pairing)
    assert HEARD in again
    assert 'name="hear"' not in again
    assert due(Pairing.objects.get(pk=pairing.pk), mentee, NOW) == []


def test_words_that_are_too_long_stay_in_their_fields(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.complete_own_pairing(pairing, by=mentor, now=NOW)
    answer = post(mentee, "farewell", pairing, keep=KEPT, hear=LONG * 2)
    assert answer.status_code == 200
    assert KEPT in answer.content.decode()
    assert not Farewell.objects.filter(answered_at__isnull=False).exists()


def test_before_the_end_it_can_be_said_once_it_is_near(pairing: Pairing, mentee: User) -> None:
    assert signed_in(mentee).get(url("farewell", pairing)).status_code == 302
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    actions.ask_before_the_end(NOW)
    assert "There is time to meet once more." in get(mentee, "farewell", pairing)
    (waits,) = due(Pairing.objects.get(pk=pairing.pk), mentee, NOW)
    assert waits.words == "Your pairing ends on Friday, July 3, 2026. What will you keep of it?"


def test_two_months_later_nobody_is_asked_any_more_and_still_can_say_it(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.complete_own_pairing(pairing, by=mentor, now=NOW)
    assert due(Pairing.objects.get(pk=pairing.pk), mentee, NOW + 61 * DAY) == []
    get(mentee, "farewell", pairing)


def test_markup_in_words_stays_words(pairing: Pairing, mentor: User, mentee: User) -> None:
    actions.complete_own_pairing(pairing, by=mentor, now=NOW)
    actions.say_farewell(pairing, by=mentee, keep="", hear="<b>bold</b>", now=NOW)
    assert "&lt;b&gt;bold&lt;/b&gt;" in get(mentor, "detail", pairing)


# --- Those who run the program


def test_next_steps_come_by_pages_and_cost_the_same(
    program: Program, mentor: User, admin: User, django_assert_num_queries: Any
) -> None:
    program.enrollments.filter(person=mentor).update(capacity=99)
    client, where = signed_in(admin), reverse("admin:mentoring_pairing_next_steps")

    def add(count: int, start: int) -> None:
        for number in range(start, start + count):
            other = make_person(f"p{number}@harbor.example", f"Person {number}")
            one = pair(program, mentor, other, status="ended", ended_on=TODAY)
            Step.objects.create(pairing=one, person=other, kind="end", next_step="talk")

    add(2, 0)
    client.get(where)
    with django_assert_num_queries(20, exact=False) as few:
        client.get(where)
    add(58, 2)
    with django_assert_num_queries(len(few)):
        page = client.get(where).content.decode()
    assert page.count(">Seen to</button>") == 50
    assert "?page=2" in page


def test_a_next_step_is_seen_to_by_those_of_the_program_only(
    pairing: Pairing, mentee: User, admin: User, other_admin: User
) -> None:
    actions.end_own_pairing(pairing, by=mentee, said=Aside("", "break"), now=NOW)
    step = Step.objects.get()
    seen_to = reverse("admin:mentoring_pairing_next_steps_seen_to", args=[step.pk])
    assert signed_in(other_admin).post(seen_to).status_code == 404
    client = signed_in(admin)
    assert "Tomasz Zielinski" in client.get(reverse("admin:mentoring_pairing_next_steps")).content.decode()
    client.post(seen_to)
    step.refresh_from_db()
    assert step.settled_at == NOW
    where = reverse("admin:mentoring_pairing_next_steps")
    assert "Tomasz Zielinski" not in client.get(where).content.decode()
    assert "Tomasz Zielinski" in client.get(f"{where}?seen_to=1").content.decode()


def test_who_asks_for_nothing_is_not_in_the_list(pairing: Pairing, mentee: User, admin: User) -> None:
    actions.end_own_pairing(pairing, by=mentee, now=NOW)
    page = signed_in(admin).get(reverse("admin:mentoring_pairing_next_steps")).content.decode()
    assert "Nobody waits for anything here." in page


def test_those_who_run_it_plan_a_last_day_and_make_it_earlier_but_do_not_put_it_off(
    program: Program, pairing: Pairing, admin: User
) -> None:
    Program.objects.update(ends_on=TODAY + 90 * DAY)
    client, change = signed_in(admin), reverse("admin:mentoring_pairing_change", args=[pairing.pk])

    def runs_until(day: Any) -> int:
        return client.post(change, {"focus": "tides", "runs_until": day and day.isoformat()}).status_code

    assert runs_until(TODAY + 91 * DAY) == 200
    assert runs_until(TODAY + 60 * DAY) == 302
    assert runs_until(TODAY + 70 * DAY) == 200
    assert runs_until("") == 200
    assert runs_until(TODAY + 50 * DAY) == 302
    pairing.refresh_from_db()
    assert (pairing.runs_until, pairing.focus) == (TODAY + 50 * DAY, "tides")
