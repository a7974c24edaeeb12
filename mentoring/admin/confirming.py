"""Actions on the rows of a list, each after a page that says whom it concerns and what it means for them."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions import Refused

from .scoped import ProgramScopedAdmin


class ConfirmingAdmin(ProgramScopedAdmin):
    def in_words(self, row: Any) -> str:
        """How the page of confirmation names a row."""
        return str(row)

    def are_changed(self, number: int) -> str:
        """What is said once so many rows are changed."""
        raise NotImplementedError

    def ask_then(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        name: str,
        title: str | Promise,
        consequence: str | Promise,
        act: Callable[[Any, User], None],
    ) -> HttpResponse | None:
        """First a page with the rows and what it means for them; after its button, the act on each row.

        `name` is that of the action. A row that says no (`Refused`) is told of, and holds up no other.
        """
        found = list(rows)
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": title,
                "consequence": consequence,
                "rows": [(row.pk, self.in_words(row)) for row in found],
                "action": name,
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
                "opts": self.opts,
                "media": self.media,
            }
            return TemplateResponse(request, "admin/confirm_action.html", context)
        done = 0
        for row in found:
            try:
                act(row, cast("User", request.user))
            except Refused as no:
                messages.warning(request, f"{row}: {no}")
            else:
                done += 1
                self.log_change(request, row, [{"changed": {"fields": [str(_("status"))]}}])
        if done:
            messages.success(request, self.are_changed(done))
        return None
