"""Where allauth asks us: who may sign up, how mail leaves, what happens once somebody is in."""

import logging
from smtplib import SMTPException
from typing import Any
from urllib.parse import unquote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext_lazy as _

from . import actions, last_here, reauthentication
from .clock import now
from .mail import suppression
from .models import User, UserManager

log = logging.getLogger(__name__)
ZONE_COOKIE = "zone"
SOMEBODY_WAITS = 10  # seconds for each answer of the mail server


class MailNotSent(Exception):
    """The mail server took none of what somebody waits for at this moment."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed for now."),
        "duplicate_email": _("That is the address you have now."),
        "email_password_mismatch": _("This address and this password do not go together."),
        "enter_current_password": _("That is not the password you have now."),
        "incorrect_code": _("That is not the code we sent. It is in the newest of our e-mails."),
        "incorrect_password": _("That is not your password."),
        "rate_limited": _("We have just sent one. Please wait a little before you ask for another."),
        "same_as_current": _("That is the address we have already written to."),
        "too_many_login_attempts": _("That was one try too many. Ask for a new code, or wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.OPEN_SIGNUP)

    def get_closed_signup_url(self, request: HttpRequest) -> str:
        """The page that says why there is no account to be made."""
        return reverse("account_signup")

    def clean_email(self, email: str) -> str:
        return UserManager.normalize_email(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail links begin with PUBLIC_BASE_URL: a request's Host header is the sender's word and goes into no mail."""
        try:
            super().send_mail(template_prefix, email, {**context, "base_url": settings.PUBLIC_BASE_URL})
        except (SMTPException, OSError) as error:
            log.error("an e-mail about signing in was not sent (%s)", type(error).__name__)
            raise MailNotSent from error

    def render_mail(self, *args: Any, **options: Any) -> EmailMessage:
        letter: EmailMessage = super().render_mail(*args, **options)
        letter.connection = get_connection(timeout=SOMEBODY_WAITS)
        return letter

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:settings")

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to show that it is still you, in our words."""
        words = {
            "account_reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app, or a recovery code"),
            "mfa_reauthenticate_webauthn": _("Use a passkey"),
        }
        ways = {reverse(name): said for name, said in words.items()}
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not methods:
            said, url = _("Have a code e-mailed to you"), reverse("reauthenticate_by_code")
            return [{"id": "code", "description": said, "url": url}]
        return [
            method | {"description": ways.get(method["url"], method["description"])} for method in methods
        ]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """allauth would never ask somebody who has neither a password nor a second step, so that is done here.

        Raises ReauthenticationRequired for them, as allauth does a moment later for everybody else.
        """
        person = self.request.user
        if isinstance(person, User) and reauthentication.is_by_code(person):
            if reauthentication.was_shown_by_code(self.request, person):
                return False
            raise ReauthenticationRequired
        return bool(super().is_reauthentication_required(app=app, **more))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts a password before it is checked, which is what costs; a right one is taken off the count again.

        By a name of our own, because allauth forgets its count as soon as somebody's second step is right. And by
        the account alone: allauth would count once more for each host that the installation answers to.
        """
        self._count_a_password(request, UserManager.normalize_email(credentials.get("email")))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Counted apart from the door: strangers who guess there keep nobody from what is theirs in here."""
        self._count_a_password(self.request, f"still {user.pk}")
        is_right = user.check_password(password)
        if is_right:
            self._rollback_login_failed_rl_usage()
        return is_right

    def _count_a_password(self, request: HttpRequest, key: str) -> None:
        count = {"app": "allauth.account", "action": "password_failed", "key": key}
        self._login_failed_rl_usage = ratelimit.consume(request, **count)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: whoever has chosen a new password is in by it, and the count is soon forgotten anyway."""

    def set_password(self, user: User, password: str) -> None:
        """A password that was changed, chosen, or forgotten: whoever is signed in elsewhere is signed out."""
        super().set_password(user, password)
        actions.close_other_ways_in(user, keep=self.request.session.session_key, now=now())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """As above, for a new address in the place of another."""
        person = email_address.user
        before = person.email
        done: bool = super().confirm_email(request, email_address)
        if done and UserManager.normalize_email(email_address.email) != before:
            actions.close_other_ways_in(person, keep=request.session.session_key, now=now())
            suppression.address_changed(person, now=now())
        return done

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Whoever was added by an admin has not shown us their address yet; a code that came there just did."""
        proofs = [(each["method"], each.get("email")) for each in get_authentication_records(request, user)]
        if ("code", user.email) in proofs:
            actions.confirm_address(user)
        response: HttpResponse | None = super().pre_login(request, user, **details)
        return response

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        reauthentication.count_signing_in(request, user)
        actions.fill_in_whereabouts(
            user,
            time_zone=unquote(request.COOKIES.get(ZONE_COOKIE, "")),
            language=get_language_from_request(request),
        )
        response: HttpResponse = super().post_login(request, user, **details)
        last_here.remember(response, user)
        return response
