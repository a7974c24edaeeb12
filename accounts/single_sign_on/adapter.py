"""Which account here somebody gets who comes from a provider, and when they get none."""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.base.provider import Provider
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect, render

from accounts import actions
from accounts.clock import now
from accounts.forms.sign_in import RequestLoginCodeForm
from accounts.models import User, UserManager

from . import is_of

log = logging.getLogger(__name__)
NAME_LENGTH = User._meta.get_field("name").max_length


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """The name and the address, as they would be after signing up here."""
        person: User = sociallogin.user
        person.email = UserManager.normalize_email(data.get("email"))
        whole = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}"
        readable = "".join(letter if letter.isprintable() else " " for letter in str(whole))
        person.name = " ".join(readable.split())[:NAME_LENGTH]
        return person

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Whoever signs in here with an address that is proven to be theirs.

        An address that an account has only asked for is nobody's yet: it opens no account.
        """
        sociallogin.name_there = sociallogin.user.name  # The account that is found takes this one's place.
        for address in proven_addresses(sociallogin):
            confirmed = (
                EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
            )
            person = confirmed.user if confirmed else User.objects.filter(email=address).first()
            if person:
                return person, address
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.token = None  # We have asked all that we wanted to know; it goes into no session.
        if sociallogin.state.get("process") in (AuthProcess.CONNECT, AuthProcess.REDIRECT):
            return
        addresses = proven_addresses(sociallogin)
        if not sociallogin.is_existing:
            if not addresses:
                raise ImmediateHttpResponse(
                    render(request, "socialaccount/unproven.html", about(sociallogin))
                )
            actions.forget_claims(addresses)
        elif not sociallogin.user.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        elif sociallogin.account.pk is None:  # Found by the address, for the first time.
            known_as = sociallogin.user.name or sociallogin.name_there
            actions.welcome_unused(sociallogin.user, name=known_as)
            actions.give_to_its_owner(sociallogin.user, keep=request.session.session_key, now=now())

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Also to an organization's own people, where its operator has said so."""
        domains = sociallogin.provider.app.settings["domains"]
        is_of_the_house = any(is_of(address, domains) for address in proven_addresses(sociallogin))
        return bool(
            (settings.SSO_SIGNUP and is_of_the_house) or super().is_open_for_signup(request, sociallogin)
        )

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Says in the log what went wrong, and nothing of what was sent: it is about a person."""
        if error != AuthError.CANCELLED:
            said = [
                type(each).__name__ for each in (exception, getattr(exception, "__cause__", None)) if each
            ]
            log.warning(
                "signing in with %s failed (%s)", provider.sub_id, ", ".join(said) or "state or answer"
            )


def proven_addresses(sociallogin: SocialLogin) -> list[str]:
    return [UserManager.normalize_email(each.email) for each in sociallogin.email_addresses if each.verified]


def about(sociallogin: SocialLogin) -> dict[str, Any]:
    """For a page: where they came from, the address that was not proven, if any, and a form to prove it by."""
    email = sociallogin.user.email
    form = RequestLoginCodeForm(initial={"email": email})
    return {"provider_name": sociallogin.provider.name, "email": email, "form": form}
