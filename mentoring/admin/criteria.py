"""What makes a good pair: one page for a program, where its must-haves and weights are set."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from mentoring import actions
from mentoring.models import Program
from mentoring.runs.prospects import Prospects, prospects

from .criteria_forms import CriteriaForm
from .scoped import ProgramScopedAdmin


class SetsCriteria(ProgramScopedAdmin):
    """A part of the program's page in the admin; a column of the list leads there."""

    @admin.display(description=_("what makes a good pair"))
    def good_pair(self, program: Program) -> SafeString:
        url = reverse("admin:mentoring_program_criteria", args=[program.pk])
        return format_html('<a href="{}">{}</a>', url, _set_or_not(program))

    def export_good_pair(self, program: Program) -> str:
        return _set_or_not(program)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("matching_criteria")

    def urls_of_criteria(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.criteria)
        return [path("<int:pk>/criteria/", view, name="mentoring_program_criteria")]

    def criteria(self, request: HttpRequest, pk: int) -> HttpResponse:
        program: Program | None = self.get_queryset(request).filter(pk=pk).first()
        if program is None:
            raise Http404
        form = CriteriaForm(request.POST if request.method == "POST" else None, program=program)
        if request.method == "POST" and form.is_valid():
            try:
                actions.set_criteria(program, form.values, form.counting, by=cast("User", request.user))
            except actions.Refused as no:
                form.add_error(None, str(no))
            else:
                self.log_change(
                    request, program, [{"changed": {"fields": [str(_("what makes a good pair"))]}}]
                )
                messages.success(request, gettext("Saved. The next matching run goes by it."))
                return redirect("admin:mentoring_program_criteria", program.pk)
        found: Prospects | None = None if form.is_bound else prospects(program, clock.now())
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("What makes a good pair"),
            "program": program,
            "form": form,
            "errors": form.errors,
            "prospects": found,
        }
        return TemplateResponse(request, "admin/mentoring/program/criteria.html", context)


def _set_or_not(program: Program) -> str:
    return gettext("As you set it") if hasattr(program, "matching_criteria") else gettext("As it comes")
