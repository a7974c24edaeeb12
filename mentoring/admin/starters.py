"""A program's library of questions that may start a conversation. Which pair took which is shown nowhere."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentoring import actions
from mentoring.admin_site import Group
from mentoring.models import ConversationStarter, Stage

from .forms import ActingForm, AnyModelForm, MakesSeveral
from .scoped import filter_by_program, without_the_only_program


class StartersForm(ActingForm):
    """Several at once. `made` holds those that are new; the form's row is the first."""

    field_order = ["program", "texts", "for_stage", "with_suggested"]
    instance: ConversationStarter

    texts = forms.CharField(
        label=_("Questions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "class": "vLargeTextField"}),
        help_text=_("One a line. What is in the library already stays as it is."),
    )
    for_stage = forms.ChoiceField(label=_("When"), choices=Stage.choices, initial=Stage.ANY)
    with_suggested = forms.BooleanField(
        label=_("Our suggestions as well"),
        required=False,
        help_text=_(
            "A dozen or so, each for its time, as a new program has them. Those that do not fit can go."
        ),
    )

    class Meta:
        model = ConversationStarter
        fields = ["program"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made: list[ConversationStarter] = []

    def act(self) -> ConversationStarter:
        data = self.cleaned_data
        self.made = actions.add_starters(
            data["program"],
            data["texts"].splitlines(),
            by=self.by,
            stage=data["for_stage"],
            with_suggested=data["with_suggested"],
        )
        return self.made[0]

    def refuse(self, no: actions.Refused) -> None:
        self.add_error("texts", str(no))


class StarterForm(AnyModelForm):
    instance: ConversationStarter

    class Meta:
        model = ConversationStarter
        fields = ["text", "stage", "position", "is_offered"]
        help_texts = {
            "text": _("Pairs that have it on their list keep it as they took it."),
            "is_offered": _("Take the tick away to offer it no longer."),
        }

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        others = ConversationStarter.objects.filter(program=self.instance.program_id, text=text)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This question is in the library already."))
        return text


class PositionForm(AnyModelForm):
    """A line of the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("position", gettext("Position of “%(question)s”")),
            ("is_offered", gettext("Offered: “%(question)s”")),
        ):
            if name in self.fields:
                self.fields[name].widget.attrs["aria-label"] = label % {"question": self.instance.text}


@admin.register(ConversationStarter)
class StarterPage(MakesSeveral):
    group = Group.PROGRAM
    add_form = StartersForm
    form = StarterForm
    list_display = ["text", "stage", "position", "is_offered", "program"]
    list_editable = ["position", "is_offered"]
    list_filter = [filter_by_program("program"), "stage"]
    list_select_related = ["program"]
    search_fields = ["text"]
    fields = ["program", "text", "stage", "position", "is_offered"]
    readonly_fields = ["program"]
    ordering = ["program__name", "position", "pk"]

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **kwargs | {"form": PositionForm})

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        number = len(cast("Any", obj).made_with)
        said = ngettext(
            "%(number)d question is new in the library.",
            "%(number)d questions are new in the library.",
            number,
        )
        messages.success(request, said % {"number": number})
        if "_addanother" in request.POST:
            return redirect(request.get_full_path())
        return redirect("admin:mentoring_conversationstarter_changelist")
