"""What a mentee writes to the mentor whom they ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring.models import Program
from mentoring.models.request import LONGEST_REQUEST


class AskForm(forms.Form):
    """The note. One page holds many of these, so each has ids of its own."""

    use_required_attribute = False

    note = forms.CharField(
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write a sentence or two."),
            "max_length": _(
                "That is too long: %(limit_value)d characters at most, and these are %(show_value)d."
            ),
        },
    )

    def __init__(self, data: Any = None, *, program: Program, name: str, number: int) -> None:
        super().__init__(data, auto_id=f"%s-{number}")
        note = self.fields["note"]
        note.label = gettext("Why %(name)s, in a sentence or two") % {"name": name}
        readers = (
            gettext("%(name)s and those who run the program read this.")
            if program.requests_are_checked
            else gettext("Only %(name)s reads this.")
        )
        note.help_text = f"{readers % {'name': name}} {gettext('The answer may be no, and needs no reason.')}"
