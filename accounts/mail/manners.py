"""When we do not write to somebody: before the day to which they snoozed, and in their calm hours.

Both are read by their own clock, and hold for what a person can stop. A message that belongs to no stream goes at once.
What can wait for the weekly e-mail of those who want one does (weekly.py), and of what others say to somebody one
e-mail goes in a day (caps.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField

from accounts.clock import database_now
from accounts.localtime import by_day, first_valid, known_zone
from accounts.models import User

from . import caps, kinds, weekly
from .models import Message
from .statements import Given, Statement, Statements

_statements = Statements()
# What `last_error` says of a message that waits for no other reason.
HELD_BACK = SNOOZED, CALM, WEEKLY, DAILY = "snoozed", "calm hours", "weekly e-mail", "one a day"
# And of one of the calendar's, or of a kind that has its hours, that is late, or is tried again, and waits for its
# person's morning. That is nobody's wish, so no wish undoes it.
ASLEEP = "until the morning"
AT_REST = (*HELD_BACK, ASLEEP)


class Wait(NamedTuple):
    """From when until when a message waits (UTC), and why: one of AT_REST."""

    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True)
class Manners:
    """What one person wishes. `calm_from` and `calm_until` are both there or both None; midnight may lie between."""

    zone: ZoneInfo
    snoozed_until: date | None = None
    calm_from: time | None = None
    calm_until: time | None = None

    @classmethod
    def of(
        cls, time_zone: str, snoozed_until: date | None, calm_from: time | None, calm_until: time | None
    ) -> Self:
        """From the columns of a person's row."""
        return cls(known_zone(time_zone), snoozed_until, calm_from, calm_until)

    def wait(self, now: datetime) -> Wait | None:
        """Until the first moment after `now` at which we may write; None when that is now."""
        at, reason = now.astimezone(UTC), ""
        if self.snoozed_until is not None:
            begins = first_valid(self.snoozed_until, time(0), self.zone)
            if begins > at:
                at, reason = begins, SNOOZED
        if self.is_calm(at):
            at, reason = self._calm_ends(at), reason or CALM
        return Wait(now, at, reason) if reason else None

    def is_calm(self, instant: datetime) -> bool:
        if self.calm_from is None or self.calm_until is None:
            return False
        at = instant.astimezone(self.zone).time()
        if self.calm_from < self.calm_until:
            return self.calm_from <= at < self.calm_until
        return at >= self.calm_from or at < self.calm_until

    def _calm_ends(self, instant: datetime) -> datetime:
        return next(end for end in self._ends(instant) if end > instant and not self.is_calm(end))

    def _ends(self, instant: datetime) -> Iterator[datetime]:
        """Each end of the calm hours from that day on; both, on a night that has the hour twice."""
        today = instant.astimezone(self.zone).date()
        until = self.calm_until or time(0)
        for days in count():
            day = today + timedelta(days=days)
            yield first_valid(day, until, self.zone)
            yield datetime.combine(day, until.replace(fold=1), self.zone).astimezone(UTC)


def wait_for(message: Message) -> Wait | None:
    """Whether its person wishes that it waits, or it is out of the hours of its kind where they are, as things stand
    now and by the database's clock."""
    kind = kinds.get(message.kind)
    if kind.stream is None:
        return None
    rows = _statements.get("wishes", (settings.REHEARSAL_OFFSET,), _wishes).rows(person=message.person_id)
    if not rows:
        return None
    *wishes, wants_weekly, weekday, at, now = rows[0]
    if wait := Manners.of(*wishes).wait(now):
        return wait
    if wants_weekly:
        off = weekly.days_off([message.person_id], now).get(message.person_id, weekly.never)
        slot = weekly.CoffeeTime(known_zone(wishes[0]), weekday, at, off)
        if until := weekly.waits_until(message, slot, now):
            return Wait(now, until, WEEKLY)
    if kind.is_daily and (free := caps.free_from(message)):
        return Wait(now, free, DAILY)
    if kind.hours and (morning := by_day(now, known_zone(wishes[0]), *kind.hours)) > now:
        return Wait(now, morning, ASLEEP)
    return None


def _wishes() -> Statement:
    columns = ("time_zone", "snoozed_until", "calm_from", "calm_until")
    coffee = ("wants_weekly_mail", "coffee_weekday", "coffee_time")
    person = User.objects.filter(pk=Given("person", BigIntegerField()))
    return Statement.select(person.values_list(*columns, *coffee, database_now()))


def look_again(person_id: int) -> None:
    """Somebody wishes it otherwise now: what waited for that alone is looked at afresh by the next sender."""
    Message.objects.waiting().filter(person=person_id, last_error__in=HELD_BACK).update_in_order(
        next_attempt_at=database_now()
    )
