"""What the two say about a request before it is answered, and how much room a mentor has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models.enrollment import MOST_MENTEES
from mentoring.models.request import LONGEST_REQUEST

IN_WORDS = _("Write a sentence or two.")


class WordsForm(forms.Form):
    use_required_attribute = False

    words = forms.CharField(
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": IN_WORDS},
    )

    def __init__(self, data: Any = None, *, label: str, help_text: str) -> None:
        super().__init__(data)
        self.fields["words"].label, self.fields["words"].help_text = label, help_text


class RoomForm(forms.Form):
    use_required_attribute = False

    capacity = forms.IntegerField(
        label=_("How many mentees at one time"),
        min_value=0,
        max_value=MOST_MENTEES,
        help_text=_("Those you have now included. Nobody loses a pairing by it."),
        error_messages={
            "required": _("Say a number; 0 is one, too."),
            "invalid": _("Say it as a whole number."),
            "min_value": _("Say a number from 0 to 20."),
            "max_value": _("Say a number from 0 to 20."),
        },
    )
