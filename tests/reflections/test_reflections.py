"""A reflection from its door to its last page: begun, left out, read over, finished, taken back."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.actions import Refused, decline_reflection, submit_reflection, take_back
from reflections.models import Answer, Audience, Question, Reflection, Round
from tests.conftest import NOW, TODAY, make_person, pair, signed_in
from tests.reflections.conftest import (
    AGAIN,
    ASIDE,
    BOTH_WAYS,
    FIRST,
    HARD,
    open_round,
    queries_of,
    rows,
    write,
)

WORDS = "I sat beside Tomasz while he made the call himself."
DRAFT, SUBMITTED, DECLINED = Reflection.Status.DRAFT, Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


def url(name: str, round: Round, *args: str) -> str:
    return reverse(f"reflections:{name}", args=[round.pk, *args])


# --- The door ------------------------------------------------------------------------------------------------------


def test_the_door_says_what_it_is_and_who_reads_it_before_anything_begins(
    mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    client = signed_in(mentee)
    before = rows()
    page = client.get(url("open", quarter_round)).content.decode()

    assert "What was your best stuff?" in page
    assert "Not an appraisal. Never scored." in page
    assert "Each answer is for you alone, unless you choose somebody for it." in page
    assert "Open until Tuesday, July 21; late is fine." in page
    assert f'href="{url("question", quarter_round, FIRST)}"' in page
    assert f'href="{url("question", quarter_round, FIRST)}?set=short"' in page
    assert rows() == before


def test_a_draft_is_carried_on_where_it_was_left(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    write(mentee, quarter_round, ASIDE, "Folded")
    page = signed_in(mentee).get(url("open", quarter_round)).content.decode()

    assert "Carry on writing" in page
    assert f'href="{url("question", quarter_round, AGAIN)}"' in page
    assert "Your words were last saved today at 14:00." in page
    assert WORDS not in page


def test_a_round_that_has_not_opened_says_when_it_does(program: Program, mentee: User) -> None:
    ahead = open_round(program, date(2026, 7, 1))
    client = signed_in(mentee)
    page = client.get(url("open", ahead)).content.decode()

    assert "This reflection opens on Thursday, September 10." in page
    assert "Begin" not in page
    assert client.get(url("review", ahead)).status_code == 404
    assert client.post(url("submit", ahead)).status_code == 404
    assert client.post(url("decline", ahead)).status_code == 404


def test_a_quarter_long_over_is_still_open_to_be_written(program: Program, mentee: User) -> None:
    past = open_round(program, date(2026, 1, 1))

    assert "late is still fine" in signed_in(mentee).get(url("open", past)).content.decode()


def test_a_round_without_questions_is_no_crash(program: Program, mentee: User) -> None:
    bare = open_round(program, questions=False)
    client = signed_in(mentee)

    assert "No questions were set" in client.get(url("open", bare)).content.decode()
    assert client.get(url("review", bare)).status_code == 200


# --- Not this quarter ----------------------------------------------------------------------------------------------


def test_not_this_quarter_is_a_full_answer(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    assert client.get(url("decline", quarter_round)).status_code == 405
    page = client.post(url("decline", quarter_round), follow=True).content.decode()

    reflection = Reflection.objects.get()
    assert (reflection.status, reflection.declined_at) == (DECLINED, NOW)
    assert "That is a full answer, and it needs no reason." in page
    assert Reflection.objects.answered().count() == 1


def test_declining_keeps_the_words_and_shares_none(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    signed_in(mentee).post(url("decline", quarter_round))

    assert Answer.objects.get().text == WORDS
    assert not Answer.objects.shared_with(mentor).exists()


def test_declining_twice_is_declining_once_and_a_finished_one_stays_finished(
    mentee: User, quarter_round: Round
) -> None:
    assert decline_reflection(mentee, quarter_round, now=NOW)
    assert not decline_reflection(mentee, quarter_round, now=NOW + timedelta(hours=1))
    assert Reflection.objects.get().declined_at == NOW

    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW, declined_at=None)
    reply = signed_in(mentee).post(url("decline", quarter_round))
    assert reply.url == url("done", quarter_round)  # type: ignore[attr-defined]
    assert Reflection.objects.get().status == SUBMITTED


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
    page = client.get(url("review", quarter_round)).content.decode()

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
    assert rows() == before


def test_with_nothing_shared_there_is_one_way_to_finish(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    page = signed_in(mentee).get(url("review", quarter_round)).content.decode()

    assert "Finish, share nothing" in page
    assert "share as shown" not in page
    assert "And the note you set aside?" not in page


def test_with_nothing_written_there_is_nothing_to_finish(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    assert "Nothing written yet" in client.get(url("review", quarter_round)).content.decode()
    assert client.post(url("submit", quarter_round), {"finish": "share"}).status_code == 302
    assert not Reflection.objects.exists()

    write(mentee, quarter_round, FIRST, "")
    client.post(url("submit", quarter_round), {"finish": "alone"})
    assert Reflection.objects.get().status == DRAFT


# --- Finishing -----------------------------------------------------------------------------------------------------


def shown(page: str) -> str:
    return page.split('name="shown" value="')[1].split('"')[0]


def test_finishing_as_shown_shares_what_was_chosen(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    write(mentee, quarter_round, AGAIN, "mine alone")
    client = signed_in(mentee)
    page = client.get(url("review", quarter_round)).content.decode()
    assert not Answer.objects.shared_with(mentor).exists()
    reply = client.post(url("submit", quarter_round), {"finish": "share", "shown": shown(page)}, follow=True)

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
    page = client.get(url("review", quarter_round)).content.decode()
    client.post(url("submit", quarter_round), {"finish": "alone", "shown": shown(page)})

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
    signed_in(mentee).post(url("submit", quarter_round), {"finish": finish})

    assert Answer.objects.get().audience == Audience.ME


@pytest.mark.parametrize("what", ["", "stale", "0" * 64, "\x00", "x" * 500])
def test_what_was_not_read_over_is_not_shared(
    mentee: User, pairing: Pairing, quarter_round: Round, what: str
) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    client = signed_in(mentee)
    seen = shown(client.get(url("review", quarter_round)).content.decode())
    if what == "stale":
        Answer.objects.filter(pk=answer.pk).update(text="Written meanwhile in another window", saved_at=NOW)
    client.post(url("submit", quarter_round), {"finish": "share", "shown": seen if what == "stale" else what})

    assert Reflection.objects.get().status == DRAFT
    page = client.get(url("review", quarter_round)).content.decode()
    client.post(url("submit", quarter_round), {"finish": "share", "shown": shown(page)})
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
    reply = signed_in(mentee).post(url("submit", quarter_round), {"finish": "alone"})
    assert reply.url == url("done", quarter_round)  # type: ignore[attr-defined]
    assert Answer.objects.get().audience == Audience.PAIRING


def test_nobody_finishes_for_somebody_else(mentor: User, mentee: User, quarter_round: Round) -> None:
    reflection = write(mentee, quarter_round, FIRST, WORDS).reflection

    assert not submit_reflection(reflection, by=mentor, share=True, now=NOW)
    signed_in(mentor).post(url("submit", quarter_round), {"finish": "share"})
    assert Reflection.objects.get().status == DRAFT


@pytest.mark.parametrize("aside", ["delete", "keep", ""])
def test_what_was_set_aside_is_deleted_only_when_one_says_so(
    mentee: User, quarter_round: Round, aside: str
) -> None:
    write(mentee, quarter_round, FIRST, WORDS)
    write(mentee, quarter_round, ASIDE, "The margin target, again.")
    client = signed_in(mentee)
    page = client.post(
        url("submit", quarter_round), {"finish": "alone", "aside": aside}, follow=True
    ).content.decode()

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
    page = client.get(url("review", quarter_round)).content.decode()

    assert "share as shown" not in page
    client.post(url("submit", quarter_round), {"finish": "share", "shown": shown(page)})
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
    page = client.get(url("done", quarter_round)).content.decode()

    assert WORDS in page
    assert "You and Noor" in page
    assert "Nobody else, ever" in page
    assert url("take_back", quarter_round, FIRST) in page
    assert url("take_back", quarter_round, ASIDE) not in page
    assert reverse("reflections:pair_round", args=[pairing.pk, quarter_round.pk]) in page
    assert rows() == before


def test_there_is_no_last_page_before_it_is_finished(mentee: User, quarter_round: Round) -> None:
    client = signed_in(mentee)
    for status in (None, DRAFT, DECLINED):
        if status:
            Answer.objects.all().delete()
            write(mentee, quarter_round, FIRST, WORDS, status=status)
        assert client.get(url("done", quarter_round)).url == url("open", quarter_round)  # type: ignore[attr-defined]
    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW, declined_at=None)
    assert client.get(url("review", quarter_round)).url == url("done", quarter_round)  # type: ignore[attr-defined]


def test_an_answer_is_taken_back_after_one_more_question(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED)
    client = signed_in(mentee)
    address = url("take_back", quarter_round, FIRST)
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
    assert signed_in(mentor).post(url("take_back", quarter_round, FIRST)).status_code == 404
    assert signed_in(mentor).get(url("take_back", quarter_round, FIRST)).status_code == 404
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
    reply = signed_in(mentee).post(url("question", quarter_round, FIRST), data)

    assert reply.url == url("done", quarter_round)  # type: ignore[attr-defined]
    assert [answer.text for answer in Answer.objects.shared_with(mentor)] == ["A better wording."]


def test_an_answer_of_another_set_of_questions_is_still_ones_own(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, FIRST, WORDS, status=SUBMITTED)
    Question.objects.filter(code=FIRST).update(mentee_position=None)

    assert WORDS in signed_in(mentee).get(url("done", quarter_round)).content.decode()


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
    assert f'href="{url("open", past)}"' in page
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
    assert WORDS in client.get(url("done", quarter_round)).content.decode()


@pytest.mark.parametrize("status", [DRAFT, SUBMITTED])
def test_pages_ask_as_much_for_many_rows_as_for_few(
    program: Program, mentor: User, quarter_round: Round, now: datetime, status: Reflection.Status
) -> None:
    client = signed_in(mentor)
    names = ["open", "review"] if status == DRAFT else ["open", "done", "shared"]
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
        asked.append([queries_of(client, url(name, quarter_round)) for name in names])

    assert asked[0] == asked[1]
    assert max(asked[1]) <= 15
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
