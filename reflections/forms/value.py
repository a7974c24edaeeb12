"""Values: named beside what shows them, called otherwise, put together."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from reflections.models.value import LONGEST_QUOTE, LONGEST_VALUE
from reflections.story.excerpts import sentences
from reflections.story.words import Word

TOO_LONG = _("Two or three words are plenty for a value.")
# A text of more sentences than these has its words copied into the field below.
CHOICES = 8


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("Write the value in a word or two."), "max_length": TOO_LONG}
        super().__init__(max_length=LONGEST_VALUE, error_messages=messages, **kwargs)


class RenameForm(forms.Form):
    use_required_attribute = False

    name = NameField(label=_("Call it something else"))


class MergeForm(forms.Form):
    use_required_attribute = False

    into = forms.TypedChoiceField(
        label=_("Which one stays?"),
        coerce=int,
        error_messages={
            "required": _("Choose the value that stays."),
            "invalid_choice": _("Choose the value that stays."),
        },
    )

    def __init__(self, data: Any = None, *, words: list[Word]) -> None:
        super().__init__(data)
        field: Any = self.fields["into"]
        field.choices = [("", _("Choose one")), *((word.pk, word.name) for word in words)]


class ShowForm(forms.Form):
    """`text` is what shows the value. Its sentences can be chosen; `words` is for a part of one."""

    use_required_attribute = False

    name = NameField(
        label=_("What do you care about here?"),
        help_text=_("A word or two of your own."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "own-values"}),
    )
    quote = forms.ChoiceField(
        label=_("Which words show it?"),
        required=False,
        widget=Rows,
        error_messages={"invalid_choice": _("Those words do not stand there.")},
    )
    words = forms.CharField(
        label=_("Or only these words of it"),
        help_text=_("Copied as they stand there. Empty is fine."),
        required=False,
        max_length=LONGEST_QUOTE,
        error_messages={"max_length": _("Choose a sentence or a part of one.")},
    )

    def __init__(self, data: Any = None, *, text: str) -> None:
        super().__init__(data, prefix="value", initial={"quote": ""})
        self.text = text
        choices = [each for each in sentences(text) if len(each) <= LONGEST_QUOTE]
        if 1 < len(choices) <= CHOICES:
            quote: Any = self.fields["quote"]
            quote.choices = [("", _("All of it")), *((each, each) for each in dict.fromkeys(choices))]
        else:
            del self.fields["quote"]

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if words not in self.text:
            raise forms.ValidationError(_("Those words do not stand there."))
        return words

    @property
    def said(self) -> str:
        """The quote: words that were copied go before a sentence that was chosen."""
        words: str = self.cleaned_data["words"]
        return words or str(self.cleaned_data.get("quote", ""))
