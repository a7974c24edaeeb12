"""How many rows a list has: exactly up to a thousand, and beyond that as the database guesses from its own figures.

Nobody needs to know whether there are 12,318 or 12,325 e-mails, and counting them takes longer than showing fifty. Both
questions are asked of every list, whatever its length, so that none takes more of them than another.
"""

import json
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
    AnyPage = Page[Any]
else:
    AnyPaginator, AnyPage = Paginator, Page

COUNTED_TO = 1000


class About(int):
    """A number that was guessed. As text, in templates too, it says so and is rounded to two figures."""

    def __str__(self) -> str:
        return gettext("about %(number)s") % {"number": number_format(_rounded(self), force_grouping=True)}


def _rounded(number: int) -> int:
    step: int = 10 ** max(len(f"{int(number):d}") - 2, 0)
    return round(int(number) / step) * step


def how_many(rows: "QuerySet[Any, Any]") -> int:
    """Of at most `COUNTED_TO` rows how many there are; an `About` for more. Two queries."""
    bare = rows.order_by().values("pk")
    guess = guessed(bare)
    counted: int = bare[: COUNTED_TO + 1].count()
    return counted if counted <= COUNTED_TO else About(max(guess, counted))


def guessed(rows: "QuerySet[Any, Any]") -> int:
    """What the planner expects, from the statistics that PostgreSQL keeps by itself: nothing is read for it."""
    try:
        plan: int = json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"]
    except (EmptyResultSet, IndexError):  # It is known without asking that there are none.
        return 0
    return plan


class CountedPaginator(AnyPaginator):
    """Django's, which need not know how many rows there are.

    Where that was guessed, a page that is full has another one after it, and whoever goes further than there are rows
    is shown the last page: only then are all of them counted.
    """

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return how_many(rows) if isinstance(rows, QuerySet) else len(rows)

    def page(self, number: int | str) -> AnyPage:
        if not isinstance(self.count, About):
            return super().page(number)
        page = max(int(number), 1)
        begin = (page - 1) * self.per_page
        rows = self.object_list[begin : begin + self.per_page]
        found = len(rows)  # Fetched here, and kept with the rows for whoever shows them.
        if not found:
            self._is(self.object_list.order_by().values("pk").count())  # type: ignore[union-attr]
            return super().page(self.num_pages)
        if found < self.per_page:
            self._is(begin + found)
        else:
            self._is(About(max(self.count, begin + found + 1)))
        return self._get_page(rows, page, self)

    def _is(self, count: int) -> None:
        vars(self)["count"] = count
        vars(self).pop("num_pages", None)


class CountedList(ChangeList):
    """Says of its rows what the page that was fetched told of their number."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_count = self.paginator.count
        self.page_num = min(self.page_num, max(self.paginator.num_pages, 1))


def exactly(found: ChangeList) -> int:
    """How many rows a list has, counted, for whoever is about to take all of them along."""
    number = found.result_count
    return found.queryset.count() if isinstance(number, About) else number
