"""What can be done to an account, each act in one place."""

import zoneinfo
from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings

from .mail import kinds
from .mail.models import MailLink, Stopped
from .models import User


def fill_in_whereabouts(user: User, *, time_zone: str, language: str) -> None:
    """Keep the guessed zone and language where the person has not said; a guess that we do not know is dropped."""
    people = User.objects.filter(pk=user.pk)
    if time_zone in zoneinfo.available_timezones():
        people.filter(time_zone="").update(time_zone=time_zone)
    if language in dict(settings.LANGUAGES):
        people.filter(language="").update(language=language)


def confirm_address(user: User) -> None:
    """Note that the address they sign in with is theirs; nothing where another account has confirmed it before."""
    address, _made = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True}
    )
    address.set_verified()


def close_other_ways_in(user: User, *, keep: str | None, now: datetime) -> None:
    """End every session but the one with the key `keep`, and the links in mail that stand for signing in."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
        session.end()
    MailLink.objects.revoke(user.pk, now=now)


def give_to_its_owner(user: User, *, keep: str | None, now: datetime) -> None:
    """Their provider has shown that the address is theirs. If nobody had before, the account becomes theirs alone.

    Whoever had set it up may have been a stranger who waits for them: no way in that dates from then remains. A second
    factor would, since it only ever makes the way in longer; there is none on an account whose address is unconfirmed.
    """
    if EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
    SocialAccount.objects.filter(user=user).delete()
    close_other_ways_in(user, keep=keep, now=now)
    confirm_address(user)


def forget_claims(addresses: Collection[str]) -> None:
    """Drop what accounts have asked for and never confirmed: these addresses now belong to somebody who proved it."""
    EmailAddress.objects.filter(email__in=addresses, verified=False).delete()


def choose_mail(user: User, wanted: Collection[str]) -> None:
    """Start each stream of e-mail that is in `wanted`, and stop each other one."""
    for stream in kinds.streams():
        if stream.name in wanted:
            Stopped.objects.start(user.pk, stream.name)
        else:
            Stopped.objects.stop(user.pk, stream.name)
