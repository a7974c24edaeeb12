"""What the e-mails of the quarter say, in both parts, and what they never say."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import NamedTuple

import pytest
import time_machine
from django.utils import translation

from accounts.mail import letters
from accounts.mail.kinds import Unrenderable
from accounts.mail.models import Message
from accounts.models import DataKey, User
from accounts.vault import remembered
from mentoring.models import Pairing, Program
from reflections.models import Audience, Moment, Question, Reflection, Round
from reflections.schedule import Nudge
from tests.conftest import enroll, pair
from tests.reflections.conftest import open_round

pytestmark = pytest.mark.django_db

CANARY = "the quiet herons of the seventh harbor"
BEFORE, AFTERWARDS = datetime(2026, 6, 23, 7, 0, tzinfo=UTC), datetime(2026, 7, 7, 7, 0, tzinfo=UTC)


class Mail(NamedTuple):
    whole: EmailMessage
    text: str
    html: str

    def says(self, sentence: str) -> bool:
        """In both parts, whatever their line breaks."""
        return sentence in " ".join(self.text.split()) and sentence in plain(self.html)


def plain(page: str) -> str:
    body = re.sub(r"<style.*?</style>|<div class=.preview.*?</div>", " ", page, flags=re.S)
    return (
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split()).replace(" .", ".").replace(" ;", ";")
    )


@pytest.fixture
def current(program: Program, pairing: Pairing) -> Round:
    return open_round(program)


def mail(person: User, round: Round, nudge: Nudge = Nudge.ASK, now: datetime = BEFORE) -> Mail:
    """The e-mail as it leaves, read back from its bytes."""
    message, _created = Message.objects.get_or_create(
        person=person,
        kind=nudge,
        subject_id=round.pk,
        defaults={
            "due_at": now,
            "next_attempt_at": now,
            "expires_at": now + timedelta(days=7),
            "message_id": f"{nudge}-{person.pk}-{round.pk}@example.org",
        },
    )
    message.person.refresh_from_db()
    with time_machine.travel(now, tick=False):
        content = letters.post(message).content
    whole = BytesParser(policy=policy.default).parsebytes(content)
    text, page = whole.get_body(("plain",)), whole.get_body(("html",))
    assert text is not None
    assert page is not None
    return Mail(whole, text.get_content().replace("\r\n", "\n"), page.get_content())  # type: ignore[arg-type]


def keep(person: User, text: str, **more: object) -> Moment:
    values: dict[str, object] = {"happened_on": date(2026, 6, 16), "kind": "aha", "for_whom": "mentee"}
    return Moment.objects.create(person=person, text=text, **(values | more))


# --- The ask -------------------------------------------------------------------------------------------------------


def test_the_ask_asks_the_question_itself_and_leads_to_one_page(mentor: User, current: Round) -> None:
    got = mail(mentor, current)
    assert got.whole["Subject"] == "What was your best stuff this quarter?"
    assert got.whole["From"] == "Harbor Mentors <reflect@localhost>"
    assert got.text.startswith("What was your best stuff?\n\nNoor, quarter one ends on Tuesday, June 30.")
    for sentence in (
        "What was your best stuff?",
        "Noor, quarter one ends on Tuesday, June 30. You may be thinking of what you did not get to. Most people are.",
        "Nobody else reads what you write, unless you say so.",
        "About as long as a cup of coffee. We ask until Tuesday, July 21; late is fine.",
        "Not this quarter? That is a full answer and needs no reason.",
        "Rosa Harbor Mentors",
        "You get this because you are in a pairing in Harbor Mentors: once a quarter, with at most two reminders.",
        "Stop these e-mails; your place in the program does not change.",
        "Who can see what",
    ):
        assert got.says(sentence), sentence


def test_both_parts_hold_the_same_links_all_on_our_own_site(mentor: User, current: Round) -> None:
    got = mail(mentor, current)
    links = re.findall(r"https?://[^\s\"'<>]+", got.text)
    assert links == re.findall(r'href="([^"]+)"', got.html)
    assert links[0] == f"http://localhost:8000/reflections/{current.pk}/"
    assert all(link.startswith("http://localhost:8000/") for link in links)
    assert len(links) == 5
    assert "<img" not in got.html
    assert "reply" not in got.text.lower()


def test_the_question_is_the_persons_own_first_one(mentor: User, mentee: User, current: Round) -> None:
    Question.objects.filter(round=current).delete()
    Question.objects.create(
        round=current, code="A", step="first", text="What did you give?", mentor_position=1
    )
    Question.objects.create(
        round=current,
        code="B",
        step="first",
        text="What did you try?",
        help_text="Big or small.",
        mentee_position=1,
    )
    assert mail(mentor, current).says("What did you give?")
    assert mail(mentee, current).says("What did you try?")
    assert mail(mentee, current).says("Big or small.")
    assert mail(mentor, current).whole["Subject"] == "What was your best stuff this quarter?"


def test_the_headers_are_those_of_a_nudge(mentor: User, mentee: User, current: Round) -> None:
    first, other = mail(mentor, current).whole, mail(mentee, current).whole
    assert first["List-Id"] == "Harbor Mentors reflections <reflections.harbor.localhost>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Unsubscribe"].startswith("<http://localhost:8000/mail/stop/")
    assert first["References"] == first["In-Reply-To"] != other["References"]
    for nudge in (Nudge.REMINDER, Nudge.LAST_CALL):
        again = mail(mentor, current, nudge).whole
        assert (again["References"], again["Subject"]) == (first["References"], first["Subject"])
        assert again["Message-ID"] != first["Message-ID"]


# --- The reminders -------------------------------------------------------------------------------------------------


def test_the_reminder_asks_again_and_knows_that_the_quarter_is_over(mentor: User, current: Round) -> None:
    got = mail(mentor, current, Nudge.REMINDER, AFTERWARDS)
    assert got.says(
        "Noor, quarter one ended on Tuesday, June 30. The question is still here, and a line is enough."
    )
    assert got.says("One more e-mail may come about this quarter, and then no other.")
    assert got.says("Write my reflection")


@pytest.mark.parametrize("nudge", [Nudge.REMINDER, Nudge.LAST_CALL])
def test_who_has_begun_is_told_that_the_page_is_as_they_left_it(
    mentor: User, current: Round, nudge: Nudge
) -> None:
    Reflection.objects.create(person=mentor, round=current, role="mentor")
    got = mail(mentor, current, nudge, AFTERWARDS)
    assert got.says("Your page is as you left it.")
    assert got.says("What you began is kept. Add to it, finish it, or leave it be.")
    assert not got.says("What was your best stuff? Noor")
    assert "Write my reflection" not in got.text


def test_the_last_call_says_that_it_is_the_last(mentor: User, current: Round) -> None:
    assert mail(mentor, current, Nudge.LAST_CALL, AFTERWARDS).says(
        "This is the last e-mail about this quarter."
    )


# --- One's own words -----------------------------------------------------------------------------------------------


def test_nobodys_words_are_in_the_mail_of_who_did_not_ask_for_them(
    mentor: User, mentee: User, current: Round, pairing: Pairing
) -> None:
    keep(mentor, CANARY)
    keep(mentor, CANARY, audience=Audience.PAIRING, pairing=pairing)
    keep(mentee, CANARY, audience=Audience.PAIRING, pairing=pairing)
    for nudge in Nudge:
        got = mail(mentor, current, nudge)
        assert CANARY not in got.text + got.html + str(got.whole)
        assert "noticed" not in got.text
        assert "moment" not in got.text


def test_who_asked_for_it_finds_their_own_shared_moments_and_the_others_only_counted(
    mentor: User, mentee: User, current: Round, pairing: Pairing, other_program: Program, member: User
) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_moments_in_mail=True)
    for person in (mentor, member):
        enroll(other_program, person, "both")
    elsewhere = pair(other_program, mentor, member)
    for n in range(6):
        keep(mentor, f"{CANARY} {n}")
    keep(mentor, "Tomasz rang the client himself.", audience=Audience.PAIRING, pairing=pairing)
    keep(
        mentor,
        "Ayo found the mistake.",
        audience=Audience.PROGRAM,
        program=current.program,
        kind="",
        for_whom="",
    )
    keep(mentor, f"{CANARY} elsewhere", audience=Audience.PAIRING, pairing=elsewhere)
    keep(mentor, f"{CANARY} of the partner's", audience=Audience.ME, happened_on=date(2026, 2, 1))
    keep(mentee, f"{CANARY} of the partner's", audience=Audience.PAIRING, pairing=pairing)
    got = mail(mentor, current)
    assert CANARY not in got.text + got.html
    for sentence in (
        "Here is what you noticed while it was happening.",
        "Tomasz rang the client himself.",
        "Aha! · My mentee · June 16",
        "Ayo found the mistake.",
        "And six more, kept for you alone. We leave those out of e-mail.",
    ):
        assert got.says(sentence), sentence
    assert CANARY not in mail(mentor, current, Nudge.REMINDER).text
    assert "noticed" not in mail(mentor, current, Nudge.LAST_CALL).text


def test_a_moment_that_cannot_be_read_any_more_is_left_out_and_the_mail_goes(
    mentor: User, current: Round, pairing: Pairing
) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_moments_in_mail=True)
    keep(mentor, "Tomasz rang the client himself.", audience=Audience.PAIRING, pairing=pairing)
    DataKey.objects.filter(person=mentor).delete()
    remembered.forget()
    got = mail(mentor, current)

    assert got.says("What was your best stuff?")
    assert "cannot be read" not in got.text
    assert "noticed" not in got.text


def test_only_the_three_latest_moments_are_shown_and_one_private_one_is_one(
    mentor: User, current: Round, pairing: Pairing
) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_moments_in_mail=True)
    for day in range(1, 6):
        keep(
            mentor,
            f"Moment of day {day}.",
            happened_on=date(2026, 6, day),
            audience="pairing",
            pairing=pairing,
        )
    keep(mentor, CANARY)
    got = mail(mentor, current)
    assert re.findall(r"Moment of day (\d)", got.text) == ["5", "4", "3"]
    assert got.says("And one more, kept for you alone. We leave it out of e-mail.")


def test_who_kept_everything_for_themselves_is_told_only_how_many(mentor: User, current: Round) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_moments_in_mail=True)
    keep(mentor, CANARY)
    keep(mentor, CANARY)
    got = mail(mentor, current)
    assert got.says(
        "You kept two moments for you alone. We leave those out of e-mail; they are beside the question."
    )
    assert CANARY not in got.text + got.html
    assert "noticed" not in got.text


def test_a_long_moment_is_shortened_and_its_marks_stay_words(
    mentor: User, current: Round, pairing: Pairing
) -> None:
    User.objects.filter(pk=mentor.pk).update(wants_moments_in_mail=True)
    keep(mentor, "<b>Bold</b>\n-- \n* line " + "word " * 390, audience="pairing", pairing=pairing)
    got = mail(mentor, current)
    assert "* <b>Bold</b> -- * line word" in got.text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in got.html
    assert got.text.count("word") < 60
    assert "…" in got.text
    assert got.text.count("\n-- \n") == 1


# --- Names, languages, accidents -----------------------------------------------------------------------------------


def test_long_names_and_odd_ones_break_nothing(mentor: User, current: Round) -> None:
    User.objects.filter(pk=mentor.pk).update(name="", preferred_name="Nóra-" + "ř" * 55)
    Program.objects.update(name="Ünïted & <Mentors> " + "of the Seven Harbors " * 4, contact_name="")
    got = mail(mentor, current)
    assert "Nóra-" + "ř" * 55 in got.text
    assert "Ünïted & <Mentors>" in got.text
    assert "Ünïted &amp; &lt;Mentors&gt;" in got.html
    assert max(len(line) for line in got.text.splitlines() if "http" not in line) <= 72
    assert "Ünïted & <Mentors>" in str(got.whole["From"])


def test_a_german_reader_gets_german_dates_and_what_is_translated(
    mentor: User, current: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=mentor.pk).update(language="de", time_zone="Europe/Berlin")
    german = translation.trans_real.translation("de")._catalog._catalogs[0]  # type: ignore[attr-defined]
    monkeypatch.setitem(german, "What was your best stuff?", "Was war dein Bestes?")
    got = mail(mentor, current)
    assert got.says("Was war dein Bestes?")
    assert "Dienstag, 30. Juni" in got.text
    assert "Dienstag, 30. Juni" in got.html
    assert 'lang="de"' in got.html
    assert got.whole["Content-Language"] == "de"


def test_the_readers_own_day_says_whether_the_quarter_is_over(mentor: User, current: Round) -> None:
    """Half past midnight in Auckland, where July has begun."""
    now = datetime(2026, 6, 30, 12, 30, tzinfo=UTC)
    assert mail(mentor, current, now=now).says("quarter one ends on")
    User.objects.filter(pk=mentor.pk).update(time_zone="Pacific/Auckland")
    assert mail(mentor, current, now=now).says("quarter one ended on")


def test_there_is_no_letter_about_a_round_that_is_gone_or_asks_nothing(mentor: User, current: Round) -> None:
    mail(mentor, current)
    Question.objects.all().delete()
    with pytest.raises(Unrenderable, match="asks this person nothing"):
        mail(mentor, current)
    current.delete()
    current.pk = Message.objects.get().subject_id
    with pytest.raises(Unrenderable, match="gone"):
        mail(mentor, current)
