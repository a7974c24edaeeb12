"""Reading a page over: a row for each thing, who reads it, whom it names, and what becomes of what was set aside."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections import carry
from reflections.actions import Refused, choose_readers, show_value, submit_reflection
from reflections.models import Answer, Audience, Question, Reflection, Response, Round, Thanks
from reflections.readers import Readers
from tests.conftest import NOW, make_person, pair, signed_in
from tests.reflections.conftest import (
    AGAIN,
    ASIDE,
    FIRST,
    HARD,
    KIND,
    WORDS,
    open_round,
    page_url,
    rows,
    write,
)
from tests.reflections.test_reflections_finished import shown, take_back_url

DRAFT, SUBMITTED = Reflection.Status.DRAFT, Reflection.Status.SUBMITTED
CARRY = "M16"
pytestmark = pytest.mark.usefixtures("now")


def finish(client: Client, round: Round, **values: object) -> str:
    page = client.get(page_url("review", round)).content.decode()
    data = {"finish": "share", "shown": shown(page), "shown_to_go": shown(page, "shown_to_go")} | values
    return client.post(page_url("submit", round), data, follow=True).content.decode()


def readers(answer: Answer) -> tuple[str, list[Pairing]]:
    answer.refresh_from_db()
    return answer.audience, list(answer.pairings.all())


def asks_to_carry(round: Round) -> Question:
    return Question.objects.create(
        round=round,
        code=CARRY,
        step="close",
        kind="carry",
        text="Is there one thing to carry forward?",
        mentor_position=90,
        mentee_position=90,
        both_position=90,
    )


# --- Who reads each ------------------------------------------------------------------------------------------------


def test_who_reads_each_can_be_chosen_while_reading_it_over(
    mentor: User, mentee: User, member: User, pairing: Pairing, quarter_round: Round
) -> None:
    first = write(mentee, quarter_round, FIRST, WORDS)
    again = write(mentee, quarter_round, AGAIN, "for all", audience="pairing", pairings=(pairing,))
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()
    assert "As it is: Only you" in page
    assert "As it is: You and Noor" in page
    finish(
        client,
        quarter_round,
        **{f"readers-{first.pk}": f"pairing-{pairing.pk}", f"readers-{again.pk}": "program"},
    )

    assert Reflection.objects.get().status == SUBMITTED
    assert readers(first) == ("pairing", [pairing])
    assert readers(again) == ("program", [])
    assert {answer.text for answer in Answer.objects.shared_with(mentor)} == {WORDS, "for all"}
    assert [answer.text for answer in Answer.objects.shared_with(member)] == ["for all"]


def test_one_can_keep_for_oneself_what_was_to_be_shared(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    first = write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    finish(signed_in(mentee), quarter_round, **{f"readers-{first.pk}": "me"})

    assert readers(first) == ("me", [])
    assert not Answer.objects.shared_with(mentor).exists()


def test_not_yet_keeps_what_was_chosen_and_lets_nobody_read(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    first = write(mentee, quarter_round, FIRST, WORDS)
    page = finish(
        signed_in(mentee), quarter_round, finish="later", **{f"readers-{first.pk}": f"pairing-{pairing.pk}"}
    )

    assert "Your page is as you left it." in page
    assert Reflection.objects.get().status == DRAFT
    assert readers(first) == ("pairing", [pairing])
    assert not Answer.objects.shared_with(mentor).exists()


def test_share_nothing_is_that_whatever_was_chosen(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    first = write(mentee, quarter_round, FIRST, WORDS)
    hard = write(mentee, quarter_round, HARD, "hard")
    chosen = {f"readers-{one.pk}": f"pairing-{pairing.pk}" for one in (first, hard)}
    finish(signed_in(mentee), quarter_round, finish="alone", **chosen)

    assert Reflection.objects.get().status == SUBMITTED
    assert {answer.audience for answer in Answer.objects.all()} == {Audience.ME}
    assert not Answer.objects.shared_with(mentor).exists()


def test_a_hard_call_is_asked_about_once_more(mentee: User, pairing: Pairing, quarter_round: Round) -> None:
    hard = write(mentee, quarter_round, HARD, "I said no.")
    client = signed_in(mentee)
    chosen = {f"readers-{hard.pk}": f"pairing-{pairing.pk}"}
    page = finish(client, quarter_round, **chosen)

    assert "An answer like this is easily regretted." in page
    assert "Yes, share this answer: You and Noor" in page
    assert f'value="pairing-{pairing.pk}" selected' in page
    assert Reflection.objects.get().status == DRAFT
    finish(client, quarter_round, **chosen, **{f"sure-{hard.pk}": "on"})
    assert readers(hard) == ("pairing", [pairing])


def test_nobody_is_let_in_who_does_not_stand_there(
    program: Program, mentor: User, member: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    """Neither a pairing of others, nor to what is locked, nor to another one's words."""
    other = pair(program, mentor, member)
    first = write(mentee, quarter_round, FIRST, WORDS)
    locked = write(mentee, quarter_round, KIND, "to myself")
    theirs = write(mentor, quarter_round, FIRST, "hers", status=SUBMITTED)
    client = signed_in(mentee)
    page = finish(client, quarter_round, **{f"readers-{first.pk}": f"pairing-{other.pk}"})
    assert "Select a valid choice" in page
    assert Reflection.objects.get(person=mentee).status == DRAFT

    finish(client, quarter_round, **{f"readers-{one.pk}": "program" for one in (locked, theirs)})
    assert readers(locked) == readers(theirs) == ("me", [])

    mine = Reflection.objects.get(person=mentee)
    assert not choose_readers(mine, by=mentee, chosen={})
    Reflection.objects.filter(pk=mine.pk).update(status=DRAFT, submitted_at=None)
    to_others = {first.pk: Readers(Audience.PAIRING, frozenset([other.pk]))}
    with pytest.raises(Refused, match="cannot be shared there now"):
        choose_readers(mine, by=mentee, chosen=to_others)
    with pytest.raises(Refused, match="cannot be shared there now"):
        submit_reflection(mine, by=mentee, share=True, chosen=to_others, now=NOW)
    assert not choose_readers(mine, by=mentor, chosen={})


