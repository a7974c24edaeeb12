"""A quarter of a program's fiscal year: a value, with no database behind it.

A fiscal year is named by the calendar year in which it ends (the common rule; a year that begins in January is simply
that year). So with a first month of April, the three months from April 1, 2025 on are Q1 of FY26.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@total_ordering
@dataclass(frozen=True)
class Quarter:
    """Three whole months that begin on `start`, in a fiscal year that begins in month `first_month` (1 to 12).

    Raises ValueError when `start` is not the first day of a quarter of that fiscal year.
    """

    start: date
    first_month: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12:
            raise ValueError("A fiscal year begins in a month from 1 to 12.")
        if self.start.day != 1 or (self.start.month - self.first_month) % 3:
            raise ValueError(f"{self.start} is not the first day of a quarter.")

    @classmethod
    def containing(cls, day: date, first_month: int = 1) -> Self:
        """The quarter that `day` lies in."""
        months_in = (day.month - first_month) % 3
        return cls(plus_months(day.replace(day=1), -months_in), first_month)

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        return plus_months(self.start, 3) - timedelta(days=1)

    @property
    def number(self) -> int:
        """1 to 4, within the fiscal year."""
        return (self.start.month - self.first_month) % 12 // 3 + 1

    @property
    def fiscal_year(self) -> int:
        """The calendar year in which the fiscal year ends."""
        year_start = plus_months(self.start, -3 * (self.number - 1))
        return (plus_months(year_start, 12) - timedelta(days=1)).year

    @property
    def label(self) -> str:
        """`Q2 2026` where the fiscal year is the calendar year, else `FY26 Q2`."""
        if self.first_month == 1:
            return pgettext("quarter and year", "Q%(number)d %(year)d") % {
                "number": self.number,
                "year": self.fiscal_year,
            }
        return pgettext("fiscal year and quarter", "FY%(year)02d Q%(number)d") % {
            "number": self.number,
            "year": self.fiscal_year % 100,
        }

    @property
    def spelled(self) -> str:
        """`quarter two`, for the middle of a sentence."""
        return [_("quarter one"), _("quarter two"), _("quarter three"), _("quarter four")][self.number - 1]

    @property
    def months(self) -> list[str]:
        """The names of its three months, in the language of the reader."""
        return [date_format(plus_months(self.start, n), "F") for n in range(3)]

    @property
    def next(self) -> Self:
        return type(self)(plus_months(self.start, 3), self.first_month)

    @property
    def previous(self) -> Self:
        return type(self)(plus_months(self.start, -3), self.first_month)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __lt__(self, other: "Quarter") -> bool:
        return self.start < other.start

    def __str__(self) -> str:
        return self.label


def plus_months(day: date, months: int) -> date:
    """The same day of the month so many months on; a shorter month's last day where there is no such day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))
