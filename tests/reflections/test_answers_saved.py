"""What is being written saves itself, and is never lost between two windows."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing
from reflections.actions import Overtaken, save_answer, submit_reflection
from reflections.models import Answer, Audience, Question, Reflection, Round
from reflections.readers import ONLY_ME
from tests.conftest import NOW, signed_in
from tests.reflections.conftest import AGAIN, FIRST, HARD, WORDS, posted, question_url, save_url, write

SUBMITTED, DECLINED = Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def later() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


# --- Saving by itself ----------------------------------------------------------------------------------------------


def test_a_draft_saves_itself(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    reply = signed_in(mentee).post(save_url(quarter_round), posted(audience="pairing"))

    answer = Answer.objects.get()
    assert reply.json() == {"state": "saved", "message": "Saved at 14:00", "version": NOW.isoformat()}
    assert (answer.text, answer.audience) == (WORDS, Audience.PAIRING)
    assert reply.headers["Content-Type"] == "application/json"


def test_saving_nothing_by_itself_begins_nothing(mentee: User, quarter_round: Round) -> None:
    reply = signed_in(mentee).post(save_url(quarter_round), posted(text="  "))

    assert reply.json() == {"state": "saved", "message": "", "version": ""}
    assert not Reflection.objects.exists()


def test_an_unfinished_choice_of_readers_does_not_keep_the_words_from_being_saved(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    for code, data in (
        (HARD, posted(audience="pairing")),  # not said twice yet
        (FIRST, posted(audience="nonsense")),
        (AGAIN, posted(audience="pairing", pairings=["99999"])),
    ):
        assert client.post(save_url(quarter_round, code), data).json()["state"] == "saved"
    assert [answer.text for answer in Answer.objects.all()] == [WORDS] * 3
    assert set(Answer.objects.exclude(question__code=AGAIN).values_list("audience", flat=True)) == {"me"}


def test_words_that_do_not_fit_are_not_saved_by_themselves_and_it_says_why(
    mentee: User, quarter_round: Round
) -> None:
    reply = signed_in(mentee).post(save_url(quarter_round), posted(text="x" * 20_001))

    assert reply.status_code == 422
    assert reply.json()["state"] == "refused"
    assert "20,000 fit" in reply.json()["message"]


def test_a_finished_reflection_is_not_changed_by_a_page_that_saves_itself(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    client = signed_in(mentee)
    page = client.get(question_url(quarter_round)).content.decode()
    assert "data-autosave" not in page
    assert "replaces the wording at once" in page

    half = posted(answer, text="I am just wri", audience="pairing")
    reply = client.post(save_url(quarter_round), half)
    assert reply.status_code == 422
    assert "You finished this reflection elsewhere." in reply.json()["message"]
    assert Answer.objects.get().text == WORDS

    reply = client.post(question_url(quarter_round), half | {"text": "A new wording.", "then": "done"})
    assert reply.url == reverse("reflections:done", args=[quarter_round.pk])  # type: ignore[attr-defined]
    assert Answer.objects.get().text == "A new wording."
    assert Reflection.objects.get().status == SUBMITTED


def test_signed_out_a_page_that_saves_itself_is_led_to_the_door(quarter_round: Round) -> None:
    reply = signed_in(None).post(save_url(quarter_round), posted())

    assert reply.status_code == 302
    assert not Answer.objects.exists()


def test_a_save_needs_the_token_of_its_form(mentee: User, quarter_round: Round) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mentee)
    assert client.post(save_url(quarter_round), posted()).status_code == 403
    page = client.get(question_url(quarter_round)).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]

    assert client.post(save_url(quarter_round), posted(csrfmiddlewaretoken=token)).status_code == 200


# --- Two windows ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("later")
def test_words_saved_in_another_window_are_not_overwritten(mentee: User, quarter_round: Round) -> None:
    answer = write(mentee, quarter_round, FIRST, "From the other window")
    client = signed_in(mentee)
    stale = {"text": WORDS, "audience": "me", "version": (NOW - timedelta(days=1)).isoformat()}

    reply = client.post(save_url(quarter_round), stale)
    assert reply.status_code == 409
    said = reply.json()
    assert (said["state"], said["text"]) == ("overtaken", "From the other window")
    assert said["version"] == answer.saved_at.isoformat()

    for version in (stale["version"], "", "nonsense"):
        reply = client.post(question_url(quarter_round), stale | {"version": version})
        page = reply.content.decode()
        assert reply.status_code == 409
        assert WORDS in page
        assert "From the other window" in page
        assert Answer.objects.get().text == "From the other window"

    # The page that came back was made with the newer version: "Keep mine" is pressing its button.
    assert f'value="{answer.saved_at.isoformat()}"' in page
    reply = client.post(question_url(quarter_round), stale | {"version": said["version"], "then": "stay"})
    assert reply.url == question_url(quarter_round)  # type: ignore[attr-defined]
    assert Answer.objects.get().text == WORDS


def test_the_same_words_from_two_windows_are_no_quarrel(mentee: User, quarter_round: Round) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS)
    reply = signed_in(mentee).post(save_url(quarter_round), posted(version=""))

    assert reply.json()["version"] == answer.saved_at.isoformat()


def test_an_old_page_does_not_empty_an_answer(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    reply = signed_in(mentee).post(question_url(quarter_round), posted(text="", then="skip"))

    assert reply.status_code == 409
    assert Answer.objects.get().text == WORDS


def test_an_old_page_does_not_share_again_what_was_taken_back(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    old_page = posted(answer, audience="pairing")
    client = signed_in(mentee)
    client.post(reverse("reflections:take_back", args=[quarter_round.pk, answer.pk]))
    reply = client.post(question_url(quarter_round), old_page)

    assert reply.status_code == 409
    assert Answer.objects.get().audience == Audience.ME


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_save_at_once_make_one_answer_and_lose_no_words(
    mentee: User, quarter_round: Round
) -> None:
    question = Question.objects.get(round=quarter_round, code=FIRST)
    both_are_here = threading.Barrier(2)
    outcomes: list[str] = []

    def save(text: str, offset: int) -> None:
        both_are_here.wait()
        try:
            save_answer(
                mentee,
                quarter_round,
                question,
                text=text,
                readers=ONLY_ME,
                based_on="",
                now=NOW + timedelta(seconds=offset),
            )
            outcomes.append("saved")
        except Overtaken as overtaken:
            outcomes.append(f"overtaken by {overtaken.answer.text}")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(text, n)) for n, text in enumerate(("one", "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    kept = Answer.objects.get().text
    assert sorted(outcomes) == sorted([f"overtaken by {kept}", "saved"])


@pytest.mark.django_db(transaction=True)
def test_finishing_twice_at_once_finishes_once(mentee: User, quarter_round: Round) -> None:
    reflection = write(mentee, quarter_round, FIRST, WORDS).reflection
    both_are_here = threading.Barrier(2)
    outcomes: list[bool] = []

    def submit(share: bool) -> None:
        both_are_here.wait()
        outcomes.append(submit_reflection(reflection, by=mentee, share=share, now=NOW))
        connection.close()

    threads = [threading.Thread(target=submit, args=(share,)) for share in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcomes) == [False, True]
