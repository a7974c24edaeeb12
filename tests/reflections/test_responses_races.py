"""Two clicks at one moment, about what was shared and about what is told in confidence."""

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions as mentoring_actions
from mentoring.concern_emails import TOLD
from mentoring.models import Concern, Enrollment, Pairing, Program
from reflections import actions
from reflections.models import Moment, Reply, Response, Thanks
from reflections.response_emails import NOTE
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def keep(person: User, pairing: Pairing) -> Moment:
    return Moment.objects.create(
        person=person, text="He waited.", happened_on=TODAY, audience="pairing", pairing=pairing
    )


def test_all_that_is_said_at_one_moment_is_one_response_and_one_e_mail(
    pairing: Pairing, program: Program, mentor: User, mentee: User
) -> None:
    other = make_person("lina@harbor.example", "Lina Voss")
    enroll(program, other, Enrollment.Role.MENTOR)
    second = pair(program, other, mentee)
    mine, theirs, to_them = keep(mentee, pairing), keep(mentee, second), keep(mentor, pairing)
    said = {"words": "Why?", "now": NOW}
    ends = at_once(
        [
            lambda: actions.ask_question(pairing, "moments", mine.pk, by=mentor, **said),
            lambda: actions.say_thanks(pairing, "moments", mine.pk, by=mentor, **said),
            lambda: actions.ask_question(second, "moments", theirs.pk, by=other, **said),
            lambda: actions.ask_question(pairing, "moments", to_them.pk, by=mentee, **said),
        ]
    )
    assert ends == ["done"] * 4
    assert Response.objects.filter(moment=mine).count() == 1
    assert Message.objects.filter(kind=NOTE, person=mentee).count() == 1
    assert Message.objects.filter(kind=NOTE, person=mentor).count() == 1


def test_a_question_is_answered_once_or_taken_back(pairing: Pairing, mentor: User, mentee: User) -> None:
    moment = keep(mentee, pairing)
    actions.ask_question(pairing, "moments", moment.pk, by=mentor, words="Why?", now=NOW)
    ends = at_once(
        [
            lambda: actions.answer_question(pairing, "moments", moment.pk, by=mentee, words="So.", now=NOW),
            lambda: actions.answer_question(
                pairing, "moments", moment.pk, by=mentee, words="Or so.", now=NOW
            ),
            lambda: actions.take_back_response(pairing, "moments", moment.pk, by=mentor),
        ]
    )
    assert ends.count("done") == 1
    asked = Response.objects.get().asked_at is not None
    assert Reply.objects.count() == (1 if asked else 0)


def test_two_people_who_hear_each_others_concerns_tell_them_at_one_moment(
    pairing: Pairing, program: Program, mentor: User, member: User, mentee: User
) -> None:
    """And a button that is pressed twice tells it once."""
    Program.objects.update(concern_email=member.email)
    pairing.program.refresh_from_db()
    helper = make_person("odile@harbor.example", "Odile Renard")
    other_program = Program.objects.create(
        name="Hill", slug="hill-two", starts_on=TODAY, concern_email=mentee.email
    )
    other = pair(other_program, helper, member)

    def tell(where: Pairing, by: User, to: User) -> None:
        mentoring_actions.tell_concern(where, by=by, contact=f"named:{to.email}", text="Something.", now=NOW)

    ends = at_once(
        [
            lambda: tell(pairing, mentee, member),
            lambda: tell(pairing, mentee, member),
            lambda: tell(other, member, mentee),
            lambda: tell(other, member, mentee),
        ]
    )
    assert ends == ["done"] * 4
    assert Concern.objects.count() == 2
    assert Message.objects.filter(kind=TOLD).count() == 2


def test_two_tell_each_other_at_one_moment(pairing: Pairing, mentor: User, mentee: User) -> None:
    ends = at_once(
        [
            lambda writer=writer, text=text: actions.tell(  # type: ignore[misc]
                writer, pairing, text=text, about="thanks", now=NOW
            )
            for writer in (mentor, mentee)
            for text in ("You waited.", "You asked.")
        ]
    )
    assert ends == ["done"] * 4
    assert Thanks.objects.filter(sent_at__isnull=False).count() == 4
