"""One question at a time: written, saved by a button or by itself, never lost, and shared with nobody by accident."""

import logging
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.actions import Overtaken, Refused, save_answer, submit_reflection
from reflections.models import Answer, Audience, Moment, Question, Reflection, Round
from reflections.readers import ONLY_ME, Readers
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.conftest import (
    AGAIN,
    ASIDE,
    BOTH_WAYS,
    FIRST,
    HARD,
    KIND,
    open_round,
    queries_of,
    rows,
    write,
)

WORDS = "I sat beside Tomasz while he made the call himself."
SUBMITTED, DECLINED = Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


def question_url(round: Round, code: str = FIRST) -> str:
    return reverse("reflections:question", args=[round.pk, code])


def save_url(round: Round, code: str = FIRST) -> str:
    return reverse("reflections:save", args=[round.pk, code])


def posted(answer: Answer | None = None, **values: object) -> dict[str, object]:
    return {
        "text": WORDS,
        "audience": "me",
        "version": answer.saved_at.isoformat() if answer else "",
    } | values


@pytest.fixture
def later() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


# --- Writing -------------------------------------------------------------------------------------------------------


def test_the_first_words_begin_the_reflection_and_lead_to_the_next_question(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    reply = signed_in(mentee).post(
        question_url(quarter_round), posted(text=f" {WORDS}\r\n\r\nAnd more. ", then="next")
    )

    answer = Answer.objects.get()
    assert reply.url == question_url(quarter_round, ASIDE)  # type: ignore[attr-defined]
    assert answer.text == f"{WORDS}\n\nAnd more."
    assert (answer.audience, answer.is_locked, answer.saved_at) == (Audience.ME, False, NOW)
    reflection = answer.reflection
    assert (reflection.person, reflection.round, reflection.role) == (mentee, quarter_round, "mentee")
    assert (reflection.status, reflection.saved_at) == (Reflection.Status.DRAFT, NOW)


@pytest.mark.parametrize(
    ("then", "code", "leads_to"),
    [
        ("next", FIRST, "question:" + ASIDE),
        ("skip", FIRST, "question:" + ASIDE),
        ("", FIRST, "question:" + ASIDE),
        ("stay", FIRST, "question:" + FIRST),
        ("back", FIRST, "open"),
        ("back", ASIDE, "question:" + FIRST),
        ("next", KIND, "review"),
        ("leave", ASIDE, "home"),
    ],
)
def test_each_button_saves_and_then_leads_somewhere(
    mentee: User, quarter_round: Round, then: str, code: str, leads_to: str
) -> None:
    reply = signed_in(mentee).post(question_url(quarter_round, code), posted(then=then))

    name, _colon, other = leads_to.partition(":")
    args = [quarter_round.pk, other] if other else [quarter_round.pk]
    expected = reverse("home") if name == "home" else reverse(f"reflections:{name}", args=args)
    assert reply.url == expected  # type: ignore[attr-defined]
    assert Answer.objects.get().text == WORDS


@pytest.mark.parametrize("text", ["", "  \r\n \t"])
def test_skipping_a_question_begins_nothing(mentee: User, quarter_round: Round, text: str) -> None:
    reply = signed_in(mentee).post(question_url(quarter_round), posted(text=text, then="skip"))

    assert reply.url == question_url(quarter_round, ASIDE)  # type: ignore[attr-defined]
    assert not Reflection.objects.exists()


def test_an_answer_can_be_emptied_again_and_is_then_for_nobody(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    signed_in(mentee).post(question_url(quarter_round), posted(answer, text=" ", audience="pairing"))

    answer.refresh_from_db()
    assert (answer.text, answer.audience, list(answer.pairings.all())) == ("", Audience.ME, [])


def test_looking_at_a_question_changes_nothing(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    client = signed_in(mentee)
    before = rows()
    for code in (FIRST, ASIDE, AGAIN, HARD, BOTH_WAYS, KIND):
        assert client.get(question_url(quarter_round, code)).status_code == 200
        assert client.head(question_url(quarter_round, code)).status_code == 200
        assert client.get(save_url(quarter_round, code)).status_code == 405
    assert rows() == before


def test_what_was_written_stands_in_the_page_and_nowhere_in_its_title_or_address(
    mentee: User, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, "\nCANARY </textarea><script>alert(1)</script>")
    page = signed_in(mentee).get(question_url(quarter_round)).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]

    assert "CANARY &lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "CANARY" not in title
    assert "Saved at 13:00" in page


def test_words_that_do_not_fit_stay_on_the_page(mentee: User, quarter_round: Round) -> None:
    words = "CANARY " + "x" * 20_000
    reply = signed_in(mentee).post(question_url(quarter_round), posted(text=words))
    page = reply.content.decode()

    assert "This is 20,007 characters long, and 20,000 fit. Your words are still here." in page
    assert words in page
    assert "data-unsaved" in page
    assert "<title>Error:" in page
    assert not Answer.objects.exists()


def test_the_longest_answer_fits(mentee: User, quarter_round: Round) -> None:
    words = "é" * 19_999 + "\r\n" + "z"
    signed_in(mentee).post(question_url(quarter_round), posted(text=words[1:]))

    assert len(Answer.objects.get().text) == 20_000


def test_a_character_that_cannot_be_kept_is_refused_kindly(mentee: User, quarter_round: Round) -> None:
    page = signed_in(mentee).post(question_url(quarter_round), posted(text="a\x00b")).content.decode()

    assert "One character in here cannot be kept" in page
    reply = signed_in(mentee).post(save_url(quarter_round), posted(text="a\x00b"))
    assert reply.status_code == 422
    assert "cannot be kept" in reply.json()["message"]
    assert not Answer.objects.exists()


def test_fields_that_the_form_does_not_have_are_ignored(
    mentee: User, mentor: User, quarter_round: Round
) -> None:
    theirs = write(mentor, quarter_round, FIRST, "Not yours")
    extra = {
        "reflection": theirs.reflection_id,
        "question": theirs.question_id,
        "person": mentor.pk,
        "is_locked": "on",
        "saved_at": "2020-01-01",
        "status": "submitted",
        "submitted_at": "2020-01-01",
        "role": "both",
        "id": theirs.pk,
        "pk": theirs.pk,
    }
    signed_in(mentee).post(question_url(quarter_round), posted(**extra))

    mine = Answer.objects.get(reflection__person=mentee)
    assert (mine.text, mine.is_locked, mine.saved_at, mine.reflection.status) == (WORDS, False, NOW, "draft")
    assert mine.reflection.role == "mentee"
    theirs.refresh_from_db()
    assert theirs.text == "Not yours"


@pytest.mark.parametrize("code", ["M99", "\x00", "m1", "M1 ", "E1"])
def test_a_question_that_is_not_asked_does_not_exist(mentee: User, quarter_round: Round, code: str) -> None:
    client = signed_in(mentee)
    for name in ("question", "save", "take_back"):
        assert (
            client.post(reverse(f"reflections:{name}", args=[quarter_round.pk, code]), posted()).status_code
            == 404
        )
    assert not Reflection.objects.exists()


def test_nobody_writes_in_a_round_that_does_not_ask_them(
    outsider: User, admin: User, superuser: User, program: Program, quarter_round: Round
) -> None:
    withdrawn = make_person("gone@harbor.example", "Gone Person")
    enroll(program, withdrawn, "mentee", status=Enrollment.Status.WITHDRAWN)
    for person in (outsider, admin, superuser, withdrawn):
        client = signed_in(person)
        assert client.get(question_url(quarter_round)).status_code == 404
        assert client.post(question_url(quarter_round), posted()).status_code == 404
        assert client.post(save_url(quarter_round), posted()).status_code == 404
    assert not Answer.objects.exists()


def test_nobody_writes_before_the_round_opens_and_everybody_may_long_after(
    program: Program, mentee: User
) -> None:
    ahead = open_round(program, date(2026, 7, 1))
    past = open_round(program, date(2026, 1, 1))
    client = signed_in(mentee)

    assert client.get(question_url(ahead)).status_code == 404
    assert client.post(question_url(ahead), posted()).status_code == 404
    assert client.post(question_url(past), posted()).status_code == 302
    assert Answer.objects.get().reflection.round == past


def test_writing_undoes_not_this_quarter(mentee: User, quarter_round: Round) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS, status=DECLINED)
    client = signed_in(mentee)
    client.post(question_url(quarter_round), posted(answer))  # nothing was changed
    assert Reflection.objects.get().status == DECLINED
    client.post(question_url(quarter_round, AGAIN), posted())

    reflection = Reflection.objects.get()
    assert (reflection.status, reflection.declined_at) == ("draft", None)


@pytest.mark.parametrize(
    ("as_mentor", "as_mentee", "place", "role"),
    [(1, 0, "both", "mentor"), (0, 1, "both", "mentee"), (1, 1, "mentor", "both"), (0, 0, "both", "both")],
)
def test_one_is_asked_by_the_pairings_one_has(
    program: Program, quarter_round: Round, as_mentor: int, as_mentee: int, place: str, role: str
) -> None:
    person, other = make_person("p@x.example", "Pat Pereira"), make_person("q@x.example", "Quinn Quist")
    third = make_person("r@x.example", "Ravi Rao")
    enroll(program, person, place)
    if as_mentor:
        pair(program, person, other)
    if as_mentee:
        pair(program, third, person)
    pair(program, person, third, status="ended", ended_on=date(2026, 3, 31))  # before the quarter
    pair(program, other, person, starts_on=date(2026, 7, 1))  # after it
    signed_in(person).post(question_url(quarter_round), posted())

    assert Reflection.objects.get(person=person).role == role


# --- Who can read it -----------------------------------------------------------------------------------------------


def test_an_answer_is_shared_with_the_only_pairing_without_a_second_choice(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    page = client.get(question_url(quarter_round)).content.decode()
    assert "Noor can read it once you have finished." in page
    assert "Which of your pairings?" not in page
    client.post(question_url(quarter_round), posted(audience="pairing"))

    answer = Answer.objects.get()
    assert (answer.audience, list(answer.pairings.all())) == (Audience.PAIRING, [pairing])


def test_with_several_pairings_one_says_which(
    program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    one, other = pair(program, mentor, mentee), pair(program, mentor, ayo)
    client = signed_in(mentor)
    assert "Which of your pairings?" in client.get(question_url(quarter_round)).content.decode()

    page = client.post(question_url(quarter_round), posted(audience="pairing")).content.decode()
    assert "Choose at least one of them" in page
    assert WORDS in page
    assert not Answer.objects.exists()

    client.post(question_url(quarter_round), posted(audience="pairing", pairings=[str(other.pk)]))
    answer = Answer.objects.get()
    assert list(answer.pairings.all()) == [other]

    client.post(
        question_url(quarter_round), posted(answer, audience="pairing", pairings=[str(one.pk), str(other.pk)])
    )
    answer.refresh_from_db()
    assert set(answer.pairings.all()) == {one, other}

    client.post(question_url(quarter_round), posted(answer, audience="me", pairings=[str(one.pk)]))
    answer.refresh_from_db()
    assert (answer.audience, list(answer.pairings.all())) == (Audience.ME, [])


def test_without_a_pairing_there_is_no_such_choice(member: User, quarter_round: Round) -> None:
    client = signed_in(member)

    assert "My pairing" not in client.get(question_url(quarter_round)).content.decode()
    page = client.post(question_url(quarter_round), posted(audience="pairing")).content.decode()
    assert "Select a valid choice" in page
    assert not Answer.objects.exists()


def test_a_strange_pairing_is_refused(
    program: Program, other_program: Program, mentor: User, mentee: User, member: User, quarter_round: Round
) -> None:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    pair(program, mentor, mentee)
    pair(program, mentor, ayo)
    foreign = pair(program, ayo, member)
    elsewhere = pair(other_program, mentor, ayo)
    over = pair(program, mentor, member, status="ended", ended_on=TODAY)
    proposed = pair(program, member, mentor, status="proposed")
    client = signed_in(mentor)
    for pairing in (foreign, elsewhere, over, proposed):
        data = posted(audience="pairing", pairings=[str(pairing.pk)])
        assert "Select a valid choice" in client.post(question_url(quarter_round), data).content.decode()
        with pytest.raises(Refused):
            save_answer(
                mentor,
                quarter_round,
                Question.objects.get(round=quarter_round, code=FIRST),
                text=WORDS,
                readers=Readers(Audience.PAIRING, frozenset([pairing.pk])),
                based_on="",
                now=NOW,
            )
    for nonsense in ("\x00", "abc", "9" * 40, "-1"):
        data = posted(audience="pairing", pairings=[nonsense])
        assert client.post(question_url(quarter_round), data).status_code == 200
    assert not Answer.objects.exists()


def test_only_an_active_member_can_share_with_the_program(
    program: Program, mentee: User, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    assert (
        "Everyone in Harbor Mentors, with your name"
        in client.get(question_url(quarter_round)).content.decode()
    )
    Enrollment.objects.filter(person=mentee).update(status=Enrollment.Status.PAUSED)

    assert "Everyone in Harbor Mentors" not in client.get(question_url(quarter_round)).content.decode()
    page = client.post(question_url(quarter_round), posted(audience="program")).content.decode()
    assert "Select a valid choice" in page
    with pytest.raises(Refused):
        save_answer(
            mentee,
            quarter_round,
            Question.objects.get(round=quarter_round, code=FIRST),
            text=WORDS,
            readers=Readers(Audience.PROGRAM),
            based_on="",
            now=NOW,
        )
    assert not Answer.objects.exists()


@pytest.mark.parametrize("code", [ASIDE, KIND])
def test_a_locked_answer_is_for_oneself_whatever_is_posted(
    mentee: User, pairing: Pairing, quarter_round: Round, code: str
) -> None:
    client = signed_in(mentee)
    page = client.get(question_url(quarter_round, code)).content.decode()
    assert "Only you, always. It cannot be shared." in page
    assert "Who can read this answer?" not in page
    for audience in ("pairing", "program"):
        data = posted(audience=audience, pairings=[pairing.pk], sure="on", text=f"{WORDS} {audience}")
        client.post(question_url(quarter_round, code), data)
        Answer.objects.update(saved_at=NOW)
    answer = Answer.objects.get()
    assert (answer.audience, answer.is_locked, list(answer.pairings.all())) == (Audience.ME, True, [])


def test_an_answer_that_needs_care_is_shared_only_after_a_second_yes(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    data = posted(audience="pairing")
    page = client.post(question_url(quarter_round, HARD), data).content.decode()
    assert "Yes, let Noor read this answer" in page
    assert 'href="#id_sure"' in page
    assert not Answer.objects.exists()

    client.post(question_url(quarter_round, HARD), data | {"sure": "on"})
    answer = Answer.objects.get()
    assert answer.audience == Audience.PAIRING

    # A better wording needs no third yes; a larger circle does.
    client.post(question_url(quarter_round, HARD), posted(answer, text="Better said.", audience="pairing"))
    answer.refresh_from_db()
    assert answer.text == "Better said."
    page = client.post(question_url(quarter_round, HARD), posted(answer, audience="program")).content.decode()
    assert "Yes, let everyone in Harbor Mentors read this answer" in page


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
    client.post(reverse("reflections:take_back", args=[quarter_round.pk, FIRST]))
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
    assert asked[1] <= 15


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
