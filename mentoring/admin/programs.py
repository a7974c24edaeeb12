"""Programs, from the template to the archive, and who runs them."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from mentoring import actions, rules
from mentoring.admin_site import Group
from mentoring.models import (
    EnrollmentQuestion,
    Holiday,
    Invitation,
    Pairing,
    Program,
    ProgramAdmin,
    Skill,
)

from .asking import AsksFirst
from .criteria import SetsCriteria
from .forms import ActingAdmin, ActingForm, ProgramAdminAddForm
from .program_forms import (
    WHOM,
    WHOM_MEANT,
    FromTemplate,
    HolidayForm,
    NewProgramForm,
    NextProgramForm,
    ProgramForm,
    Start,
    StartForm,
)
from .scoped import ScopedInline, filter_by_program

ALL = "all"


class StatusFilter(admin.SimpleListFilter):
    """Without a choice, all that are not archived."""

    title = cast("str", _("status"))
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Program.Status.choices, (ALL, _("All, the archive too"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *rest = super().choices(changelist)
        yield {**first, "display": _("Not archived")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Program]) -> QuerySet[Program]:
        wanted = self.value()
        if wanted is None:
            return queryset.exclude(status=Program.Status.ARCHIVED)
        return queryset if wanted == ALL else queryset.filter(status=wanted)


class HolidayInline(ScopedInline):
    model = Holiday
    form = HolidayForm
    fields = [("name", "starts_on", "ends_on")]
    # One that is empty stands ready: without JavaScript no more can be added at a time.
    extra = 1
    verbose_name_plural = _("holidays, on which it writes to nobody by itself")


class Step(NamedTuple):
    """What is next for a new program: a link, what it is about, and whether it has been done."""

    url: str
    words: str | Promise
    why: str | Promise
    is_done: bool


class Deed(NamedTuple):
    """One change of a program's status, as its page offers it, says what it means, and does it."""

    title: str | Promise
    consequence: str | Promise
    act: Callable[[Program, User], None]


DEEDS = {
    "activate": Deed(
        _("Begin these programs"),
        _(
            "Their clock ticks from their first day on: rounds open by themselves, and their e-mails go out at each "
            "person’s coffee time. Who was paired in the draft hears of it now."
        ),
        lambda program, by: actions.activate_program(program, by=by, now=clock.now()),
    ),
    "pause": Deed(
        _("Pause these programs"),
        _(
            "From now on nobody hears from them: no question at the quarter’s end, no reminder, no invitation. "
            "People keep their places, their pairings and all they wrote, and can go on writing. What waits to be "
            "sent is sent when they go on, where it still makes sense."
        ),
        lambda program, by: actions.pause_program(program, by=by),
    ),
    "resume": Deed(
        _("Let these programs go on"),
        _(
            "Their calendar goes on from today. Letters that waited go out. Of the quarter’s e-mails only those whose "
            "week is not over do, so nobody gets several at once."
        ),
        lambda program, by: actions.resume_program(program, by=by, now=clock.now()),
    ),
    "close": Deed(
        _("Close these programs"),
        _(
            "They are over: nobody comes in, nobody is asked, nobody is paired. Pairings that are under way are "
            "completed today, and both people hear of it by e-mail. What people wrote stays theirs and stays readable. "
            "Where words are deleted after some months, the months are counted from now. The programs can be opened "
            "again; the pairings stay completed."
        ),
        lambda program, by: actions.close_program(program, by=by, now=clock.now()),
    ),
    "reopen": Deed(
        _("Open these programs again"),
        _("They go on as if they had been paused, and no months are counted any more."),
        lambda program, by: actions.reopen_program(program, by=by, now=clock.now()),
    ),
    "archive": Deed(
        _("Archive these programs"),
        _(
            "They are out of the way: no list and no choice shows them to whoever has not asked for the archive. "
            "Nothing is deleted, and people find what they wrote under “Archive”. They can be taken out again."
        ),
        lambda program, by: actions.archive_program(program, by=by),
    ),
    "restore": Deed(
        _("Take these programs out of the archive"),
        _("They are in the lists again, closed."),
        lambda program, by: actions.restore_program(program, by=by),
    ),
}


