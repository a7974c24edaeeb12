"""One way to page a list."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50
M = TypeVar("M", bound=Any)


def page_of(
    request: HttpRequest, rows: "QuerySet[M] | Sequence[M]", *, per_page: int = PER_PAGE, name: str = "page"
) -> Page[M]:
    """The page of `rows` that `?page=` asks for (or `name`, where one page has two lists); the nearest one that exists
    when it asks for nonsense."""
    return Paginator(rows, per_page).get_page(request.GET.get(name))
