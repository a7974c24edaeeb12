"""What people answer from their calendars reaches the meeting, and what anybody else sends does not."""

import io
import logging
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import Settings

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, calendar_events, calendar_replies
from mentoring.calendar_emails import DECLINED, INVITED
from mentoring.calendar_replies import Outcome
from mentoring.emails import NOT_RUNNING
from mentoring.invites.meeting import Status
from mentoring.models import Arrangement, Attendance, CalendarDecline, Meeting, Pairing, Program
from tests.conftest import pair

from .cast import DAY, HOUR, arrives, call_off, latest, move, owed, soon, tell, text_of, told, why_not

pytestmark = pytest.mark.django_db
OURS = "mx.harbor.example"
WORDS = "avocet-my-daughter-is-ill"


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS


def reply(
    arrangement: Arrangement,
    person: User,
    answer: str = "ACCEPTED",
    *,
    sequence: int | None = None,
    at: datetime | None = None,
    occurrence: datetime | None = None,
    method: str = "REPLY",
    uid: str = "",
) -> str:
    stamp = at or datetime.now(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        f"METHOD:{method}",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"UID:{uid or arrangement.uid}",
        f"SEQUENCE:{arrangement.sequence if sequence is None else sequence}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"ATTENDEE;PARTSTAT={answer}:mailto:{person.email}",
        f"COMMENT:{WORDS}",
    ]
    if occurrence:
        lines.append(f"RECURRENCE-ID:{occurrence.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])


def mail(content: str, sender: str, *, results: str | None = None) -> bytes:
    email = EmailMessage()
    domain = sender.rpartition("@")[2]
    email["Authentication-Results"] = results or f"{OURS}; dmarc=pass header.from={domain}"
    email["From"] = sender
    email["Auto-Submitted"] = "auto-generated"  # As Google's.
    email.set_content("Somebody has answered.")
    email.add_alternative(content, subtype="calendar", params={"method": "REPLY"})
    return email.as_bytes()


def receive(content: str, sender: User | str, **how: str) -> list[Outcome]:
    address = sender.email if isinstance(sender, User) else sender
    return calendar_replies.receive(mail(content, address, **how), now=datetime.now(UTC))


def said(person: User) -> str:
    return Attendance.objects.get(person=person, meeting=None).answer


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_what_a_calendar_answers_is_written_down(pairing: Pairing, mentee: User, answer: str) -> None:
    arrangement = told(pairing)
    assert receive(reply(arrangement, mentee, answer), mentee) == [Outcome.APPLIED]
    row = Attendance.objects.get(person=mentee)
    assert row.answer == answer
    assert row.answered_at is not None
    assert row.last_sequence == 0
    assert said(pairing.mentor) == "NEEDS-ACTION"


def test_the_same_reply_counts_once_and_an_earlier_one_not_at_all(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    now = datetime.now(UTC)
    late = reply(arrangement, mentee, "DECLINED", at=now)
    assert receive(late, mentee) == [Outcome.APPLIED]
    assert receive(late, mentee) == [Outcome.STALE]
    early = reply(arrangement, mentee, "ACCEPTED", at=now - HOUR)
    assert receive(early, mentee) == [Outcome.STALE]
    assert said(mentee) == "DECLINED"
    assert CalendarDecline.objects.count() == 1


def test_an_answer_to_another_time_says_nothing_about_this_one(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    before = reply(arrangement, mentee, "DECLINED")
    move(arrangement, soon(9))
    assert receive(before, mentee) == [Outcome.STALE]
    assert said(mentee) == "NEEDS-ACTION"
    assert receive(reply(arrangement, mentee), mentee) == [Outcome.APPLIED]
    assert receive(reply(arrangement, mentee, sequence=7), mentee) == [Outcome.UNKNOWN_VERSION]


def test_an_answer_to_the_same_time_counts_though_the_place_is_another(
    pairing: Pairing, mentee: User
) -> None:
    arrangement = told(pairing)
    before = reply(arrangement, mentee)
    Arrangement.objects.filter(pk=arrangement.pk).update(sequence=1)
    assert receive(before, mentee) == [Outcome.APPLIED]


def test_what_was_said_on_our_page_counts_for_what_a_calendar_said_before_it(
    pairing: Pairing, mentee: User
) -> None:
    arrangement = told(pairing)
    now = datetime.now(UTC)
    Attendance.objects.filter(person=mentee).update(answer="ACCEPTED", answered_at=now - HOUR)
    before = reply(arrangement, mentee, "DECLINED", at=now - 2 * HOUR)
    assert receive(before, mentee) == [Outcome.STALE]
    assert receive(reply(arrangement, mentee, "DECLINED", at=now), mentee) == [Outcome.APPLIED]


# --- Who may say it ------------------------------------------------------------------------------------------------


def test_nobody_answers_for_somebody_else(
    pairing: Pairing, mentor: User, mentee: User, outsider: User
) -> None:
    arrangement = told(pairing)
    assert receive(reply(arrangement, mentee, "DECLINED"), mentor) == [Outcome.ANOTHERS]
    assert receive(reply(arrangement, mentee, "DECLINED"), outsider) == [Outcome.NOT_THEIRS]
    assert receive(reply(arrangement, outsider, "DECLINED"), outsider) == [Outcome.NOT_THEIRS]
    assert receive(reply(arrangement, outsider), "nobody@elsewhere.example") == [Outcome.NOT_THEIRS]
    assert said(mentee) == "NEEDS-ACTION"
    assert Attendance.objects.count() == 2


@pytest.mark.parametrize(
    "results",
    [
        f"{OURS}; dmarc=fail header.from=harbor.example",
        f"{OURS}; dkim=pass header.d=harbor.example",
        "elsewhere.example; dmarc=pass header.from=harbor.example",
        f"{OURS}; dmarc=pass header.from=elsewhere.example",
    ],
)
def test_a_sender_that_is_not_shown_changes_nothing(pairing: Pairing, mentee: User, results: str) -> None:
    arrangement = told(pairing)
    assert receive(reply(arrangement, mentee, "DECLINED"), mentee, results=results) == [Outcome.NOT_SHOWN]
    assert said(mentee) == "NEEDS-ACTION"


def test_whoever_is_disabled_answers_nothing(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    assert receive(reply(arrangement, mentee), mentee) == [Outcome.NOT_THEIRS]


def test_mail_is_taken_only_where_it_is_set_up(pairing: Pairing, mentee: User, settings: Settings) -> None:
    arrangement = told(pairing)
    settings.INBOUND_AUTHSERV_ID = ""
    assert receive(reply(arrangement, mentee, "DECLINED"), mentee) == [Outcome.OFF]
    assert said(mentee) == "NEEDS-ACTION"


def test_an_envelope_to_another_address_is_none_of_ours(pairing: Pairing, mentee: User) -> None:
    content = mail(reply(told(pairing), mentee), mentee.email)
    now = datetime.now(UTC)
    assert calendar_replies.receive(content, now=now, recipient="signin@localhost") == [Outcome.OTHER_ADDRESS]
    assert calendar_replies.receive(content, now=now, recipient="Reflect@localhost") == [Outcome.APPLIED]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"x" * (calendar_replies.MOST_BYTES + 1),
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x--\r\n",
        b"From: a@b.example\r\n\r\nhello",
    ],
)
def test_whatever_comes_in_breaks_nothing(db: None, content: bytes) -> None:
    (outcome,) = calendar_replies.receive(content, now=datetime.now(UTC))
    assert outcome is not Outcome.APPLIED


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "REFRESH", "ADD"])
def test_what_is_no_reply_changes_nothing(pairing: Pairing, mentee: User, method: str) -> None:
    arrangement = told(pairing)
    assert receive(reply(arrangement, mentee, "DECLINED", method=method), mentee) == [Outcome.NO_REPLY]
    assert said(mentee) == "NEEDS-ACTION"


