"""Saved views: a list of the admin as somebody had filtered, searched and ordered it, under a name of theirs."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from mentoring import actions
from mentoring.admin_site import BestAdminSite, DeskPage, Group
from mentoring.models import SavedView

from .scoped import ALL, ProgramFilter, ProgramScopedAdmin

# What a list knows besides its filters: its search, its order, and all on one page.
ALWAYS = ("q", "o", "all")
site = cast("BestAdminSite", admin.site)


def list_of(label: str, request: HttpRequest) -> ProgramScopedAdmin | None:
    """The page of the list `app.model`; None where there is none (any more), or not for this person."""
    for model, page in site._registry.items():
        if model._meta.label_lower == label and isinstance(page, ProgramScopedAdmin):
            return page if page.has_view_permission(request) else None
    return None


def address_of_list(page: ProgramScopedAdmin, query: QueryDict | None = None) -> str:
    url = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    return f"{url}?{query.urlencode()}" if query else url


def worth_keeping(query: str) -> QueryDict:
    """Without the page that one was on, and whatever else is of the moment."""
    kept = QueryDict(query, mutable=True)
    for name in ("p", "e", "_facets", "_popup", "_to_field"):
        kept.pop(name, None)
    return kept


def still_known(page: ProgramScopedAdmin, request: HttpRequest, query: str) -> tuple[QueryDict, list[str]]:
    """What the list still takes of a saved address, and what it knows no more, in words."""
    kept, gone = worth_keeping(query), []
    for name, value in list(kept.items()):
        if name in ALWAYS:
            continue
        titled = next((each for each in _filters(page, request) if each.parameter_name == name), None)
        if not page.lookup_allowed(name, str(value), request):
            del kept[name]
            gone.append(name)
        elif titled is not None and not _has_choice(titled, page, request, str(value)):
            del kept[name]
            gone.append(str(titled.title))
    return kept, gone


def _filters(page: ProgramScopedAdmin, request: HttpRequest) -> Iterator[type[admin.SimpleListFilter]]:
    for item in page.get_list_filter(request):
        if isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
            yield item


def _has_choice(
    kind: type[admin.SimpleListFilter], page: ProgramScopedAdmin, request: HttpRequest, value: str
) -> bool:
    if issubclass(kind, ProgramFilter) and value == ALL:
        return True
    # Without the value: a filter may offer what its address asks for in any case.
    found = kind(request, {}, page.model, page)
    return value in {str(choice) for choice, _label in found.lookup_choices}


# --- Pages


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest, error: str = "", typed: dict[str, str] | None = None, about: int | None = None
) -> HttpResponse:
    """One's own views of all lists. After a refusal, with what was typed: `about` a view that was to be renamed, or the
    one that was to be saved."""
    mine = SavedView.objects.visible_to(cast("User", request.user)).order_by("of_list", "name")
    page = page_of(request, mine)
    rows = []
    for view in page:
        of = list_of(view.of_list, request)
        rows.append((view, capfirst(str(of.opts.verbose_name_plural)) if of else ""))
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": gettext("Saved views"),
        "page": page,
        "rows": rows,
        "error": error,
        "typed": typed or {},
        "about": about,
        "errors": bool(error),
    }
    return TemplateResponse(request, "admin/saved_views.html", context)


@require_safe
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """To the list, as far as it still knows what was saved; what it does not know any more is said."""
    view = _own(request, pk)
    page = list_of(view.of_list, request)
    if page is None:
        messages.warning(request, gettext("The list of this view is no longer there."))
        return redirect("admin:saved_views")
    query, gone = still_known(page, request, view.query)
    for name in gone:
        said = gettext(
            "This view was saved with “%(filter)s”, which is no longer there. The list is shown without it."
        )
        messages.warning(request, said % {"filter": name})
    return redirect(address_of_list(page, query))


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    page = list_of(request.POST.get("list", ""), request)
    if page is None:
        raise Http404
    query, name = worth_keeping(request.POST.get("rows", "")), request.POST.get("name", "")
    try:
        actions.save_view(
            page.opts.label_lower,
            name=name,
            query=query.urlencode(),
            by=cast("User", request.user),
            now=clock.now(),
        )
    except actions.Refused as no:
        typed = {"list": page.opts.label_lower, "rows": query.urlencode(), "name": name}
        return _page(request, str(no), typed)
    messages.success(request, gettext("The view is saved. You find it above this list."))
    return redirect(address_of_list(page, query))


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    view, name = _own(request, pk), request.POST.get("name", "")
    try:
        actions.rename_view(view, name=name, by=cast("User", request.user))
    except actions.Refused as no:
        return _page(request, str(no), {"name": name}, about=view.pk)
    messages.success(request, gettext("The view has its new name."))
    return redirect("admin:saved_views")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete_view(_own(request, pk), by=cast("User", request.user))
    messages.success(request, gettext("The view is deleted. The list itself is as it was."))
    return redirect("admin:saved_views")


def _own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(cast("User", request.user)), pk=pk)


for _path, _name, _view in (
    ("saved-views/", "saved_views", list_),
    ("saved-views/save/", "saved_views_save", save),
    ("saved-views/<int:pk>/", "saved_view", open_),
    ("saved-views/<int:pk>/rename/", "saved_view_rename", rename),
    ("saved-views/<int:pk>/delete/", "saved_view_delete", delete),
):
    site.add_page(DeskPage(_path, _name, _("Saved views"), Group.HOUSE, _view, is_in_navigation=False))
