"""What came back: in whose shape it may be, what is refused and as what, and which answer counts."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.invites.replies import (
    MOST_BYTES,
    Answer,
    Decision,
    Foreign,
    Known,
    NoCalendar,
    NoReply,
    Reply,
    TooBig,
    Unclear,
    Unreadable,
    Verdict,
    decide,
    read,
)

from .samples import APPLE, EXCHANGE, GMAIL, GMAIL_COUNTER, THUNDERBIRD, UID, calendar

STAMP = datetime(2026, 6, 3, 10, 11, 12, tzinfo=UTC)
NOW = STAMP + timedelta(minutes=1)
NOOR, TOMASZ = "noor@harbor.example", "tomasz@school.example"


def is_ours(uid: str) -> bool:
    return uid.endswith("@mentoring.example")


def one(content: bytes, sender: str = "", charset: str = "") -> Reply:
    (reply,) = read(content, is_ours=is_ours, sender=sender, charset=charset)
    return reply


def made(*lines: str, method: str = "REPLY") -> bytes:
    """An answer of Noor's with these lines instead of, or besides, its own."""
    names = {line.split(":")[0].split(";")[0] for line in lines}
    own = [
        f"UID:{UID}",
        "DTSTAMP:20260603T101112Z",
        "SEQUENCE:1",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{NOOR}",
    ]
    kept = [line for line in own if line.split(":")[0].split(";")[0] not in names]
    return calendar(
        "BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *kept, *lines, "END:VEVENT", "END:VCALENDAR"
    )


# --- Whose shape it may have ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            GMAIL,
            Reply(
                uid=UID,
                address=NOOR,
                answer=Answer.ACCEPTED,
                sequence=1,
                stamp=STAMP,
                comment="Looking forward, both of us",
            ),
        ),
        (
            EXCHANGE,
            Reply(
                uid=UID,
                address=TOMASZ,
                answer=Answer.DECLINED,
                sequence=2,
                stamp=STAMP,
                occurrence=datetime(2026, 7, 2, 15, tzinfo=UTC),
                comment="Exams that day, sorry.\nAnother Thursday?",
            ),
        ),
        (
            APPLE,
            Reply(
                uid=UID, address=NOOR, answer=Answer.TENTATIVE, stamp=STAMP, comment="If the ferry is on time"
            ),
        ),
        (
            THUNDERBIRD,
            Reply(
                uid=UID,
                address=TOMASZ,
                answer=Answer.ACCEPTED,
                sequence=1,
                stamp=STAMP,
                occurrence=datetime(2026, 7, 2, 15, tzinfo=UTC),
            ),
        ),
    ],
    ids=["gmail", "exchange", "apple", "thunderbird"],
)
@pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")
def test_what_each_calendar_sends_is_understood(content: bytes, expected: Reply) -> None:
    assert one(content) == expected


@pytest.mark.parametrize("content", [GMAIL, EXCHANGE, APPLE], ids=["gmail", "exchange", "apple"])
def test_lines_may_end_with_lf_and_have_empty_ones_between(content: bytes) -> None:
    assert one(content.replace(b"\r\n", b"\n")) == one(content)
    assert one(b"\r\n" + content.replace(b"\r\nUID", b"\r\n\r\nUID")) == one(content)


def test_a_wish_for_another_time_is_understood_as_one() -> None:
    reply = one(GMAIL_COUNTER, sender="Noor@harbor.example")
    assert reply.is_counter
    assert reply.address == NOOR
    assert reply.proposes_in("Europe/Lisbon") == datetime(2026, 6, 25, 17, tzinfo=UTC)
    assert reply.comment == "An hour or two later?"


def test_a_time_without_a_known_zone_is_one_by_the_meeting_s_clock() -> None:
    for line in ("RECURRENCE-ID;TZID=Customized Time Zone:20260702T160000", "RECURRENCE-ID:20260702T160000"):
        reply = one(made(line))
        assert reply.occurrence == datetime(2026, 7, 2, 16)  # noqa: DTZ001
        assert reply.occurrence_in("Europe/Lisbon") == datetime(2026, 7, 2, 15, tzinfo=UTC)


