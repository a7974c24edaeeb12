"""What somebody can picture goes to the shelf of their pair once they share it, and by their own press."""

from datetime import timedelta

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


def on_page(person: User, pairing: Pairing) -> str:
    return signed_in(person).get(reverse("pairings:goals", args=[pairing.pk])).content.decode()


def put_there(answer: Answer, pairing: Pairing, by: User) -> Possibility:
    return actions.put_on_shelf(Answer.objects.get(pk=answer.pk), pairing, by=by, now=NOW)


@pytest.mark.parametrize("how", ["taken back", "a no", "asked", "another pairing", "changed", "gone"])
def test_on_the_shelf_nobody_reads_what_they_do_not_read_in_the_answer(
    mentor: User, mentee: User, member: User, pairing: Pairing, pictured: Answer, how: str
) -> None:
    row = put_there(pictured, pairing, mentee)
    assert PICTURED in on_page(mentor, pairing)
    if how == "taken back":
        actions.take_back(pictured, by=mentee, now=NOW)
    elif how == "a no":
        naming = Naming.objects.create(person=member, answer=pictured, asked_at=NOW, agreed_at=NOW)
        assert PICTURED in on_page(mentor, pairing)
        actions.decline(naming, by=member, asked_at=NOW, now=NOW)
    elif how == "asked":
        Naming.objects.create(person=member, answer=pictured, asked_at=NOW)
    elif how == "another pairing":
        pictured.pairings.clear()
    elif how == "changed":
        # Of a name that somebody takes out of the answer nobody is asked any more; the copy has it still.
        pictured.text, pictured.saved_at = "Something else.", NOW + timedelta(minutes=1)
        pictured.save()
    else:
        pictured.delete()
    reader, writer = on_page(mentor, pairing), on_page(mentee, pairing)
    assert PICTURED not in reader
    assert (
        PICTURED not in signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    )
    assert PICTURED in writer
    assert "Only you read this now" in writer
    assert (
        signed_in(mentor).get(reverse("pairings:possibility", args=[pairing.pk, row.pk])).status_code == 404
    )


def test_what_is_shared_again_is_offered_again_and_stands_there_once(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round, pictured: Answer
) -> None:
    put_there(pictured, pairing, mentee)
    actions.take_back(pictured, by=mentee, now=NOW)
    page = signed_in(mentee).get(page_url("done", quarter_round)).content.decode()
    assert "Put it there" not in page
    Answer.objects.filter(pk=pictured.pk).update(audience=Audience.PAIRING)
    pictured.pairings.set([pairing])
    Answer.objects.filter(pk=pictured.pk).update(saved_at=NOW + timedelta(minutes=1))
    client = signed_in(mentee)
    assert "Put it there" in client.get(page_url("done", quarter_round)).content.decode()
    client.post(shelf_url(pictured, pairing))
    assert Possibility.objects.get().text == PICTURED
    assert PICTURED in on_page(mentor, pairing)


def test_what_is_shared_with_more_people_stands_there_still(
    mentor: User, mentee: User, pairing: Pairing, pictured: Answer
) -> None:
    put_there(pictured, pairing, mentee)
    Answer.objects.filter(pk=pictured.pk).update(audience=Audience.PROGRAM)
    assert PICTURED in on_page(mentor, pairing)


def test_what_was_put_there_by_hand_is_nobodys_copy(
    mentor: User, mentee: User, pairing: Pairing, pictured: Answer
) -> None:
    Possibility.objects.create(pairing=pairing, author=mentee, text=PICTURED)
    put_there(pictured, pairing, mentee)
    actions.take_back(pictured, by=mentee, now=NOW)
    assert PICTURED in on_page(mentor, pairing)


def test_a_page_without_such_an_answer_asks_nothing_more(
    mentee: User, pairing: Pairing, quarter_round: Round, pictured: Answer
) -> None:
    client, done = signed_in(mentee), page_url("done", quarter_round)
    with_it = queries_of(client, done)
    Question.objects.filter(code="E10").update(code="E9")
    assert queries_of(client, done) < with_it <= queries_of(client, done) + 9
