"""People's places in programs: who asks for one, who waits, who has one, and what becomes of each."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import clock, hours, languages
from accounts.models import Profile, User
from mentoring import actions, places, rules
from mentoring.admin_site import Group
from mentoring.models import Enrollment, Pairing, Program
from mentoring.people import people_visible_to

from .asking import filled_in
from .enrollment_forms import EnrollmentAddForm, EnrollmentForm, NoteForm, PauseForm
from .exporting import address_of
from .forms import ActingAdmin
from .list_filters import DepartmentFilter, JoinedFilter, MailFilter, PairedFilter, SignedInFilter
from .notes import KeepsNotes
from .scoped import OneChoiceFilter, filter_by_program, without_the_only_program
from .writing_to import WritesTo

Status = Enrollment.Status
WAITS_FOR_YOU = Status.APPLIED.value
OFFERED = "offered"


class StateFilter(OneChoiceFilter):
    title = cast("str", _("status"))
    parameter_name = "status"
    choices_in_words = {
        WAITS_FOR_YOU: _("Waits for your answer"),
        Status.WAITLISTED.value: _("On the waitlist"),
        OFFERED: _("Offered a place"),
        **{
            status.value: status.label
            for status in (
                Status.ACTIVE,
                Status.PAUSED,
                Status.INVITED,
                Status.DECLINED,
                Status.WITHDRAWN,
                Status.COMPLETED,
            )
        },
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        if wanted == OFFERED:
            return rows.filter(offered_at__isnull=False)
        return rows.filter(status=wanted)


LINE = Case(
    When(status=Status.APPLIED, then=Value(0)),
    When(offered_at__isnull=False, then=Value(1)),
    When(status=Status.WAITLISTED, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)
ASKED_AT = Case(When(status=Status.APPLIED, then=F("applied_at")))
# Nobody stands where only the name in their account would put them.
KNOWN_NAME = Case(
    When(status__in=Enrollment.NOT_IN, then=Lower("person__email")), default=Lower("person__name")
)


@admin.register(Enrollment)
class EnrollmentPage(KeepsNotes, WritesTo, ActingAdmin):
    group = Group.PEOPLE
    form = EnrollmentForm
    add_form = EnrollmentAddForm
    list_display = ["known_as", "role", "state", "since", "capacity", "program"]
    list_filter = [
        filter_by_program("program"), StateFilter, PairedFilter, "role", JoinedFilter, DepartmentFilter, MailFilter,
    ]  # fmt: skip
    list_select_related = ["person", "program"]
    exported_besides = ["address", "department", "applied_at", "waitlisted_at", "joined_on", "paused_until"]
    found_by_address = Q(status__in=Enrollment.NOT_IN)
    search_fields = [
        "person__name", "person__preferred_name", "person__email", "department", "skills__skill__name",
    ]  # fmt: skip
    readonly_fields = ["program", "known_as", "state", "since"]
    ordering: ClassVar[Any] = [LINE, ASKED_AT, "waitlisted_at", KNOWN_NAME, "pk"]
    actions = [
        "approve",
        "waitlist",
        "offer",
        "decline",
        "pause",
        "resume",
        "complete",
        "withdraw",
        "write_to",
    ]

    # --- What is seen

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Whoever waits for an answer first, and the waitlist in its own order, in which places are offered."""
        if request.GET.get(StateFilter.parameter_name) == Status.WAITLISTED:
            return ["program__name", "waitlisted_at", "pk"]
        return list(self.ordering)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*self.list_filter, SignedInFilter] if request.user.is_superuser else self.list_filter

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_export_columns(self, request: HttpRequest) -> list[str]:
        """Each of the days in a column of its own."""
        return [name for name in super().get_export_columns(request) if name != "since"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fields(request, obj)
        shown = ["program", "known_as", "role", "state", "since", "capacity", "joined_on", "department"]
        return [*shown, "note"] if obj.decided_at else shown

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if change:
            base = {} if obj and obj.decided_at else {"note": None}
            kwargs["form"] = type("EnrollmentForm", (EnrollmentForm,), {"by": request.user, **base})
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description=_("person"), ordering=KNOWN_NAME)
    def known_as(self, place: Enrollment) -> str:
        return place.known_as

    @admin.display(description=_("status"), ordering="status")
    def state(self, place: Enrollment) -> str:
        if place.status == Status.APPLIED:
            return str(StateFilter.choices_in_words[WAITS_FOR_YOU])
        if place.offered_at:
            return str(StateFilter.choices_in_words[OFFERED])
        return place.get_status_display()

    @admin.display(description=_("since when"), ordering="joined_on")
    def since(self, place: Enrollment) -> str | None:
        """The day that matters in its state: of asking, of coming onto the list, the last one to answer an offer."""
        if place.status == Status.APPLIED:
            return _day(place.applied_at)
        if place.offer_expires_at:
            return gettext("may answer until %(day)s") % {"day": _day(place.offer_expires_at)}
        if place.status == Status.WAITLISTED:
            return _day(place.waitlisted_at)
        if place.paused_until:
            return gettext("until %(day)s") % {"day": date_format(place.paused_until)}
        if place.status == Status.DECLINED and place.decided_at:
            return _day(place.decided_at)
        return date_format(place.joined_on) if place.joined_on else None

    @admin.display(description=_("e-mail address"))
    def address(self, place: Enrollment) -> str:
        """In the file only, where two people of one name have to be told apart."""
        return address_of(place.person)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what they said when they asked, and a button for each action that makes sense now."""
        place = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if place is not None:
            fitting = _fitting(place)
            more["deeds"] = [deed for deed in self.get_action_choices(request, []) if deed[0] in fitting]
            more["asks"] = place.status in (Status.APPLIED, Status.WAITLISTED)
            if place.status != Status.INVITED:
                more["said"] = said_by(place, cast("User", request.user), clock.now())
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def noted_as(self, about: Enrollment) -> str:
        return about.known_as

    # --- Adding and deleting

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was changed on the page and nothing else: somebody may answer them at this moment."""
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name != "note"])

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if obj.status != Status.INVITED or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        said = _(
            "Invited by e-mail, for a week: %(address)s. Until they say yes, you know them by this address."
        )
        messages.success(request, said % {"address": obj.known_as})
        return redirect("admin:mentoring_enrollment_changelist")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a place that led to nothing; everybody else is withdrawn, and their pairings stay on record.

        Nor one that an invitation could bring back: that is taken back first, and the place goes with it. And whoever
        asks for a place gets an answer.
        """
        if obj is not None:
            person, program = obj.person, obj.program_id
            if Pairing.objects.filter(program=program).of(person).exists() or rules.is_invited(
                obj, clock.now()
            ):
                return False
            if obj.status in (Status.APPLIED, Status.WAITLISTED):
                return False
        return super().has_delete_permission(request, obj)

    # --- Actions

    def described(self, row: Enrollment) -> str:
        return f"{row.known_as} ({row.program}, {row.get_role_display()}, {self.state(row)})"

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d place is changed.", "%(number)d places are changed.", done)
        return said % {"number": done}

    def _answer(
        self,
        request: HttpRequest,
        rows: QuerySet[Enrollment],
        name: str,
        title: str | Promise,
        consequence: str | Promise,
        verb: Callable[..., None],
    ) -> HttpResponse | None:
        form = filled_in(request, NoteForm)

        def act(place: Enrollment, by: User) -> None:
            verb(place, by=by, now=clock.now(), note=form.cleaned_data["note"])

        return self.ask_then(request, rows, name, title, consequence, act, form=form)

    @admin.action(description=_("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _("Each has a place from today, and gets an e-mail that says so.")
        consequence = " ".join([str(words), *_free_places(rows)])
        return self._answer(
            request, rows, "approve", _("Give these people a place"), consequence, actions.approve
        )

    @admin.action(description=_("Put on the waitlist"), permissions=["change"])
    def waitlist(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _(
            "They wait at the end of the list, and get an e-mail that says so. Where a program has a number of places, "
            "one that is free is offered to the next by the clock."
        )
        return self._answer(
            request, rows, "waitlist", _("Put these people on the waitlist"), words, actions.waitlist
        )

    @admin.action(description=_("Offer a place"), permissions=["change"])
    def offer(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _(
            "Each gets an e-mail, and may say yes or no on the program’s page. The place is held for them until the "
            "deadline; whoever does not answer waits on, at the end of the list."
        )
        consequence = " ".join([str(words), *_deadlines(rows), *_free_places(rows)])
        in_order = rows.order_by("waitlisted_at", "pk")
        return self._answer(
            request, in_order, "offer", _("Offer these people a place"), consequence, actions.offer_place
        )

    @admin.action(description=_("Decline"), permissions=["change"])
    def decline(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _(
            "They get no place, and an e-mail that says so. They can ask the next program; into this one you can still "
            "invite them."
        )
        return self._answer(request, rows, "decline", _("Decline these people"), words, actions.decline)

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _("They keep their places and are asked for nothing meanwhile. No e-mail says so.")
        form = filled_in(request, PauseForm)

        def act(place: Enrollment, by: User) -> None:
            actions.pause_place(place, by=by, now=clock.now(), until=form.cleaned_data["until"])

        return self.ask_then(request, rows, "pause", _("Pause these places"), words, act, form=form)

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _("They take part again, also whoever had completed the program. No e-mail says so.")
        return self._move(request, rows, "resume", _("Resume these places"), words, actions.resume_place)

    @admin.action(description=_("Complete"), permissions=["change"])
    def complete(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _(
            "They have been through the program. What they wrote stays theirs. The program’s clock for deleting words "
            "begins, where it has one."
        )

        def act(place: Enrollment, by: User) -> None:
            actions.complete_place(place, by=by)

        return self.ask_then(request, rows, "complete", _("Complete these places"), words, act)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        words = _("They are not in the program any more. What they wrote stays theirs. No e-mail says so.")
        return self._move(
            request, rows, "withdraw", _("Withdraw these people"), words, actions.withdraw_place
        )

    @admin.action(description=_("Write to these"), permissions=["view"])
    def write_to(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse | None:
        return self.write_to_places(request, rows.select_related("program"))

    def _move(
        self,
        request: HttpRequest,
        rows: QuerySet[Enrollment],
        name: str,
        title: str | Promise,
        consequence: str | Promise,
        verb: Callable[..., None],
    ) -> HttpResponse | None:
        def act(place: Enrollment, by: User) -> None:
            verb(place, by=by, now=clock.now())

        return self.ask_then(request, rows, name, title, consequence, act)


def _day(when: datetime | None) -> str:
    return date_format(timezone.localtime(when)) if when else ""


def _fitting(place: Enrollment) -> tuple[str, ...]:
    """The actions that make sense for this place now."""
    match place.status:
        case Status.APPLIED:
            return ("approve", "waitlist", "decline", "withdraw")
        case Status.WAITLISTED if place.offered_at is None:
            return ("offer", "approve", "decline", "withdraw")
        case Status.WAITLISTED:
            return ("approve", "decline", "withdraw")
        case Status.ACTIVE:
            return ("pause", "complete", "withdraw")
        case Status.PAUSED:
            return ("resume", "complete", "withdraw")
        case Status.COMPLETED:
            return ("resume",)
        case _:
            return ()


def said_by(place: Enrollment, reader: User, now: datetime) -> dict[str, Any]:
    """What somebody said when they asked for a place, for those who run the program. Their hours and languages are on
    their profile, for those who may read that. Of their line manager nobody reads anything."""
    person = place.person
    has_profile = people_visible_to(reader).filter(pk=person.pk).exists()
    profile = Profile.objects.of(person) if has_profile else None
    week = hours.on_clock(person.usual_hours.all(), person.zone, person.zone, now) if has_profile else []
    return {
        "skills": place.skills.by_side(),
        "languages": languages.names_of(profile.languages) if profile else [],
        "hours": hours.in_words(week),
        "answers": list(place.answers.all()),
        "agreed_at": place.agreed_at,
        "applied_at": place.applied_at,
        "person": person if has_profile else None,
    }


def _programs(rows: QuerySet[Enrollment]) -> Iterable[Program]:
    return Program.objects.filter(pk__in=rows.order_by().values("program"))


def _free_places(rows: QuerySet[Enrollment]) -> list[str]:
    """A sentence for each program that has a number of places."""
    said = []
    for program in _programs(rows):
        for role, words in (
            (Enrollment.Role.MENTOR, _("Free places for mentors in %(program)s: %(number)d.")),
            (Enrollment.Role.MENTEE, _("Free places for mentees in %(program)s: %(number)d.")),
        ):
            number = places.free(program, role)
            if number is not None:
                said.append(words % {"program": program, "number": number})
    return said


def _deadlines(rows: QuerySet[Enrollment]) -> list[str]:
    said = _("Days to answer in %(program)s: %(number)d.")
    return [said % {"program": program, "number": program.offer_days} for program in _programs(rows)]
