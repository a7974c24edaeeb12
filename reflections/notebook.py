"""One's own moments, narrowed by what was said of them, and laid out as the days of a quarter."""

import calendar
import contextlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.templatetags.best import in_words, month_day
from accounts.vault import reading
from mentoring.models import Enrollment
from mentoring.quarter import Quarter

from .home import Home
from .models import Moment, Value
from .wording import said_on

# More than this in a cell would say nothing new: its label says how many there are.
DROPS = 3
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Narrowed:
    """What the address of the list asks for; nonsense in it asks for nothing."""

    kind: str = ""
    whom: str = ""
    value: int | None = None
    month: str = ""
    day: date | None = None
    week: date | None = None

    @classmethod
    def by(cls, asked: QueryDict) -> "Narrowed":
        kind, whom, value = (asked.get(name, "") for name in ("kind", "whom", "value"))
        month = asked.get("month", "")
        return cls(
            kind=kind if kind in Moment.Kind.values else "",
            whom=whom if whom in Moment.Whom.values else "",
            value=int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None,
            month=month if _day(f"{month}-01") else "",
            day=_day(asked.get("day", "")),
            week=_day(asked.get("week", "")),
        )

    @property
    def is_any(self) -> bool:
        return self == Narrowed()

    @property
    def beside_the_kind(self) -> bool:
        """Whether anything but the kind is asked for, which has its own row of links."""
        return self != Narrowed(kind=self.kind)

    def of(self, moments: QuerySet[Moment]) -> QuerySet[Moment]:
        asked: dict[str, Any] = {"kind": self.kind, "for_whom": self.whom, "shows__value": self.value}
        asked["happened_on"] = self.day
        first = _day(f"{self.month}-01")
        if first is not None:
            asked |= {"happened_on__year": first.year, "happened_on__month": first.month}
        if self.week is not None:
            asked["happened_on__range"] = (self.week, self.week + 6 * timedelta(days=1))
        return moments.filter(**{name: value for name, value in asked.items() if value})

    def when(self, today: date) -> str:
        """`June 15`, `the week of June 15`, where one of them was asked for."""
        if self.day is not None:
            return (
                date_format(self.day, "DATE_FORMAT") if self.day.year != today.year else month_day(self.day)
            )
        if self.week is not None:
            return _("The week of %(monday)s") % {"monday": date_format(self.week, "DATE_FORMAT")}
        return ""


def _day(text: str) -> date | None:
    with contextlib.suppress(ValueError, ValidationError):
        return parse_date(text)
    return None


def months_of(person: User) -> list[tuple[str, str]]:
    """The months in which they kept something, the newest first, with their names."""
    months = Moment.objects.of(person).dates("happened_on", "month", order="DESC")
    return [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]


def values_of(person: User) -> list[tuple[int, str]]:
    """The values that a moment of theirs shows, by name."""
    values = Value.objects.of(person).filter(shown__moment__isnull=False).distinct()
    named = [(value.pk, reading.words(value, "name")) for value in values]
    return sorted(named, key=lambda each: each[1].casefold())


# --- The quarter as days -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    on: date
    kept: int
    is_today: bool
    is_ahead: bool

    @property
    def said(self) -> str:
        """`June 15: two moments`: what stands in the cell, in words."""
        words = ngettext("%(day)s: one moment", "%(day)s: %(number)s moments", self.kept)
        return words % {"day": month_day(self.on), "number": in_words(self.kept)}

    @property
    def drops(self) -> range:
        return range(min(self.kept, DROPS))


@dataclass(frozen=True)
class Month:
    name: str
    key: str
    # Each week has seven places; those before the first and after the last of the month are None.
    weeks: list[list[Day | None]]


def quarter_for(person: User, day: date, now: datetime) -> Quarter:
    """The one that the day lies in, as that program counts of which their home page speaks, or the one that they joined
    last; else of the year."""
    spoken_of = Home(person, now).program
    if spoken_of is not None:
        return spoken_of.quarter_on(day)
    places = Enrollment.objects.visible_to(person).active().select_related("program")
    place = places.order_by("-joined_on", "pk").first()
    return Quarter.containing(day, place.program.fiscal_first_month if place else 1)


def months_in(quarter: Quarter, person: User, today: date) -> list[Month]:
    """The three months with what was kept on each day; by one query."""
    kept = Counter(Moment.objects.of(person).within(quarter).values_list("happened_on", flat=True))
    weeks_of = calendar.Calendar(firstweekday=(int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7)
    months = []
    first = quarter.start
    while first <= quarter.end:
        weeks = [
            [
                Day(day, kept[day], day == today, day > today) if day.month == first.month else None
                for day in week
            ]
            for week in weeks_of.monthdatescalendar(first.year, first.month)
        ]
        months.append(Month(date_format(first, "YEAR_MONTH_FORMAT"), f"{first:%Y-%m}", weeks))
        first = (first + timedelta(days=31)).replace(day=1)
    return months


def weekdays() -> list[tuple[str, str]]:
    """`Mo`, `Monday`, from the day on which weeks begin for the reader."""
    first = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
    monday = date(2024, 1, 1)
    days = [monday + timedelta(days=(first + n) % 7) for n in range(7)]
    return [(date_format(day, "D"), date_format(day, "l")) for day in days]


def around(quarter: Quarter, person: User, today: date) -> tuple[Quarter | None, Quarter | None]:
    """The quarters before and after, where there is something to see: back to the first moment, on to today."""
    first = Moment.objects.of(person).order_by("happened_on").values_list("happened_on", flat=True).first()
    before = quarter.previous if first is not None and first < quarter.start else None
    return before, quarter.next if quarter.end < today else None


__all__ = [
    "Narrowed",
    "around",
    "months_in",
    "months_of",
    "quarter_for",
    "said_on",
    "values_of",
    "weekdays",
]
