"""The pages of a list, without knowing how many rows it has: beyond a thousand that is guessed."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.house.estimates import About, how_many

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
    AnyPage = Page[Any]
else:
    AnyPaginator, AnyPage = Paginator, Page


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
