"""What can be done to an account, each act in one place."""

import zoneinfo
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from . import photos
from .mail import kinds, manners
from .mail.models import MailLink, Stopped
from .media import files
from .models import Link, Photo, Profile, User, UsualHours
from .models.profile import LONGEST_VALUE, MOST_VALUES
from .refused import Refused

# What else opens something of somebody's without their signing in.
_ways_in: list[Callable[[User], object]] = []


def open_account(email: str, *, name: str) -> User:
    """The account of whoever has just shown that they read this mailbox: a new one, unless it was opened meanwhile."""
    user: User
    user, _is_new = User.objects.get_or_create(
        email=User.objects.normalize_email(email), defaults={"name": name, "password": make_password(None)}
    )
    return user


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


def welcome_unused(user: User, *, name: str) -> None:
    """The first arrival of somebody whose account an admin had made for them: what they say of themselves counts, and
    the language of whoever invited them is not theirs. Nothing, for an account that was used before."""
    if not is_unused(user):
        return
    user.language = ""
    user.name = name or user.name
    user.save(update_fields=["language", "name"])


def take_over_unused(user: User, *, name: str, now: datetime) -> None:
    """Its person has come, by a link that only their mailbox has: from now on the account is theirs alone.

    Whoever typed in that address before, and perhaps a password, had shown nobody that it was theirs.
    """
    welcome_unused(user, name=name)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    close_other_ways_in(user, keep=None, now=now)
    confirm_address(user)


def close_other_ways_in(user: User, *, keep: str | None, now: datetime) -> None:
    """End every session but the one with the key `keep`, the links in mail that stand for signing in, and whatever else
    opens something of theirs (`register_way_in`)."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
        session.end()
    MailLink.objects.revoke(user.pk, now=now)
    for close in _ways_in:
        close(user)


def register_way_in(close: Callable[[User], object]) -> None:
    """An app above gives out links that open something of a person's without signing in: this ends theirs."""
    if close not in _ways_in:
        _ways_in.append(close)


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


def keep_settings(user: User, names: Collection[str]) -> None:
    """Keep these columns as they stand on `user`, and no others, which may have changed since the row was read.
    Nothing, for somebody who left meanwhile."""
    values = {name: getattr(user, name) for name in names}
    User.objects.filter(pk=user.pk, erased_at__isnull=True).update(**values)


def choose_mail(user: User, wanted: Collection[str]) -> None:
    """Start each stream of e-mail that is in `wanted`, and stop each other one."""
    for stream in kinds.streams():
        if stream.name in wanted:
            Stopped.objects.start(user.pk, stream.name)
        else:
            Stopped.objects.stop(user.pk, stream.name)


@transaction.atomic
def stop_stream(user: User, stream: str) -> None:
    """Nothing of that stream any more, and nothing else changes. Stopping twice is stopping once."""
    Stopped.objects.stop(user.pk, stream)


@transaction.atomic
def start_stream(user: User, stream: str) -> None:
    """They have it again: what was stopped stays unsent."""
    Stopped.objects.start(user.pk, stream)
    manners.look_again(user.pk)


# --- Mail: when ----------------------------------------------------------------------------------------------------


def look_at_mail_again(user: User) -> None:
    """After a change of zone, snooze or calm hours: what waited for the old ones goes as soon as the new ones allow."""
    manners.look_again(user.pk)


@transaction.atomic
def end_snooze(user: User) -> None:
    """We may write to them again."""
    User.objects.filter(pk=user.pk).update(snoozed_until=None)
    manners.look_again(user.pk)


# --- Profile -------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_profile(
    profile: Profile,
    *,
    hours: Iterable[UsualHours],
    links: Iterable[Link],
    photo: bytes | None,
    now: datetime,
) -> None:
    """The whole profile as its person wrote it, their names included; without `photo` the one they have stays.

    Raises Refused where the photo cannot be kept now; nothing is changed then.
    """
    person = profile.person
    placed = files.put(photo) if photo is not None else None
    # The row of the person is the lock, so that two pages sent at once leave one of the two, not a mixture.
    row = User.objects.select_for_update().get(pk=person.pk)
    User.objects.filter(pk=row.pk).update(name=person.name, preferred_name=person.preferred_name)
    profile.changed_at = now
    profile.save()
    for model, rows in ((UsualHours, hours), (Link, links)):
        model._default_manager.filter(person=person).delete()
        model._default_manager.bulk_create([_owned(row, person) for row in rows])
    if placed is not None:
        Photo.objects.update_or_create(person=person, defaults={**placed.as_columns("image"), "made_at": now})
        _name_photo(person, photos.new_key())


@transaction.atomic
def keep_week(person: User, *, hours: Iterable[UsualHours], languages: Iterable[str], now: datetime) -> None:
    """Of their profile only when they can be met, and in which languages: as asked for beside other things."""
    # The same lock as above, in the way that lets others go on naming this person.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    Profile.objects.update_or_create(
        person=person, defaults={"languages": list(languages), "changed_at": now}
    )
    UsualHours._default_manager.filter(person=person).delete()
    UsualHours._default_manager.bulk_create([_owned(row, person) for row in hours])


@transaction.atomic
def add_core_value(person: User, value: str, *, now: datetime) -> None:
    """The last of the values on their profile; one that stands there already, in whatever capitals, stays as it is.

    Raises Refused where there are as many as there can be, and where it is too long for one.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    values = Profile.objects.of(person).core_values
    if value.casefold() in map(str.casefold, values):
        return
    if len(values) >= MOST_VALUES:
        raise Refused(_("Five values stand on your profile, and no more fit. Take one off first."))
    if len(value) > LONGEST_VALUE:
        raise Refused(_("This is longer than a value on a profile can be. Call it something shorter first."))
    _keep_core_values(person, [*values, value], now)


@transaction.atomic
def remove_core_value(person: User, value: str, *, now: datetime) -> None:
    """Doing it twice is doing it once."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    values = Profile.objects.of(person).core_values
    left = [each for each in values if each.casefold() != value.casefold()]
    if left != values:
        _keep_core_values(person, left, now)


def _keep_core_values(person: User, values: list[str], now: datetime) -> None:
    Profile.objects.update_or_create(person=person, defaults={"core_values": values, "changed_at": now})


@transaction.atomic
def remove_photo(person: User) -> None:
    """Their initial stands for them again. Removing twice is removing once."""
    _name_photo(person, "")
    Photo.objects.filter(person=person).delete()


def _owned(row: UsualHours | Link, person: User) -> Any:
    row.person = person
    return row


def _name_photo(person: User, key: str) -> None:
    User.objects.filter(pk=person.pk).update(photo_key=key)
    person.photo_key = key
