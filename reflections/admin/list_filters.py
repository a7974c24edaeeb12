"""What those who run a program ask of its rounds and its e-mails."""

from datetime import timedelta
from typing import Any, cast

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock
from mentoring.admin.scoped import ALL, ARCHIVE, OneChoiceFilter, ProgramFilter
from mentoring.models import (
    Program,
)
from mentoring.models.program import day_there

from .subjects import is_about


class RoundStateFilter(OneChoiceFilter):
    """By its program's own calendar."""

    title = cast("str", _("state"))
    parameter_name = "state"
    choices_in_words = {
        "running": _("Running"),
        "closed": _("Closed"),
        "held": _("E-mails held back"),
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        if wanted == "held":
            return rows.filter(held_at__isnull=False)
        rows = rows.alias(there=day_there(clock.now(), "program__"))
        if wanted == "running":
            return rows.filter(opens_on__lte=F("there"), closes_on__gte=F("there"))
        return rows.filter(closes_on__lt=F("there"))


class AboutProgramFilter(ProgramFilter):
    """E-mails about one program. Many are about none: without a choice all are shown."""

    starts_with_running = False

    def said(self) -> str:
        return super().said() if self.value() is not None else ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted in (None, ALL):
            return queryset
        if wanted not in {choice for choice, _name in self.lookup_choices}:
            return queryset.none()
        programs = Program.objects.order_by()
        if wanted == ARCHIVE:
            return queryset.filter(is_about(programs.filter(status=Program.Status.ARCHIVED)))
        return queryset.filter(is_about(programs.filter(pk=int(str(wanted)))))


class DueFilter(OneChoiceFilter):
    """By the moment at which it was due, up to now; what waits for a later one is under "To come"."""

    title = cast("str", _("days"))
    parameter_name = "days"
    choices_in_words = {
        "1": _("The last 24 hours"),
        "7": _("The last 7 days"),
        "30": _("The last 30 days"),
        "coming": _("To come"),
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        now = clock.now()
        if wanted == "coming":
            return rows.filter(due_at__gt=now)
        return rows.filter(due_at__gt=now - timedelta(days=int(wanted)), due_at__lte=now)
