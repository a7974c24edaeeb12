"""What can be done to an account, each act in one place."""

import zoneinfo
from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
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


def is_unused(user: User) -> bool:
    """Whether nobody has ever shown that this account is theirs: it was made for them, and waits."""
    return user.last_login is None and not EmailAddress.objects.filter(user=user, verified=True).exists()


def take_over_unused(user: User, *, name: str, now: datetime) -> None:
    """Its person has come, by a link that only their mailbox has: from now on the account is theirs alone.

    Whoever typed in that address before, and perhaps a password, had shown nobody that it was theirs.
    """
    user.set_unusable_password()
    user.name = name
    user.language = ""  # It was that of whoever invited them; their browser knows better.
    user.save(update_fields=["password", "name", "language"])
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    close_other_ways_in(user, keep=None, now=now)
    confirm_address(user)


def close_other_ways_in(user: User, *, keep: str | None, now: datetime) -> None:
    """End every session but the one with the key `keep`, and the links in mail that stand for signing in."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
        session.end()
    MailLink.objects.revoke(user.pk, now=now)


def choose_mail(user: User, wanted: Collection[str]) -> None:
    """Start each stream of e-mail that is in `wanted`, and stop each other one."""
    for stream in kinds.streams():
        if stream.name in wanted:
            Stopped.objects.start(user.pk, stream.name)
        else:
            Stopped.objects.stop(user.pk, stream.name)
