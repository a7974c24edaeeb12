"""What a reader says to something that was shared: read, thanks, one question, its answer; and the e-mail about it."""

from datetime import datetime, timedelta

import pytest

from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Pairing, Program
from mentoring.mydata import clear_program_words
from mentoring.room.due import due
from reflections import actions
from reflections.actions import Refused
from reflections.models import Moment, Question, Reflection, Reply, Response, ResponseNotice, Round
from reflections.response_emails import NOTE, take_up_notes
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.mentoring.test_emails import body, wanted
from tests.reflections.conftest import FIRST, write
from tests.reflections.nudging import send_due

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THANKS = "ouzel-thank-you-for-that"
QUESTION = "fieldfare-what-made-you-wait"
ANSWER = "redwing-because-of-the-client"


@pytest.fixture
def moment(pairing: Pairing, mentee: User) -> Moment:
    """Of the mentee, for the two."""
    return Moment.objects.create(
        person=mentee, text="He waited.", happened_on=TODAY, audience="pairing", pairing=pairing
    )


def read(moment: Moment, by: User, now: datetime = NOW) -> None:
    assert moment.pairing is not None
    actions.mark_read(moment.pairing, "moments", moment.pk, by=by, now=now)


def thank(moment: Moment, by: User, words: str = THANKS, now: datetime = NOW) -> None:
    assert moment.pairing is not None
    actions.say_thanks(moment.pairing, "moments", moment.pk, by=by, words=words, now=now)


def ask(moment: Moment, by: User, words: str = QUESTION, now: datetime = NOW) -> None:
    assert moment.pairing is not None
    actions.ask_question(moment.pairing, "moments", moment.pk, by=by, words=words, now=now)


def reply(moment: Moment, by: User, words: str = ANSWER, now: datetime = NOW) -> None:
    assert moment.pairing is not None
    actions.answer_question(moment.pairing, "moments", moment.pk, by=by, words=words, now=now)


def test_that_it_was_read_is_said_once_and_nobody_gets_an_e_mail(moment: Moment, mentor: User) -> None:
    read(moment, mentor)
    read(moment, mentor, NOW + HOUR)
    row = Response.objects.get()
    assert (row.reader, row.read_at, row.thanked_at, row.asked_at) == (mentor, NOW, None, None)
    assert not Message.objects.exists()


def test_thanks_a_question_and_its_answer_are_kept_sealed_and_told(
    moment: Moment, mentor: User, mentee: User
) -> None:
    thank(moment, mentor)
    ask(moment, mentor)
    reply(moment, mentee, now=NOW + HOUR)
    row = Response.objects.get()
    assert (row.thanks, row.question, row.reply.text) == (THANKS, QUESTION, ANSWER)
    told = {(message.person, message.due_at) for message in Message.objects.filter(kind=NOTE)}
    assert told == {
        (mentee, NOW + timedelta(minutes=15)),
        (mentor, NOW + HOUR + timedelta(minutes=15)),
    }


