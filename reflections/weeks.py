"""A quarter as a list of weeks, for the strip of the home page. It asks no database and no clock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.templatetags.best import in_words, month_day
from mentoring.quarter import Quarter

# More drops than this would tower over the page; the words beside them still say how many there were.
DROPS = 5
# A month's name needs room beside the word "Today".
ROOM = 3
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    monday: date
    kept: int
    is_now: bool
    is_ahead: bool
    month: str

    @property
    def said(self) -> str:
        """`Week of June 15: two moments`: the drops in words."""
        monday = month_day(self.monday)
        if self.kept:
            words = ngettext(
                "Week of %(monday)s: one moment", "Week of %(monday)s: %(number)s moments", self.kept
            )
            return words % {"monday": monday, "number": in_words(self.kept)}
        if self.is_ahead:
            return _("Week of %(monday)s: still to come") % {"monday": monday}
        return _("Week of %(monday)s: nothing kept") % {"monday": monday}

    @property
    def drops(self) -> range:
        return range(min(self.kept, DROPS))


def weeks_of(quarter: Quarter, kept_on: Iterable[date], today: date) -> list[Week]:
    """The weeks, Monday to Sunday, that touch the quarter; `kept_on` holds one date per moment.

    A month is named at the first week that begins in it, except close to this week, which is marked itself.
    """
    kept = Counter(_monday(day) for day in kept_on)
    first, last, this = _monday(quarter.start), _monday(quarter.end), _monday(today)
    mondays = [first + n * WEEK for n in range((last - first).days // 7 + 1)]
    now = mondays.index(this) if today in quarter else None
    weeks: list[Week] = []
    named = 0
    for n, monday in enumerate(mondays):
        day = max(monday, quarter.start)
        begins_month, named = day.month != named, day.month
        has_room = now is None or abs(n - now) >= ROOM
        month = date_format(day, "F") if begins_month and has_room else ""
        weeks.append(Week(monday, kept[monday], n == now, now is not None and n > now, month))
    return weeks


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
