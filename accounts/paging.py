"""One way to page a list."""

from collections.abc import Sequence
from typing import Any, TypeVar, overload

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

PER_PAGE = 50
T = TypeVar("T")
M = TypeVar("M", bound=Model)


@overload
def page_of(request: HttpRequest, rows: QuerySet[M], *, per_page: int = ...) -> Page[M]: ...
@overload
def page_of(request: HttpRequest, rows: Sequence[T], *, per_page: int = ...) -> Page[T]: ...
def page_of(request: HttpRequest, rows: Any, *, per_page: int = PER_PAGE) -> Page[Any]:
    """The page of `rows` that `?page=` asks for; the nearest one that exists when it asks for nonsense."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
