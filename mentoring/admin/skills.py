"""A program's list of skills. Who proposed one is not shown: it is about the list and not about the person."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import actions
from mentoring.admin_site import Group
from mentoring.models import Skill

from .asking import AsksFirst, filled_in
from .forms import ActingForm, MakesSeveral
from .scoped import OneChoiceFilter, filter_by_program, without_the_only_program

State = Skill.State


class SkillsForm(ActingForm):
    """Several at once. `made` holds those that are new; the form's row is the first."""

    field_order = ["program", "names"]
    instance: Skill

    names = forms.CharField(
        label=_("Skills"),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "class": "vLargeTextField"}),
        help_text=_(
            "One a line. What is on the list already stays as it is; what was proposed is put on it."
        ),
    )

    class Meta:
        model = Skill
        fields = ["program"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made: list[Skill] = []

    def act(self) -> Skill:
        names = self.cleaned_data["names"].splitlines()
        self.made = actions.add_skills(self.cleaned_data["program"], names, by=self.by, now=self.now)
        return self.made[0]

    def refuse(self, no: actions.Refused) -> None:
        self.add_error("names", str(no))


class RenameForm(ActingForm):
    field_order = ["name"]
    instance: Skill

    class Meta:
        model = Skill
        fields = ["name"]
        help_texts = {"name": _("For everybody who offers or seeks it.")}

    def act(self) -> Skill:
        actions.rename_skill(self.instance, self.cleaned_data["name"], by=self.by)
        return self.instance

    def refuse(self, no: actions.Refused) -> None:
        self.add_error("name", str(no))


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("The one that stays"),
        queryset=Skill.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the one that stays.")},
    )

    def __init__(self, *args: Any, skills: QuerySet[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Skill]", self.fields["into"])
        field.queryset = skills
        field.label_from_instance = _with_its_uses  # type: ignore[method-assign]


class SkillStateFilter(OneChoiceFilter):
    title = cast("str", _("state"))
    parameter_name = "state"
    choices_in_words = {
        State.PROPOSED.value: State.PROPOSED.label,
        State.LISTED.value: State.LISTED.label,
        State.MERGED.value: State.MERGED.label,
    }

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(state=wanted)


LINE = Case(
    When(state=State.PROPOSED, then=Value(0)),
    When(state=State.LISTED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@admin.register(Skill)
class SkillPage(AsksFirst, MakesSeveral):
    group = Group.PROGRAM
    add_form = SkillsForm
    list_display = ["name", "state", "used", "merged_into", "program"]
    list_filter = [filter_by_program("program"), SkillStateFilter]
    list_select_related = ["program", "merged_into"]
    search_fields = ["name"]
    fields = ["program", "name", "state", "used", "merged_into"]
    readonly_fields = ["program", "state", "used", "merged_into"]
    actions = ["put_on_list", "merge"]
    # Proposals first, and what was merged away last.
    ordering: ClassVar[Any] = [LINE, Lower("name"), "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted = Count("uses__enrollment", distinct=True)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people=counted)
        return rows

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if change:
            kwargs["form"] = type("RenameForm", (RenameForm,), {"by": request.user})
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was merged away only points to where it went."""
        if obj is not None and obj.state == State.MERGED:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only one that nobody has chosen, and into which no other was merged: the others are merged."""
        if obj is not None and (obj.uses.exists() or obj.also_called.exists()):
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=_("used by"), ordering="people")
    def used(self, skill: Skill) -> str:
        return used_by(skill)

    # --- Adding and renaming

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Both forms have done it by the time that they are valid."""
        super().save_model(request, obj, form, change=False)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        number = len(obj.made_with)
        said = ngettext(
            "%(number)d skill is new on the list.", "%(number)d skills are new on the list.", number
        )
        messages.success(request, said % {"number": number})
        if "_addanother" in request.POST:
            return redirect(request.get_full_path())
        return redirect("admin:mentoring_skill_changelist")

    # --- Actions

    def described(self, row: Skill) -> str:
        return f"{row.name} ({row.program}, {row.get_state_display()}): {used_by(row)}"

    def said_of(self, done: int) -> str:
        said = ngettext("%(number)d skill is changed.", "%(number)d skills are changed.", done)
        return said % {"number": done}

    @admin.action(description=_("Put on the list"), permissions=["change"])
    def put_on_list(self, request: HttpRequest, rows: QuerySet[Skill]) -> HttpResponse | None:
        words = _("Everybody in the program finds them when choosing. Whoever has chosen one keeps it.")
        title = _("Put these skills on the list")
        logged = [{"changed": {"fields": [str(_("state"))]}}]

        def act(skill: Skill, by: User) -> None:
            actions.list_skill(skill, by=by)

        return self.ask_then(request, rows, "put_on_list", title, words, act, logged=logged)

    @admin.action(description=_("Merge into one"), permissions=["change"])
    def merge(self, request: HttpRequest, rows: QuerySet[Skill]) -> HttpResponse | None:
        """All at once or not at all, unlike the actions that go row by row."""
        found = list(rows)
        fault = _why_not_merged(found)
        if fault:
            messages.warning(request, fault)
            return None
        words = _(
            "Whoever has chosen one of these has the one that stays, once. The other names stay known: whoever writes "
            "one of them next means the one that stays. This cannot be undone."
        )
        form = filled_in(request, MergeForm, skills=rows)
        if not self.is_confirmed(request, form):
            return self.asking(request, found, "merge", _("Merge these skills"), words, form)
        into = form.cleaned_data["into"]
        try:
            moved = actions.merge_skills(found, into, by=cast("User", request.user))
        except actions.Refused as no:
            messages.warning(request, str(no))
            return None
        for skill in found:
            self.log_change(request, skill, [{"changed": {"fields": [str(_("merged into"))]}}])
        said = ngettext(
            "These are “%(name)s” now. %(number)d line has moved.",
            "These are “%(name)s” now. %(number)d lines have moved.",
            moved,
        )
        messages.success(request, said % {"name": into.name, "number": moved})
        return None


def _with_its_uses(obj: Skill) -> str:
    return f"{obj.name}: {used_by(obj)}"


def used_by(skill: Any) -> str:
    if not skill.people:
        return gettext("nobody")
    said = ngettext("%(number)d person", "%(number)d people", skill.people)
    return said % {"number": skill.people}


def _why_not_merged(skills: list[Skill]) -> str:
    if len(skills) < 2:
        return gettext("Tick two skills or more.")
    if len({skill.program_id for skill in skills}) > 1:
        return gettext("These are skills of different programs. Each program keeps a list of its own.")
    if any(skill.state == State.MERGED for skill in skills):
        return gettext("One of these was merged already. Look at the list once more.")
    return ""
