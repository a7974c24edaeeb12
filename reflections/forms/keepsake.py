"""What somebody wants in their keepsake book."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Ticks
from reflections.models import Keepsake

Part, Form = Keepsake.Part, Keepsake.Form


class KeepsakeForm(forms.Form):
    """`years` are numbers, and none where all are wanted; `to_get` are values of Keepsake.Form."""

    parts = forms.MultipleChoiceField(
        label=_("What goes into it"),
        choices=Part.choices,
        widget=Ticks(
            hints={
                Part.LOCKED: _("Nobody else can read it here. A book may lie on a table, so you decide."),
                Part.ROOMS: _(
                    "Your notes, farewells and postcards, and what you said to what was shared with you."
                ),
            }
        ),
        error_messages={"required": _("Choose what goes into it.")},
    )
    years = forms.TypedMultipleChoiceField(
        label=_("Which years"),
        coerce=int,
        widget=Ticks,
        error_messages={"required": _("Choose a year.")},
    )
    to_get = forms.MultipleChoiceField(
        label=_("In which form"), widget=Ticks, error_messages={"required": _("Choose a form.")}
    )

    def __init__(self, *args: Any, years: Sequence[int], has_pdf: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["years"].choices = [(str(year), str(year)) for year in years]
        fields["years"].initial = [str(year) for year in years]
        fields["parts"].initial = [part for part in Part.values if part != Part.LOCKED]
        fields["to_get"].choices = [
            (value, label) for value, label in Form.choices if has_pdf or value != Form.PDF
        ]
        fields["to_get"].initial = [Form.PDF if has_pdf else Form.HTML]

    def clean_years(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["years"]
        everything: Any = self.fields["years"]
        return [] if len(chosen) == len(everything.choices) else chosen
