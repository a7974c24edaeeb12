"""The e-mails of the demo program: those that went out in past weeks, and those owed now, which really go out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring.emails import PROPOSED
from mentoring.models import Pairing
from reflections.models import Reflection, Round
from reflections.outlook import PAIRED_FOR
from reflections.schedule import LATE, Nudge, Slot

from .pairs import Pair

# What was due so lately is left to the clock, which sends it when the demo starts.
LEFT_TO_THE_CLOCK = timedelta(hours=26)
NOTICE_LIVES = timedelta(days=14)


def send_what_was_due(
    rounds: Iterable[Round], pairs: Sequence[Pair], users: Mapping[str, User], now: datetime
) -> int:
    """Rows for the nudges that the calendar has had so far, as sent at their time. How many."""
    until = now - LEFT_TO_THE_CLOCK
    quiet: dict[int, int] = {}
    rows: list[outbox.Owed] = []
    for round in sorted(rounds, key=lambda round: round.quarter_start):
        answered = _answered(round)
        for person in _asked(round, pairs, users):
            begun_at, done_at = answered.get(person.pk, (None, None))
            slot = Slot(ZoneInfo(person.time_zone), person.coffee_weekday, person.coffee_time)
            for nudge in list(Nudge)[: max(1, 3 - quiet.get(person.pk, 0))]:
                at = slot.time_of(nudge, round.due_on)
                begun = done_at if nudge is Nudge.ASK else begun_at
                if at < until and (begun is None or begun > at):
                    rows.append(outbox.Owed(nudge, person.pk, round.pk, at, at + LATE))
            quiet[person.pk] = 0 if begun_at else quiet.get(person.pk, 0) + 1
    sent = outbox.owe_many(rows)
    Message.objects.of(*Nudge).update(
        state=Message.State.SENT,
        attempts=1,
        first_attempt_at=F("due_at"),
        sending_at=F("due_at") + timedelta(seconds=20),
        sent_at=F("due_at") + timedelta(seconds=21),
        last_code=250,
        created_at=F("due_at") - timedelta(days=3),
    )
    return sent


def _asked(round: Round, pairs: Sequence[Pair], users: Mapping[str, User]) -> Iterator[User]:
    """Who had been a pair for long enough when the quarter ended."""
    since = round.due_on - PAIRED_FOR
    found = {}
    for pair in pairs:
        if pair.overlaps(round.quarter_start, round.due_on) and pair.starts_on <= since:
            for person in (pair.mentor, pair.mentee):
                found[person.email] = users[person.email]
    return iter(found.values())


def _answered(round: Round) -> dict[int, tuple[datetime, datetime | None]]:
    """By person: when they began, and when they finished or declined."""
    rows = Reflection.objects.filter(round=round).values_list(
        "person", "started_at", "submitted_at", "declined_at"
    )
    return {person: (begun, submitted or declined) for person, begun, submitted, declined in rows}


def owe_open_questions(pairs: Iterable[Pair], now: datetime) -> int:
    """An e-mail to everybody who has been asked for a yes and has not said it. How many."""
    return outbox.owe_many(
        outbox.Owed(PROPOSED, person_id, pair.saved.pk, now, now + NOTICE_LIVES)
        for pair in pairs
        if pair.status in Pairing.ASKED
        for person_id, yes in (
            (pair.saved.mentor_id, pair.saved.mentor_accepted_at),
            (pair.saved.mentee_id, pair.saved.mentee_accepted_at),
        )
        if yes is None
    )
