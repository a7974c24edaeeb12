"""The pages on which two superusers open somebody's words in an emergency. They are no `ModelAdmin`: no list, search,
filter or export leads to a word, and what is shown is shown by a button that writes down that it was."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, clock
from accounts.models import User
from accounts.paging import page_of
from accounts.reauthentication import fresh, fresh_before_typing
from accounts.vault import data_keys
from mentoring.admin_site import BestAdminSite, DeskLink, Group
from reflections import actions
from reflections.actions import Refused
from reflections.forms.break_glass import AskForm, WhoseForm
from reflections.models import BreakGlass, Round

View = Callable[..., HttpResponseBase]


cast("BestAdminSite", admin.site).add_link(
    DeskLink(
        "break_glass:list",
        _("Opening somebody’s words"),
        Group.HOUSE,
        lambda user: settings.BREAK_GLASS and user.is_superuser,
    )
)


def for_superusers(view: View, *, asks: Callable[[View], View] = fresh) -> View:
    """Behind the admin's own door, for superusers who have just shown that it is still them; else there is no page."""
    asking = asks(view)

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.BREAK_GLASS or not request.user.is_superuser:
            raise Http404
        return asking(request, *args, **kwargs)

    def at_the_door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Asked anew each time: the admin site is found when the apps are there.
        return cast("View", admin.site.admin_view(never_cache(gated)))(request, *args, **kwargs)

    return at_the_door


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    values = admin.site.each_context(request) | context | {"now": clock.now()}
    return TemplateResponse(request, f"admin/reflections/break_glass/{template}.html", values)


@require_safe
def _index(request: HttpRequest) -> HttpResponse:
    return _list(request, WhoseForm())


@require_POST
def _whose(request: HttpRequest) -> HttpResponse:
    form = WhoseForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    return redirect("break_glass:ask", form.person.pk)


def _list(request: HttpRequest, form: WhoseForm) -> HttpResponse:
    page = page_of(request, BreakGlass.objects.with_people())
    return _page(request, "list", {"title": _("Opening somebody’s words"), "page": page, "form": form})


@sensitive_post_parameters()
def _ask(request: HttpRequest, person_pk: int) -> HttpResponse:
    person = get_object_or_404(User.objects.active().exclude(pk=request.user.pk), pk=person_pk)
    rounds = Round.objects.filter(reflections__person=person) | Round.objects.filter(
        program__enrollments__person=person
    )
    rounds = rounds.distinct().select_related("program").order_by("-quarter_start", "pk")
    form = AskForm(request.POST if request.method == "POST" else None, person=person, rounds=list(rounds))
    if form.is_valid():
        try:
            row = actions.ask_to_open(
                person,
                by=cast("User", request.user),
                reason=form.cleaned_data["reason"],
                now=clock.now(),
                **form.chosen,
            )
        except Refused as no:
            form.add_error(None, str(no))
        else:
            _on_record(row, "ask")
            messages.success(
                request, _("Asked. Another superuser has to allow it; the person has been told.")
            )
            return redirect("break_glass:detail", row.pk)
    context = {"title": _("Ask to read what somebody wrote"), "person": person, "form": form}
    return _page(request, "ask", context)


@require_safe
def _detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, "detail", _context(request, _row(pk)))


def _context(request: HttpRequest, row: BreakGlass) -> dict[str, Any]:
    now = clock.now()
    return {
        "title": _("Opening somebody’s words"),
        "row": row,
        "readings": row.readings.select_related("reader"),
        "is_open": row.is_open_at(now),
        "waits": row.waits_at(now),
        "is_mine": row.asked_by_id == request.user.pk,
    }


@require_POST
def _allow(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(
        request, pk, "allow", actions.allow_opening, _("Allowed for an hour. The person has been told.")
    )


@require_POST
def _refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, "refuse", actions.refuse_opening, _("Not allowed. Nobody reads anything."))


@require_POST
def _close(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, "close", actions.close_opening, _("Closed."))


def _done(request: HttpRequest, pk: int, deed: str, act: Callable[..., None], said: Any) -> HttpResponse:
    row = _row(pk)
    try:
        act(row, by=cast("User", request.user), now=clock.now())
    except Refused as no:
        messages.warning(request, str(no))
    else:
        _on_record(row, deed)
        messages.success(request, said)
    return redirect("break_glass:detail", pk)


@require_POST
def _read(request: HttpRequest, pk: int) -> HttpResponse:
    """The words, in answer to a button: a page that is looked at again asks again, and that is written down too."""
    row = _row(pk)
    try:
        opened = actions.read_opened(row, by=cast("User", request.user), now=clock.now())
    except Refused as no:
        messages.warning(request, str(no))
        return redirect("break_glass:detail", pk)
    _on_record(row, "read")
    data_keys.prepare([row.person_id])
    return _page(request, "detail", _context(request, row) | {"opened": opened})


def _on_record(row: BreakGlass, deed: str) -> None:
    audit.record(audit.Verb.ACTED, row, action=f"break_glass:{deed}")


def _row(pk: int) -> BreakGlass:
    return get_object_or_404(BreakGlass.objects.with_people(), pk=pk)


index = for_superusers(_index)
whose = for_superusers(_whose)
ask = for_superusers(_ask, asks=fresh_before_typing)
detail = for_superusers(_detail)
allow = for_superusers(_allow)
refuse = for_superusers(_refuse)
close = for_superusers(_close)
read = for_superusers(_read)