def test_an_occurrence_in_utc_needs_no_zone() -> None:
    reply = one(made("RECURRENCE-ID:20260702T150000Z"))
    assert reply.occurrence_in("Asia/Tokyo") == datetime(2026, 7, 2, 15, tzinfo=UTC)


def test_the_zone_is_not_taken_from_what_they_say_it_is() -> None:
    """Whose VTIMEZONE calls something else Europe/Lisbon changes nothing, and an endless rule costs nothing."""
    poison = calendar(
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Lisbon",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "RRULE:FREQ=SECONDLY",
        "TZOFFSETFROM:+1200",
        "TZOFFSETTO:+1200",
        "END:STANDARD",
        "END:VTIMEZONE",
    )
    content = poison + made("RECURRENCE-ID;TZID=Europe/Lisbon:20260702T160000").split(b"METHOD:REPLY\r\n")[1]
    began = time.monotonic()
    assert one(content).occurrence_in("Europe/Lisbon") == datetime(2026, 7, 2, 15, tzinfo=UTC)
    assert time.monotonic() - began < 1


# --- Charsets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "us-ascii"),
        ("utf-8", "iso-8859-1"),
        ("utf-8-sig", ""),
        ("iso-8859-1", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("cp1252", ""),
        ("cp1252", "x-no-such-charset"),
        ("utf-16", "utf-8"),
    ],
)
def test_an_answer_is_read_whatever_charset_it_is_said_to_be_in(encoding: str, charset: str) -> None:
    content = made("COMMENT:Schöne Grüße").decode().encode(encoding)
    reply = one(content, charset=charset)
    assert reply.answer is Answer.ACCEPTED
    assert reply.address == NOOR
    if charset != "utf-8" or encoding != "cp1252":
        assert reply.comment == "Schöne Grüße"


# --- What is missing, wrong or too much -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ATTENDEE;PARTSTAT=accepted:MAILTO:NOOR@harbor.example"], {"answer": Answer.ACCEPTED}),
        (["ATTENDEE;PARTSTAT=X-LATER:mailto:noor@harbor.example"], {"answer": Answer.NEEDS_ACTION}),
        (["ATTENDEE:mailto:noor@harbor.example"], {"answer": Answer.NEEDS_ACTION}),
        (["ATTENDEE;PARTSTAT=DELEGATED:mailto:noor@harbor.example"], {"answer": Answer.DELEGATED}),
        (["ATTENDEE;PARTSTAT=ACCEPTED:noor@harbor.example"], {"address": NOOR}),
        (
            ["ATTENDEE;PARTSTAT=ACCEPTED:mailto:noor%2Bmeet@harbor.example"],
            {"address": "noor+meet@harbor.example"},
        ),
        (["SEQUENCE:"], {"sequence": 0}),
        (["SEQUENCE:many"], {"sequence": 0}),
        (["SEQUENCE:-3"], {"sequence": 0}),
        (["SEQUENCE:99999999999999999999"], {"sequence": 0}),
        (["DTSTAMP:"], {"stamp": None}),
        (["DTSTAMP:yesterday"], {"stamp": None}),
        (["DTSTAMP:20260603"], {"stamp": None}),
        (["DTSTAMP:20260603T101112"], {"stamp": None}),
        (["DTSTAMP:20261303T101112Z"], {"stamp": None}),
        (["DTSTAMP;TZID=Europe/Berlin:20260603T121112"], {"stamp": STAMP}),
        (["COMMENT:" + "x" * 3000], {"comment": "x" * 2000}),
        (["COMMENT:a\x07b\x1b[31m"], {"comment": "ab[31m"}),
        (["this is no line", "=:=", ";;;", "COMMENT:still"], {"comment": "still"}),
    ],
)
def test_what_is_missing_or_nonsense_is_made_the_best_of(
    lines: list[str], expected: dict[str, object]
) -> None:
    reply = one(made(*lines))
    assert {name: getattr(reply, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NoCalendar),
        (b"Thank you!", NoCalendar),
        (b"\x00\xff" * 100, NoCalendar),
        (b"x" * (MOST_BYTES + 1), TooBig),
        (b"BEGIN:VCALENDAR\r\n" + b"X:1\r\n" * 6000, TooBig),
        (calendar("BEGIN:VCALENDAR", "METHOD:REPLY", *["BEGIN:VEVENT", "END:VEVENT"] * 51), TooBig),
        (calendar("BEGIN:VCALENDAR", "METHOD:REPLY", "END:VCALENDAR"), NoCalendar),
        (made(method="REQUEST"), NoReply),
        (made(method=""), NoReply),
        (made("UID:someone-else@example.org"), Foreign),
        (made("UID:"), Foreign),
        (
            made(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{NOOR}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{TOMASZ}"),
            Unclear,
        ),
        (made("ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail"), Unclear),
        (made("ATTENDEE;PARTSTAT=ACCEPTED:mailto:"), Unclear),
        (made("RECURRENCE-ID:soon"), Unclear),
        (made("RECURRENCE-ID;VALUE=DATE:20260702"), Unclear),
    ],
)
def test_what_is_no_answer_is_refused_as_what_it_is(content: bytes, problem: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content, is_ours=is_ours)
    assert type(refused.value) is problem


