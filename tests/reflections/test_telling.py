"""Do they know? A line that becomes a note, or stays, and is not asked about again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections import actions, telling
from reflections.actions import Refused
from reflections.models import Answer, LeftUntold, Moment, Question, Reflection, Round, Thanks
from tests.conftest import NOW, TODAY, make_person, pair, signed_in
from tests.reflections.conftest import BOTH_WAYS, FIRST, KIND, page_url, queries_of, rows, write

SUBMITTED = Reflection.Status.SUBMITTED
LEARNED = "That silence is an answer."
pytestmark = pytest.mark.usefixtures("now")


def tell_url(thing: Answer | Moment, name: str = "tell") -> str:
    what = "answers" if isinstance(thing, Answer) else "moments"
    return reverse(f"reflections:{name}", args=[what, thing.pk])


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def line(mentor: User, quarter_round: Round) -> Answer:
    return write(mentor, quarter_round, BOTH_WAYS, LEARNED, status=SUBMITTED)


def test_a_line_becomes_a_note_to_the_other_one(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, line: Answer
) -> None:
    client = signed_in(mentor)
    done = page_url("done", quarter_round)
    was = rows()
    page = body(client, done)
    assert "Do they know?" in page
    assert tell_url(line) in page
    page = body(client, tell_url(line))
    assert LEARNED in page
    assert "checked" in page  # There is one of them.
    assert rows() == was

    page = client.post(
        tell_url(line),
        {"to": str(pairing.pk), "about": "learned", "text": "You taught me that silence is an answer."},
        follow=True,
    ).content.decode()
    assert "Tomasz finds your note here." in page
    assert "You told Tomasz today at " in page
    assert "Do they know?" not in page
    note = Thanks.objects.to(mentee).get()
    assert (note.writer, note.answer, note.pairing, note.about, note.sent_at) == (
        mentor, line, pairing, "learned", NOW,
    )  # fmt: skip
    assert note.text == "You taught me that silence is an answer."
    line.refresh_from_db()
    assert (line.text, line.audience) == (LEARNED, "me")
    assert not Answer.objects.shared_with(mentee).exists()


def test_an_offer_that_was_declined_does_not_come_again(
    mentor: User, pairing: Pairing, quarter_round: Round, line: Answer
) -> None:
    client = signed_in(mentor)
    assert client.get(tell_url(line, "tell_keep")).status_code == 405
    for _ in range(2):
        page = client.post(tell_url(line, "tell_keep"), follow=True).content.decode()
    assert "It stays yours. We do not ask again." in page
    assert LeftUntold.objects.count() == 1
    assert "Do they know?" not in body(client, page_url("done", quarter_round))
    Answer.objects.filter(pk=line.pk).update(saved_at=NOW + timedelta(days=1))
    assert "Do they know?" not in body(client, page_url("done", quarter_round))


@pytest.mark.parametrize(
    "change", [{"audience": "pairing"}, {"audience": "program"}, {"is_locked": True}, {"code": FIRST}]
)
def test_only_a_line_that_nobody_else_reads_is_offered(
    mentor: User, pairing: Pairing, line: Answer, change: dict[str, object]
) -> None:
    if "code" in change:
        Question.objects.filter(pk=line.question_id).update(code="X1")
    else:
        Answer.objects.filter(pk=line.pk).update(**change)
    answers = list(Answer.objects.select_related("question", "reflection").filter(pk=line.pk))
    assert telling.offers(mentor, answers) == {}


def test_without_anybody_to_tell_nothing_is_offered(
    mentor: User, pairing: Pairing, quarter_round: Round, line: Answer
) -> None:
    Pairing.objects.update(status="ended", ended_on=TODAY)
    client = signed_in(mentor)
    assert "Do they know?" not in body(client, page_url("done", quarter_round))
    assert "There is nobody to tell here now" in body(client, tell_url(line))
    reply = client.post(tell_url(line), {"to": str(pairing.pk), "about": "thanks", "text": "x"})
    assert reply.status_code == 200
    with pytest.raises(Refused, match="is over"):
        actions.tell(mentor, pairing, text="x", about="thanks", answer=line, now=NOW)
    assert not Thanks.objects.exists()


def test_a_mentors_line_is_offered_for_those_they_mentor(
    program: Program, mentor: User, mentee: User, pairing: Pairing, line: Answer
) -> None:
    above = pair(program, make_person("greta@harbor.example", "Greta Lind"), mentor)
    page = body(signed_in(mentor), tell_url(line))
    assert "Tomasz" in page
    assert "Greta" not in page
    reply = signed_in(mentor).post(tell_url(line), {"to": str(above.pk), "about": "learned", "text": "x"})
    assert "Select a valid choice" in reply.content.decode()
    assert not Thanks.objects.exists()


def test_what_is_wrong_stands_beside_the_field_and_the_words_stay(
    mentor: User, pairing: Pairing, line: Answer
) -> None:
    client = signed_in(mentor)
    for text, said in ((" ", "Write a few words first."), ("x" * 4001, "4,001 characters")):
        page = client.post(
            tell_url(line), {"to": str(pairing.pk), "about": "trust", "text": text}
        ).content.decode()
        assert said in page
        assert text in page
    page = client.post(tell_url(line), {"about": "trust", "text": "kept"}).content.decode()
    assert "Choose who it is for." in page
    assert "kept" in page
    assert not Thanks.objects.exists()


def test_nobody_tells_or_keeps_what_is_not_theirs_and_nothing_locked_is_told(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, line: Answer
) -> None:
    locked = write(mentee, quarter_round, KIND, "to myself", status=SUBMITTED)
    theirs = Moment.objects.create(
        person=mentor, text="x", happened_on=TODAY, audience="pairing", pairing=pairing
    )
    client = signed_in(mentee)
    for thing in (line, locked, theirs):
        for name in ("tell", "tell_keep"):
            assert client.post(tell_url(thing, name)).status_code == 404
        assert client.get(tell_url(thing)).status_code == 404
    assert client.get(reverse("reflections:tell", args=["pages", line.pk])).status_code == 404
    assert client.post(reverse("thanks:begin"), {"answer": str(locked.pk), "text": "x"}).status_code == 404
    for act in (
        lambda: actions.tell(mentee, pairing, text="x", about="thanks", answer=line, now=NOW),
        lambda: actions.draft_note(mentee, text="x", answer=locked, now=NOW),
        lambda: actions.leave_untold(mentee, answer=line, now=NOW),
        lambda: actions.leave_untold(mentee, moment=theirs, now=NOW),
        lambda: actions.leave_untold(mentee, now=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert not Thanks.objects.exists()
    assert not LeftUntold.objects.exists()


def test_a_moment_of_ones_own_can_be_told(mentor: User, mentee: User, pairing: Pairing) -> None:
    moment = Moment.objects.create(person=mentee, text="She waited.", happened_on=TODAY)
    client = signed_in(mentee)
    page = reverse("moments:edit", args=[moment.pk])
    assert tell_url(moment) in body(client, page)
    client.post(tell_url(moment), {"to": str(pairing.pk), "about": "thanks", "text": "You waited."})
    assert Thanks.objects.to(mentor).get().moment == moment
    assert tell_url(moment) not in body(client, page)
    other = Moment.objects.create(person=mentee, text="Another.", happened_on=TODAY)
    client.post(tell_url(other, "tell_keep"))
    assert tell_url(other) not in body(client, reverse("moments:edit", args=[other.pk]))


def test_the_last_page_asks_as_much_for_many_lines_as_for_few(
    mentor: User, pairing: Pairing, quarter_round: Round, line: Answer
) -> None:
    client = signed_in(mentor)
    few = queries_of(client, page_url("done", quarter_round))
    for code, text in (("M5", "They got the job."), ("M13", "The whole board.")):
        Question.objects.create(round=quarter_round, code=code, step="thanks", text=code, mentor_position=50)
        write(mentor, quarter_round, code, text, status=SUBMITTED)
    assert queries_of(client, page_url("done", quarter_round)) == few