def test_those_whom_the_words_name_are_said(
    program: Program, mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    pair(program, mentor, ayo)
    write(mentor, quarter_round, FIRST, "Ayo’s call, and Tomasz’s.")
    write(mentor, quarter_round, AGAIN, "A tomboy waited.")
    page = signed_in(mentor).get(page_url("review", quarter_round)).content.decode()

    assert page.count("Nobody else reads it before they have agreed.") == 1
    assert "It names Ayo and Tomasz." in page


def test_whoever_alone_will_read_it_is_not_said_to_be_named_in_it(
    program: Program, mentor: User, pairing: Pairing, quarter_round: Round
) -> None:
    both = pair(program, mentor, make_person("ayo@harbor.example", "Ayo Bello"))
    first = write(mentor, quarter_round, FIRST, "Tomasz’s call.")
    Answer.objects.filter(pk=first.pk).update(audience=Audience.PAIRING)
    first.pairings.set([pairing])
    assert "It names" not in signed_in(mentor).get(page_url("review", quarter_round)).content.decode()
    first.pairings.set([pairing, both])
    assert "It names Tomasz." in signed_in(mentor).get(page_url("review", quarter_round)).content.decode()


def test_somebody_with_many_pairings_is_offered_all_of_them_at_once(
    program: Program, mentor: User, quarter_round: Round
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=13)
    pairs = [pair(program, mentor, make_person(f"p{n}@harbor.example", f"Person {n}")) for n in range(13)]
    first = write(mentor, quarter_round, FIRST, WORDS)
    client = signed_in(mentor)
    page = client.get(page_url("review", quarter_round)).content.decode()
    assert 'value="pairing-' not in page
    finish(client, quarter_round, **{f"readers-{first.pk}": "pairings"})

    assert set(readers(first)[1]) == set(pairs)


def test_what_was_before_and_after_is_read_over(mentee: User, quarter_round: Round) -> None:
    answer = write(mentee, quarter_round, AGAIN, "He asked me everything.")
    answer.after = "Now he asks the team."
    answer.save()
    page = signed_in(mentee).get(page_url("review", quarter_round)).content.decode()

    assert page.index("He asked me everything.") < page.index("Now he asks the team.")


# --- What was set aside, and what is carried -----------------------------------------------------------------------


def test_what_was_set_aside_becomes_one_small_try(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    asks_to_carry(quarter_round)
    write(mentee, quarter_round, FIRST, WORDS)
    write(mentee, quarter_round, ASIDE, "The margin target, again.")
    carried = write(mentee, quarter_round, CARRY, "Older line.", audience="pairing", pairings=(pairing,))
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()
    assert "Turn it into one small try" in page
    assert "It takes the place of what you wrote to carry forward." in page

    page = finish(client, quarter_round, aside="try", small_try="  ")
    assert "Write the small try in a line" in page
    assert Reflection.objects.get().status == DRAFT
    page = finish(client, quarter_round, aside="try", small_try="Ask for the numbers a week before.")
    assert "What you set aside is one small try now, and carried forward." in page
    assert not Answer.objects.filter(question__code=ASIDE).exists()
    carried.refresh_from_db()
    assert carried.text == "Ask for the numbers a week before."
    assert readers(carried) == ("me", [])
    assert not Answer.objects.shared_with(mentor).exists()


@pytest.mark.parametrize("aside", ["delete", "try"])
@pytest.mark.parametrize("code", [ASIDE, CARRY])
def test_what_was_written_elsewhere_meanwhile_is_neither_deleted_nor_replaced(
    mentee: User, quarter_round: Round, aside: str, code: str
) -> None:
    asks_to_carry(quarter_round)
    for each in (FIRST, ASIDE, CARRY):
        write(mentee, quarter_round, each, WORDS)
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()
    newer = Answer.objects.get(question__code=code)
    newer.text, newer.saved_at = "Written in another window.", NOW + timedelta(minutes=1)
    newer.save()
    data = {"finish": "alone", "aside": aside, "small_try": "Ask earlier."}
    data["shown_to_go"] = shown(page, "shown_to_go")
    page = client.post(page_url("submit", quarter_round), data, follow=True).content.decode()

    assert "Something has changed since you read it over." in page
    assert Reflection.objects.get().status == DRAFT
    newer.refresh_from_db()
    assert newer.text == "Written in another window."


def test_a_quote_of_what_was_carried_goes_with_its_words(mentee: User, quarter_round: Round) -> None:
    asks_to_carry(quarter_round)
    write(mentee, quarter_round, ASIDE, "The margin target, again.")
    carried = write(mentee, quarter_round, CARRY, "Older line.")
    show_value(mentee, "patience", answer=carried, quote="Older", now=NOW)
    finish(signed_in(mentee), quarter_round, finish="alone", aside="try", small_try="Ask earlier.")

    assert [each.quote for each in carried.shows.all()] == [""]


def test_questions_that_ask_for_nothing_to_carry_offer_no_try(mentee: User, quarter_round: Round) -> None:
    reflection = write(mentee, quarter_round, ASIDE, "The margin target, again.").reflection
    page = signed_in(mentee).get(page_url("review", quarter_round)).content.decode()

    assert "And the note you set aside?" in page
    assert "small try" not in page
    with pytest.raises(Refused):
        submit_reflection(reflection, by=mentee, share=False, small_try="x", now=NOW)


def test_what_is_carried_stands_on_the_next_opening_page_and_at_home(
    program: Program, mentor: User, mentee: User, quarter_round: Round
) -> None:
    before = open_round(program, date(2026, 1, 1))
    asks_to_carry(before)
    write(mentee, before, CARRY, "Wait before I answer.")
    client = signed_in(mentee)
    home, opening = reverse("home"), page_url("open", quarter_round)
    assert "Wait before I answer." not in client.get(opening).content.decode()

    Reflection.objects.update(status=SUBMITTED, submitted_at=NOW)
    was = rows()
    for url in (home, opening):
        page = client.get(url).content.decode()
        assert "You carry from FY26 Q4:" in page
        assert "Wait before I answer." in page
        assert reverse("reflections:question", args=[before.pk, CARRY]) in page
    assert "Wait before I answer." not in client.get(page_url("open", before)).content.decode()
    assert rows() == was
    assert "Wait before I answer." not in signed_in(mentor).get(home).content.decode()


def test_only_the_last_page_is_carried_from_and_none_is_an_answer(
    program: Program, mentee: User, quarter_round: Round
) -> None:
    long_ago, before = open_round(program, date(2025, 10, 1)), open_round(program, date(2026, 1, 1))
    for round in (long_ago, before):
        asks_to_carry(round)
    write(mentee, long_ago, CARRY, "Long ago.", status=SUBMITTED)
    Reflection.objects.update(submitted_at=NOW - timedelta(days=180))
    assert carry.carried_into(mentee, quarter_round).text == "Long ago."  # type: ignore[union-attr]
    write(mentee, before, FIRST, WORDS, status=SUBMITTED)

    assert carry.carried_into(mentee, quarter_round) is None
    assert carry.carried_now(mentee) is None


# --- Afterwards ----------------------------------------------------------------------------------------------------


def test_taking_back_says_who_said_that_they_have_read_it(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    Response.objects.create(
        pairing=pairing, reader=mentor, reflection=answer.reflection, read_at=NOW - timedelta(days=1)
    )
    client = signed_in(mentee)
    said = "Noor said on June 22 that they have read it."
    assert said in client.get(page_url("done", quarter_round)).content.decode()
    address = take_back_url(quarter_round, FIRST)
    assert said in client.get(address).content.decode()
    assert said in client.post(address, follow=True).content.decode()
    page = client.get(page_url("done", quarter_round)).content.decode()
    assert said not in page


def test_a_locked_answer_has_no_page_to_take_it_back(mentee: User, quarter_round: Round) -> None:
    write(mentee, quarter_round, KIND, "to myself", status=SUBMITTED)

    assert signed_in(mentee).get(take_back_url(quarter_round, KIND)).status_code == 404


def test_the_last_page_has_what_others_wrote_in_that_quarter(
    mentor: User, mentee: User, member: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(
        mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,), status=SUBMITTED
    )
    for at, text in ((NOW, "For the silence."), (NOW - timedelta(days=120), "Long ago.")):
        Thanks.objects.create(
            writer=mentor, recipient=mentee, text=text, way="here", sent_at=at, created_at=at, saved_at=at
        )
    Thanks.objects.create(writer=member, recipient=mentee, text="Not sent.")
    Response.objects.create(
        pairing=pairing, reader=mentor, reflection=answer.reflection, thanks="It helped.", thanked_at=NOW
    )
    client = signed_in(mentee)
    page = client.get(page_url("done", quarter_round)).content.decode()

    assert "What others wrote to you" in page
    assert "For the silence." in page
    assert "It helped." in page
    assert "Long ago." not in page
    assert "Not sent." not in page
    assert "Everyone in Harbor Mentors is asked the same plain question." in page
    Answer.objects.update(audience="me")
    assert "It helped." not in client.get(page_url("done", quarter_round)).content.decode()


def test_values_are_read_over_and_given_back_to_their_owner_alone(
    mentor: User, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    answer = write(mentee, quarter_round, FIRST, WORDS, audience="pairing", pairings=(pairing,))
    show_value(
        mentee, "Patience", answer=answer, quote="I sat beside Tomasz", reflection=answer.reflection, now=NOW
    )
    client = signed_in(mentee)
    page = client.get(page_url("review", quarter_round)).content.decode()
    assert "Patience" in page
    assert "“I sat beside Tomasz”" in page
    finish(client, quarter_round)
    assert "Patience" in client.get(page_url("done", quarter_round)).content.decode()
    facing = reverse("reflections:pair_round", args=[pairing.pk, quarter_round.pk])
    assert WORDS in signed_in(mentor).get(facing).content.decode()
    assert "Patience" not in signed_in(mentor).get(facing).content.decode()