def test_another_kind_of_message_says_which() -> None:
    with pytest.raises(NoReply) as refused:
        read(made(method="refresh"), is_ours=is_ours)
    assert refused.value.method == "REFRESH"


def test_of_several_people_it_is_whoever_sent_it() -> None:
    both = made(f"ATTENDEE;PARTSTAT=DECLINED:mailto:{TOMASZ}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{NOOR}")
    assert one(both, sender="Tomasz@school.example").answer is Answer.DECLINED
    with pytest.raises(Unclear):
        one(both, sender="evil@x.example")


def test_several_meetings_are_several_answers_and_those_of_others_are_left_out() -> None:
    event = made().split(b"METHOD:REPLY\r\n")[1].removesuffix(b"END:VCALENDAR\r\n")
    other = event.replace(UID.encode(), b"else@example.org")
    unclear = event.replace(b"mailto:", b"invalid:")
    third = event.replace(UID.encode(), b"meeting-8-x@mentoring.example").replace(b"ACCEPTED", b"DECLINED")
    content = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + event + other + unclear + third + b"END:VCALENDAR\r\n"
    assert [(each.uid, each.answer) for each in read(content, is_ours=is_ours)] == [
        (UID, Answer.ACCEPTED),
        ("meeting-8-x@mentoring.example", Answer.DECLINED),
    ]


def test_what_stands_inside_an_alarm_is_not_the_meeting_s() -> None:
    reply = one(made("BEGIN:VALARM", "ATTENDEE;PARTSTAT=DECLINED:mailto:evil@x.example", "UID:x", "END:VALARM",
                     f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{NOOR}", f"UID:{UID}"))  # fmt: skip
    assert (reply.address, reply.answer) == (NOOR, Answer.ACCEPTED)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: made(text.replace("\n", "\r\n"))))
@settings(deadline=None)
def test_whatever_comes_in_is_an_answer_or_refused(content: bytes) -> None:
    try:
        replies = read(content, is_ours=is_ours)
    except Unreadable:
        return
    assert all(is_ours(reply.uid) for reply in replies)


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\n" * 4000,
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" + b"ATTENDEE;" + b"X=1;" * 60_000,
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        + (b'ATTENDEE;CN="' + b'\\"' * 9000 + b":x\r\n") * 13,
        b"BEGIN:VCALENDAR\r\n" + b"\r\n " * 80_000,
        b"BEGIN:VCALENDAR" + b"\r\n" * 4000 + b" " * 200_000,
    ],
    ids=["nested", "parameters", "quotes", "folds", "blanks"],
)
def test_what_is_made_to_be_slow_is_not(content: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable):
        read(content, is_ours=is_ours)
    assert time.monotonic() - began < 3


# --- Which answer counts ----------------------------------------------------------------------------------------------

REPLY = Reply(uid=UID, address=NOOR, answer=Answer.ACCEPTED, sequence=3, stamp=STAMP)
KNOWN = Known(sequence=3, asked_in=3)
EARLIER, LATER = STAMP - timedelta(hours=1), STAMP + timedelta(hours=1)


