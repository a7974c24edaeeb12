"""The calendar in an e-mail, read by a second library, and the answer that a calendar sends."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from dev.mailcatcher import Caught
from tests.mentoring.invites.lines import second_reader

MAIL_SERVER = "mx.harbor.example"  # What the one that takes our mail in calls itself.


@dataclass(frozen=True)
class Invitation:
    """What a calendar makes of the e-mail."""

    method: str
    uid: str
    sequence: int
    starts: datetime
    zone: str
    organizer: str
    attendees: frozenset[str]

    @classmethod
    def in_letter(cls, letter: Caught) -> "Invitation":
        parts = [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]
        assert len({part.get_payload(decode=True) for part in parts}) == 1, f"{len(parts)} calendars"
        content: Any = parts[0].get_payload(decode=True)
        calendar = second_reader(content)
        method = str(calendar.method.value)
        assert {part.get_param("method", method) for part in parts} == {method}
        event = calendar.vevent
        return cls(
            method,
            str(event.uid.value),
            int(event.sequence.value),
            event.dtstart.value,
            event.dtstart.params["X-VOBJ-ORIGINAL-TZID"][0],
            _address(event.organizer.value),
            frozenset(_address(attendee.value) for attendee in event.attendee_list),
        )


def _address(value: str) -> str:
    return value.lower().removeprefix("mailto:")


def declining(found: Invitation, sender: str, at: datetime) -> bytes:
    """That person's calendar says no, as their mail server hands it to ours."""
    lines = [
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"UID:{found.uid}",
        f"SEQUENCE:{found.sequence}",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"ORGANIZER:mailto:{found.organizer}",
        f"ATTENDEE;PARTSTAT=DECLINED:mailto:{sender}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    email = EmailMessage()
    email["Authentication-Results"] = f"{MAIL_SERVER}; dmarc=pass header.from={sender.partition('@')[2]}"
    email["From"] = sender
    email["To"] = found.organizer
    email.set_content("Declined.")
    email.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return email.as_bytes()
