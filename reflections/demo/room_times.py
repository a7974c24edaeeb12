"""What stands in the calendars of the demo's pairs: the meetings that are to come, one of them a series, and times that
wait for an answer."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from mentoring import suggestions
from mentoring.arrangements import When
from mentoring.models import (
    Arrangement,
    ArrangementVersion,
    Attendance,
    Meeting,
    MeetingProposal,
    Pairing,
    ProposedTime,
)

from .calendar import Times
from .pairs import Pair

NAMES = uuid.UUID("6f1c6a52-7a0f-4a55-9d7c-0d6d1a4a5c11")
# Hanne and Devika meet every month; Laila has asked Hanne for a time.
IN_SERIES, ASKS = "devika", "laila"
TIMES_IN_ALL = 4


def arrange(pairs: Sequence[Pair], times: Times) -> int:
    """How many meetings stand in calendars."""
    coming = Meeting.objects.coming(times.now).select_related("pairing__mentor").order_by("starts_at", "pk")
    in_series = {pair.saved.pk for pair in pairs if pair.mentee.key == IN_SERIES}
    rows = [_in_calendars(meeting, meeting.pairing_id in in_series) for meeting in coming]
    for pair in pairs:
        if pair.mentee.key == ASKS and pair.status == Pairing.Status.ACTIVE:
            _propose(pair.saved, times)
    return sum(rows)


def _in_calendars(meeting: Meeting, is_series: bool) -> int:
    every = Arrangement.Every.MONTH if is_series else ""
    number = TIMES_IN_ALL if is_series else 1
    pairing = meeting.pairing
    by = pairing.mentor
    when = When(starts_at=meeting.starts_at, minutes=meeting.minutes, every=every, times=number)
    first, *more = when.starts(by.zone)
    arrangement = Arrangement.objects.create(
        uid=uuid.uuid5(NAMES, str(meeting.pk)),
        arranged_by=by,
        zone=by.zone.key,
        starts_at=first,
        minutes=meeting.minutes,
        place=meeting.place,
        every=every,
        times=number,
        changed_at=meeting.created_at,
        created_at=meeting.created_at,
    )
    Meeting.objects.filter(pk=meeting.pk).update(arrangement=arrangement, original_at=first)
    Meeting.objects.bulk_create(
        Meeting(
            pairing=pairing,
            arrangement=arrangement,
            starts_at=each,
            original_at=each,
            minutes=meeting.minutes,
            place=meeting.place,
            created_at=meeting.created_at,
        )
        for each in more
    )
    ArrangementVersion.objects.create(arrangement=arrangement, sequence=0, created_at=meeting.created_at)
    Attendance.objects.bulk_create(
        Attendance(
            arrangement=arrangement,
            person_id=person,
            answer=Attendance.Answer.ACCEPTED,
            answered_at=meeting.created_at,
        )
        for person in (pairing.mentor_id, pairing.mentee_id)
    )
    return 1 + len(more)


def _propose(pairing: Pairing, times: Times) -> None:
    made = MeetingProposal.objects.create(
        pairing=pairing,
        proposed_by=pairing.mentee,
        minutes=60,
        place="The café by the lock",
        created_at=times.now - timedelta(hours=20),
    )
    found = suggestions.find([pairing], pairing.mentee, minutes=60, now=times.now)
    ProposedTime.objects.bulk_create(
        ProposedTime(proposal=made, starts_at=each.starts_at) for each in found.suggested
    )