def test_another_time_that_is_asked_for_moves_nothing(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    assert receive(reply(arrangement, mentee, "TENTATIVE", method="COUNTER"), mentee) == [Outcome.COUNTER]
    assert receive(reply(arrangement, mentee, "DELEGATED"), mentee) == [Outcome.NO_ANSWER]
    assert said(mentee) == "NEEDS-ACTION"


@pytest.mark.parametrize("uid", ["x", "00000000-0000-0000-0000-000000000000", "{0}", "'; drop table"])
def test_a_meeting_that_is_none_of_ours_is_not_found(pairing: Pairing, mentee: User, uid: str) -> None:
    (outcome,) = receive(reply(told(pairing), mentee, uid=uid), mentee)
    assert outcome in (Outcome.NO_REPLY, Outcome.NOT_THEIRS)


def test_a_meeting_that_is_off_is_not_answered(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    call_off(arrangement)
    assert receive(reply(arrangement, mentee), mentee) == [Outcome.OVER]


@pytest.mark.parametrize("status", ["paused", "ended"])
def test_a_pair_that_does_not_meet_is_not_answered_for(pairing: Pairing, mentee: User, status: str) -> None:
    arrangement = told(pairing)
    ended_on = soon().date() if status == "ended" else None
    Pairing.objects.update(status=status, ended_on=ended_on)
    assert receive(reply(arrangement, mentee), mentee) == [Outcome.OVER]


# --- One of a series -----------------------------------------------------------------------------------------------


def test_one_meeting_of_a_series_is_answered_alone(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4)
    second = arrangement.meetings.order_by("starts_at")[1]
    assert receive(reply(arrangement, mentee), mentee) == [Outcome.APPLIED]
    answered = reply(arrangement, mentee, "DECLINED", occurrence=second.original_at)
    assert receive(answered, mentee) == [Outcome.APPLIED]
    assert said(mentee) == "ACCEPTED"
    assert Attendance.objects.get(meeting=second, person=mentee).answer == "DECLINED"
    mail_ = arrives(latest(pairing.mentor))
    assert f"cannot come on {second.starts_at.astimezone(pairing.mentor.zone):%A}" in mail_["Subject"]


def test_one_that_is_off_or_over_is_not_answered_for_the_others(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4, starts_at=soon(-3))
    first, second, *_ = arrangement.meetings.order_by("starts_at")
    second.cancelled_at = datetime.now(UTC)
    second.save()
    for each in (first, second):
        content = reply(arrangement, mentee, "DECLINED", occurrence=each.original_at)
        assert receive(content, mentee) == [Outcome.OVER]
    assert said(mentee) == "NEEDS-ACTION"


def test_a_time_that_the_series_does_not_have_is_not_answered(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4)
    odd = arrangement.starts_at + DAY
    assert receive(reply(arrangement, mentee, occurrence=odd), mentee) == [Outcome.NO_OCCURRENCE]


def test_one_that_was_moved_is_answered_by_the_time_that_it_had(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4)
    second = arrangement.meetings.order_by("starts_at")[1]
    original = second.original_at
    second.starts_at += 3 * HOUR
    second.save()
    assert receive(reply(arrangement, mentee, occurrence=original), mentee) == [Outcome.APPLIED]
    assert Attendance.objects.get(meeting=second, person=mentee).answer == "ACCEPTED"


def test_an_answer_to_the_time_that_one_had_before_says_nothing(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4)
    second, third = arrangement.meetings.order_by("starts_at")[1:3]
    early = [reply(arrangement, mentee, occurrence=each.original_at) for each in (second, third)]
    Meeting.objects.filter(pk=second.pk).update(starts_at=second.starts_at + HOUR)
    tell(arrangement, asks_again=True, occurrence=second.original_at)
    assert receive(early[0], mentee) == [Outcome.STALE]
    assert receive(early[1], mentee) == [Outcome.APPLIED]
    assert receive(reply(arrangement, mentee, occurrence=second.original_at), mentee) == [Outcome.APPLIED]


def test_an_answer_counts_though_one_meeting_is_somewhere_else_since(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing, every="week", times=4)
    second = arrangement.meetings.order_by("starts_at")[1]
    before = reply(arrangement, mentee, "DECLINED", occurrence=second.original_at)
    now = datetime.now(UTC)
    actions.move_meeting(
        second, by=pairing.mentor, starts_at=second.starts_at, minutes=60, place="Quay", now=now
    )
    assert [each.asks_again for each in arrangement.versions.order_by("sequence")] == [True, False]
    assert receive(before, mentee) == [Outcome.APPLIED]


def test_an_answer_of_a_group_counts_though_one_of_them_misses_that_meeting(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    other = pair(program, mentor, member)
    arrangement = told(pairing, other, every="week", times=3)
    third = other.meetings.order_by("starts_at")[2]
    before = reply(arrangement, mentor, occurrence=third.original_at)
    actions.cancel_meeting(third, by=member, now=datetime.now(UTC))
    assert receive(before, mentor) == [Outcome.APPLIED]


def test_an_answer_to_the_only_meeting_is_one_to_all_of_it(pairing: Pairing, mentee: User) -> None:
    arrangement = told(pairing)
    assert receive(reply(arrangement, mentee, occurrence=arrangement.starts_at), mentee) == [Outcome.APPLIED]
    assert said(mentee) == "ACCEPTED"


def test_the_mentor_of_a_group_answers_for_themselves_in_each_of_its_pairs(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    other = pair(program, mentor, member)
    arrangement = told(pairing, other, every="week", times=3)
    third = arrangement.meetings.filter(pairing=pairing).order_by("starts_at")[2].original_at
    assert receive(reply(arrangement, mentor, "DECLINED", occurrence=third), mentor) == [Outcome.APPLIED]
    assert Attendance.objects.filter(person=mentor, answer="DECLINED").count() == 2
    assert owed(mentee) == owed(member) == [INVITED, DECLINED]
    assert owed(mentor) == [INVITED]


def test_a_mentee_of_a_group_is_heard_by_the_mentor_alone(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    arrangement = told(pairing, pair(program, mentor, member))
    assert receive(reply(arrangement, mentee, "DECLINED"), mentee) == [Outcome.APPLIED]
    assert owed(mentor) == [INVITED, DECLINED]
    assert owed(member) == [INVITED]


# --- The other one hears of a no -----------------------------------------------------------------------------------


def test_a_no_is_told_to_the_other_one_without_anybodys_words(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing)
    receive(reply(arrangement, mentee, "DECLINED"), mentee)
    assert owed(mentor) == [INVITED, DECLINED]
    assert owed(mentee) == [INVITED]
    mail_ = arrives(latest(mentor))
    assert mail_["Subject"].startswith("Tomasz cannot come on")
    assert "The meeting still stands" in text_of(mail_)
    assert WORDS not in mail_.as_string()
    assert not any(part.get_content_type() == "text/calendar" for part in mail_.walk())


def test_a_yes_tells_nobody(pairing: Pairing, mentor: User, mentee: User) -> None:
    receive(reply(told(pairing), mentee), mentee)
    assert owed(mentor) == [INVITED]


def test_a_no_that_became_a_yes_is_not_told(pairing: Pairing, mentor: User, mentee: User) -> None:
    arrangement = told(pairing)
    now = datetime.now(UTC)
    receive(reply(arrangement, mentee, "DECLINED", at=now - timedelta(minutes=5)), mentee)
    no = latest(mentor)
    assert why_not(no) == ""
    receive(reply(arrangement, mentee, at=now), mentee)
    assert why_not(no) == "it is answered otherwise, or off"


def test_a_no_to_what_is_off_is_not_told(pairing: Pairing, mentor: User, mentee: User) -> None:
    arrangement = told(pairing)
    receive(reply(arrangement, mentee, "DECLINED"), mentee)
    no = Message.objects.get(kind=DECLINED)
    Program.objects.update(status="paused")
    assert why_not(no) == NOT_RUNNING
    call_off(arrangement)
    assert why_not(no) == "it is answered otherwise, or off"


def test_a_no_to_all_of_a_series_says_so(pairing: Pairing, mentor: User, mentee: User) -> None:
    receive(reply(told(pairing, every="week", times=3), mentee, "DECLINED"), mentee)
    assert "no to all of these meetings" in text_of(arrives(latest(mentor)))


def test_a_no_shows_in_the_next_invitation(pairing: Pairing, mentor: User, mentee: User) -> None:
    arrangement = told(pairing)
    receive(reply(arrangement, mentee, "DECLINED"), mentee)
    seen = calendar_events.seen_by(mentor, arrangement, datetime.now(UTC))
    assert seen is not None
    assert {each.address: each.status for each in seen.event().attendees}[mentee.email] is Status.DECLINED


# --- A no on the page ----------------------------------------------------------------------------------------------


def say(meeting: Meeting, person: User, *, comes: bool = False) -> None:
    actions.answer_meeting(meeting, by=person, comes=comes, now=datetime.now(UTC))


def test_a_no_on_the_page_is_told_like_one_from_a_calendar_and_once(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    meeting = told(pairing).meetings.get()
    say(meeting, mentee)
    say(meeting, mentee)
    assert owed(mentor) == [INVITED, DECLINED]
    assert owed(mentee) == [INVITED]
    mail_ = arrives(latest(mentor))
    assert mail_["Subject"].startswith("Tomasz cannot come on")
    assert "Tomasz has said that they cannot come. The meeting still stands" in text_of(mail_)
    say(meeting, mentee, comes=True)
    assert why_not(latest(mentor)) == "it is answered otherwise, or off"
    assert owed(mentor) == [INVITED, DECLINED]
    say(meeting, mentee)
    assert owed(mentor) == [INVITED, DECLINED, DECLINED]


def test_a_no_on_the_page_after_one_from_the_calendar_is_no_second_letter(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = told(pairing, every="week", times=3)
    receive(reply(arrangement, mentee, "DECLINED"), mentee)
    say(arrangement.meetings.latest("starts_at"), mentee)
    assert owed(mentor) == [INVITED, DECLINED]


def test_a_no_to_one_of_a_series_on_the_page_is_to_that_one(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    second = told(pairing, every="week", times=3).meetings.order_by("starts_at")[1]
    say(second, mentee)
    assert CalendarDecline.objects.get().occurrence == second.original_at
    assert f"on {second.starts_at.astimezone(mentor.zone):%A}" in arrives(latest(mentor))["Subject"]
    assert said(mentee) == "NEEDS-ACTION"


def test_a_mentor_who_says_no_on_the_page_says_it_to_all_of_a_group(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    arrangement = told(pairing, pair(program, mentor, member), every="week", times=3)
    say(pairing.meetings.filter(arrangement=arrangement).latest("starts_at"), mentor)
    assert Attendance.objects.filter(person=mentor, answer="DECLINED").count() == 2
    assert owed(mentee) == owed(member) == [INVITED, DECLINED]
    assert owed(mentor) == [INVITED]


# --- The command ---------------------------------------------------------------------------------------------------


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes, *args: str) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    call_command("receive", *args)


def test_a_mail_server_hands_over_an_e_mail(
    pairing: Pairing, mentee: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    arrangement = told(pairing)
    pipe(
        monkeypatch,
        mail(reply(arrangement, mentee, "DECLINED"), mentee.email),
        "--recipient",
        "reflect@localhost",
    )
    assert said(mentee) == "DECLINED"
    assert "receive: applied" in caplog.text
    for private in (mentee.email, "Tomasz", WORDS, str(arrangement.uid)):
        assert private not in caplog.text


def test_what_counts_for_nothing_is_taken_too_so_that_nobody_is_written_to(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, b"From: eve@evil.example\r\n\r\nhello")


def test_it_is_handed_over_again_while_nothing_can_be_written_down(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError

    settings.INBOUND_AUTHSERV_ID = ""
    with pytest.raises(SystemExit) as off:
        pipe(monkeypatch, b"x")
    monkeypatch.setattr(calendar_replies, "receive", away)
    with pytest.raises(SystemExit) as ended:
        pipe(monkeypatch, b"x")
    assert off.value.code == ended.value.code == 75
