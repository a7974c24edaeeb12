"""One question at a time: written, and shared with nobody by accident."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.actions import Refused, save_answer
from reflections.models import Answer, Audience, Question, Reflection, Round
from reflections.readers import Readers
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.conftest import (
    AGAIN,
    ASIDE,
    BOTH_WAYS,
    FIRST,
    HARD,
    KIND,
    WORDS,
    open_round,
    posted,
    question_url,
    rows,
    save_url,
    write,
)

SUBMITTED, DECLINED = Reflection.Status.SUBMITTED, Reflection.Status.DECLINED
pytestmark = pytest.mark.usefixtures("now")


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
    for name in ("question", "save"):
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

    # A better wording needs no third yes; a larger circle there is none: it hangs on no wall.
    client.post(question_url(quarter_round, HARD), posted(answer, text="Better said.", audience="pairing"))
    answer.refresh_from_db()
    assert answer.text == "Better said."
    assert 'value="program"' not in client.get(question_url(quarter_round, HARD)).content.decode()
    client.post(question_url(quarter_round, HARD), posted(answer, audience="program", sure="on"))
    answer.refresh_from_db()
    assert answer.audience == Audience.PAIRING
