"""What somebody cares about, beside what shows it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from accounts.vault import reading
from reflections.models import Answer, Moment
from reflections.models.value import LONGEST_QUOTE, LONGEST_VALUE

from .fields import WordsField

# Of a moment or an answer so much is shown to choose it by.
EXCERPT = 160


class ValueForm(forms.Form):
    """One value at a time. `things` are what may be chosen, by name; no other thing is taken from the request. Words
    that were used before are offered by the page, and only those of the same person."""

    name = WordsField(
        label=_("In a word or two of your own"),
        max_length=LONGEST_VALUE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "words-used-before"}),
    )
    thing = forms.ChoiceField(label=_("What shows it?"), required=False, widget=Rows)
    quote = WordsField(
        label=_("The words that show it"),
        help_text=_("If it is one sentence of it, copy that sentence here. Left empty, it is all of it."),
        max_length=LONGEST_QUOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, things: Mapping[str, Moment | Answer], **options: Any) -> None:
        super().__init__(data, **options)
        self.things = things
        thing = cast(forms.ChoiceField, self.fields["thing"])
        thing.choices = [(name, excerpt(one)) for name, one in things.items()]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to be kept: one goes on without having named any. A thing that was chosen and left
        says nothing by itself, and a choice cannot be taken back."""
        return not (self.cleaned_data.get("name") or self.cleaned_data.get("quote"))

    @property
    def chosen(self) -> Moment | Answer:
        return self.things[self.cleaned_data["thing"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.is_blank:
            return cleaned
        if not cleaned.get("name"):
            self.add_error("name", _("Write what you care about, in a word or two."))
        elif not cleaned.get("thing"):
            self.add_error("thing", _("Choose what shows it. A value without a story is only a word."))
        elif cleaned["quote"] and cleaned["quote"] not in self.chosen.text:
            self.add_error(
                "quote", _("Those words do not stand there. Copy them as they are, or leave this empty.")
            )
        return cleaned


def excerpt(thing: Moment | Answer) -> str:
    words = Truncator(reading.words(thing, "text")).chars(EXCERPT)
    return words or gettext("What you wrote there")