@admin.register(Program)
class ProgramPage(SetsCriteria, AsksFirst, ActingAdmin):
    """Made in two steps, from a template or after an earlier program; its status is changed by the actions only."""

    group = Group.PROGRAM
    program_admins_may = frozenset({"view", "add", "change"})
    form = ProgramForm
    inlines = [HolidayInline]
    list_display = ["name", "status", "starts_on", "ends_on", "contact_name", "good_pair"]
    list_filter = [StatusFilter]
    search_fields = ["name", "slug"]
    actions = ["activate", "pause", "resume", "close", "reopen", "archive", "restore"]
    readonly_fields = ["status", "slug", "fiscal_first_month", "follows_as_link", "logo_shown"]
    said_at_first: ClassVar[list[tuple[Any, Any]]] = [
        (None, {"fields": ["name", "starts_on", "ends_on", "status"]}),
        (_("Its calendar"), {"fields": ["time_zone", "fiscal_first_month"]}),
        (_("People and pairs"), {"fields": ["join_policy", "matched_by"]}),
        (_("Whom people turn to"), {"fields": ["contact_name", "contact_email", "concern_name", "concern_email"]}),
    ]  # fmt: skip
    settings: ClassVar[list[tuple[Any, Any]]] = [
        (None, {"fields": ["name", "slug", "purpose", "status", "follows_as_link"]}),
        (_("Its calendar"), {"fields": ["starts_on", "ends_on", "time_zone", "fiscal_first_month"]}),
        (_("Who comes in"), {"fields": [
            "roles", "mentors_are", "mentees_are", "join_policy", "applications_until", "places_for_mentors",
            "places_for_mentees", "offer_days",
        ]}),
        (_("Pairs"), {"fields": ["matched_by", "approval", "pairings_per_mentee", "agreement"]}),
        (_("Mentees who ask a mentor"), {"fields": [
            "directory_for", "directory_shows", "open_requests", "requests_are_checked",
        ]}),
        (_("Ground rules and concerns"), {"fields": ["ground_rules", "concern_name", "concern_email"]}),
        (_("What people write"), {"fields": ["has_wall", "help_url"]}),
        (_("For whom a moment was"), {"fields": list(WHOM), "description": WHOM_MEANT}),
        (_("Who signs its e-mails"), {"fields": ["contact_name", "contact_email"]}),
        (_("How it looks"), {"fields": ["logo_shown", "logo", "take_logo_away", "accent"]}),
        (_("How long words are kept"), {"fields": ["retention_months"]}),
    ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        return [*self.urls_of_criteria(), *super().get_urls()]

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Not while there are pairs: they hear of the end, and their calendars too, when it is closed."""
        going, counts, lacking, kept = super().get_deleted_objects(objs, request)
        pairs = Pairing.objects.made().filter(program__in=objs).count()
        if pairs:
            words = ngettext(
                "%(number)d pair that goes on: close the program first",
                "%(number)d pairs that go on: close the program first",
                pairs,
            )
            kept = [words % {"number": pairs}, *kept]
        return going, counts, lacking, kept

    # --- Making one

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """First from what, then the form: both at one address, the second with `?start=`."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = StartForm(request.GET if "start" in request.GET else None, by=cast("User", request.user))
        if not chosen.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("A new program"),
                "opts": self.opts,
                "media": self.media,
                "form": chosen,
            }
            return TemplateResponse(request, "admin/mentoring/program/start.html", context)
        start: Start = chosen.cleaned_data["start"]
        request._start = start  # type: ignore[attr-defined]
        extra = {
            **(extra_context or {}),
            "start": start.in_words(),
            "title": _("A new program"),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().add_view(request, form_url, extra)

    def add_form_for(self, request: HttpRequest) -> type[ActingForm]:
        start: Start = request._start  # type: ignore[attr-defined]
        base = NewProgramForm if isinstance(start, FromTemplate) else NextProgramForm
        return type(base.__name__, (base,), {"start": start})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            nothing_to_take = set() if obj.logo_key else {"take_logo_away"}
            return [
                (title, {"fields": [name for name in group["fields"] if name not in nothing_to_take]})
                for title, group in self.settings
            ]
        if isinstance(getattr(request, "_start", None), FromTemplate):
            return self.said_at_first
        return [*self.said_at_first, (_("Who runs it"), {"fields": ["same_admins"]})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        groups: list[tuple[Any, Any]] = self.get_fieldsets(request, obj)
        return [name for _title, group in groups for name in group["fields"]]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        start: Start = request._start  # type: ignore[attr-defined]
        return super().log_addition(request, obj, start.in_words())

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To its page, which says what is next. A superuser who makes it sees it; so does its new admin."""
        messages.success(request, gettext("%(name)s is made.") % {"name": obj})
        return redirect("admin:mentoring_program_change", obj.pk)

    # --- Its page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        program = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if program is not None and request.method == "GET":
            offered: Any = self.get_actions(request)
            words = {name: said for name, (_act, _name, said) in offered.items()}
            context = {
                "deeds": [
                    (name, words[name])
                    for name in DEEDS
                    if name in words and rules.may_move(cast("User", request.user), program, name)
                ],
                "steps": _next_steps(program),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    @admin.display(description=_("made after"))
    def follows_as_link(self, program: Program) -> str | None:
        if program.follows is None:
            return None
        url = reverse("admin:mentoring_program_change", args=[program.follows_id])
        return format_html('<a href="{}">{}</a>', url, program.follows)

    @admin.display(description=_("logo now"))
    def logo_shown(self, program: Program) -> str | None:
        if not program.logo_key:
            return None
        url = reverse("programs:logo", args=[program.logo_key])
        return format_html('<img class="logo" src="{}" alt="{}">', url, program.name)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what was changed: whoever pauses it at this moment is not overruled by a form that is older."""
        if not change:
            return
        columns = {field.name for field in self.opts.concrete_fields}
        if changed := [name for name in form.changed_data if name in columns]:
            obj.save(update_fields=changed)
        by = cast("User", request.user)
        if form.placed_logo is not None:
            actions.keep_logo(obj, form.placed_logo, by=by)
        elif form.cleaned_data.get("take_logo_away"):
            actions.take_logo_away(obj, by=by)

    # --- Its life

    def described(self, row: Program) -> str:
        """For how many it means something."""
        people = row.enrollments.filter(status__in=["active", "paused"]).count()
        pairs = row.pairings.open().count()
        invited = Invitation.objects.unanswered(clock.now()).filter(program=row).count()
        counts = [
            ngettext("%(number)d person", "%(number)d people", people) % {"number": people},
            ngettext("%(number)d pairing", "%(number)d pairings", pairs) % {"number": pairs},
            ngettext("%(number)d open invitation", "%(number)d open invitations", invited)
            % {"number": invited},
        ]
        return f"{row} ({row.get_status_display()}): {', '.join(counts)}"

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d program is changed.", "%(number)d programs are changed.", done)
        return said % {"number": done}

    def _do(self, request: HttpRequest, programs: QuerySet[Program], name: str) -> HttpResponse | None:
        deed = DEEDS[name]
        return self.ask_then(request, programs, name, deed.title, deed.consequence, deed.act)

    @admin.action(description=_("Begin"), permissions=["change"])
    def activate(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "activate")

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "pause")

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "resume")

    @admin.action(description=_("Close"), permissions=["change"])
    def close(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "close")

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "reopen")

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "archive")

    @admin.action(description=_("Take out of the archive"), permissions=["change"])
    def restore(self, request: HttpRequest, programs: QuerySet[Program]) -> HttpResponse | None:
        return self._do(request, programs, "restore")