def test_a_page_of_a_reflection_is_answered_like_a_moment(
    pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    answer = write(
        mentee, quarter_round, FIRST, "Mine", audience="pairing", pairings=(pairing,), status="submitted"
    )
    actions.say_thanks(pairing, "pages", answer.reflection_id, by=mentor, words="", now=NOW)
    row = Response.objects.get()
    assert (row.reflection_id, row.thanks, row.thanked_at) == (answer.reflection_id, "", NOW)


def test_nobody_responds_to_what_is_their_own_or_not_shared_with_them(
    moment: Moment, pairing: Pairing, mentor: User, mentee: User, member: User, admin: User, superuser: User
) -> None:
    with pytest.raises(Refused):
        read(moment, mentee)
    for person in (member, admin, superuser):
        with pytest.raises((Refused, ValueError)):
            read(moment, person)
    Moment.objects.update(audience="me", pairing=None)
    with pytest.raises(Refused, match="not shared with you any more"):
        actions.say_thanks(pairing, "moments", moment.pk, by=mentor, words="", now=NOW)
    assert not Response.objects.exists()


def test_what_is_shared_with_another_pair_of_the_writer_is_not_responded_to_here(
    moment: Moment, program: Program, mentor: User, mentee: User
) -> None:
    other = make_person("lina@harbor.example", "Lina Voss")
    enroll(program, other, "mentor")
    another = pair(program, other, mentee)
    with pytest.raises(Refused):
        actions.mark_read(another, "moments", moment.pk, by=other, now=NOW)


@pytest.mark.parametrize("over", ["pairing", "program"])
def test_after_the_end_what_was_said_stays_and_nothing_is_added(
    moment: Moment, pairing: Pairing, mentor: User, mentee: User, over: str
) -> None:
    ask(moment, mentor)
    if over == "pairing":
        Pairing.objects.update(status="completed", ended_on=TODAY)
    else:
        Program.objects.update(status="closed")
    for act in (lambda: thank(moment, mentor), lambda: reply(moment, mentee)):
        with pytest.raises(Refused, match="over"):
            act()
    assert Response.objects.visible_to(mentee).get().question == QUESTION


def test_a_question_is_asked_otherwise_until_it_is_answered(
    moment: Moment, mentor: User, mentee: User
) -> None:
    ask(moment, mentor, "What?")
    ask(moment, mentor, "What made you wait?")
    reply(moment, mentee)
    with pytest.raises(Refused, match="is answered"):
        ask(moment, mentor, "And then?")
    with pytest.raises(Refused, match="no question"):
        reply(moment, mentee, "And more.")
    row = Response.objects.get()
    assert (row.question, row.reply.text) == ("What made you wait?", ANSWER)


def test_thanks_and_question_are_taken_back_until_there_is_an_answer(
    moment: Moment, pairing: Pairing, mentor: User, mentee: User
) -> None:
    thank(moment, mentor)
    ask(moment, mentor)
    with pytest.raises(Refused):
        actions.take_back_response(pairing, "moments", moment.pk, by=mentee)
    actions.take_back_response(pairing, "moments", moment.pk, by=mentor)
    row = Response.objects.get()
    assert (row.thanks, row.question, row.thanked_at, row.asked_at) == ("", "", None, None)
    assert not wanted(Message.objects.get(kind=NOTE))
    ask(moment, mentor)
    reply(moment, mentee)
    with pytest.raises(Refused, match="is answered"):
        actions.take_back_response(pairing, "moments", moment.pk, by=mentor)


# --- By e-mail


def test_the_e_mail_names_who_and_has_no_word_of_it(moment: Moment, mentor: User, mentee: User) -> None:
    thank(moment, mentor)
    ask(moment, mentor)
    message = Message.objects.get(kind=NOTE)
    subject, text, html = body(message)
    assert subject == "A note from Noor"
    for words in (text, html):
        assert "Noor thanks you for something that you shared." in words
        assert "Noor asks you something about what you shared." in words
        assert f"/pairings/{moment.pairing_id}/timeline/" in words
        for private in (THANKS, QUESTION, "He waited."):
            assert private not in words
    assert "List-Unsubscribe" in letters.compose(message).extra_headers
    reply(moment, mentee)
    answered = Message.objects.get(kind=NOTE, person=mentor)
    assert "Tomasz has answered your question." in body(answered)[1]
    assert ANSWER not in body(answered)[1]


def test_there_is_one_e_mail_a_day_at_most_whoever_says_something(
    moment: Moment, program: Program, mentor: User, mentee: User
) -> None:
    other = make_person("lina@harbor.example", "Lina Voss")
    enroll(program, other, "mentor")
    another = Moment.objects.create(
        person=mentee, text="y", happened_on=TODAY, audience="pairing", pairing=pair(program, other, mentee)
    )
    thank(moment, mentor)
    ask(another, other, now=NOW + timedelta(minutes=5))
    assert body(Message.objects.get())[0] == "A note from Noor and Lina"
    send_due(NOW + HOUR)
    assert Message.objects.get().state == "sent"
    ask(moment, mentor, now=NOW + 2 * HOUR)
    second = Message.objects.exclude(state="sent").get()
    assert second.due_at == NOW + HOUR + DAY
    # And it speaks of nothing that the first one told.
    assert body(second)[0] == "A note from Noor"
    assert "thanks you" not in body(second)[1]
    thank(another, other, now=NOW + 3 * HOUR)
    assert Message.objects.count() == 2
    send_due(NOW + 2 * DAY)
    ask(another, other, "Otherwise?", now=NOW + 2 * DAY)
    assert Message.objects.count() == 2  # Nothing new was said.


def test_while_the_program_rests_nothing_is_sent_and_then_it_is(moment: Moment, mentor: User) -> None:
    thank(moment, mentor)
    Program.objects.update(status="paused")
    send_due(NOW + HOUR)
    message = Message.objects.get()
    assert (message.state, message.last_error) == ("cancelled", NOT_RUNNING)
    assert take_up_notes(NOW + 2 * HOUR) == 0
    Program.objects.update(status="active")
    assert take_up_notes(NOW + 2 * HOUR) == 1
    send_due(NOW + 2 * HOUR)
    assert Message.objects.get().state == "sent"


# --- What waits, and what becomes of it


def test_a_question_waits_on_the_page_of_the_two_until_it_is_answered_or_not_shared_any_more(
    moment: Moment, pairing: Pairing, mentor: User, mentee: User
) -> None:
    def waits(person: User) -> list[str]:
        return [
            str(each.words) for each in due(pairing, person, NOW) if "asks you one thing" in str(each.words)
        ]

    ask(moment, mentor)
    assert waits(mentee) == ["Noor asks you one thing about what you shared."]
    assert waits(mentor) == []
    Moment.objects.update(audience="me", pairing=None)
    assert waits(mentee) == []
    Moment.objects.update(audience="pairing", pairing=pairing)
    reply(moment, mentee)
    assert waits(mentee) == []


def test_whoever_leaves_takes_their_words_along(
    moment: Moment, pairing: Pairing, mentor: User, mentee: User
) -> None:
    mine = Moment.objects.create(
        person=mentor, text="z", happened_on=TODAY, audience="pairing", pairing=pairing
    )
    for one, reader, writer in ((moment, mentor, mentee), (mine, mentee, mentor)):
        ask(one, reader)
        reply(one, writer)
    erase(mentor, now=NOW)
    assert not Response.objects.exists()  # The mentee's was about a moment that has gone with its writer.
    assert not Reply.objects.exists()
    assert not ResponseNotice.objects.filter(person=mentor).exists()
    assert Moment.objects.filter(pk=moment.pk).exists()


def test_words_that_are_kept_no_longer_go_by_person(
    moment: Moment, program: Program, mentor: User, mentee: User
) -> None:
    ask(moment, mentor)
    reply(moment, mentee)
    clear_program_words(mentee, program)
    assert not Moment.objects.filter(pk=moment.pk).exists()
    again = Moment.objects.create(
        person=mentee, text="z", happened_on=TODAY, audience="pairing", pairing=moment.pairing
    )
    ask(again, mentor)
    clear_program_words(mentor, program)
    assert not Response.objects.exists()
    assert Moment.objects.filter(pk=again.pk).exists()


def test_a_question_about_what_is_not_shared_with_this_pair_any_more_waits_for_nobody(
    program: Program, pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    Program.objects.filter(pk=program.pk).update(pairings_per_mentee=2)
    second = make_person("ines@harbor.example", "Ines Prata")
    enroll(program, second, "mentor", capacity=3)
    other = pair(program, second, mentee)
    answer = write(
        mentee,
        quarter_round,
        FIRST,
        "shared",
        audience="pairing",
        pairings=(pairing, other),
        status="submitted",
    )
    actions.ask_question(pairing, "pages", answer.reflection_id, by=mentor, words=QUESTION, now=NOW)
    asked = "Noor asks you one thing"
    assert [asked in str(each.words) for each in due(pairing, mentee, NOW)].count(True) == 1
    answer.pairings.set([other])
    assert not any(asked in str(each.words) for each in due(pairing, mentee, NOW))


def test_what_hangs_on_no_wall_any_more_is_shared_no_more(
    program: Program, pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    answer = write(mentee, quarter_round, FIRST, "x", audience="program", status=Reflection.Status.SUBMITTED)
    Response.objects.create(pairing=pairing, reader=mentor, reflection=answer.reflection)
    assert Response.objects.still_shared().exists()
    Program.objects.update(has_wall=False)
    assert not Response.objects.still_shared().exists()
    Program.objects.update(has_wall=True)
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    assert not Response.objects.still_shared().exists()
    Enrollment.objects.filter(person=mentee).update(status="active")
    Question.objects.filter(pk=answer.question_id).update(needs_care=True)
    assert not Response.objects.still_shared().exists()
