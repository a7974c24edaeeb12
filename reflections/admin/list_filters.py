"""What those who run a program ask of its rounds and its e-mails."""

from datetime import timedelta
from typing import Any, cast

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock
from mentoring import request_emails
from mentoring.admin.scoped import ALL, ARCHIVE, OneChoiceFilter, ProgramFilter
from mentoring.admission_emails import KINDS as ANSWERS
from mentoring.emails import (
    FIT_CHECK,
    INVITATION,
    INVITATION_REMINDER,
    MADE,
    PROPOSED,
    PROPOSED_REMINDER,
    UNANSWERED,
)
from mentoring.models import (
    AcceptedFor,
    FitCheck,
    Invitation,
    Notice,
    Pairing,
    PairingRequest,
    Program,
    Reminder,
)
from mentoring.models.program import day_there
from mentoring.on_behalf_emails import ACCEPTED_FOR
from reflections.models import Round
from reflections.schedule import Nudge


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
            return queryset.filter(about(programs.filter(status=Program.Status.ARCHIVED)))
        return queryset.filter(about(programs.filter(pk=int(str(wanted)))))


def about(programs: QuerySet[Program]) -> Q:
    """Of a message: that it is about a place, a pairing, an invitation, a request or a round of one of these."""

    def of(rows: QuerySet[Any], to_program: str) -> QuerySet[Any]:
        return rows.filter(**{f"{to_program}__in": programs.values("pk")}).order_by().values("pk")

    pairings, invited = of(Pairing.objects.all(), "program"), of(Invitation.objects.all(), "program")
    return (
        Q(kind__in=(MADE, PROPOSED, PROPOSED_REMINDER, UNANSWERED), subject_id__in=pairings)
        | Q(kind=ACCEPTED_FOR, subject_id__in=of(AcceptedFor.objects.all(), "pairing__program"))
        | Q(kind__in=request_emails.KINDS, subject_id__in=of(PairingRequest.objects.all(), "program"))
        | Q(kind=FIT_CHECK, subject_id__in=of(FitCheck.objects.all(), "pairing__program"))
        | Q(kind__in=list(Nudge), subject_id__in=of(Round.objects.all(), "program"))
        | Q(kind__in=ANSWERS, subject_id__in=of(Notice.objects.all(), "enrollment__program"))
        | Q(kind=INVITATION, subject_id__in=invited)
        | Q(
            kind=INVITATION_REMINDER,
            subject_id__in=of(Reminder.objects.all(), "invitation__program"),
        )
    )


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
