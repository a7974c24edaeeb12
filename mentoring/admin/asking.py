"""Actions of a list that first show a page with the rows concerned and what it means for them, and then act on each."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refused import Refused

from .scoped import ProgramScopedAdmin

# The program from whose first page an action was begun, and to which it leads back.
TODAY = "today"

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=forms.Form)


# Of very many, the page names so many and says how many more there are.
SHOWN = 20
MOST_AT_ONCE = 1000
# The rows that the page was about, in one field: those and no others are acted on, whoever joins the list meanwhile.
CHOSEN = "_chosen"


class AsksFirst(ProgramScopedAdmin):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """What the page of an action was about is what was ticked. From the first page somebody may have come
        with nothing ticked; that is said there."""
        if request.method == "POST" and CHOSEN in request.POST:
            said = request.POST.copy()
            said.setlist(ACTION_CHECKBOX_NAME, [pk for pk in str(said[CHOSEN]).split(",") if pk])
            request.POST = said  # type: ignore[assignment]
        if began_today(request) and not request.POST.getlist(ACTION_CHECKBOX_NAME):
            messages.warning(request, _("Nothing was ticked, so nothing is changed."))
            return redirect(back_to_today(request))
        return super().changelist_view(request, extra_context)

    def described(self, row: Any) -> str:
        """One row on that page, so that it cannot be taken for another."""
        return str(row)

    def said_of(self, done: int) -> str:
        """That so many rows are changed."""
        raise NotImplementedError

    def ask_then(
        self,
        request: HttpRequest,
        rows: Iterable[M],
        name: str,
        title: str | Promise,
        consequence: str | Promise,
        act: Callable[[M, User], None],
        *,
        logged: Any = None,
        form: forms.Form | None = None,
    ) -> HttpResponse | None:
        """The page first; after its button `act` on each of `rows`, and `logged` in the admin's log of it. A row for
        which it raises Refused stays as it was, and that is said. Without `logged` it is that its status changed.

        `form` stands on the page where something more is to be said (`filled_in`): nothing is done until it is valid.
        """
        found = list(islice(rows, MOST_AT_ONCE + 1))
        if len(found) > MOST_AT_ONCE:
            said = gettext("That is more than %(most)d at once. Narrow the list down first.")
            messages.error(request, said % {"most": MOST_AT_ONCE})
            return None
        if not self.is_confirmed(request, form):
            return self.asking(request, found, name, title, consequence, form)
        done = 0
        for row in found:
            try:
                act(row, cast("User", request.user))
            except Refused as no:
                messages.warning(request, f"{row}: {no}")
            else:
                done += 1
                self.log_change(request, row, logged or [{"changed": {"fields": [str(_("status"))]}}])
        if done:
            messages.success(request, self.said_of(done))
        return redirect(back_to_today(request)) if began_today(request) else None

    def _back(self, request: HttpRequest) -> str:
        """The list as it was filtered, or the first page of the admin for whoever began there."""
        if began_today(request):
            return back_to_today(request)
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return f"{url}?{request.GET.urlencode()}" if request.GET else url

    def is_confirmed(self, request: HttpRequest, form: forms.Form | None = None) -> bool:
        return "confirmed" in request.POST and (form is None or form.is_valid())

    def asking(
        self,
        request: HttpRequest,
        rows: Iterable[Model],
        name: str,
        title: str | Promise,
        consequence: str | Promise,
        form: forms.Form | None = None,
    ) -> HttpResponse:
        found = list(rows)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "consequence": consequence,
            "described": [self.described(row) for row in found[:SHOWN]],
            "number": len(found),
            "more": max(0, len(found) - SHOWN),
            "chosen": ",".join(str(row.pk) for row in found),
            "back": self._back(request),
            "action": name,
            "chosen_name": CHOSEN,
            "form": form,
            "errors": form.errors if form is not None and form.is_bound else None,
            "opts": self.opts,
            "media": self.media,
            "today": request.POST[TODAY] if began_today(request) else None,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)


def began_today(request: HttpRequest) -> bool:
    """Whether the form stood on the first page of a program."""
    value = request.POST.get(TODAY, "")
    return value.isascii() and value.isdigit() and len(value) < 12


def back_to_today(request: HttpRequest) -> str:
    return f"{reverse('admin:index')}?program={request.POST[TODAY]}"


def filled_in(request: HttpRequest, form: type[F], **options: Any) -> F:
    """The form as the page sent it; empty while the page is only about to be shown."""
    return form(request.POST if "confirmed" in request.POST else None, **options)
