"""The things of a story: moments, and answers on the pages of quarters. One's own, and only to oneself.

What was set aside, and whatever else is locked, stays on its own page: a story does not begin with shortfalls.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models import Value as Said
from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from accounts.vault import data_keys, reading
from mentoring.quarter import Quarter, plus_months
from reflections.desk import url_of_answer
from reflections.forms.moment import KIND_ICONS
from reflections.models import Answer, Moment, Value, ValueShown

from .excerpts import BESIDE, COLUMN, LINE, PULL, Piece, excerpt
from .words import Word, Words

MOMENT, ANSWER = "moment", "answer"


@dataclass(frozen=True)
class Shown:
    """One value beside the thing that shows it."""

    row: ValueShown
    word: Word

    @property
    def quote(self) -> str:
        return reading.words(self.row, "quote")


@dataclass
class Entry:
    on: date
    thing: Any  # a Moment or an Answer
    shown: list[Shown] = field(default_factory=list)

    @property
    def is_moment(self) -> bool:
        return isinstance(self.thing, Moment)

    @property
    def text(self) -> str:
        return reading.words(self.thing, "text")

    @property
    def after(self) -> str:
        """Of a before and an after."""
        return "" if self.is_moment else reading.words(self.thing, "after")

    @property
    def pull(self) -> list[Piece]:
        return self._excerpt(PULL)

    @property
    def beside(self) -> list[Piece]:
        return self._excerpt(BESIDE)

    @property
    def column(self) -> list[Piece]:
        return self._excerpt(COLUMN)

    @property
    def line(self) -> list[Piece]:
        return self._excerpt(LINE)

    def _excerpt(self, limit: int) -> list[Piece]:
        quotes = [(shown.quote, shown.word.mark) for shown in self.shown]
        return excerpt(self.text, quotes, limit=limit)

    @property
    def question(self) -> str:
        return "" if self.is_moment else self.thing.question.asked

    @property
    def kind(self) -> str | Promise:
        return Moment.Kind(self.thing.kind).label if self.is_moment and self.thing.kind else ""

    @property
    def icon(self) -> str:
        return KIND_ICONS.get(Moment.Kind(self.thing.kind), "") if self.kind else ""

    @property
    def for_whom(self) -> str:
        return self.thing.for_whom if self.is_moment else ""

    @property
    def url(self) -> str:
        """Where its owner reads all of it, and changes it."""
        if self.is_moment:
            return reverse("moments:edit", args=[self.thing.pk])
        return url_of_answer(self.thing)

    @property
    def values_url(self) -> str:
        return reverse(f"story:{MOMENT if self.is_moment else ANSWER}_values", args=[self.thing.pk])


def moments_of(person: User) -> Any:
    return Moment.objects.of(person)


def answers_of(person: User) -> Any:
    written = Q(text__is_empty=False) | Q(after__is_empty=False)
    return Answer.objects.filter(written, reflection__person=person, is_locked=False)


def all_of(person: User) -> QuerySet[Any, dict[str, Any]]:
    """What there is, the newest first: for `items`, which wants a page of it. Of a quarter the page that closed it
    comes first, its answers in the order of their questions."""
    return _together(moments_of(person), answers_of(person))


def showing(value: Value) -> QuerySet[Any, dict[str, Any]]:
    """What shows a value."""
    person = value.person
    return _together(
        moments_of(person).filter(shows__value=value), answers_of(person).filter(shows__value=value)
    )


def in_other_years(person: User, quarter: Quarter) -> QuerySet[Any, dict[str, Any]]:
    """What the same three months of other years have."""
    months = [plus_months(quarter.start, n).month for n in range(3)]
    span = (quarter.start, quarter.end)
    moments = moments_of(person).filter(happened_on__month__in=months).exclude(happened_on__range=span)
    answers = answers_of(person).filter(reflection__round__due_on__month__in=months)
    return _together(moments, answers.exclude(reflection__round__due_on__range=span))


def between(person: User, first: date, last: date) -> QuerySet[Any, dict[str, Any]]:
    answers = answers_of(person).filter(reflection__round__due_on__range=(first, last))
    return _together(moments_of(person).filter(happened_on__range=(first, last)), answers)


def _together(moments: Any, answers: Any) -> QuerySet[Any, dict[str, Any]]:
    columns = ("on", "what", "place", "thing")
    dated = moments.annotate(on=F("happened_on"), what=Said(MOMENT), place=-F("pk"), thing=F("pk"))
    closing = answers.annotate(
        on=F("reflection__round__due_on"), what=Said(ANSWER), place=F("question"), thing=F("pk")
    )
    found: QuerySet[Any, dict[str, Any]] = (
        dated.order_by().values(*columns).union(closing.order_by().values(*columns), all=True)
    )
    return found.order_by("-on", "what", "place", "thing")


def items(person: User, rows: Iterable[Mapping[str, Any]], words: Words) -> list[Entry]:
    """Those, with their words and what they show, by four queries at most."""
    rows = list(rows)
    data_keys.prepare([person.pk])
    pks = {what: [row["thing"] for row in rows if row["what"] == what] for what in (MOMENT, ANSWER)}
    answers = Answer.objects.select_related("reflection__round__program", "question")
    found: dict[tuple[str, int], Any] = {}
    if pks[MOMENT]:
        found |= {(MOMENT, pk): row for pk, row in Moment.objects.of(person).in_bulk(pks[MOMENT]).items()}
    if pks[ANSWER]:
        mine = answers.filter(reflection__person=person)
        found |= {(ANSWER, pk): row for pk, row in mine.in_bulk(pks[ANSWER]).items()}
    shown = _shown(person, pks, words) if rows else {}
    keys = [(row["on"], (row["what"], row["thing"])) for row in rows]
    return [Entry(on, found[key], shown.get(key, [])) for on, key in keys if key in found]


def entry_of(person: User, thing: Moment | Answer, words: Words) -> Entry:
    """One of them. `thing` comes with its question and the round of its reflection."""
    what = MOMENT if isinstance(thing, Moment) else ANSWER
    on = thing.happened_on if isinstance(thing, Moment) else thing.reflection.round.due_on
    shown = _shown(person, {MOMENT: [], ANSWER: [], what: [thing.pk]}, words)
    return Entry(on, thing, shown.get((what, thing.pk), []))


def _shown(person: User, pks: Mapping[str, list[int]], words: Words) -> Mapping[tuple[str, int], list[Shown]]:
    beside = Q(moment__in=pks[MOMENT]) | Q(answer__in=pks[ANSWER])
    shown: defaultdict[tuple[str, int], list[Shown]] = defaultdict(list)
    for row in ValueShown.objects.of(person).filter(beside).select_related("value").order_by("pk"):
        key = (MOMENT, row.moment_id) if row.moment_id else (ANSWER, row.answer_id or 0)
        shown[key].append(Shown(row, words.by_pk[row.value_id]))
    return shown


def months_of(person: User) -> Iterator[date]:
    """A day of each month that something is of."""
    yield from moments_of(person).dates("happened_on", "month")
    yield from answers_of(person).order_by().values_list("reflection__round__due_on", flat=True).distinct()
