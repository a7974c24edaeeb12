"""allauth's forms in our words and without placeholders, which vanish as soon as one types."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.core.internal import ratelimit as counted
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User, UserManager

EMAIL = _("Your e-mail address")
LIKE_THIS = _("Write your e-mail address, like noor@example.org")
PASSWORD = _("Password")
TYPE_IT = _("Type your password.")
WHICH_NAME = _("Write the name that people know you by.")
LONGEST_ADDRESS = User._meta.get_field("email").max_length or 0
NEW_PASSWORD = _("New password")
NEW_PASSWORD_HINT = _("At least twelve characters. A short sentence that only you would write is good.")


class InOurWords(forms.Form):
    """Sets labels and hints over a form that somebody else wrote."""

    words: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    missing: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if isinstance(field, forms.EmailField):
                field.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
                field.error_messages |= {"required": LIKE_THIS, "invalid": LIKE_THIS}
            field.error_messages["required"] = self.missing.get(name, field.error_messages["required"])


class LoginForm(InOurWords, allauth.LoginForm):  # type: ignore[misc]
    words = {"login": EMAIL, "password": PASSWORD}
    missing = {"password": TYPE_IT}


def count_a_letter_to(email: str) -> None:
    """Raises ValidationError when there were too many to this address, or asked for from this browser's."""
    if not ratelimit.consume(context.request, action="request_login_code", key=email):
        raise get_adapter().validation_error("too_many_login_attempts")


class RequestLoginCodeForm(InOurWords, allauth.RequestLoginCodeForm):  # type: ignore[misc]
    words = {"email": EMAIL}
    user: User | None = None

    def clean_email(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["email"])
        count_a_letter_to(email)
        user = User.objects.signing_in_with(email)
        self.user = user if user and user.is_active else None
        return email


class ResetPasswordForm(InOurWords, allauth.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": EMAIL}

    def clean_email(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["email"])
        user = User.objects.signing_in_with(email)
        self.users = [user] if user and user.is_active else []
        return email


class ReauthenticateForm(InOurWords, allauth.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": PASSWORD}
    missing = {"password": TYPE_IT}


class AddEmailForm(InOurWords, allauth.AddEmailForm):  # type: ignore[misc]
    words = {"email": _("Your new e-mail address")}
    hints = {"email": _("We send a code there first. Until you type it in, nothing changes.")}


class CodeForm(InOurWords):
    words = {"code": _("The code we sent you")}
    hints = {"code": _("Eight letters. It works for ten minutes.")}
    missing = {"code": _("Type in the eight letters from our e-mail.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "class": "input-code",
            "autocapitalize": "characters",
            "autocomplete": "one-time-code",
            "spellcheck": "false",
        }

    def clean_code(self) -> str:
        """Counted by the browser's address, besides the three tries that each code has."""
        tried = counted.consume(context.request, app="allauth.account", action="code_failed")
        if not tried:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        tried.rollback()
        return code


class ConfirmLoginCodeForm(CodeForm, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmReauthenticationCodeForm(CodeForm, allauth.BaseConfirmCodeForm):  # type: ignore[misc]
    pass


class ConfirmEmailVerificationCodeForm(CodeForm, allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ConfirmPasswordResetCodeForm(CodeForm, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class NewPasswordForm(InOurWords):
    words = {
        "oldpassword": _("The password you have now"),
        "password1": NEW_PASSWORD,
        "password2": _("The new password, once more"),
    }
    hints = {"password1": NEW_PASSWORD_HINT}
    missing = {
        "oldpassword": TYPE_IT,
        "password1": _("Choose a password."),
        "password2": _("Type the new password once more."),
    }


class ChangePasswordForm(NewPasswordForm, allauth.ChangePasswordForm):  # type: ignore[misc]
    def clean_oldpassword(self) -> str:
        """Counted like any other try: an open browser is no place to guess in."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(NewPasswordForm, allauth.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(NewPasswordForm, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class SignupForm(InOurWords, allauth.SignupForm):  # type: ignore[misc]
    """A name and an address. A password is chosen later, by those who want one."""

    name = forms.CharField(label=_("Your name"), max_length=User._meta.get_field("name").max_length)
    field_order = ["name", "email"]
    words = {"email": EMAIL}
    missing = {"name": WHICH_NAME}
    user: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # allauth draws it for whatever installation has passwords at all.
        del self.fields["password1"]
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_email(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["email"])
        if len(email) > LONGEST_ADDRESS:
            raise forms.ValidationError(LIKE_THIS)
        count_a_letter_to(email)
        self.user = User.objects.signing_in_with(email)
        return email
