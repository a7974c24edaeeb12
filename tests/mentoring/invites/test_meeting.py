"""What a meeting is, when a series takes place, and when a change makes a new version."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from dateutil.rrule import rrulestr

from mentoring.invites.meeting import (
    Attendee,
    Every,
    Moved,
    Organizer,
    Series,
    Status,
    asks_again,
    next_sequence,
)
from mentoring.invites.messages import feed

from .cast import MEETING, NOOR, TOMASZ, meeting, weekly
from .lines import events, only

THURSDAY = MEETING.starts


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": ""},
        {"uid": "with space"},
        {"uid": "u\r\nATTENDEE:x"},
        {"uid": "u" * 256},
        {"sequence": -1},
        {"minutes": 0},
        {"starts": datetime(2026, 6, 25, 15)},  # noqa: DTZ001
        {"changed": datetime(2026, 6, 25, 15)},  # noqa: DTZ001
        {"call": "javascript:alert(1)"},
        {"call": "https://meet.example/a b"},
        {"page": "https://meet.example/\r\nX-EVIL:1"},
        {"attendees": (NOOR, Attendee("Noor again", "NOOR@harbor.example"))},
        {"organizer": Organizer("Noor", "Noor@Harbor.example")},
        {"series": Series(every=Every.WEEK, times=3, without=frozenset({THURSDAY + timedelta(days=1)}))},
        {
            "series": Series(
                every=Every.WEEK,
                times=2,
                moved=(Moved(original=THURSDAY + timedelta(weeks=2), starts=THURSDAY, minutes=30),),
            )
        },
        {
            "series": Series(
                every=Every.WEEK,
                times=3,
                without=frozenset({THURSDAY}),
                moved=(Moved(original=THURSDAY, starts=THURSDAY + timedelta(hours=1), minutes=30),),
            )
        },
        {"series": Series(every=Every.WEEK, until=date(2036, 1, 1))},
        # The second 01:30 of that night in Lisbon: a rule by the clock could only mean the first.
        {"starts": datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "series": Series(every=Every.WEEK, times=2)},
    ],
)
def test_what_no_calendar_can_hold_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whichever rule it is
        meeting(**wrong)


@pytest.mark.parametrize(
    "address",
    ["", "noor", "@x.example", "noor@", "a@b@c", "noor @x.example", "<noor@x.example>", "n@x\r\nX:1", 'n"@x'],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Attendee("Noor", address)
    with pytest.raises(ValueError, match="address"):
        Organizer("Noor", address)


def test_an_unknown_zone_is_named_as_such() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        feed([meeting(zone="Europe/Atlantis")], name="x")


@pytest.mark.parametrize(
    "series", [{"times": 0}, {"times": 261}, {}, {"times": 2, "until": date(2027, 1, 1)}]
)
def test_a_series_has_one_end(series: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="series"):
        Series(every=Every.WEEK, **series)


@pytest.mark.parametrize(
    "zone", ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "UTC"]
)
@pytest.mark.parametrize("every", list(Every))
@pytest.mark.parametrize("day", [1, 8, 15, 22, 28, 29, 31])
@pytest.mark.parametrize("end", [{"times": 14}, {"until": date(2027, 8, 20)}])
def test_a_series_takes_place_when_its_rule_says_so(
    zone: str, every: Every, day: int, end: dict[str, Any]
) -> None:
    """The rule that is written, worked out by dateutil by the clock on the wall, against our own count."""
    made = meeting(
        zone=zone, starts=datetime(2026, 7, day, 15, tzinfo=UTC), series=Series(every=every, **end)
    )
    (event,) = events(feed([made], name="x"))
    rule = only(event, "RRULE").value
    wall = made.starts.astimezone(made.clock).replace(tzinfo=None)
    if "UNTIL" in rule:
        head, _, tail = rule.partition("UNTIL=")
        until, _, rest = tail.partition(";")
        instant = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        rule = f"{head}UNTIL={instant.astimezone(made.clock):%Y%m%dT%H%M%S};{rest}"
    theirs = [
        each.replace(tzinfo=made.clock).astimezone(UTC) for each in rrulestr(rule.strip(";"), dtstart=wall)
    ]
    assert list(made.occurrences()) == theirs
    assert len(theirs) >= 13


def test_a_fifth_weekday_is_the_last_of_each_month() -> None:
    made = meeting(starts=datetime(2026, 7, 30, 15, tzinfo=UTC), series=Series(every=Every.MONTH, times=4))
    assert [each.date().isoformat() for each in made.occurrences()] == [
        "2026-07-30", "2026-08-27", "2026-09-24", "2026-10-29",
    ]  # fmt: skip


def test_a_series_keeps_its_hour_on_the_wall_when_summer_ends() -> None:
    made = meeting(starts=datetime(2026, 10, 22, 15, tzinfo=UTC), series=Series(every=Every.WEEK, times=2))
    assert [each.hour for each in made.occurrences()] == [15, 16]
    assert [wall.hour for wall in made.occurrences().values()] == [16, 16]


def test_an_occurrence_in_an_hour_that_never_comes_is_as_much_later() -> None:
    made = meeting(
        zone="Europe/Berlin",
        starts=datetime(2027, 3, 21, 1, 30, tzinfo=UTC),
        series=Series(every=Every.WEEK, times=3),
    )
    assert [each.astimezone(made.clock).strftime("%H:%M") for each in made.occurrences()] == [
        "02:30",
        "03:30",
        "02:30",
    ]


@pytest.mark.parametrize(
    ("change", "grows", "asks"),
    [
        ({}, 0, False),
        ({"attendees": (NOOR, Attendee(TOMASZ.name, TOMASZ.address, Status.ACCEPTED))}, 0, False),
        ({"changed": MEETING.changed + timedelta(days=1)}, 0, False),
        ({"summary": "Pricing"}, 1, False),
        ({"place": "Room 5"}, 1, False),
        ({"description": ()}, 1, False),
        ({"attendees": (NOOR,)}, 1, False),
        ({"starts": THURSDAY + timedelta(hours=1)}, 1, True),
        ({"minutes": 30}, 1, True),
        ({"is_cancelled": True}, 1, True),
        ({"series": weekly().series}, 1, True),
    ],
)
def test_a_version_grows_with_what_is_shown_and_asks_again_with_the_time(
    change: dict[str, Any], grows: int, asks: bool
) -> None:
    before = meeting(sequence=4)
    after = meeting(sequence=4, **change)
    assert next_sequence(before, after) == 4 + grows
    assert asks_again(before, after) is asks


SECOND = THURSDAY + timedelta(weeks=1)
ACCEPTED = Attendee(TOMASZ.name, TOMASZ.address, Status.ACCEPTED)


@pytest.mark.parametrize(
    ("moved", "grows", "asks"),
    [
        # An answer to one occurrence, which takes place as it would have.
        (Moved(original=SECOND, starts=SECOND, minutes=60, attendees=(NOOR, ACCEPTED)), 0, False),
        (Moved(original=SECOND, starts=SECOND, minutes=60, attendees=(NOOR,)), 1, False),
        (Moved(original=SECOND, starts=SECOND, minutes=60, place="By the sea"), 1, False),
        (Moved(original=SECOND, starts=SECOND, minutes=30), 1, True),
        (Moved(original=SECOND, starts=SECOND + timedelta(hours=1), minutes=60), 1, True),
    ],
)
def test_what_becomes_of_one_occurrence_counts_as_what_becomes_of_a_meeting(
    moved: Moved, grows: int, asks: bool
) -> None:
    before, after = weekly(), weekly(moved=(moved,))
    assert next_sequence(before, after) == grows
    assert asks_again(before, after) is asks


def test_another_zone_moves_a_series_and_not_one_meeting() -> None:
    assert not asks_again(meeting(), meeting(zone="Europe/London"))
    assert next_sequence(meeting(), meeting(zone="Europe/London")) == 1
    assert asks_again(weekly(), meeting(zone="Asia/Tokyo", series=weekly().series))
