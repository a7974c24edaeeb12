"""The data map: for each model that holds something of a person, what they get of it and what becomes of it.

The upper app registers with the lower, when it starts. tests/accounts/test_mydata.py walks every field of every model
and fails for one that is in neither the export nor the reasons, or of which nobody has said what erasing does to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

Text = str | Promise
Rows = Callable[[User], QuerySet[Any]]


class Why(Enum):
    """Why a field is not in the export."""

    KEY = _("a number that only ties rows together")
    OWNER = _("it says that the row is yours")
    SECRET = _("a secret that opens your account")
    LOCK = _("it locks your words in the database; the export has the words themselves")
    MACHINERY = _("how the work is done; it says nothing about you")
    OTHERS = _("somebody else’s")
    COPY = _("a copy of what stands elsewhere in the export")


@dataclass(frozen=True)
class Kept:
    """What erasing leaves of the rows. `act` blanks or replaces the fields of `replaced`; those of `stays` are left as
    they are, because they say nothing about the person any more. Each concrete field is in one of the two."""

    why: str
    act: Callable[[User, datetime], object]
    replaced: tuple[str, ...]
    stays: tuple[str, ...]


class Deleted:
    """Erasing deletes the rows."""


DELETED = Deleted()


@dataclass(frozen=True)
class Holding:
    """Rows of one model that are about a person.

    `exported`: fields in the export, each with what it is called there (None: the field's own name); `withheld`: the
    others, each with the reason. `values`: what to write for a field where its value alone would not say it, made from
    the row. `files`: more files for the ZIP, a name and the bytes of each. `reads_as_words`: the readable page has a
    place of its own for it (see `Chapter`), so it stands in no table there.
    """

    model: type[Model]
    title: Text
    of: Rows
    exported: Mapping[str, Text | None]
    withheld: Mapping[str, Why]
    erasure: Deleted | Kept = DELETED
    values: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    files: Callable[[User], Iterable[tuple[str, bytes]]] | None = None
    reads_as_words: bool = False

    @property
    def key(self) -> str:
        """Its name in data.json."""
        return self.model._meta.label_lower

    def label_of(self, name: str) -> str:
        return str(self.exported[name] or self.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


@dataclass(frozen=True)
class Entry:
    """One piece of somebody's own words, as the readable page shows it: `notes` say when, for whom, who can read it."""

    text: str
    heading: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """Words that belong together, under one heading. `entries` may be long: they are read once, one by one."""

    title: str
    entries: Iterable[Entry]


def named(*names: str) -> dict[str, None]:
    """Fields that the export calls by their own names."""
    return dict.fromkeys(names)


_holdings: dict[type[Model], Holding] = {}
_nobodys: dict[str, str] = {}
_chapters: list[Callable[[User], Iterator[Chapter]]] = []
_obstacles: list[Callable[[User], Iterator[str]]] = []


def register(*holdings: Holding) -> None:
    """Raises ValueError for a model that is registered already as something else."""
    for holding in holdings:
        if _holdings.get(holding.model, holding) is not holding:
            raise ValueError(f"{holding.key} is in the data map already")
        _holdings[holding.model] = holding


def register_nobodys(why: str, *labels: str) -> None:
    """Models (`app.Model`) in which nothing is about a person, and why."""
    _nobodys.update(dict.fromkeys(labels, why))


def register_chapters(chapters: Callable[[User], Iterator[Chapter]]) -> None:
    """What the readable page begins with: a person's own words."""
    _chapters.append(chapters)


def register_obstacle(obstacle: Callable[[User], Iterator[str]]) -> None:
    """What has to be done before somebody can leave, in sentences; none when nothing stands in the way."""
    _obstacles.append(obstacle)


def holdings() -> tuple[Holding, ...]:
    """In the order in which the apps start: what others point to comes first, so erasing goes backwards."""
    return tuple(_holdings.values())


def nobodys() -> Mapping[str, str]:
    return dict(_nobodys)


def chapters(person: User) -> Iterator[Chapter]:
    for each in _chapters:
        yield from each(person)


def obstacles(person: User) -> list[str]:
    """What keeps this person from leaving now."""
    return [said for each in _obstacles for said in each(person)]
