"""Two people and what they meet for."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mentoring.invites.meeting import Attendee, Every, Meeting, Organizer, Series

NOW = datetime(2026, 6, 2, 9, 30, 15, tzinfo=UTC)
UID = "meeting-7-b4k2@mentoring.example"
NOOR = Attendee("Noor Haddad", "noor@harbor.example")
TOMASZ = Attendee("Tomasz Zieliński", "tomasz@school.example")

MEETING = Meeting(
    uid=UID,
    sequence=0,
    starts=datetime(2026, 6, 25, 15, tzinfo=UTC),
    minutes=60,
    zone="Europe/Lisbon",
    summary="Noor and Tomasz",
    organizer=Organizer("Best Stuff", "meetings@mentoring.example"),
    attendees=(NOOR, TOMASZ),
    created=datetime(2026, 6, 1, 8, tzinfo=UTC),
    changed=datetime(2026, 6, 2, 9, tzinfo=UTC),
    place="Room 4",
    call="https://meet.example/noor-tomasz",
    page="https://mentoring.example/pairings/12/",
    description=("16:00 to 17:00 in Lisbon", "17:00 to 18:00 in Kraków"),
)


def meeting(**changes: Any) -> Meeting:
    return replace(MEETING, **changes)


def weekly(times: int = 6, **changes: Any) -> Meeting:
    """Thursdays at 16:00 in Lisbon from 25 June on."""
    return meeting(series=Series(every=Every.WEEK, times=times, **changes))
