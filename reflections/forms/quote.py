"""Whether something may be quoted."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QuoteForm(forms.Form):
    may = forms.BooleanField(label=_("May be quoted in reports, without my name"), required=False)
