"""Rounds: made by the clock, so there is nothing to change. Dates and totals; who is written to, day by day; and the
e-mails of a round can be held back."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.templatetags.best import clock as in_clock
from mentoring.admin.asking import AsksFirst
from mentoring.admin.scoped import filter_by_program
from mentoring.admin_site import Group
from mentoring.models import Program
from reflections import actions
from reflections.coming import Day, coming
from reflections.models import Round
from reflections.nudges import LABELS
from reflections.round_told import in_a_sentence, told_of
from reflections.schedule import Nudge

from .list_filters import RoundStateFilter

FURTHEST = 120  # Days that are looked ahead, as holidays are.


class DayForm(forms.Form):
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"))
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        programs = Program.objects.administered_by(by).filter(status=Program.Status.ACTIVE)
        cast("forms.ModelChoiceField[Program]", self.fields["program"]).queryset = programs

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not 0 <= (day - self._today).days <= FURTHEST:
            raise forms.ValidationError(
                _("Choose a day from today on, up to %(days)d days ahead.") % {"days": FURTHEST}
            )
        return day


@admin.register(Round)
class RoundPage(AsksFirst):
    group = Group.ROUNDS
    program_admins_may = superusers_may = frozenset({"view"})
    change_list_template = "admin/reflections/round/change_list.html"
    actions = ["hold", "release"]
    list_display = ["label", "program", "opens_on", "due_on", "closes_on", "held_at"]
    list_filter = [filter_by_program("program"), RoundStateFilter]
    list_select_related = ["program"]
    list_per_page = 20
    search_fields = ["program__name"]
    fields = [
        "program", "label", "quarter_start", "opens_on", "due_on", "closes_on", "how_it_goes", "held_at",
    ]  # fmt: skip
    readonly_fields = ["label", "how_it_goes", "held_at"]

    @admin.display(description=_("quarter"), ordering="quarter_start")
    def label(self, row: Round) -> str:
        return row.quarter.label

    @admin.display(description=_("how it goes"))
    def how_it_goes(self, row: Round) -> str:
        """As the first page says it: totals beside those would tell what these keep back."""
        return in_a_sentence(told_of(row, clock.now()))

    # --- Who is written to, day by day

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.coming))
        return [path("coming/", view, name="reflections_round_coming"), *super().get_urls()]

    def coming(self, request: HttpRequest) -> HttpResponse:
        """A dry run of one day in one of one's own programs."""
        now = clock.now()
        form = DayForm(request.GET or None, by=cast("User", request.user), today=now.date())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("Who is written to, day by day"),
            "form": form,
            "errors": form.errors if form.is_bound else None,
        }
        if form.is_bound and form.is_valid():
            day = form.cleaned_data["on"]
            found = coming(form.cleaned_data["program"], day, now)
            context |= {"day": day, "found": found, **_named(request, found)}
        return TemplateResponse(request, "admin/reflections/round/coming.html", context)

    # --- Holding its e-mails back. How many wait is not said: that goes down with each who answers.

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d round is changed.", "%(number)d rounds are changed.", done)
        return said % {"number": done}

    @admin.action(description=_("Hold their e-mails back"), permissions=["view"])
    def hold(self, request: HttpRequest, rounds: QuerySet[Round]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rounds.select_related("program"),
            "hold",
            _("Hold their e-mails back"),
            _(
                "From now on nobody is asked or reminded about these quarters, until you release them. What is being "
                "handed to the mail server at this moment goes out. The pages stay open, and people can write."
            ),
            lambda round, by: cast("None", actions.hold_round(round, by=by, now=clock.now())),
            logged=[{"changed": {"fields": [str(_("e-mails held back"))]}}],
        )

    @admin.action(description=_("Release their e-mails"), permissions=["view"])
    def release(self, request: HttpRequest, rounds: QuerySet[Round]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rounds.select_related("program"),
            "release",
            _("Release their e-mails"),
            _(
                "The calendar goes on from today. What is not more than a week late goes out, at each person’s hour; "
                "the rest is left out, so nobody gets several at once."
            ),
            lambda round, by: actions.release_round(round, by=by),
            logged=[{"changed": {"fields": [str(_("e-mails released"))]}}],
        )


def _named(request: HttpRequest, found: Day) -> dict[str, Any]:
    """With the names of this page's people, all in one query."""
    page = page_of(request, found.asked)
    pks = {one.person_id for one in page} | {pk for people in found.not_asked.values() for pk in people}
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=pks)}
    rows = [(names[one.person_id], f"{in_clock(one.at)}, {one.at.tzinfo}") for one in page]
    return {
        "page": page,
        "rows": rows,
        "not_asked": [
            (why, sorted(names[pk] for pk in people)) for why, people in sorted(found.not_asked.items())
        ],
        "reminders": [(LABELS[nudge], found.reminded[nudge]) for nudge in (Nudge.REMINDER, Nudge.LAST_CALL)],
    }
