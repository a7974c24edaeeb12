"""What somebody tells in confidence, to whom, and what is answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from mentoring.concern_contacts import Contact
from mentoring.models.concern import LONGEST_CONCERN

SOMEBODY_ELSE = _("Somebody else hears this now. Look who it is, and send it once more.")


class ConcernForm(forms.Form):
    use_required_attribute = False

    contact = forms.ChoiceField(
        label=_("Who should hear it?"),
        widget=Rows,
        error_messages={
            "required": _("Choose who should hear it."),
            "invalid_choice": SOMEBODY_ELSE,
        },
    )
    text = forms.CharField(
        label=_("What is not right?"),
        max_length=LONGEST_CONCERN,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        help_text=_("As much or as little as you like. You need not prove anything."),
        error_messages={
            "required": _("Write a sentence, or only that you would like to be called."),
            "max_length": _("Keep it to %(limit_value)d characters; the rest you can say later."),
        },
    )

    def __init__(self, data: Any = None, *, contacts: Sequence[Contact]) -> None:
        """Where there is one only, the page says who, and nobody has to choose."""
        only = contacts[0].key if len(contacts) == 1 else ""
        super().__init__(data, initial={"contact": only})
        field: Any = self.fields["contact"]
        field.choices = [(each.key, each.name) for each in contacts]
        if only:
            field.widget = forms.HiddenInput()

    @property
    def is_for_somebody_else(self) -> bool:
        """Whether it was sent to one who was shown on the page, and does not hear it any more."""
        sent = self.data.get("contact")
        field: Any = self.fields["contact"]
        return bool(sent) and sent not in dict(field.choices)

    @classmethod
    def once_more(cls, data: Any, *, contacts: Sequence[Contact]) -> "ConcernForm":
        """The same words, with whom they go to now, to be sent once more by whoever has looked who that is."""
        only = contacts[0].key if len(contacts) == 1 else ""
        form = cls({"text": data.get("text", ""), "contact": only}, contacts=contacts)
        form.add_error(None, SOMEBODY_ELSE)
        return form


class ConcernReplyForm(forms.Form):
    use_required_attribute = False

    words = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_CONCERN,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_(
            "What you will do, and how they can reach you. You can answer once; after that, speak with them."
        ),
        error_messages={"required": _("Write a sentence or two.")},
    )
