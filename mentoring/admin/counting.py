"""The pages of a list, without knowing how many rows it has: beyond a thousand that is guessed."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Func, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.house.estimates import About, how_many

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
    AnyPage = Page[Any]
else:
    AnyPaginator, AnyPage = Paginator, Page


class IsAmong(Func):
    """Whether a number is in an array. Unlike IN with a subquery, the array is there before anything else is planned
    with, so a filter that stands beside it is asked of fifty rows, and not of all of them once more."""

    arity = 2
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class CountedPaginator(AnyPaginator):
    """Django's, which need not know how many rows there are.

    Where that was guessed, all of them are counted only for whoever comes to the end that was guessed: so every page
    can be turned to, and whoever goes further than there are rows is shown the last one.
    """

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return how_many(rows) if isinstance(rows, QuerySet) else len(rows)

    def page(self, number: int | str) -> AnyPage:
        every = self.object_list
        if not isinstance(self.count, About) or not isinstance(every, QuerySet):
            return super().page(number)
        page = max(int(number), 1)
        begin = (page - 1) * self.per_page
        every = cast("QuerySet[Any]", self.object_list)
        # Put in order by their numbers alone: with all that is shown of them, many rows would not fit into memory.
        numbers = every.values("pk")[begin : begin + self.per_page]
        rows = every.filter(IsAmong("pk", ArraySubquery(numbers)))
        found = len(rows)  # Fetched here, and kept with the rows for whoever shows them.
        if found < self.per_page and found:
            self._is(begin + found)
        elif begin + found >= self.count or not found:
            self._is(every.order_by().values("pk").count())
        if not found:
            return super().page(self.num_pages)
        return Page(rows, page, self)

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
