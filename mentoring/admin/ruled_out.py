"""Pairs that are never proposed: those that the ones who run a program name here, and those that were no fit."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import actions
from mentoring.actions.ruled_out import KNOWN
from mentoring.admin_site import Group
from mentoring.models import Enrollment, RuledOut

from .forms import ActingAdmin, ActingForm
from .scoped import OneChoiceFilter, filter_by_program, without_the_only_program


class RuleOutForm(ActingForm):
    field_order = ["program", "mentor", "mentee"]

    class Meta:
        model = RuledOut
        fields = ["program", "mentor", "mentee"]
        labels = {"mentor": _("One of the two"), "mentee": _("The other one")}

    def act(self) -> RuledOut:
        data = self.cleaned_data
        return actions.rule_out(data["program"], data["mentor"], data["mentee"], by=self.by, now=self.now)


class BecauseFilter(OneChoiceFilter):
    title = cast("str", _("reason"))
    parameter_name = "because"
    choices_in_words = dict(RuledOut.Because.choices)

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(because=wanted)


@admin.register(RuledOut)
class RuledOutPage(ActingAdmin):
    """Which of two said that they are no fit is in no row here."""

    group = Group.PAIRS
    program_admins_may = superusers_may = frozenset({"view", "add", "delete"})
    add_form = RuleOutForm
    add_form_template = "admin/mentoring/ruledout/add_form.html"
    autocomplete_fields = ["mentor", "mentee"]
    list_display = ["pair", "because", "created_at", "program"]
    list_filter = [filter_by_program("program"), BecauseFilter]
    list_select_related = ["program", "mentor", "mentee"]
    search_fields = ["mentor__name", "mentor__email", "mentee__name", "mentee__email"]
    fields = ["program", "pair", "because", "created_at"]
    readonly_fields = ["program", "pair", "because", "created_at"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    @admin.display(description=_("pair"), ordering="mentor__name")
    def pair(self, ruled_out: RuledOut) -> str:
        return str(ruled_out)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Searching takes JavaScript; `?plain=1` shows lists instead."""
        return () if "plain" in request.GET else super().get_autocomplete_fields(request)

    def choices(self, request: HttpRequest, field_name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Whoever has a place in one of one's programs, or asks for one."""
        if field_name not in ("mentor", "mentee"):
            return rows
        places = Enrollment.objects.administered_by(cast("User", request.user)).filter(status__in=KNOWN)
        return rows.filter(pk__in=places.order_by().values("person"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what somebody said here. What two people found themselves is theirs to take back."""
        if obj is not None and obj.because != RuledOut.Because.ADMINS:
            return False
        return super().has_delete_permission(request, obj)
