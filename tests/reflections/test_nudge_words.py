"""A program says the quarter's e-mails in its own words: with checked variables, and nothing that is private."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.mail import letters, outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.actions import Refused
from reflections.models import Moment, NudgeWords, Reflection, Round
from reflections.schedule import Nudge
from tests.conftest import NOW, signed_in
from tests.reflections.nudging import current_round

PAGE = "admin:reflections_nudgewords"
SAID = {
    "subject": "{quarter} in {program}",
    "ask": "{name}, <b>one</b> thing until {until}?",
    "reminder": "Still there.",
}


@pytest.fixture
def words(program: Program, pairing: Pairing) -> NudgeWords:
    return NudgeWords.objects.create(program=program, language="en-us", **SAID)


def letter(kind: Nudge, person: User, round: Round) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    outbox.owe(kind, person.pk, round.pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    message = Message.objects.select_related("person").get(kind=kind, person=person, subject_id=round.pk)
    with time_machine.travel(NOW, tick=False):
        email = letters.compose(message)
    return str(email.subject), str(email.body), str(email.alternatives[0][0])


def test_the_words_of_the_program_stand_in_what_is_not_sent_yet(
    words: NudgeWords, program: Program, mentee: User
) -> None:
    round = current_round(program)
    subject, text, html = letter(Nudge.ASK, mentee, round)
    assert subject == f"{round.quarter.spelled} in {program.name}"
    assert f"{mentee.first_name}, <b>one</b> thing until" in text
    assert "&lt;b&gt;one&lt;/b&gt;" in html
    assert "<b>one" not in html
    words.ask = ""
    words.save()
    subject, text, _ = letter(Nudge.ASK, mentee, round)
    assert "Most people are." in text


def test_all_three_have_one_subject_and_thread(words: NudgeWords, program: Program, mentee: User) -> None:
    round = current_round(program)
    assert len({letter(kind, mentee, round)[0] for kind in Nudge}) == 1
    assert "Still there." in letter(Nudge.REMINDER, mentee, round)[1]


def test_other_languages_and_whoever_has_begun_have_our_words(
    words: NudgeWords, program: Program, mentee: User, mentor: User
) -> None:
    round = current_round(program)
    Reflection.objects.create(person=mentee, round=round, role="mentee")
    assert "as you left it" in letter(Nudge.REMINDER, mentee, round)[1]
    User.objects.filter(pk=mentor.pk).update(language="de")
    assert "Still there." not in letter(Nudge.REMINDER, mentor, round)[1]


@pytest.mark.parametrize(
    ("field", "said", "problem"),
    [
        ("ask", "Hello {first_name}", "There is no variable {first_name}"),
        ("subject", "{", "A brace stands alone"),
        ("last_call", "{ask}", "Those that there are: {name}, {program}"),
        ("ask", "x" * 601, "at most 600 characters"),
    ],
)
def test_a_wrong_variable_is_said_beside_its_field(
    program: Program, admin: User, field: str, said: str, problem: str
) -> None:
    page = signed_in(admin).post(
        reverse(f"{PAGE}_add"), {"program": program.pk, "language": "de", "subject": "Fine", field: said}
    )
    assert page.status_code == 200
    assert problem in page.context["adminform"].form.errors[field][0]
    assert said[:100] in page.content.decode()
    assert not NudgeWords.objects.exists()


def test_they_are_written_once_for_a_language_and_deleting_them_is_going_back(
    program: Program, other_program: Program, admin: User, pairing: Pairing, mentee: User
) -> None:
    client = signed_in(admin)
    sent = {"program": program.pk, "language": "en-us", "ask": "One\r\n  line?"}
    assert client.post(reverse(f"{PAGE}_add"), sent).status_code == 302
    words = NudgeWords.objects.get()
    assert words.ask == "One line?"
    again = client.post(reverse(f"{PAGE}_add"), sent)
    assert "has words in that language already" in again.content.decode()
    empty = client.post(reverse(f"{PAGE}_add"), sent | {"language": "de", "ask": " "})
    assert "Write at least one of them" in empty.content.decode()
    theirs = client.post(reverse(f"{PAGE}_add"), sent | {"language": "de", "program": other_program.pk})
    assert "program" in theirs.context["adminform"].form.errors
    assert client.post(reverse(f"{PAGE}_delete", args=[words.pk]), {"post": "yes"}).status_code == 302
    assert "Most people are." in letter(Nudge.ASK, mentee, current_round(program))[1]


def test_a_preview_shows_a_real_person_of_each_role_and_nothing_that_is_theirs(
    words: NudgeWords, program: Program, admin: User, mentor: User, mentee: User
) -> None:
    round = current_round(program)
    User.objects.update(wants_moments_in_mail=True)
    Moment.objects.create(person=mentee, text="osprey-kept-for-me", happened_on=NOW.date())
    Reflection.objects.create(person=mentee, round=round, role="mentee")
    client = signed_in(admin)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse(f"{PAGE}_preview", args=[words.pk]), {"nudge": "reminder"})
        html = client.get(reverse(f"{PAGE}_html", args=[words.pk]), {"nudge": "ask", "role": "mentee"})
    assert {letter.person for letter in page.context["letters"]} == {mentor, mentee}
    shown = page.content.decode()
    assert "Still there." in shown
    assert "osprey" not in shown + html.content.decode()
    assert "as you left it" not in shown
    assert "moment" not in html.content.decode().lower()
    assert "sandbox" in html["Content-Security-Policy"]
    assert "&lt;b&gt;one" in html.content.decode()


def test_a_test_goes_through_the_outbox_and_five_an_hour_are_enough(
    words: NudgeWords, program: Program, admin: User, mentee: User
) -> None:
    client = signed_in(admin)
    sent = client.post(
        reverse(f"{PAGE}_test", args=[words.pk]), {"nudge": "ask", "role": "mentor"}, follow=True
    )
    assert admin.email in sent.content.decode()
    message = Message.objects.select_related("person").get(kind="template_test")
    email = letters.compose(message)
    assert email.to == [admin.email]
    assert f"{admin.first_name}, <b>one</b> thing" in str(email.body)
    for _ in range(4):
        actions.send_test(words, Nudge.ASK, "mentor", by=admin, now=NOW)  # type: ignore[arg-type]
    Message.objects.update(due_at=NOW)
    with pytest.raises(Refused, match="Five tests an hour"):
        actions.send_test(words, Nudge.ASK, "mentor", by=admin, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Only those who run"):
        actions.send_test(words, Nudge.ASK, "mentor", by=mentee, now=NOW)  # type: ignore[arg-type]
