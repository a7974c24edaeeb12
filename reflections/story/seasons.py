"""Quarters as a page shows them: what they hold, what they speak of, and the river beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring.quarter import Quarter

from . import river
from .entries import Entry, months_of
from .words import Word, Words, first_month_of


@dataclass
class Season:
    """A quarter, or the rest of one that began on the page before (`is_continued`)."""

    quarter: Quarter
    lead: Entry | None
    rest: list[Entry]
    said: str = ""
    spoken: list[Word] = field(default_factory=list)
    strands: list[river.Strand] = field(default_factory=list)
    is_continued: bool = False

    @property
    def title(self) -> str:
        return titled(self.quarter)

    @property
    def code(self) -> str:
        return self.quarter.start.isoformat()


def titled(quarter: Quarter) -> str:
    """`Quarter two, 2026`; with its months, where its year is not the calendar's."""
    if quarter.first_month == 1:
        return _("%(quarter)s, %(year)s") % {
            "quarter": capfirst(quarter.spelled),
            "year": quarter.start.year,
        }
    return _("%(quarter)s, %(months)s") % {
        "quarter": capfirst(quarter.spelled),
        "months": spanned(quarter, quarter),
    }


def spanned(first: Quarter, last: Quarter) -> str:
    """`July 2025 to June 2026`; `April to June 2026` within one year."""
    begin, end = first.months[0], last.months[-1]
    if first.start.year == last.end.year:
        return _("%(first)s to %(last)s %(year)s") % {"first": begin, "last": end, "year": last.end.year}
    return _("%(first)s %(year)s to %(last)s %(next_year)s") % {
        "first": begin,
        "year": first.start.year,
        "last": end,
        "next_year": last.end.year,
    }


class Story:
    """One person's story, as they read it."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.first_month = first_month_of(person)
        self.words = Words(person, self.first_month)

    def quarter_of(self, entry: Entry) -> Quarter:
        return Quarter.containing(entry.on, self.first_month)

    @cached_property
    def quarters(self) -> list[Quarter]:
        """Those that hold something, the oldest first."""
        months = set(months_of(self.person))
        return sorted({Quarter.containing(month, self.first_month) for month in months})

    def seasons(self, entries: Sequence[Entry], *, before: Entry | None = None) -> list[Season]:
        """The entries of a page by their quarters; `before` is the last one of the page before."""
        gone_on = self.quarter_of(before) if before else None
        return [
            self._season(quarter, list(found), is_continued=quarter == gone_on)
            for quarter, found in groupby(entries, key=self.quarter_of)
        ]

    def _season(self, quarter: Quarter, found: list[Entry], *, is_continued: bool) -> Season:
        lead = None if is_continued else lead_of(found)
        season = Season(
            quarter,
            lead,
            [entry for entry in found if entry is not lead],
            spoken=self.words.spoken_in(quarter),
            is_continued=is_continued,
        )
        if not is_continued:
            season.said = self._said(quarter)
        if quarter in self.quarters:
            season.strands = river.down(self.words.in_river, self.weights, self.quarters.index(quarter))
        return season

    def _said(self, quarter: Quarter) -> str:
        sentence = self.words.sentence(quarter)
        if quarter == self.quarters[0] and len(self.quarters) > 1:
            began = _("Where you began.")
            return f"{began} {sentence}" if sentence else began
        return sentence

    @cached_property
    def weights(self) -> list[river.Weights]:
        return [self.words.weights.get(quarter.start, {}) for quarter in self.quarters]


def lead_of(entries: Sequence[Entry]) -> Entry | None:
    """What stands in large letters: the newest that shows a value by its own words, else by all of them; else the
    newest moment. Nothing is weighed against anything else."""
    for is_it in (_is_quoted, _shows, _is_moment):
        for entry in entries:
            if is_it(entry):
                return entry
    return next(iter(entries), None)


def _is_quoted(entry: Entry) -> bool:
    return any(shown.quote for shown in entry.shown)


def _shows(entry: Entry) -> bool:
    return bool(entry.shown)


def _is_moment(entry: Entry) -> bool:
    return entry.is_moment


def by_quarter(story: Story, entries: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """For a page without a river."""
    for quarter, found in groupby(entries, key=story.quarter_of):
        yield titled(quarter), list(found)
