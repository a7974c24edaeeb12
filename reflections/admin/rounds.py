"""Rounds: made by the clock, so there is nothing to change. Dates and totals."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mentoring.admin.scoped import ProgramScopedAdmin, filter_by_program
from reflections.models import Round
from reflections.progress import with_totals

if TYPE_CHECKING:
    from reflections.progress import RoundWithTotals


@admin.register(Round)
class RoundPage(ProgramScopedAdmin):
    program_admins_may = superusers_may = frozenset({"view"})
    list_display = [
        "label", "program", "opens_on", "due_on", "closes_on", "asked", "finished", "writing", "declined",
    ]  # fmt: skip
    list_filter = [filter_by_program("program")]
    list_select_related = ["program"]
    search_fields = ["program__name"]
    fields = [
        "program", "label", "quarter_start", "opens_on", "due_on", "closes_on",
        "asked", "finished", "writing", "declined",
    ]  # fmt: skip
    readonly_fields = ["label", "asked", "finished", "writing", "declined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_totals(super().get_queryset(request))

    @admin.display(description=_("quarter"), ordering="quarter_start")
    def label(self, row: Round) -> str:
        return row.quarter.label

    @admin.display(description=_("people asked"))
    def asked(self, row: "RoundWithTotals") -> int:
        return row.asked

    @admin.display(description=_("have reflected"))
    def finished(self, row: "RoundWithTotals") -> int:
        return row.finished

    @admin.display(description=_("are writing"))
    def writing(self, row: "RoundWithTotals") -> int:
        return row.writing

    @admin.display(description=_("not this quarter"))
    def declined(self, row: "RoundWithTotals") -> int:
        return row.declined
