"""What somebody looks for in their own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reflections.search import LONGEST_QUERY

from .fields import WordsField


class SearchForm(forms.Form):
    query = WordsField(
        label=_("What do you look for?"),
        help_text=_(
            "One word or several; all of them have to be there. Accents and capitals make no difference."
        ),
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": _("Write a word to look for.")},
    )
