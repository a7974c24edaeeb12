"""Pairings: made by an action, moved by actions, each after a page that says whom it concerns."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.models import User
from mentoring import actions
from mentoring.admin_site import Group
from mentoring.models import Enrollment, Pairing
from mentoring.room.left import is_empty

from .exporting import address_of
from .forms import PairingAddForm, PairingForm
from .list_filters import AgreedFilter, EndsFilter, MetFilter, QuietFilter, ReachableFilter
from .next_steps import SeesNextSteps
from .notes import KeepsNotes
from .on_behalf import ActsForPairs
from .scoped import filter_by_program
from .writing_to import WritesTo


@admin.register(Pairing)
class PairingPage(KeepsNotes, ActsForPairs, WritesTo, SeesNextSteps):
    group = Group.PAIRS
    form = PairingForm
    add_form = PairingAddForm
    autocomplete_fields = ["mentor", "mentee"]
    list_display = ["pair", "program", "status", "starts_on", "ended_on"]
    list_filter = [
        filter_by_program("program"),
        "status",
        MetFilter,
        QuietFilter,
        EndsFilter,
        AgreedFilter,
        ReachableFilter,
    ]
    list_select_related = ["program", "mentor", "mentee"]
    exported_besides = ["mentor_address", "mentee_address"]
    search_fields = ["mentor__name", "mentor__email", "mentee__name", "mentee__email"]
    fields = [
        "program", "mentor", "mentee", "focus",
        "status", "mentor_accepted_at", "mentee_accepted_at",
        "starts_on", "runs_until", "paused_until", "ended_on",
    ]  # fmt: skip
    readonly_fields = [
        "program", "mentor", "mentee",
        "status", "mentor_accepted_at", "mentee_accepted_at", "starts_on", "paused_until", "ended_on",
    ]  # fmt: skip
    actions = ["pause", "resume", "complete", "end", "withdraw", "write_to"]

    def get_urls(self) -> list[URLPattern]:
        return [*self.urls_of_next_steps(), *super().get_urls()]

    def in_words(self, row: Pairing) -> str:
        return f"{row} ({row.program}, {row.get_status_display()})"

    def are_changed(self, number: int) -> str:
        said = ngettext("%(number)d pairing is changed.", "%(number)d pairings are changed.", number)
        return said % {"number": number}

    @admin.display(description=_("pair"), ordering="mentor__name")
    def pair(self, pairing: Pairing) -> str:
        return str(pairing)

    @admin.display(description=_("mentor’s e-mail address"))
    def mentor_address(self, pairing: Pairing) -> str:
        return address_of(pairing.mentor)

    @admin.display(description=_("mentee’s e-mail address"))
    def mentee_address(self, pairing: Pairing) -> str:
        return address_of(pairing.mentee)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What the form shows and no more: one of the two may pause or end it at this moment."""
        if change:
            obj.save(update_fields=["focus", "runs_until"])
        else:
            super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what came to nothing, or is still a question, and holds no words: in the others there is what two people
        shared, and their calendars know of it."""
        if obj is not None and (obj.status in (*Pairing.MADE, *Pairing.OVER) or not is_empty(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Searching takes JavaScript; `?plain=1` shows lists instead."""
        return () if "plain" in request.GET else super().get_autocomplete_fields(request)

    def choices(self, request: HttpRequest, field_name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        """For a mentor, those who are mentors in one of one's programs; for a mentee likewise."""
        if field_name not in ("mentor", "mentee"):
            return rows
        places = Enrollment.objects.administered_by(cast("User", request.user)).active().order_by()
        fitting = places.mentors() if field_name == "mentor" else places.mentees()
        return rows.filter(pk__in=fitting.values("person"))

    # --- Actions

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, rows: QuerySet[Pairing]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "pause",
            _("Pause these pairings"),
            _(
                "They stay pairs and keep what they share. Meetings to come are canceled, in the calendars of both "
                "too, and none is planned until somebody resumes the pairing here. No e-mail says that it is paused: "
                "write to them yourself."
            ),
            lambda pairing, by: actions.pause_pairing(pairing, by=by, now=clock.now()),
        )

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, rows: QuerySet[Pairing]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "resume",
            _("Resume these pairings"),
            _("They go on from where they were."),
            lambda pairing, by: actions.resume_pairing(pairing, by=by),
        )

    @admin.action(description=_("Complete"), permissions=["change"])
    def complete(self, request: HttpRequest, rows: QuerySet[Pairing]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "complete",
            _("Complete these pairings"),
            _(
                "They have run their course. Both people hear of it by e-mail, and are asked what they will keep. What "
                "the two shared stays readable to both; this cannot be undone."
            ),
            lambda pairing, by: actions.complete_pairing(pairing, by=by, now=clock.now()),
        )

    @admin.action(description=_("End early"), permissions=["change"])
    def end(self, request: HttpRequest, rows: QuerySet[Pairing]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "end",
            _("End these pairings early"),
            _(
                "Both people hear by e-mail that it is over, without a reason. What the two shared stays readable to "
                "both; this cannot be undone."
            ),
            lambda pairing, by: actions.end_pairing(pairing, by=by, now=clock.now()),
        )

    @admin.action(description=_("Take back before it begins"), permissions=["change"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[Pairing]) -> HttpResponse | None:
        return self.ask_then(
            request,
            rows.with_people(),  # type: ignore[attr-defined]
            "withdraw",
            _("Take these pairings back"),
            _(
                "They have not begun, and now they will not. They disappear from the pages of the two. Where both had "
                "said yes, both hear of it by e-mail, and what they have written there stays readable to them."
            ),
            lambda pairing, by: actions.withdraw_pairing(pairing, by=by, now=clock.now()),
        )

    @admin.action(description=_("Write to these"), permissions=["view"])
    def write_to(self, request: HttpRequest, rows: QuerySet[Pairing]) -> HttpResponse | None:
        """To both people of each."""
        chosen = rows.order_by()
        the_two = Q(person__in=chosen.values("mentor")) | Q(person__in=chosen.values("mentee"))
        places = Enrollment.objects.filter(the_two, program__in=chosen.values("program"))
        return self.write_to_places(request, places.select_related("program"))

    def described(self, row: Pairing) -> str:
        return f"{row} ({row.program}, {row.get_status_display()})"

    def said_of(self, done: int) -> str:
        return ngettext("%(number)d pairing is changed.", "%(number)d pairings are changed.", done) % {
            "number": done
        }
