"""A few lines to somebody with whom one was paired."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models.ending import LONGEST_FAREWELL


class PostcardForm(forms.Form):
    use_required_attribute = False

    text = forms.CharField(
        label=_("A few lines"),
        max_length=LONGEST_FAREWELL,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("How you are, what became of something you talked about, or one question."),
        error_messages={"required": _("Write a line, or leave it: both are fine.")},
    )