def _next_steps(program: Program) -> list[Step]:
    """While a program has nobody in it, or is a draft; a page of the admin that is not there is not a step."""
    is_invited = Invitation.objects.filter(program=program).exists()
    has_people = is_invited or program.enrollments.exists()
    if program.status not in rules.WRITES or (has_people and program.status != Program.Status.DRAFT):
        return []
    steps = [
        Step(
            f"{reverse('admin:mentoring_programadmin_add')}?program={program.pk}",
            _("Name who runs it"),
            _("They see its people and do all this, by a row that can be taken away again."),
            program.admins.exists(),
        )
    ]
    for model, words, why in (
        (
            EnrollmentQuestion,
            _("Look at what people are asked"),
            _("Whoever asks for a place answers these."),
        ),
        (Skill, _("Look at the list of skills"), _("What people offer and seek is chosen from it.")),
    ):
        if (url := _list_of(model)) is not None:
            steps.append(Step(f"{url}?program={program.pk}", words, why, is_done=False))
    invite = reverse("admin:mentoring_invitation_add")
    steps.append(
        Step(
            reverse("admin:mentoring_program_criteria", args=[program.pk]),
            _("Say what makes a good pair"),
            _("Must-haves and weights, by which matching runs go."),
            hasattr(program, "matching_criteria"),
        )
    )
    steps.append(
        Step(
            f"{invite}?program={program.pk}",
            _("Invite people"),
            _("By e-mail, up to 200 at once, or by a link to hand on."),
            has_people,
        )
    )
    return steps


def _list_of(model: type[Model]) -> str | None:
    if not admin.site.is_registered(model):
        return None
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@admin.register(ProgramAdmin)
class ProgramAdminPage(ActingAdmin):
    group = Group.PROGRAM
    program_admins_may = superusers_may = frozenset({"view", "add", "delete"})
    add_form = ProgramAdminAddForm
    list_display = ["person", "program", "created_at"]
    list_filter = [filter_by_program("program")]
    list_select_related = ["person", "program"]
    search_fields = ["person__name", "person__email", "program__name"]
    fields = ["program", "person", "created_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not one's own row: somebody would have to let one in again."""
        if obj is not None and obj.person_id == request.user.pk and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)
