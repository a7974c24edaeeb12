"""The e-mails about somebody's access that an admin causes. What somebody waits for themselves goes by the adapter."""

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .mail import links
from .mail.kinds import SECURITY, Always, Kind, Letter, register
from .mail.models import Message

ACCESS = "account_access"
SECOND_STEP_RESET = "second_step_reset"


def register_kinds() -> None:
    """Neither can be stopped: they are about one's own account."""
    never_in = Q(person__last_login__isnull=True)
    register(
        Kind(
            ACCESS,
            None,
            gettext_lazy("You have an account"),
            account_access,
            conditions=(("has signed in", never_in),),
            always=Always(
                gettext_lazy("That you have an account"),
                gettext_lazy("Without it somebody who is new would not know the way in."),
            ),
        )
    )
    register(
        Kind(
            SECOND_STEP_RESET,
            None,
            gettext_lazy("Your second step was taken off"),
            second_step_reset,
            always=SECURITY,
        )
    )


def account_access(message: Message) -> Letter:
    return _letter(message, "account_access", _("You have an account here"))


def second_step_reset(message: Message) -> Letter:
    return _letter(message, "second_step_reset", _("Your second step was taken off"))


def _letter(message: Message, template: str, subject: str) -> Letter:
    context = {
        "subject": subject,
        "person": message.person,
        "done_at": message.due_at,
        "sign_in_url": links.absolute("account_login"),
        "second_step_url": links.absolute("mfa_index"),
        "privacy_url": links.absolute("privacy"),
    }
    return Letter(
        subject=subject,
        text=render_to_string(f"accounts/emails/{template}.txt", context),
        html=render_to_string(f"accounts/emails/{template}.html", context),
        from_name="Best Stuff",
        thread=f"account/{message.person_id}",
    )
