"""How a reflection is finished."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows


class ReviewForm(forms.Form):
    """What becomes of the note that was set aside (it stays unless one says so), and what its writer had in sight."""

    aside = forms.ChoiceField(
        label=_("And the note you set aside?"),
        choices=[("keep", _("Keep it, for me only")), ("delete", _("Delete it now"))],
        required=False,
        widget=Rows,
    )
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
