"""What may need a hand in a program: each kind is a `Section`, in the order in which they stand on the first page.

Apps above add theirs by `register`. A section counts for many programs at once, in a fixed number of queries, and shows
the first few of one program. Whatever is done from there is done by an action of a list (`Deed`), which asks first, by
the page and the rights of that list: there is no second way.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from mentoring.models import Program

MOST_ROWS = 10
StrOrPromise = str | Promise


@dataclass(frozen=True)
class Link:
    url: str
    label: StrOrPromise


@dataclass(frozen=True)
class Deed:
    """`action` of the list at `url`: for one row, by its own button, or for all that are ticked."""

    url: str
    action: str
    for_one: StrOrPromise
    for_many: StrOrPromise


@dataclass(frozen=True)
class Row:
    """Who or what it is about comes first. `pk` is what the section's deed is given; None where there is nothing to do
    for this one but what `step` leads to. `post` is a step that needs no page that asks first."""

    who: StrOrPromise
    what: Sequence[StrOrPromise] = ()
    url: str = ""
    pk: int | None = None
    step: Link | None = None
    post: Link | None = None
    # The thing itself, for whoever adds a step of their own to the row.
    about: Any = None
    picture: Any = None


@dataclass(frozen=True)
class Need:
    key: str
    title: StrOrPromise
    said: str
    total: int
    rows: Sequence[Row]
    everything: Link
    intro: StrOrPromise = ""
    deed: Deed | None = None
    steps: Sequence[Link] = field(default=())
    list_has_more: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether the rest of them, and nothing else, is behind `everything`."""
        return self.total > len(self.rows) and not self.list_has_more

    @property
    def has_several(self) -> bool:
        """Whether anything is to be ticked."""
        return self.deed is not None and sum(row.pk is not None for row in self.rows) > 1


class Section(ABC):
    """One kind of what needs a hand. `key` is its place on the page, too."""

    key: ClassVar[str]

    @abstractmethod
    def counts(self, programs: Sequence[Program], now: datetime) -> Mapping[int, int]:
        """How many there are in each of these, by the program's key; those without any may be left out."""

    @abstractmethod
    def said(self, number: int) -> str:
        """That there are so many, as part of a sentence: "two applications wait for your answer"."""

    @abstractmethod
    def need(self, program: Program, total: int, user: User, now: datetime) -> Need:
        """The first `MOST_ROWS` of one program in which there are `total`."""


_sections: list[tuple[int, Section]] = []


def register(section: Section, place: int) -> None:
    _sections.append((place, section))
    _sections.sort(key=lambda each: each[0])


def sections() -> list[Section]:
    return [section for _place, section in _sections]


def list_url(name: str, program: Program, **filters: str) -> str:
    """The list of that name ("mentoring_pairing"), narrowed to a program."""
    query = urlencode({"program": program.pk, **filters})
    return f"{reverse(f'admin:{name}_changelist')}?{query}"


def page_url(name: str, pk: int) -> str:
    return reverse(f"admin:{name}_change", args=[pk])
