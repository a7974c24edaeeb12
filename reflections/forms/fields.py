"""The field that people write in."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


class WordsField(forms.CharField):
    """A text of one's own. Only spaces are the same as nothing; a line ends the same way wherever it was typed.

    The page does not cut off what is too long while it is pasted (no `maxlength`): it says so, and the words stay.
    """

    widget = forms.Textarea

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [
            validator
            for validator in self.validators
            if not isinstance(validator, ProhibitNullCharactersValidator)
        ]
        self.longest = max_length

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").replace("\r\n", "\n").replace("\r", "\n")) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if "\x00" in value:
            raise forms.ValidationError(
                _(
                    "One character in here cannot be kept. Paste the text as plain text, or write that part again."
                ),
                code="null",
            )
        if len(value) > self.longest:
            raise forms.ValidationError(
                ngettext_lazy(
                    "This is %(length)s characters long, and %(longest)s fit. Your words are still here.",
                    "This is %(length)s characters long, and %(longest)s fit. Your words are still here.",
                    len(value),
                ),
                code="long",
                params={
                    "length": number_format(len(value), force_grouping=True),
                    "longest": number_format(self.longest, force_grouping=True),
                },
            )
