"""A reflection read over, finished, and taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.vault import remembered
from mentoring.models import Enrollment, Pairing, Program
from reflections.actions import submit_reflection, take_back
from reflections.models import Answer, Audience, Question, Reflection, Round
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.conftest import AGAIN, ASIDE, BOTH_WAYS, FIRST, HARD, WORDS, page_url, rows, write

DRAFT, SUBMITTED, DECLINED = Reflection.Status.DRAFT, Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


def take_back_url(round: Round, code: str) -> str:
    answer = Answer.objects.get(question__round=round, question__code=code)
    return reverse("reflections:take_back", args=[round.pk, answer.pk])


# --- Reading it over -----------------------------------------------------------------------------------------------


def test_the_review_groups_answers_by_who_will_read_them(
    program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    one, other = pair(program, mentor, mentee), pair(program, mentor, ayo)
    write(mentor, quarter_round, FIRST, "for me")
    write(mentor, quarter_round, ASIDE, "folded")
    write(mentor, quarter_round, AGAIN, "for one", audience="pairing", pairings=(one,))
    write(mentor, quarter_round, HARD, "for both", audience="pairing", pairings=(one, other))
    write(mentor, quarter_round, BOTH_WAYS, "for all", audience="program")
    client = signed_in(mentor)
    before = rows()
    page = client.get(page_url("review", quarter_round)).content.decode()

    places = [
        page.index(words)
        for words in (
            "Everyone in Harbor Mentors</h2>", "for all", "You, Ayo and Tomasz</h2>", "for both",
            "You and Tomasz</h2>", "for one", "Only you</h2>", "for me", "Set aside.", "folded",
            "And the note you set aside?", "Finish, share nothing", "Finish and share as shown",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert "checked" not in page
    assert "selected" not in page.replace("selected>As it is", "")
    assert rows() == before


def test_with_nobody_to_share_with_there_is_one_way_to_finish(mentee: User, quarter_round: Round) -> None:
    Program.objects.update(has_wall=False)
    write(mentee, quarter_round, FIRST, WORDS)
    page = signed_in(mentee).get(page_url("review", quarter_round)).content.decode()

    assert "Finish, share nothing" in page
    assert "share as shown" not in page
    assert "And the note you set aside?" not in page


def test_with_nothing_written_there_is_nothing_to_finish(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    assert "Nothing written yet" in client.get(page_url("review", quarter_round)).content.decode()
    assert client.post(page_url("submit", quarter_round), {"finish": "share"}).status_code == 302
    assert not Reflection.objects.exists()

    write(mentee, quarter_round, FIRST, "")
    client.post(page_url("submit", quarter_round), {"finish": "alone"})
    assert Reflection.objects.get().status == DRAFT


# --- Finishing -----------------------------------------------------------------------------------------------------


def shown(page: str, name: str = "shown") -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def test_finishing_as_shown_shares_what_was_chosen(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    write(mentee, quarter_round, AGAIN, "mine alone")
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()
    assert not Answer.objects.shared_with(mentor).exists()
    reply = client.post(
        page_url("submit", quarter_round), {"finish": "share", "shown": shown(page)}, follow=True
    )

    reflection = Reflection.objects.get()
    assert (reflection.status, reflection.submitted_at) == (SUBMITTED, NOW)
    assert [answer.text for answer in Answer.objects.shared_with(mentor)] == [WORDS]
    page = reply.content.decode()
    assert "There it is, Tomasz: some of your best work, written" in page
    assert "You finished today at 14:00." in page
    assert "Can be read now." in page


def test_finishing_and_sharing_nothing_keeps_everything_for_oneself(
    mentor: User, member: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    write(mentee, quarter_round, AGAIN, "for all", audience="program")
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()
    client.post(page_url("submit", quarter_round), {"finish": "alone", "shown": shown(page)})

    assert Reflection.objects.get().status == SUBMITTED
    assert {answer.audience for answer in Answer.objects.all()} == {Audience.ME}
    assert not Answer.objects.filter(pairings__isnull=False).exists()
    for reader in (mentor, member):
        assert not Answer.objects.shared_with(reader).exists()


@pytest.mark.parametrize("finish", ["", "nonsense", "share "])
def test_only_the_button_that_says_so_shares(
    mentee: User, pairing: Pairing, quarter_round: Round, finish: str
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    signed_in(mentee).post(page_url("submit", quarter_round), {"finish": finish})

    assert Answer.objects.get().audience == Audience.ME


@pytest.mark.parametrize("what", ["", "stale", "0" * 64, "\x00", "x" * 500])
def test_what_was_not_read_over_is_not_shared(
    mentee: User, pairing: Pairing, quarter_round: Round, what: str
) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    client = signed_in(mentee)
    seen = shown(client.get(page_url("review", quarter_round)).content.decode())
    if what == "stale":
        meanwhile = Answer.objects.get(pk=answer.pk)
        meanwhile.text, meanwhile.saved_at = "Written meanwhile in another window", NOW
        meanwhile.save()
    client.post(
        page_url("submit", quarter_round), {"finish": "share", "shown": seen if what == "stale" else what}
    )

    assert Reflection.objects.get().status == DRAFT
    page = client.get(page_url("review", quarter_round)).content.decode()
    client.post(page_url("submit", quarter_round), {"finish": "share", "shown": shown(page)})
    assert Reflection.objects.get().status == SUBMITTED


def test_finishing_twice_is_finishing_once(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    reflection = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,)
    ).reflection
    assert submit_reflection(reflection, by=mentee, share=True, now=NOW)
    assert not submit_reflection(
        reflection, by=mentee, share=False, delete_aside=True, now=NOW + timedelta(hours=1)
    )

    reflection.refresh_from_db()
    assert reflection.submitted_at == NOW
    assert Answer.objects.get().audience == Audience.PAIRING
    reply = signed_in(mentee).post(page_url("submit", quarter_round), {"finish": "alone"})
    assert reply.url == page_url("done", quarter_round)  # type: ignore[attr-defined]
    assert Answer.objects.get().audience == Audience.PAIRING


def test_nobody_finishes_for_somebody_else(mentor: User, mentee: User, quarter_round: Round) -> None:
    reflection = write(mentee, quarter_round, FIRST, WORDS).reflection

    assert not submit_reflection(reflection, by=mentor, share=True, now=NOW)
    signed_in(mentor).post(page_url("submit", quarter_round), {"finish": "share"})
    assert Reflection.objects.get().status == DRAFT


@pytest.mark.parametrize("aside", ["delete", "keep", ""])
def test_what_was_set_aside_is_deleted_only_when_one_says_so(
    mentee: User, quarter_round: Round, aside: str
) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    write(mentee, quarter_round, ASIDE, "The margin target, again.")
    client = signed_in(mentee)
    seen = shown(client.get(page_url("review", quarter_round)).content.decode(), "shown_to_go")
    data = {"finish": "alone", "aside": aside, "shown_to_go": seen}
    page = client.post(page_url("submit", quarter_round), data, follow=True).content.decode()

    assert Answer.objects.filter(question__code=ASIDE).exists() == (aside != "delete")
    assert ("What you set aside has been deleted." in page) == (aside == "delete")
    assert ("The margin target" in page) == (aside != "delete")


def test_who_left_meanwhile_is_not_let_in_at_the_end(
    program: Program, mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    write(mentee, quarter_round, AGAIN, "for all", audience="program")
    Pairing.objects.update(status="ended", ended_on=TODAY)
    Enrollment.objects.filter(person=mentee).update(status="paused")
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()

    assert "share as shown" not in page
    client.post(page_url("submit", quarter_round), {"finish": "share", "shown": shown(page)})
    assert {answer.audience for answer in Answer.objects.all()} == {Audience.ME}
    assert not Answer.objects.shared_with(mentor).exists()


# --- Afterwards ----------------------------------------------------------------------------------------------------


def test_the_last_page_gives_ones_own_sentences_back(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    write(mentee, quarter_round, ASIDE, "Folded", status=SUBMITTED)
    client = signed_in(mentee)
    before = rows()
    page = client.get(page_url("done", quarter_round)).content.decode()

    assert WORDS in page
    assert "You and Noor" in page
    assert "Nobody else, ever" in page
    assert take_back_url(quarter_round, FIRST) in page
    assert take_back_url(quarter_round, ASIDE) not in page
    assert reverse("reflections:pair_round", args=[pairing.pk, quarter_round.pk]) in page
    assert rows() == before


def test_there_is_no_last_page_before_it_is_finished(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    for status in (None, DRAFT, DECLINED):
        if status:
            Answer.objects.all().delete()
            write(mentee, quarter_round, FIRST, WORDS, status=status)
        assert client.get(page_url("done", quarter_round)).url == page_url("open", quarter_round)  # type: ignore[attr-defined]
    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW, declined_at=None)
    assert client.get(page_url("review", quarter_round)).url == page_url("done", quarter_round)  # type: ignore[attr-defined]


def test_an_answer_is_taken_back_after_one_more_question(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    client = signed_in(mentee)
    address = take_back_url(quarter_round, FIRST)
    before = rows()
    page = client.get(address).content.decode()
    assert "Somebody may have read it by now, and may remember it." in page
    assert "You and Noor" in page
    assert rows() == before

    page = client.post(address, follow=True).content.decode()
    assert "Taken back: only you can read it now." in page
    answer = Answer.objects.get()
    assert (answer.audience, list(answer.pairings.all()), answer.text) == (Audience.ME, [], WORDS)
    assert not Answer.objects.shared_with(mentor).exists()
    assert "Only you can read it already." in client.get(address).content.decode()
    assert not take_back(answer, by=mentee, now=NOW)


def test_nobody_takes_back_somebody_elses_answer(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED
    )

    assert not take_back(answer, by=mentor, now=NOW)
    assert signed_in(mentor).post(take_back_url(quarter_round, FIRST)).status_code == 404
    assert signed_in(mentor).get(take_back_url(quarter_round, FIRST)).status_code == 404
    answer.refresh_from_db()
    assert answer.audience == Audience.PAIRING


def test_after_finishing_one_can_share_more_and_change_the_wording(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS, status=SUBMITTED)
    data = {
        "text": "A better wording.",
        "audience": "pairing",
        "version": answer.saved_at.isoformat(),
        "then": "done",
    }
    reply = signed_in(mentee).post(page_url("question", quarter_round, FIRST), data)

    assert reply.url == page_url("done", quarter_round)  # type: ignore[attr-defined]
    assert [answer.text for answer in Answer.objects.shared_with(mentor)] == ["A better wording."]


def test_an_answer_of_another_set_of_questions_is_still_ones_own(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS, status=SUBMITTED)
    Question.objects.filter(code=FIRST).update(mentee_position=None)

    assert WORDS in signed_in(mentee).get(page_url("done", quarter_round)).content.decode()


def test_what_many_people_share_asks_for_their_keys_at_once(
    program: Program, mentee: User, quarter_round: Round
) -> None:
    def cost() -> int:
        client.get(url)
        remembered.forget()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    client, url = signed_in(mentee), page_url("shared", quarter_round)
    write(mentee, quarter_round, FIRST, WORDS, audience="program", status=SUBMITTED)
    few = cost()
    for number in range(4):
        person = make_person(f"p{number}@harbor.example", f"Person {number}")
        enroll(program, person, "mentee")
        write(person, quarter_round, FIRST, WORDS, audience="program", status=SUBMITTED)
    assert cost() == few