@pytest.mark.parametrize(
    ("reply", "known", "verdict"),
    [
        (REPLY, KNOWN, Verdict.APPLY),
        (replace(REPLY, answer=Answer.DECLINED), KNOWN, Verdict.APPLY),
        (replace(REPLY, answer=Answer.TENTATIVE), KNOWN, Verdict.APPLY),
        (replace(REPLY, answer=Answer.NEEDS_ACTION), KNOWN, Verdict.NO_ANSWER),
        (replace(REPLY, answer=Answer.DELEGATED), KNOWN, Verdict.NO_ANSWER),
        (replace(REPLY, is_counter=True), KNOWN, Verdict.COUNTER),
        # Versions.
        (replace(REPLY, sequence=4), KNOWN, Verdict.UNKNOWN_VERSION),
        (replace(REPLY, sequence=2), KNOWN, Verdict.STALE),
        (replace(REPLY, sequence=2), replace(KNOWN, asked_in=2), Verdict.APPLY),
        (replace(REPLY, sequence=2, is_counter=True), KNOWN, Verdict.STALE),
        (replace(REPLY, sequence=4, is_counter=True), KNOWN, Verdict.UNKNOWN_VERSION),
        # Two answers to one version: the later one, and never the same twice.
        (REPLY, replace(KNOWN, last_sequence=3, last_stamp=EARLIER), Verdict.APPLY),
        (REPLY, replace(KNOWN, last_sequence=3, last_stamp=LATER), Verdict.STALE),
        (REPLY, replace(KNOWN, last_sequence=3, last_stamp=STAMP), Verdict.STALE),
        (REPLY, replace(KNOWN, last_sequence=3, last_stamp=STAMP.replace(microsecond=900)), Verdict.STALE),
        # An answer to a later version goes before the clock of whoever gave it.
        (REPLY, replace(KNOWN, asked_in=2, last_sequence=2, last_stamp=LATER), Verdict.APPLY),
        (
            replace(REPLY, sequence=2),
            replace(KNOWN, asked_in=2, last_sequence=3, last_stamp=EARLIER),
            Verdict.STALE,
        ),
        # Without a time of its own it was said when it arrived.
        (replace(REPLY, stamp=None), replace(KNOWN, last_sequence=3, last_stamp=STAMP), Verdict.APPLY),
        (replace(REPLY, stamp=None), replace(KNOWN, last_sequence=3, last_stamp=NOW), Verdict.STALE),
    ],
)
def test_an_answer_counts_by_its_version_and_then_by_its_time(
    reply: Reply, known: Known, verdict: Verdict
) -> None:
    assert decide(reply, known, now=NOW).verdict is verdict


def test_a_clock_that_is_ahead_does_not_silence_whoever_has_it() -> None:
    ahead = replace(REPLY, stamp=STAMP + timedelta(days=400))
    first = decide(ahead, KNOWN, now=NOW)
    assert first == Decision(Verdict.APPLY, NOW)
    known = replace(KNOWN, last_sequence=3, last_stamp=first.stamp)
    assert decide(replace(ahead, answer=Answer.DECLINED), known, now=LATER).verdict is Verdict.APPLY


@given(st.permutations(range(5)), st.data())
def test_in_whatever_order_answers_arrive_the_last_one_said_stays(
    order: list[int], data: st.DataObject
) -> None:
    said = sorted(
        data.draw(
            st.lists(st.tuples(st.integers(3, 5), st.integers(0, 50)), min_size=5, max_size=5, unique=True)
        )
    )
    known = Known(sequence=5, asked_in=3)
    kept = None
    for number in order:
        sequence, minute = said[number]
        reply = replace(REPLY, sequence=sequence, stamp=STAMP + timedelta(minutes=minute))
        decision = decide(reply, known, now=STAMP + timedelta(days=1))
        if decision.verdict is Verdict.APPLY:
            kept = said[number]
            known = replace(known, last_sequence=sequence, last_stamp=decision.stamp)
    assert kept == said[-1]
