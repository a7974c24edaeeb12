"""allauth's forms for the second step of signing in, in our words."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from .sign_in import InOurWords

SIX_DIGITS = _("The six digits from your app")
NAME = _("What you call it")
NAME_HINT = _("So that you know it again: “my phone”, “the key on my ring”.")


class CodeFromApp(InOurWords):
    missing = {"code": _("Type in the code.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "class": "input-code",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
        }


class ActivateTOTPForm(CodeFromApp, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": SIX_DIGITS}


class AuthenticateForm(CodeFromApp, base.AuthenticateForm):  # type: ignore[misc]
    words = {"code": SIX_DIGITS}
    hints = {"code": _("Or one of your recovery codes, which has eight.")}


class ReauthenticateForm(CodeFromApp, base.ReauthenticateForm):  # type: ignore[misc]
    words = {"code": SIX_DIGITS}
    hints = {"code": _("Or one of your recovery codes, which has eight.")}


class AddWebAuthnForm(InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    passwordless = forms.BooleanField(required=False, initial=True)
    words = {"name": NAME, "passwordless": _("Let me sign in with it alone")}
    hints = {
        "name": NAME_HINT,
        "passwordless": _(
            "Your device then asks for your finger, your face or its PIN. Not every small key can."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = "60"


class EditWebAuthnForm(InOurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": NAME}
    hints = {"name": NAME_HINT}
    missing = {"name": _("Write what you call it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = "60"
