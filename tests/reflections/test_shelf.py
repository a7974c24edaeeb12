"""What somebody can picture goes to the shelf of their pair once they share it, and by their own press."""

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing, Possibility
from reflections import actions
from reflections.actions import Refused
from reflections.models import Answer, Audience, Naming, Question, Reflection, Round
from tests.conftest import NOW, TODAY, signed_in
from tests.reflections.conftest import FIRST, page_url, queries_of, rows, write

pytestmark = pytest.mark.usefixtures("now")
PICTURED = "A workshop of my own, with a window to the street."
SUBMITTED = Reflection.Status.SUBMITTED


@pytest.fixture
def pictured(mentee: User, pairing: Pairing, quarter_round: Round) -> Answer:
    """An answer that the pair reads, to the question what one has started to picture."""
    Question.objects.create(
        round=quarter_round, code="E10", step="both_ways", text="What do you picture?", mentee_position=9
    )
    return write(
        mentee,
        quarter_round,
        "E10",
        PICTURED,
        audience=Audience.PAIRING,
        pairings=(pairing,),
        status=SUBMITTED,
    )


def shelf_url(answer: Answer, pairing: Pairing) -> str:
    return reverse("reflections:shelf", args=[answer.reflection.round_id, answer.pk, pairing.pk])


def test_it_goes_to_the_shelf_by_one_press_and_not_by_itself(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, pictured: Answer
) -> None:
    client, done = signed_in(mentee), page_url("done", quarter_round)
    shelf = reverse("pairings:goals", args=[pairing.pk])
    was = rows()
    page = client.get(done).content.decode()
    assert "Put it there" in page
    assert rows() == was
    assert PICTURED not in signed_in(mentor).get(shelf).content.decode()
    page = client.post(shelf_url(pictured, pairing), follow=True).content.decode()
    assert "It stands on your shelf now." in page
    assert "Put it there" not in page
    assert f"{shelf}#possibilities" in page
    assert PICTURED in signed_in(mentor).get(shelf).content.decode()
    client.post(shelf_url(pictured, pairing))
    assert Possibility.objects.get().author == mentee
    pictured.refresh_from_db()
    assert pictured.text == PICTURED
    assert pictured.audience == Audience.PAIRING


@pytest.mark.parametrize("what", ["only me", "draft", "named", "over"])
def test_what_the_pair_does_not_read_is_neither_offered_nor_taken(
    mentee: User, member: User, pairing: Pairing, quarter_round: Round, pictured: Answer, what: str
) -> None:
    if what == "only me":
        Answer.objects.filter(pk=pictured.pk).update(audience=Audience.ME)
    elif what == "draft":
        Reflection.objects.update(status=Reflection.Status.DRAFT, submitted_at=None)
    elif what == "named":
        Naming.objects.create(person=member, answer=pictured, asked_at=NOW)
    else:
        Pairing.objects.update(status=Pairing.Status.COMPLETED, ended_on=TODAY)
    client = signed_in(mentee)
    page = client.get(page_url("done", quarter_round), follow=True).content.decode()
    assert "Put it there" not in page
    with pytest.raises(Refused):
        actions.put_on_shelf(Answer.objects.get(pk=pictured.pk), pairing, by=mentee, now=NOW)
    client.post(shelf_url(pictured, pairing))
    assert not Possibility.objects.exists()


def test_nobody_else_and_no_other_answer_is_put_there(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, pictured: Answer
) -> None:
    other = write(
        mentee,
        quarter_round,
        FIRST,
        "Best.",
        audience=Audience.PAIRING,
        pairings=(pairing,),
        status=SUBMITTED,
    )
    assert signed_in(mentor).post(shelf_url(pictured, pairing)).status_code == 404
    assert signed_in(mentee).post(shelf_url(other, pairing)).status_code == 404
    with pytest.raises(Refused):
        actions.put_on_shelf(pictured, pairing, by=mentor, now=NOW)
    assert not Possibility.objects.exists()


def test_more_than_a_shelf_takes_is_refused_with_a_sentence(
    mentee: User, pairing: Pairing, pictured: Answer
) -> None:
    pictured.text = "w" * 301
    pictured.save()
    page = signed_in(mentee).post(shelf_url(pictured, pairing), follow=True).content.decode()
    assert "more than the shelf takes" in page
    assert not Possibility.objects.exists()


def test_words_on_the_shelf_stay_when_the_answer_is_taken_back(
    mentee: User, pairing: Pairing, quarter_round: Round, pictured: Answer
) -> None:
    actions.put_on_shelf(pictured, pairing, by=mentee, now=NOW)
    actions.take_back(pictured, by=mentee, now=NOW)
    assert Possibility.objects.get().text == PICTURED
    page = signed_in(mentee).get(page_url("done", quarter_round)).content.decode()
    assert "Put it there" not in page


def test_a_page_without_such_an_answer_asks_nothing_more(
    mentee: User, pairing: Pairing, quarter_round: Round, pictured: Answer
) -> None:
    client, done = signed_in(mentee), page_url("done", quarter_round)
    with_it = queries_of(client, done)
    Question.objects.filter(code="E10").update(code="E9")
    assert queries_of(client, done) < with_it <= queries_of(client, done) + 9
