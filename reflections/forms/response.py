"""Thanks, a question, an answer: a few words each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reflections.models.response import LONGEST_SAID

TOO_LONG = _("Keep it to %(limit_value)d characters; the rest is for when you meet.")


class SayForm(forms.Form):
    """`words` may be empty where `is_needed` is not said: a thank-you needs none."""

    use_required_attribute = False

    words = forms.CharField(
        max_length=LONGEST_SAID,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "serif"}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        label: Any,
        hint: Any = "",
        is_needed: bool = True,
        said: str = "",
        prefix: str,
    ) -> None:
        super().__init__(data, initial={"words": said}, prefix=prefix)
        field = self.fields["words"]
        field.label, field.help_text, field.required = label, hint, is_needed
        field.error_messages["required"] = _("Write a sentence.")
