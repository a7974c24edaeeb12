"""When a person is asked: arithmetic of calendars and clocks, with no database behind it.

Everybody has a coffee slot, a weekday and a time in their own zone. The three e-mails of a quarter come at it: the ask
in the last full week before the quarter's last day D, the reminder a week later, the last call two weeks after that, in
the new quarter. A program's holidays push them on to the next allowed day. All instants that come out of here are
in UTC.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts.localtime import first_valid
from accounts.mail.caps import GAP
from mentoring.days_off import NO_DAYS_OFF, DaysOff

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WEEK = timedelta(days=7)
SATURDAY = 5

# Machine mail comes by day. A slot outside is moved to the nearest end on the same day, and the last slot leaves the
# queue half an hour before the window shuts.
WINDOW_OPENS = time(7, 0)
LAST_SLOT = time(19, 30)
WINDOW_SHUTS = time(20, 0)

# What could not be sent is worth sending for a week, not longer: by then the next one is due.
LATE = WEEK
# Of all that the calendar sends, whatever it is about, so many in a quarter; of these the last two are kept for those
# about the page.
MOST = 6
MOST_ASIDES = 4


class Nudge(StrEnum):
    """The three e-mails of a quarter. Where two want the same week, the earlier of this list goes first."""

    ASK = "ask"
    REMINDER = "reminder"
    LAST_CALL = "last_call"


AFTER_THE_ASK: Mapping[Nudge, timedelta] = {
    Nudge.ASK: timedelta(0),
    Nudge.REMINDER: WEEK,
    Nudge.LAST_CALL: 3 * WEEK,
}


class Why(StrEnum):
    """Why a nudge has no place."""

    TOO_LATE = "too_late"
    TOO_CLOSE = "too_close"
    CLOSED = "closed"
    ENOUGH = "enough"

    @property
    def label(self) -> "StrOrPromise":
        return WHY[self]


WHY: "Mapping[Why, StrOrPromise]" = {
    Why.TOO_LATE: _("its time is more than a week ago"),
    Why.TOO_CLOSE: _("another e-mail has that week"),
    Why.CLOSED: _("the round would be over"),
    Why.ENOUGH: _("they had enough e-mails in that quarter"),
}


def last_full_week(due_on: date) -> date:
    """The Monday of the last whole week, Monday to Sunday, that is over before `due_on`."""
    return due_on - timedelta(days=due_on.weekday()) - WEEK


@dataclass(frozen=True)
class Slot:
    """A person's coffee slot: `weekday` (0 is Monday) at `at`, in `zone`. `off` are the holidays of the program that
    would write."""

    zone: ZoneInfo
    weekday: int
    at: time

    def allows(self, instant: datetime, off: DaysOff = NO_DAYS_OFF) -> bool:
        """Whether machine mail may reach this person now: by day, on no holiday, on Saturday or Sunday only if they
        chose it."""
        local = instant.astimezone(self.zone)
        is_by_day = self.allows_day(local.date()) and WINDOW_OPENS <= local.time() < WINDOW_SHUTS
        return is_by_day and not off.cover(instant, self.zone)

    def next_allowed(self, instant: datetime, off: DaysOff = NO_DAYS_OFF) -> datetime:
        """`instant`, or the next morning at which machine mail may reach this person."""
        while not self.allows(instant, off):
            local = instant.astimezone(self.zone)
            day = local.date()
            if local.time() >= WINDOW_OPENS or not self.allows_day(day):
                day += timedelta(days=1)
            instant = first_valid(day, WINDOW_OPENS, self.zone)
        return instant.astimezone(UTC)

    def in_week(self, monday: date, off: DaysOff = NO_DAYS_OFF) -> datetime:
        """The slot in the week that begins on that Monday; where that is a holiday, the same time on the next allowed
        day."""
        return _in_week(self, monday, off)

    def first_from(self, instant: datetime, off: DaysOff = NO_DAYS_OFF) -> datetime:
        """The first slot at or after `instant`."""
        day = instant.astimezone(self.zone).date()
        # A holiday may have pushed the slot of the week before into this one. No earlier slot comes between: it would
        # have to be pushed past an allowed day.
        monday = day - timedelta(days=day.weekday()) - WEEK
        while (slot := self.in_week(monday, off)) < instant:
            monday += WEEK
        return slot

    def time_of(self, nudge: Nudge, due_on: date, off: DaysOff = NO_DAYS_OFF) -> datetime:
        """When the calendar of the quarter that ends on `due_on` has this nudge."""
        return self.in_week(last_full_week(due_on) + AFTER_THE_ASK[nudge], off)

    def allows_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY or day.weekday() == self.weekday


@lru_cache(maxsize=8192)
def _in_week(slot: Slot, monday: date, off: DaysOff) -> datetime:
    at = min(max(slot.at, WINDOW_OPENS), LAST_SLOT)
    day = monday + timedelta(days=slot.weekday)
    instant = first_valid(day, at, slot.zone)
    while not slot.allows_day(day) or off.cover(instant, slot.zone):
        day += timedelta(days=1)
        instant = first_valid(day, at, slot.zone)
    # Where a whole day was left out (Apia, December 30, 2011) the first valid minute is at midnight: wait for morning.
    return slot.next_allowed(instant, off)


@dataclass(frozen=True)
class Page:
    """One round as the planner sees it for one person.

    `open_to` are the nudges that may still be owed; `gone` says when those that went out did, or are about to; `off`
    are its program's holidays; `later` says of a nudge from which day on its person would rather have it.
    """

    key: int
    due_on: date
    closes_at: datetime
    open_to: frozenset[Nudge] = frozenset(Nudge)
    gone: Mapping[Nudge, datetime] = field(default_factory=dict)
    off: DaysOff = NO_DAYS_OFF
    later: Mapping[Nudge, date] = field(default_factory=dict)


class Place(NamedTuple):
    """Where a nudge stands in a person's calendar: it goes `at`, or `why` not.

    `meant_at` is its coffee slot, earlier than `at` for what goes late; it is not worth sending after `expires_at`.
    """

    key: int
    nudge: Nudge
    at: datetime | None
    meant_at: datetime
    expires_at: datetime
    why: Why | None = None


@dataclass
class Calendar:
    """One person's nudges, over all programs that they are in: at most one in a week (`GAP`).

    Asks come first. Where two programs end a quarter together, the second ask waits a week, so that nobody goes
    unasked; a reminder or a last call that finds its week taken is dropped. `taken` are the instants of nudges that
    went out.
    """

    slot: Slot
    now: datetime
    taken: list[datetime] = field(default_factory=list)

    def lay_out(self, pages: Collection[Page]) -> list[Place]:
        """Every open nudge of these pages with its place, in the order in which they were given one."""
        pages = sorted(pages, key=lambda page: (page.due_on, page.key))
        latest: dict[int, datetime] = {}
        for page in pages:
            self.taken.extend(page.gone.values())
            if page.gone:
                latest[page.key] = max(page.gone.values())
        places = []
        for nudge in Nudge:
            for page in pages:
                if nudge in page.open_to:
                    place = self._place(page, nudge, latest.get(page.key))
                    places.append(place)
                    if place.at is not None:
                        self.taken.append(place.at)
                        latest[page.key] = place.at
        return places

    def _place(self, page: Page, nudge: Nudge, before: datetime | None) -> Place:
        if (day := page.later.get(nudge)) is not None:
            at = self.slot.first_from(first_valid(day, time(0), self.slot.zone), page.off)
        else:
            at = self.slot.time_of(nudge, page.due_on, page.off)
        if before is not None and at < before + GAP:
            at = self.slot.first_from(before + GAP, page.off)
        goes_at = self._from_now(at, page.off)
        if nudge is Nudge.ASK:
            while goes_at is not None and (self._is_taken(at) or self._is_taken(goes_at)):
                at = self.slot.first_from(at + timedelta(days=1), page.off)
                goes_at = self._from_now(at, page.off)
        expires_at = min(at + LATE, page.closes_at)
        why = self._why_not(at, goes_at, page.closes_at, expires_at)
        if why is None and self._had(page, goes_at or at) >= MOST:
            why = Why.ENOUGH
        return Place(page.key, nudge, None if why else goes_at, at, expires_at, why)

    def fit(self, at: datetime, off: DaysOff, begins: date) -> tuple[datetime | None, Why | None]:
        """When an e-mail that is not about a page goes that is meant for `at`, or why it has no place. Where it has
        one it is taken. `begins` is the first day of the program's quarter in which that is."""
        goes_at = self._from_now(at, off)
        if goes_at is None or goes_at >= at + LATE:
            return None, Why.TOO_LATE
        if self._is_taken(at) or self._is_taken(goes_at):
            return None, Why.TOO_CLOSE
        if self._since(begins) >= MOST_ASIDES:
            return None, Why.ENOUGH
        self.taken.append(goes_at)
        return goes_at, None

    def _had(self, page: Page, at: datetime) -> int:
        """How many go in the quarter in which that is, of the program's own."""
        if at.astimezone(self.slot.zone).date() > page.due_on:
            return self._since(page.due_on + timedelta(days=1))
        year, month = divmod(page.due_on.year * 12 + page.due_on.month - 3, 12)
        ends = first_valid(page.due_on + timedelta(days=1), time(0), self.slot.zone)
        return self._since(date(year, month + 1, 1), until=ends)

    def _since(self, day: date, *, until: datetime | None = None) -> int:
        begins = first_valid(day, time(0), self.slot.zone)
        return sum(begins <= other and (until is None or other < until) for other in self.taken)

    def _why_not(
        self, at: datetime, goes_at: datetime | None, closes_at: datetime, expires_at: datetime
    ) -> Why | None:
        if goes_at is None:
            return Why.TOO_LATE
        if self._is_taken(at) or self._is_taken(goes_at):
            return Why.TOO_CLOSE
        if goes_at >= closes_at:
            return Why.CLOSED
        return Why.TOO_LATE if goes_at >= expires_at else None

    def _from_now(self, at: datetime, off: DaysOff) -> datetime | None:
        """`at`, or the next allowed moment if it has passed; None if that was too long ago."""
        if at >= self.now:
            return at
        return self.slot.next_allowed(self.now, off) if self.now < at + LATE else None

    def _is_taken(self, at: datetime) -> bool:
        return any(abs(at - other) < GAP for other in self.taken)
