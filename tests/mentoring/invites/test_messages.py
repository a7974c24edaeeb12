"""Invitations, updates, cancellations and feeds, rule by rule, read line by line and by a second library."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentoring.invites.meeting import Attendee, Every, Meeting, Moved, Organizer, Series, Status
from mentoring.invites.messages import cancel, cancel_occurrences, etag, feed, request

from .cast import MEETING, NOOR, NOW, TOMASZ, UID, meeting, weekly
from .lines import Property, events, only, properties, second_reader, text_of

LATER = NOW + timedelta(days=1)
CANCELLED = meeting(sequence=3, is_cancelled=True)
SECOND, THIRD = MEETING.starts + timedelta(weeks=1), MEETING.starts + timedelta(weeks=2)
MOVED = Moved(original=SECOND, starts=SECOND + timedelta(hours=26), minutes=30, place="By the sea")
SERIES = weekly(without=frozenset({THIRD}), moved=(MOVED,))


def calendar_property(content: bytes, name: str) -> str:
    (found,) = [each for each in properties(content) if each.within == ("VCALENDAR",) and each.name == name]
    return found.value


def of_event(content: bytes, name: str) -> str:
    (event,) = events(content)
    return only(event, name).value


def invited(made: Meeting = MEETING, now: datetime = NOW) -> bytes:
    return request(made, now=now)


Rule = tuple[str, Callable[[], object], object]

RULES: list[Rule] = [
    # Who made it, and what it is.
    ("5545 3.7.3 PRODID", lambda: calendar_property(invited(), "PRODID"), "-//Best Stuff//Mentoring//EN"),
    ("5545 3.7.4 VERSION", lambda: calendar_property(invited(), "VERSION"), "2.0"),
    ("5546 3.2.2 METHOD of an invitation", lambda: calendar_property(invited(), "METHOD"), "REQUEST"),
    (
        "5546 3.2.5 METHOD of a cancellation",
        lambda: calendar_property(cancel(CANCELLED, now=NOW), "METHOD"),
        "CANCEL",
    ),
    (
        "5546 3.2.1 METHOD of a feed",
        lambda: calendar_property(feed([MEETING], name="x"), "METHOD"),
        "PUBLISH",
    ),
    # Which meeting, and which version of it.
    (
        "5545 3.8.4.7 UID stays",
        lambda: {of_event(invited(meeting(sequence=n)), "UID") for n in range(3)},
        {UID},
    ),
    ("5546 3.2.5 UID of a cancellation", lambda: of_event(cancel(CANCELLED, now=NOW), "UID"), UID),
    ("5545 3.8.7.4 SEQUENCE begins at 0", lambda: of_event(invited(), "SEQUENCE"), "0"),
    ("5546 2.1.4 SEQUENCE grows", lambda: of_event(invited(meeting(sequence=2)), "SEQUENCE"), "2"),
    ("5546 3.2.5 SEQUENCE of a cancellation", lambda: of_event(cancel(CANCELLED, now=NOW), "SEQUENCE"), "3"),
    ("5545 3.8.7.2 DTSTAMP in UTC", lambda: of_event(invited(), "DTSTAMP"), "20260602T093015Z"),
    (
        "5545 3.8.7.2 DTSTAMP of any clock in UTC",
        lambda: of_event(invited(now=NOW.astimezone(ZoneInfo("Asia/Tokyo"))), "DTSTAMP"),
        "20260602T093015Z",
    ),
    ("5545 3.8.7.1 CREATED", lambda: of_event(invited(), "CREATED"), "20260601T080000Z"),
    ("5545 3.8.7.3 LAST-MODIFIED", lambda: of_event(invited(), "LAST-MODIFIED"), "20260602T090000Z"),
    # When.
    ("5545 3.8.2.4 DTSTART", lambda: of_event(invited(), "DTSTART"), "20260625T160000"),
    ("5545 3.8.2.2 DTEND", lambda: of_event(invited(), "DTEND"), "20260625T170000"),
    # What becomes of it.
    ("5545 3.8.1.11 STATUS", lambda: of_event(invited(), "STATUS"), "CONFIRMED"),
    (
        "5546 3.2.5 STATUS of a cancellation",
        lambda: of_event(cancel(CANCELLED, now=NOW), "STATUS"),
        "CANCELLED",
    ),
    ("5545 3.8.2.7 TRANSP", lambda: of_event(invited(), "TRANSP"), "OPAQUE"),
    (
        "5545 3.8.2.7 TRANSP frees the time",
        lambda: of_event(cancel(CANCELLED, now=NOW), "TRANSP"),
        "TRANSPARENT",
    ),
    ("5545 3.8.1.3 CLASS", lambda: of_event(invited(), "CLASS"), "PRIVATE"),
    ("5545 3.8.1.3 CLASS, public", lambda: of_event(invited(meeting(is_private=False)), "CLASS"), "PUBLIC"),
    # Who.
    ("5546 3.2.2 ORGANIZER", lambda: of_event(invited(), "ORGANIZER"), "mailto:meetings@mentoring.example"),
    (
        "5546 3.2.1 ORGANIZER of a feed",
        lambda: of_event(feed([MEETING], name="x"), "ORGANIZER"),
        "mailto:meetings@mentoring.example",
    ),
    # Where.
    (
        "5545 3.8.1.7 LOCATION",
        lambda: text_of(of_event(invited(), "LOCATION")),
        "Room 4, https://meet.example/noor-tomasz",
    ),
    (
        "5545 3.8.1.7 LOCATION is the call where there is no place",
        lambda: of_event(invited(meeting(place="")), "LOCATION"),
        "https://meet.example/noor-tomasz",
    ),
    ("7986 5.11 CONFERENCE", lambda: of_event(invited(), "CONFERENCE"), "https://meet.example/noor-tomasz"),
    ("5545 3.8.4.6 URL", lambda: of_event(invited(), "URL"), "https://mentoring.example/pairings/12/"),
    ("MS-OXCICAL DISALLOW-COUNTER", lambda: of_event(invited(), "X-MICROSOFT-DISALLOW-COUNTER"), "TRUE"),
    # A feed.
    (
        "7986 5.1 NAME",
        lambda: text_of(calendar_property(feed([], name="Noor, meetings"), "NAME")),
        "Noor, meetings",
    ),
    ("X-WR-CALNAME", lambda: text_of(calendar_property(feed([], name="a;b"), "X-WR-CALNAME")), "a;b"),
    ("7986 5.7 REFRESH-INTERVAL", lambda: calendar_property(feed([], name="x"), "REFRESH-INTERVAL"), "PT6H"),
    ("X-PUBLISHED-TTL", lambda: calendar_property(feed([], name="x"), "X-PUBLISHED-TTL"), "PT6H"),
]


@pytest.mark.parametrize(("find", "expected"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES])
def test_what_the_rules_ask_for_is_there(find: Callable[[], object], expected: object) -> None:
    assert find() == expected


ALL = {
    "invitation": lambda made: request(made, now=NOW),
    "cancellation": lambda made: cancel(made, now=NOW),
    "feed": lambda made: feed([made], name="Meetings"),
}


@pytest.mark.parametrize("make", ALL.values(), ids=ALL.keys())
@pytest.mark.parametrize("made", [MEETING, SERIES], ids=["one", "series"])
def test_what_may_stand_once_stands_once_and_what_must_is_there(
    make: Callable[[Meeting], bytes], made: Meeting
) -> None:
    for event in events(make(made)):
        names = [each.name for each in event if each.name not in ("ATTENDEE", "EXDATE")]
        assert len(names) == len(set(names))
        assert {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "STATUS"} <= set(
            names
        )
        assert not {"ATTACH", "DURATION", "RDATE"} & set(names)


@pytest.mark.parametrize("make", ALL.values(), ids=ALL.keys())
@pytest.mark.parametrize("made", [MEETING, SERIES], ids=["one", "series"])
def test_each_zone_that_is_named_is_told_once_and_no_other(
    make: Callable[[Meeting], bytes], made: Meeting
) -> None:
    lines = properties(make(made))
    named = {each.parameters["TZID"] for each in lines if "TZID" in each.parameters}
    told = [each.value for each in lines if each.within == ("VCALENDAR", "VTIMEZONE") and each.name == "TZID"]
    assert sorted(named) == told == ["Europe/Lisbon"]


# --- People -----------------------------------------------------------------------------------------------------------


def test_everybody_is_asked_also_those_who_have_answered() -> None:
    accepted = replace(TOMASZ, status=Status.ACCEPTED)
    (event,) = events(invited(meeting(attendees=(NOOR, accepted))))
    first, second = [each for each in event if each.name == "ATTENDEE"]
    assert first.value == "mailto:noor@harbor.example"
    assert first.parameters == {
        "CN": "Noor Haddad",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert second.parameters | {"CN": ""} == first.parameters | {"CN": "", "PARTSTAT": "ACCEPTED"}


def test_where_no_replies_are_read_nobody_is_asked_to_answer() -> None:
    for asked in (
        request(SERIES, now=NOW, replies=False),
        request(SERIES, now=NOW, only=SECOND, replies=False),
    ):
        attendees = [each for event in events(asked) for each in event if each.name == "ATTENDEE"]
        assert attendees
        assert not any("RSVP" in each.parameters for each in attendees)
        assert calendar_property(asked, "METHOD") == "REQUEST"


def test_nobody_is_asked_to_answer_a_cancellation() -> None:
    (event,) = events(cancel(CANCELLED, now=NOW))
    attendees = [each for each in event if each.name == "ATTENDEE"]
    assert len(attendees) == 2
    assert not any("RSVP" in each.parameters for each in attendees)


def test_a_name_with_a_comma_a_colon_or_quotes_stays_one_parameter() -> None:
    who = Attendee('Haddad, Noor; "N": x', "noor@harbor.example")
    content = invited(meeting(attendees=(who,)))
    (event,) = events(content)
    assert only(event, "ATTENDEE").parameters["CN"] == "Haddad, Noor; 'N': x"
    assert second_reader(content).vevent.attendee.params["CN"] == ["Haddad, Noor; 'N': x"]


def test_somebody_without_a_name_is_called_by_their_address() -> None:
    (event,) = events(invited(meeting(attendees=(Attendee(" ", "noor@harbor.example"),))))
    assert only(event, "ATTENDEE").parameters["CN"] == "noor@harbor.example"


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("noor+meet@harbor.example", "mailto:noor+meet@harbor.example"),
        ("o'neil@harbor.example", "mailto:o'neil@harbor.example"),
        ("a?b%c#d@harbor.example", "mailto:a%3Fb%25c%23d@harbor.example"),
        ("nöor@harbor.example", "mailto:n%C3%B6or@harbor.example"),
        ("a;b,c@harbor.example", "mailto:a%3Bb%2Cc@harbor.example"),
    ],
)
def test_an_address_becomes_a_mailto_uri(address: str, uri: str) -> None:
    assert of_event(invited(meeting(attendees=(Attendee("N", address),))), "ATTENDEE") == uri


# --- Time -------------------------------------------------------------------------------------------------------------

EDGES = [
    # Zone, an hour before the change and an hour after it, in UTC: spring, then fall.
    ("Europe/Berlin", "2026-03-29T00:30", "2026-03-29T01:30"),
    ("Europe/Berlin", "2026-10-24T23:30", "2026-10-25T02:30"),
    ("America/New_York", "2026-03-08T06:30", "2026-03-08T07:30"),
    ("America/New_York", "2026-11-01T04:30", "2026-11-01T07:30"),
    ("Australia/Sydney", "2026-10-03T15:30", "2026-10-03T16:30"),
    ("Australia/Sydney", "2026-04-04T14:30", "2026-04-04T17:30"),
    ("Australia/Lord_Howe", "2026-10-03T15:00", "2026-10-03T16:00"),
    ("Australia/Lord_Howe", "2026-04-04T14:15", "2026-04-04T15:45"),
    ("America/Santiago", "2026-09-06T03:30", "2026-09-06T04:30"),
    ("America/Santiago", "2026-04-05T01:30", "2026-04-05T04:30"),
    ("Europe/Dublin", "2026-03-29T00:30", "2026-03-29T01:30"),
    ("Europe/Dublin", "2026-10-24T23:30", "2026-10-25T02:30"),
    ("Asia/Tokyo", "2026-03-29T00:30", "2026-10-25T02:30"),
    ("Africa/Casablanca", "2026-02-15T01:30", "2026-03-22T03:30"),
    ("Asia/Almaty", "2024-02-29T17:30", "2024-02-29T20:30"),
]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "before", "after"), EDGES)
def test_a_second_reader_finds_the_instant_on_both_sides_of_each_edge(
    zone: str, before: str, after: str
) -> None:
    for starts in (instant(before), instant(after)):
        content = invited(meeting(zone=zone, starts=starts, minutes=45))
        event = second_reader(content).vevent
        assert event.dtstart.value.astimezone(UTC) == starts
        assert event.dtend.value.astimezone(UTC) == starts + timedelta(minutes=45)


@pytest.mark.parametrize(("zone", "before", "after"), EDGES)
def test_a_meeting_across_an_edge_lasts_as_long_as_it_says(zone: str, before: str, after: str) -> None:
    starts, minutes = instant(before), (instant(after) - instant(before)) // timedelta(minutes=1)
    event = second_reader(invited(meeting(zone=zone, starts=starts, minutes=minutes))).vevent
    assert event.dtstart.value.astimezone(UTC) == starts
    assert event.dtend.value.astimezone(UTC) == instant(after)


def test_the_second_of_two_hours_that_look_alike_is_written_in_utc() -> None:
    """02:30 in Berlin means the first of that night; the second cannot be said by the clock."""
    first, second = instant("2026-10-25T00:30"), instant("2026-10-25T01:30")
    (event,) = events(invited(meeting(zone="Europe/Berlin", starts=first)))
    assert only(event, "DTSTART") == Property(
        ("VCALENDAR", "VEVENT"), "DTSTART", {"TZID": "Europe/Berlin"}, "20261025T023000"
    )
    assert only(event, "DTEND").value == "20261025T013000Z"
    (event,) = events(invited(meeting(zone="Europe/Berlin", starts=second)))
    assert only(event, "DTSTART").value == "20261025T013000Z"


def test_a_meeting_in_utc_needs_no_zone() -> None:
    content = invited(meeting(zone="UTC"))
    assert of_event(content, "DTSTART") == "20260625T150000Z"
    assert b"VTIMEZONE" not in content


# --- Series -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "rule"),
    [
        (Series(every=Every.WEEK, times=6), {"FREQ": "WEEKLY", "BYDAY": "TH", "COUNT": "6"}),
        (
            Series(every=Every.TWO_WEEKS, times=6),
            {"FREQ": "WEEKLY", "BYDAY": "TH", "INTERVAL": "2", "COUNT": "6"},
        ),
        (Series(every=Every.MONTH, times=6), {"FREQ": "MONTHLY", "BYDAY": "4TH", "COUNT": "6"}),
        # The whole of that day in Lisbon, in winter.
        (
            Series(every=Every.MONTH, until=date(2026, 12, 24)),
            {"FREQ": "MONTHLY", "BYDAY": "4TH", "UNTIL": "20261224T235959Z"},
        ),
        # And in summer.
        (
            Series(every=Every.WEEK, until=date(2026, 7, 2)),
            {"FREQ": "WEEKLY", "BYDAY": "TH", "UNTIL": "20260702T225959Z"},
        ),
    ],
)
def test_a_series_is_a_rule(series: Series, rule: dict[str, str]) -> None:
    value = of_event(invited(meeting(series=series)), "RRULE")
    assert dict(part.split("=") for part in value.split(";")) == rule


def test_what_is_left_out_and_what_is_moved_is_told_with_the_series() -> None:
    whole, moved = events(invited(SERIES))
    assert only(whole, "EXDATE").value == "20260709T160000"
    assert only(whole, "EXDATE").parameters == {"TZID": "Europe/Lisbon"}
    assert only(moved, "RECURRENCE-ID").value == "20260702T160000"
    assert only(moved, "RECURRENCE-ID").parameters == only(whole, "DTSTART").parameters
    assert only(moved, "DTSTART").value == "20260703T180000"
    assert only(moved, "DTEND").value == "20260703T183000"
    assert text_of(only(moved, "LOCATION").value) == "By the sea, https://meet.example/noor-tomasz"
    assert only(moved, "UID") == only(whole, "UID")
    assert not [each for each in moved if each.name in ("RRULE", "EXDATE")]


def test_a_second_reader_finds_the_same_occurrences() -> None:
    event = second_reader(invited(SERIES)).vevent
    found = [each.astimezone(UTC) for each in event.getrruleset(addRDate=True)]
    assert found == [each for each in SERIES.occurrences() if each != THIRD]


def test_one_moved_occurrence_is_a_message_of_its_own() -> None:
    (event,) = events(request(SERIES, now=NOW, only=SECOND))
    assert only(event, "RECURRENCE-ID").value == "20260702T160000"
    with pytest.raises(ValueError, match="moved"):
        request(SERIES, now=NOW, only=THIRD)


def test_some_occurrences_are_cancelled_and_the_series_goes_on() -> None:
    first, second = events(cancel_occurrences(SERIES, [THIRD, SECOND], now=NOW))
    assert [only(each, "RECURRENCE-ID").value for each in (first, second)] == [
        "20260702T160000",
        "20260709T160000",
    ]
    assert {only(each, "STATUS").value for each in (first, second)} == {"CANCELLED"}
    assert not any(each.name == "RRULE" for each in (*first, *second))


@pytest.mark.parametrize("originals", [[SECOND + timedelta(hours=1)], []])
def test_what_is_no_occurrence_is_not_cancelled(originals: list[datetime]) -> None:
    with pytest.raises(ValueError, match="occurrence"):
        cancel_occurrences(SERIES, originals, now=NOW)


def test_a_meeting_that_is_no_series_has_no_occurrence_to_cancel() -> None:
    with pytest.raises(ValueError, match="occurrence"):
        cancel_occurrences(MEETING, [MEETING.starts], now=NOW)


def test_nobody_is_invited_to_what_is_cancelled() -> None:
    with pytest.raises(ValueError, match="cancelled"):
        request(CANCELLED, now=NOW)


def test_an_occurrence_in_an_hour_that_never_comes_is_named_as_the_rule_names_it() -> None:
    gap = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, had it been.
    made = meeting(
        zone="Europe/Berlin",
        starts=gap - timedelta(weeks=1),
        series=Series(every=Every.WEEK, times=3, without=frozenset({gap})),
    )
    assert of_event(invited(made), "EXDATE") == "20270328T023000"
    event = second_reader(invited(made)).vevent
    assert len(list(event.getrruleset(addRDate=True))) == 2


# --- The feed ---------------------------------------------------------------------------------------------------------


def test_a_feed_is_the_same_bytes_whatever_order_its_meetings_come_in() -> None:
    many = [meeting(uid=f"m-{n}@x.example", starts=MEETING.starts + timedelta(hours=n % 3)) for n in range(6)]
    many.append(weekly())
    content = feed(many, name="Noor’s meetings")
    assert content == feed(reversed(many), name="Noor’s meetings")
    assert etag(content) == etag(feed(reversed(many), name="Noor’s meetings"))
    assert etag(content) != etag(feed(many[1:], name="Noor’s meetings"))
    assert [only(each, "UID").value for each in events(content)] == [
        "m-0@x.example", "m-3@x.example", UID, "m-1@x.example", "m-4@x.example", "m-2@x.example", "m-5@x.example",
    ]  # fmt: skip


def test_a_feed_says_when_a_meeting_was_changed_and_nothing_of_now() -> None:
    assert of_event(feed([MEETING], name="x"), "DTSTAMP") == "20260602T090000Z"


def test_a_feed_names_nobody_s_address_but_ours() -> None:
    content = feed([SERIES], name="x")
    assert b"harbor.example" not in content
    assert b"school.example" not in content
    assert b"ATTENDEE" not in content
    assert {only(each, "ORGANIZER").value for each in events(content)} == {
        "mailto:meetings@mentoring.example"
    }


def test_a_cancelled_meeting_stays_in_the_feed_as_cancelled() -> None:
    content = feed([CANCELLED], name="x")
    assert of_event(content, "STATUS") == "CANCELLED"
    assert of_event(content, "SEQUENCE") == "3"


def test_a_feed_tells_each_zone_once_for_all_its_meetings() -> None:
    many = [
        meeting(uid="a@x.example", starts=instant("2026-06-01T10:00"), zone="Africa/Casablanca"),
        meeting(uid="b@x.example", starts=instant("2027-02-15T10:00"), zone="Africa/Casablanca"),
        meeting(uid="c@x.example", zone="UTC"),
        meeting(uid="d@x.example"),
    ]
    calendar = second_reader(feed(many, name="x"))
    assert [each.dtstart.value.astimezone(UTC) for each in calendar.vevent_list] == sorted(
        e.starts for e in many
    )
    assert feed(many, name="x").count(b"BEGIN:VTIMEZONE") == 2


def test_an_empty_feed_is_a_calendar() -> None:
    assert events(feed([], name="x")) == []


def test_two_meetings_of_one_uid_are_no_feed() -> None:
    with pytest.raises(ValueError, match="UID"):
        feed([MEETING, meeting(minutes=30)], name="x")


# --- Whatever people write --------------------------------------------------------------------------------------------

HOSTILE = "x\r\nATTENDEE:mailto:evil@x.example\r\n BEGIN:VALARM\u2028END:VEVENT\x0bX:1\x85Y:2\x00\ud800"
ANYTHING = st.text(max_size=300) | st.text(
    alphabet='abc,;:\\"^\n\r\t\x0b\x1c\x85\u2028\u2029 nN=', max_size=80
)


def one_line(words: str) -> str:
    """What must be left of it: words without controls, in one line."""
    kept = "".join(" " if c.isspace() and c != "\x1f" else c for c in words)
    return " ".join("".join(c for c in kept if ord(c) >= 32 and not 0x7F <= ord(c) <= 0x9F).split())


def unassigned(words: str) -> bool:
    return any(unicodedata.category(c) in ("Cs", "Cn") for c in words)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
@example(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@example("ü" * 300, "\U0001f469\u200d\U0001f680" * 30, "a" * 74, "a" * 75)
@settings(deadline=None, max_examples=100)
def test_no_words_make_a_property_and_all_of_them_come_back(
    summary: str, place: str, name: str, described: str
) -> None:
    made = meeting(
        summary=summary,
        place=place,
        call="",
        description=(described,),
        attendees=(Attendee(name, NOOR.address),),
        organizer=Organizer(name, "meetings@mentoring.example"),
    )
    usual = [each.name for each in properties(invited(meeting(call="", attendees=(NOOR,))))]
    for content in (
        invited(made),
        cancel(replace(made, is_cancelled=True), now=NOW),
        feed([made], name=name or "x"),
    ):
        names = [each.name for each in properties(content)]
        assert set(names) <= {*usual, "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
        assert names.count("UID") == 1
        assert names.count("ATTENDEE") <= 1
        read = second_reader(content)
        assert len(read.vevent_list) == 1
    if not any(map(unassigned, (summary, place, name, described))):
        (event,) = events(invited(made))
        assert text_of(only(event, "SUMMARY").value) == one_line(summary)
        wheres = [text_of(each.value) for each in event if each.name == "LOCATION"]
        assert wheres == ([one_line(place)] if one_line(place) else [])
        shown = only(event, "ATTENDEE").parameters["CN"].replace("^^", "^")
        assert shown == (one_line(name).replace('"', "'") or NOOR.address)
        texts = [text_of(each.value) for each in event if each.name == "DESCRIPTION"]
        assert [one_line(each) for each in texts] == ([one_line(described)] if one_line(described) else [])
