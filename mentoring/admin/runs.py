"""Matching runs: made here, reviewed on the board (board.py), told by publishing (publishing.py)."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.forms.widgets import Rows
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.admin_site import Group
from mentoring.board.waiting import Waiting, waiting_in
from mentoring.models import MatchingRun, Program, ProposedPair, Publication
from mentoring.runs import queue

from .board import ReviewsPairs
from .publishing import PublishesPairs
from .scoped import filter_by_program, without_the_only_program


class FindForm(forms.Form):
    """Of one's own programs that are not over, each with who waits there."""

    program = forms.ModelChoiceField(
        label=_("For which program"),
        queryset=Program.objects.none(),
        widget=Rows(),
        empty_label=None,
        error_messages={"required": _("Choose a program.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("Any", self.fields["program"])
        field.queryset = (
            Program.objects.administered_by(user).exclude(status__in=Program.OVER).order_by("name", "pk")
        )
        self.programs = list(field.queryset)
        self.waiting = waiting_in(self.programs)
        field.choices = [(program.pk, program.name) for program in self.programs]
        field.widget.hints = {str(pk): in_words(found) for pk, found in self.waiting.items()}
        if len(self.programs) == 1:
            field.initial = self.programs[0].pk

    @property
    def chosen(self) -> Program | None:
        """The one that is ticked when the page is shown."""
        value = str(self["program"].value() or "")
        return next((program for program in self.programs if str(program.pk) == value), None)


def in_words(found: Waiting) -> str:
    mentees = ngettext("%(number)d mentee waits", "%(number)d mentees wait", found.mentees)
    places = ngettext(
        "%(number)d place with a mentor is free", "%(number)d places with mentors are free", found.places
    )
    return f"{mentees % {'number': found.mentees}}; {places % {'number': found.places}}."


@admin.register(MatchingRun)
class MatchingRunPage(ReviewsPairs, PublishesPairs):
    """Kept, whatever becomes of them: never changed by a form, and never deleted."""

    group = Group.PAIRS
    program_admins_may = superusers_may = frozenset({"view", "add"})
    list_display = ["made_at", "state", "matched_of", "told", "told_by", "created_by", "program"]
    list_filter = [filter_by_program("program"), "state"]
    search_fields = ["program__name"]
    list_select_related = ["program", "created_by"]

    def get_urls(self) -> list[URLPattern]:
        return [*self.urls_of_board(), *self.urls_of_publishing(), *super().get_urls()]

    # --- The list

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        pairs = (
            ProposedPair.objects.filter(run=OuterRef("pk"), publication__isnull=False)
            .order_by()
            .values("run")
        )
        told = Subquery(pairs.annotate(number=Count("pk")).values("number"))
        latest = Publication.objects.filter(run=OuterRef("pk")).order_by("-created_at", "-pk")
        found: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                told_pairs=Coalesce(told, 0), told_by_name=Subquery(latest.values("created_by__name")[:1])
            )
        )
        return found

    @admin.display(description=_("made"), ordering="created_at")
    def made_at(self, run: MatchingRun) -> Any:
        return run.created_at

    @admin.display(description=_("matched"))
    def matched_of(self, run: MatchingRun) -> str:
        if run.state not in (MatchingRun.State.MADE, MatchingRun.State.LEFT):
            return "–"
        return gettext("%(matched)d of %(mentees)d") % {"matched": run.matched, "mentees": run.mentees}

    @admin.display(description=_("pairs told"))
    def told(self, run: Any) -> int:
        number: int = run.told_pairs
        return number

    @admin.display(description=_("last told by"))
    def told_by(self, run: Any) -> str:
        return run.told_by_name or "–"

    # --- Finding pairs

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        user, now = cast("User", request.user), clock.now()
        sent = request.POST if request.method == "POST" else None
        form = FindForm(sent, user=user, initial={"program": request.GET.get("program")})
        if form.is_valid():
            try:
                run = actions.start_run(form.cleaned_data["program"], by=user, now=now)
                queue.begin(run, now=now)
            except Refused as no:
                form.add_error(None, str(no))
            else:
                self.log_addition(request, run, [{"added": {}}])
                return redirect("admin:mentoring_matchingrun_change", run.pk)
        return self.page(
            request, "find", _("Find pairs"), form=form, errors=form.errors if form.is_bound else None
        )
