"""Notes of thanks, for those who run a program: that one was reported, who may send none by e-mail. No words."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.models import User
from mentoring.actions.ruled_out import KNOWN
from mentoring.admin.asking import AsksFirst
from mentoring.admin.forms import ActingAdmin, ActingForm
from mentoring.admin.scoped import OneChoiceFilter, filter_by_program, without_the_only_program
from mentoring.admin_site import Group
from mentoring.models import Enrollment
from reflections import actions
from reflections.models import NoteReport, OutsideStop

WAITS, SETTLED = "waits", "settled"


class SettledFilter(OneChoiceFilter):
    title = cast("str", _("state"))
    parameter_name = "state"
    choices_in_words = {WAITS: _("To be looked at"), SETTLED: _("Seen to")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(settled_at__isnull=wanted == WAITS)


@admin.register(NoteReport)
class NoteReportPage(AsksFirst):
    """Who, when, which way, how many lately. Whoever says so here is named, as they were told; outside nobody is."""

    group = Group.MAIL
    program_admins_may = superusers_may = frozenset({"view"})
    list_display = ["writer", "why", "way_in_words", "reported_at", "by_mail_lately", "settled_at", "program"]
    list_filter = [SettledFilter, filter_by_program("program"), "why"]
    list_select_related = ["writer", "reporter", "program"]
    search_fields = ["writer__name", "writer__email"]
    fields = [
        "writer",
        "program",
        "why",
        "way_in_words",
        "reporter",
        "reported_at",
        "by_mail_lately",
        "settled_at",
    ]
    readonly_fields = ["way_in_words"]
    actions = ["stop_mail", "see_to"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_export_columns(self, request: HttpRequest) -> list[str]:
        """Against whom something was said leaves with no file."""
        return [
            name for name in super().get_export_columns(request) if name not in ("writer", "by_mail_lately")
        ]

    @admin.display(description=_("which way"), ordering="way")
    def way_in_words(self, report: NoteReport) -> str:
        return str(report.get_way_display())

    # --- Actions

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def described(self, row: NoteReport) -> str:
        return f"{row.writer} ({row.program})"

    def said_of(self, done: int) -> str:
        return ngettext("%(number)d report is seen to.", "%(number)d reports are seen to.", done) % {
            "number": done
        }

    @admin.action(description=_("Stop their notes by e-mail"), permissions=["settle"])
    def stop_mail(self, request: HttpRequest, rows: QuerySet[NoteReport]) -> HttpResponse | None:
        # One person may be reported more than once.
        found: dict[tuple[int, int], NoteReport] = {}
        for report in rows.order_by("settled_at", "-pk"):
            found.setdefault((report.program_id, report.writer_id), report)

        def act(report: NoteReport, by: User) -> None:
            actions.stop_outside(report.program, report.writer, by=by, now=clock.now())
            if report.settled_at is None:
                actions.settle_report(report, by=by, now=clock.now())

        return self.ask_then(
            request,
            found.values(),
            "stop_mail",
            ngettext("Stop this person’s notes by e-mail", "Stop these people’s notes by e-mail", len(found)),
            _(
                "Nothing that they write goes to an address outside in the name of this program any more, what waits "
                "included. They are told when they try. Notes to people here go on. It is undone under “Stops to "
                "people’s notes by e-mail”."
            ),
            act,
            logged=[{"changed": {"fields": [str(_("notes by e-mail"))]}}],
        )

    @admin.action(description=_("Seen to"), permissions=["settle"])
    def see_to(self, request: HttpRequest, rows: QuerySet[NoteReport]) -> HttpResponse | None:
        found = list(rows)
        return self.ask_then(
            request,
            found,
            "see_to",
            ngettext("This is seen to", "These are seen to", len(found)),
            _("It stays in the list, and waits for nobody any more. Nobody is told."),
            lambda report, by: actions.settle_report(report, by=by, now=clock.now()),
            logged=[{"changed": {"fields": [str(_("seen to"))]}}],
        )


class StopForm(ActingForm):
    field_order = ["program", "person"]

    class Meta:
        model = OutsideStop
        fields = ["program", "person"]

    def act(self) -> OutsideStop:
        data = self.cleaned_data
        return actions.stop_outside(data["program"], data["person"], by=self.by, now=self.now)


@admin.register(OutsideStop)
class OutsideStopPage(ActingAdmin):
    """Deleting a row lets them write again."""

    group = Group.MAIL
    program_admins_may = superusers_may = frozenset({"view", "add", "delete"})
    add_form = StopForm
    add_form_template = "admin/reflections/outsidestop/add_form.html"
    autocomplete_fields = ["person"]
    list_display = ["person", "created_by", "created_at", "program"]
    list_filter = [filter_by_program("program")]
    list_select_related = ["program", "person", "created_by"]
    search_fields = ["person__name", "person__email"]
    fields = ["program", "person", "created_by", "created_at"]
    readonly_fields = ["program", "person", "created_by", "created_at"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Searching takes JavaScript; `?plain=1` shows lists instead."""
        return () if "plain" in request.GET else super().get_autocomplete_fields(request)

    def choices(self, request: HttpRequest, field_name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Whoever has a place in one of one's programs, or asks for one."""
        if field_name != "person":
            return rows
        places = Enrollment.objects.administered_by(cast("User", request.user)).filter(status__in=KNOWN)
        return rows.filter(pk__in=places.order_by().values("person"))
