"""A line said to somebody: to whom, and in which words."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from accounts.models import User
from mentoring.models import Pairing
from reflections.models import Thanks
from reflections.models.thanks import LONGEST_THANKS
from reflections.wording import partner_names

from .fields import WordsField


class TellForm(forms.Form):
    """`pairings`: those whose other one can be told; no other is taken from the request."""

    to = forms.ChoiceField(
        label=_("Who is it for?"), widget=Rows, error_messages={"required": _("Choose who it is for.")}
    )
    about = forms.ChoiceField(label=_("What is it about?"), choices=Thanks.About.choices)
    text = WordsField(
        label=_("Your note"),
        help_text=_("Your line stays as it is. Put it the way you would say it to them."),
        max_length=LONGEST_THANKS,
        widget=forms.Textarea(attrs={"rows": 5, "class": "serif"}),
        error_messages={"required": _("Write a few words first. One sentence is plenty.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        writer: User,
        pairings: Sequence[Pairing],
        about: str,
        text: str,
        **options: Any,
    ) -> None:
        initial = {"about": about, "text": text}
        if len(pairings) == 1:
            initial["to"] = str(pairings[0].pk)
        super().__init__(data, initial=initial, **options)
        self._pairings = {str(pairing.pk): pairing for pairing in pairings}
        names = partner_names(writer, pairings)
        to = cast(forms.ChoiceField, self.fields["to"])
        to.choices = [(code, names[pairing.pk]) for code, pairing in self._pairings.items()]
        to.widget = Rows(
            hints={
                code: _g("You mentor them") if pairing.mentor_id == writer.pk else _g("They mentor you")
                for code, pairing in self._pairings.items()
            },
            choices=to.choices,
        )

    @property
    def pairing(self) -> Pairing:
        return self._pairings[self.cleaned_data["to"]]
