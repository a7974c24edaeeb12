"""The questions that a program asks whoever would like a place."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring import places
from mentoring.admin_site import Group
from mentoring.models import EnrollmentQuestion, Program
from mentoring.models.question import LONGEST_OPTION, MOST_OPTIONS

from .forms import AnyModelForm
from .scoped import OneChoiceFilter, ProgramScopedAdmin, filter_by_program, without_the_only_program

Kind = EnrollmentQuestion.Kind
LONGEST_CODE = 40


class QuestionForm(AnyModelForm):
    """Its answers to choose from are written one a line, and stand in the column as a list."""

    instance: EnrollmentQuestion

    options = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 60, "class": "vLargeTextField"}),
        help_text=_("One a line, two to thirty. Only for a question of which answers are chosen."),
    )

    class Meta:
        model = EnrollmentQuestion
        fields = [
            "program", "text", "help_text", "kind", "options", "is_required", "asked_of", "audience", "is_active",
        ]  # fmt: skip
        help_texts = {
            "audience": _(
                "Those who run the program read every answer. “Shown to my pairing” lets the other one of a pair read "
                "it too. People are told beside the question."
            ),
            "is_active": _(
                "Take the tick away to retire a question: nobody is asked any more, and answers stay."
            ),
            "is_required": _("Nobody can ask for a place without answering it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "options" in self.fields:
            self.initial["options"] = "\n".join(self.instance.options)

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean_options(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["options"].splitlines()]
        found = [line for line in lines if line]
        for line in found:
            if len(line) > LONGEST_OPTION:
                said = _("“%(line)s…” is too long: %(number)d characters at most.")
                raise forms.ValidationError(said % {"line": line[:40], "number": LONGEST_OPTION})
        if len({line.lower() for line in found}) < len(found):
            raise forms.ValidationError(_("Write each answer once."))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "options" not in data or "kind" not in data:
            return data
        number, is_choosing = len(data["options"]), data["kind"] in EnrollmentQuestion.CHOOSING
        if is_choosing and not 2 <= number <= MOST_OPTIONS:
            self.add_error(
                "options", _("Write two to thirty answers to choose from, or choose another kind.")
            )
        if not is_choosing and number:
            self.add_error(
                "options",
                _("People write the answer to this kind themselves. Empty this, or choose another."),
            )
        return data


class PositionForm(AnyModelForm):
    """A line of the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            label = gettext("Position of “%(question)s”") % {"question": self.instance.text}
            self.fields["position"].widget.attrs["aria-label"] = label


class AskedFilter(OneChoiceFilter):
    title = cast("str", _("state"))
    parameter_name = "state"
    choices_in_words = {"asked": _("Asked"), "retired": _("Retired")}

    def found(self, rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
        return rows.filter(is_active=wanted == "asked")


@admin.register(EnrollmentQuestion)
class QuestionPage(ProgramScopedAdmin):
    group = Group.PROGRAM
    form = QuestionForm
    list_display = ["text", "position", "kind", "asked_of", "read_by", "state", "program"]
    list_editable = ["position"]
    list_filter = [filter_by_program("program"), "asked_of", AskedFilter]
    list_select_related = ["program"]
    search_fields = ["text", "help_text", "program__name"]
    ordering = ["program__name", "position", "pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(QuestionForm.Meta.fields)
        return [*fields, "position", "code"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The short name ties answers of earlier years to the question, so it stays as it was made."""
        return ["program", "code"] if obj else []

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Not the form of the page, which wants the answers to choose from."""
        return super().get_changelist_form(request, **kwargs | {"form": PositionForm})

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    @admin.display(description=_("read by"), ordering="audience")
    def read_by(self, question: EnrollmentQuestion) -> str:
        if question.audience == EnrollmentQuestion.Audience.PAIRING:
            return gettext("You, and the pairing")
        return gettext("You alone")

    @admin.display(description=_("state"), ordering="-is_active")
    def state(self, question: EnrollmentQuestion) -> str:
        """In a word, and nothing where there is nothing to say."""
        if not question.is_active:
            return gettext("Retired")
        return gettext("Required") if question.is_required else ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that was answered is retired. (If it were deleted, its answers would stay all the same.)"""
        if obj is not None and obj.answers.exists():
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            # Two who add one at a moment come one after the other: the admin saves in one transaction.
            program = places.locked(obj.program)
            obj.code = new_code(program, obj.text)
            last = program.enrollment_questions.aggregate(last=Max("position"))["last"]
            obj.position = 1 if last is None else min(last + 1, 32767)
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        question = self.get_object(request, object_id)
        preview = as_asked(cast("EnrollmentQuestion", question)) if question else None
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "preview": preview, "question": question}
        )


def new_code(program: Program, text: str) -> str:
    """A short name made from the wording, that no other question of the program has."""
    base = slugify(text)[: LONGEST_CODE - 4].strip("-") or "question"
    taken = set(program.enrollment_questions.values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (base, *numbered) if code not in taken)


def as_asked(question: EnrollmentQuestion) -> forms.Form:
    """A form of this one question, as applicants see it: to be looked at, not sent."""
    common: dict[str, Any] = {
        "label": question.text,
        "help_text": question.help_text,
        "required": question.is_required,
        "disabled": True,
    }
    field: forms.Field
    match question.kind:
        case Kind.SHORT:
            field = forms.CharField(widget=forms.TextInput(attrs={"class": "input"}), **common)
        case Kind.LONG:
            field = forms.CharField(widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}), **common)
        case Kind.CHOICE:
            field = forms.ChoiceField(
                choices=[(one, one) for one in question.options], widget=forms.RadioSelect, **common
            )
        case _:
            field = forms.MultipleChoiceField(
                choices=[(one, one) for one in question.options],
                widget=forms.CheckboxSelectMultiple,
                **common,
            )
    form = forms.Form(prefix="preview")
    form.fields["answer"] = field
    return form
