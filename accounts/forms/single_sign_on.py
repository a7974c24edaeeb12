"""The form for parting from an account elsewhere."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.socialaccount import forms as allauth
from allauth.socialaccount.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.utils.translation import gettext as _

from accounts.single_sign_on import name_of


class DisconnectForm(allauth.DisconnectForm):  # type: ignore[misc]
    """Any link may go, the last one too: a code by e-mail always signs people in.

    Also one to a provider that is no longer set up, of which allauth would know nothing any more.
    """

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or self.cleaned_data

    def save(self) -> None:
        raise_if_reauthentication_required(self.request, app="allauth.socialaccount")
        account = self.cleaned_data["account"]
        name = name_of(account.provider)
        account.delete()
        messages.success(self.request, _("%(name)s no longer signs you in here.") % {"name": name})
        get_adapter().send_notification_mail(
            "socialaccount/email/account_disconnected", self.request.user, context={"provider": name}
        )
