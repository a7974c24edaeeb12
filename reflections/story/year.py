"""Four quarters on one printed page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from mentoring.quarter import Quarter, plus_months
from reflections.models import Moment, PromptKind

from . import river
from .entries import Entry, between, items
from .seasons import Story, lead_of, spanned
from .words import Word

QUARTERS = 4
LINES = 2
LABEL = 16
MANY = 2000  # Nobody keeps more in a year; a page must come to an end.

LEARNED_FROM, CARRIED = ("M8", "E6", "E7"), ("M16", "E16")
BESIDE = (Moment.Whom.MENTEE, Moment.Whom.COLLEAGUE, Moment.Whom.CLIENT)


@dataclass(frozen=True)
class Column:
    quarter: Quarter
    lead: Entry | None
    spoken: list[Word]

    @property
    def title(self) -> str:
        return _("%(first)s to %(last)s") % {
            "first": self.quarter.months[0],
            "last": self.quarter.months[-1],
        }


@dataclass(frozen=True)
class Part:
    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class Label:
    """Beside the end of a strand: `at` in the box of the river, from above."""

    at: int
    name: str


class Year:
    """The four quarters of which `last` is the last."""

    def __init__(self, story: Story, last: Quarter) -> None:
        self.story, self.last = story, last

    @cached_property
    def quarters(self) -> list[Quarter]:
        found = [self.last]
        while len(found) < QUARTERS:
            found.insert(0, found[0].previous)
        return found

    @property
    def span(self) -> str:
        return spanned(self.quarters[0], self.last)

    @cached_property
    def entries(self) -> list[Entry]:
        person = self.story.person
        rows = between(person, self.quarters[0].start, self.last.end)[:MANY]
        return items(person, rows, self.story.words)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column(
                quarter,
                lead_of([entry for entry in self.entries if entry.on in quarter]),
                self.story.words.spoken_in(quarter)[:LINES],
            )
            for quarter in self.quarters
        ]

    @property
    def parts(self) -> list[Part]:
        """What else there is, in one's own words; nothing that stands above already, and nothing twice."""
        taken = {id(column.lead) for column in self.columns}
        parts = []
        for title, belongs in (
            (_("Who I learned from"), _is_learned),
            (_("Who I stood beside"), _is_beside),
            (_("What I did for myself"), _is_for_myself),
            (_("What I carry on"), _is_carried),
        ):
            left = [entry for entry in self.entries if id(entry) not in taken]
            found = _some(left, belongs)
            taken |= {id(entry) for entry in found}
            if found:
                parts.append(Part(title, found))
        return parts

    # --- The river -------------------------------------------------------------------------------------------------

    @cached_property
    def strands(self) -> list[int]:
        """Of the values in the river those that this year spoke of."""
        spoken = {pk for weights in self._weights for pk in weights}
        return [pk for pk in self.story.words.in_river if pk in spoken]

    @cached_property
    def _weights(self) -> list[river.Weights]:
        return [self.story.words.weights.get(quarter.start, {}) for quarter in self.quarters]

    @property
    def river(self) -> list[river.Strand]:
        colors = self.story.words.in_river
        return [
            river.Strand(colors.index(pk) + 1, strand.path)
            for pk, strand in zip(
                self.strands, river.across(self.strands, self._weights, QUARTERS), strict=True
            )
        ]

    @property
    def labels(self) -> list[Label]:
        words = self.story.words.by_pk
        return [
            Label(round(at) + 5, _short(words[pk].name))  # type: ignore[index]
            for at, pk in river.mouths(self.strands, self._weights)
        ]

    @property
    def described(self) -> str:
        """The river in words: which quarter speaks of what."""
        said = [
            f"{column.title}: {', '.join(word.name for word in self.story.words.spoken_in(column.quarter))}."
            for column in self.columns
            if column.spoken
        ]
        return " ".join(said)

    # --- Other years -----------------------------------------------------------------------------------------------

    @property
    def before(self) -> date | None:
        """The first day of the quarter with which the year before ends, where it holds anything."""
        quarters = self.story.quarters
        return (
            plus_months(self.last.start, -12)
            if quarters and quarters[0].start < self.quarters[0].start
            else None
        )

    @property
    def after(self) -> date | None:
        quarters = self.story.quarters
        return plus_months(self.last.start, 12) if quarters and quarters[-1] > self.last else None


def _some(entries: Iterable[Entry], belongs: Callable[[Entry], bool]) -> list[Entry]:
    found = []
    for entry in entries:
        if belongs(entry):
            found.append(entry)
        if len(found) == LINES:
            break
    return found


def _code(entry: Entry) -> str:
    return "" if entry.is_moment else str(entry.thing.question.code)


def _is_learned(entry: Entry) -> bool:
    if not entry.is_moment:
        return _code(entry) in LEARNED_FROM
    learned = entry.thing.kind in (Moment.Kind.LEARNED, Moment.Kind.THANKS)
    return learned or entry.for_whom == Moment.Whom.MENTOR


def _is_beside(entry: Entry) -> bool:
    return entry.for_whom in BESIDE


def _is_for_myself(entry: Entry) -> bool:
    return entry.for_whom == Moment.Whom.MYSELF


def _is_carried(entry: Entry) -> bool:
    if entry.is_moment:
        return False
    return entry.thing.question.kind == PromptKind.CARRY or _code(entry) in CARRIED


def _short(name: str) -> str:
    return name if len(name) <= LABEL else f"{name[: LABEL - 1].rstrip()}…"
