"""What somebody who is new here fills in on the page of an invitation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import SignupForm
from accounts.forms.sign_in import WHICH_NAME
from accounts.models import User


class NameForm(forms.Form):
    """Of somebody whose address we know from the link that they followed."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=User._meta.get_field("name").max_length,
        error_messages={"required": WHICH_NAME},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SignUpByLinkForm(SignupForm):
    """A name and an address, to which a code goes: nothing else before one sees the program."""

    hints = {"email": _("We send a code there, which you type in on the next page.")}
