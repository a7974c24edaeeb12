"""The accounts app's part of the data map, with what Django and allauth keep of a person."""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit_words import deed_of
from accounts.media import files
from accounts.models import AuditEntry, DataKey, Export, ExportPart, Link, Photo, Profile, User, UsualHours

from .registry import Holding, Kept, Why, named, register, register_nobodys, register_obstacle

KEY_AND_OWNER = {"id": Why.KEY, "user": Why.OWNER}
ABOUT_A_PERSON = (
    "email",
    "name",
    "preferred_name",
    "time_zone",
    "language",
    "coffee_weekday",
    "coffee_time",
    "coffee_chosen_at",
    "wants_moments_in_mail",
    "wants_line_twice",
    "wants_weekly_mail",
    "nudges_paused_at",
    "nudges_wanted_at",
    "snoozed_until",
    "calm_from",
    "calm_until",
    "is_active",
    "is_superuser",
    "joined_at",
    "last_login",
    "erasure_due_at",
    "erased_at",
)
# RFC 2606 keeps this ending for names that lead nowhere.
NOWHERE = "erased.invalid"


def fill() -> None:
    """Called once, when the app starts."""
    register(*_accounts(), *_on_record(), *_profiles(), *_signing_in(), *_elsewhere(), *_exports())
    register_nobodys(
        "what rights and kinds of rows there are",
        "auth.Permission",
        "auth.Group",
        "auth.Group_permissions",
        "contenttypes.ContentType",
    )
    register_nobodys("which accounts elsewhere sign people in", "socialaccount.SocialApp")
    register_nobodys("a random number and a day", "accounts.Erasure")
    register_nobodys("names of tasks, days and counts", "accounts.FailedTask", "accounts.HouseRun")
    register_nobodys("random names of files that are removed", "accounts.ForgottenFile", "accounts.FileSweep")
    register_nobodys("e-mails that we could not read, sealed, for a week", "accounts.MailAside")
    register_obstacle(last_superuser)


def _accounts() -> Iterator[Holding]:
    yield Holding(
        User,
        _("Your account"),
        of=lambda person: User.objects.filter(pk=person.pk),
        exported=named(*ABOUT_A_PERSON),
        withheld={"id": Why.KEY, "password": Why.SECRET, "photo_key": Why.KEY},
        erasure=Kept(
            "the other half of a pair keeps a pairing with somebody",
            act=_blank_user,
            replaced=("password", "photo_key", *ABOUT_A_PERSON),
            stays=("id",),
        ),
    )
    # Behind the account and before all words: erasing goes backwards, so it goes after what it opens.
    yield Holding(
        DataKey,
        _("The key of your private words"),
        of=lambda person: DataKey.objects.filter(person=person),
        exported=named("made_at"),
        withheld={
            "person": Why.OWNER,
            "wrapped": Why.LOCK,
            "wrapped_before": Why.LOCK,
            "file_key": Why.MACHINERY,
        },
    )
    for through, name in ((User.groups.through, "group"), (User.user_permissions.through, "permission")):
        yield Holding(
            through,
            _("Rights by Django’s own lists"),
            of=lambda person, through=through: through.objects.filter(user=person),  # type: ignore[misc]
            exported={name: None},
            withheld=KEY_AND_OWNER,
        )
    yield Holding(
        LogEntry,
        _("What you did in the admin"),
        of=lambda person: LogEntry.objects.filter(user=person),
        exported=named("action_time", "action_flag", "content_type"),
        withheld={
            **KEY_AND_OWNER,
            "object_id": Why.KEY,
            "object_repr": Why.OTHERS,
            "change_message": Why.MACHINERY,
        },
        erasure=Kept(
            "a record of what was done to others’ rows; the stub stands where the name stood",
            act=lambda person, now: None,
            replaced=(),
            stays=(
                "id",
                "user",
                "action_time",
                "object_repr",
                "action_flag",
                "content_type",
                "object_id",
                "change_message",
            ),
        ),
    )


def _on_record() -> Iterator[Holding]:
    yield Holding(
        AuditEntry,
        _("What was done that concerns you, and what you did"),
        of=lambda person: AuditEntry.objects.with_person(person.pk),
        exported={
            **named("at", "route", "verb"),
            "actor_id": None,
            "action": _("what"),
            "object_type": _("kind of row"),
            "fields": None,
        },
        withheld={
            "id": Why.KEY,
            "object_id": Why.KEY,
            "program_id": Why.KEY,
            "subject_ids": Why.OWNER,
            "number": Why.MACHINERY,
        },
        values={"actor_id": _who, "action": deed_of},
        erasure=Kept(
            "it holds numbers alone; that of somebody who left leads to nobody",
            act=lambda person, now: None,
            replaced=(),
            stays=(
                "id",
                "at",
                "route",
                "verb",
                "actor_id",
                "action",
                "object_type",
                "object_id",
                "program_id",
                "subject_ids",
                "fields",
                "number",
            ),
        ),
    )


def _who(entry: AuditEntry) -> str:
    person = User.objects.filter(pk=entry.actor_id).first() if entry.actor_id else None
    return str(person) if person else ""


def _profiles() -> Iterator[Holding]:
    yield Holding(
        Profile,
        _("Your profile"),
        of=lambda person: Profile.objects.filter(person=person),
        exported=named(
            "pronouns",
            "pronouns_for",
            "headline",
            "about",
            "help_with",
            "languages",
            "core_values",
            "changed_at",
        ),
        withheld={"person": Why.OWNER},
    )
    yield Holding(
        Link,
        _("Links in your profile"),
        of=lambda person: Link.objects.filter(person=person),
        exported=named("position", "url", "label"),
        withheld={"id": Why.KEY, "person": Why.OWNER},
    )
    yield Holding(
        UsualHours,
        _("Your usual hours"),
        of=lambda person: UsualHours.objects.filter(person=person),
        exported=named("weekday", "begins", "ends"),
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"begins": lambda hours: hours.begins_at, "ends": lambda hours: hours.ends_at},
    )
    yield Holding(
        Photo,
        _("Your photo"),
        of=lambda person: Photo.objects.filter(person=person),
        exported=named("made_at"),
        withheld={"person": Why.OWNER, "image": Why.COPY, "stored_as": Why.MACHINERY},
        files=_photo,
    )


def _photo(person: User) -> Iterator[tuple[str, bytes]]:
    for columns in Photo.objects.filter(person=person).values_list("image", "stored_as"):
        # One that is nowhere is missing here too; where the store does not answer, the export is made again.
        with contextlib.suppress(files.Lost):
            yield "photo.webp", files.read(*columns)


def _signing_in() -> Iterator[Holding]:
    yield Holding(
        EmailAddress,
        _("Addresses you sign in with"),
        of=lambda person: EmailAddress.objects.filter(user=person),
        exported=named("email", "verified", "primary"),
        withheld=KEY_AND_OWNER,
    )
    yield Holding(
        EmailConfirmation,
        _("Letters that asked you to confirm an address"),
        of=lambda person: EmailConfirmation.objects.filter(email_address__user=person),
        exported=named("email_address", "created", "sent"),
        withheld={"id": Why.KEY, "key": Why.SECRET},
    )
    yield Holding(
        Authenticator,
        _("Second steps and passkeys"),
        of=lambda person: Authenticator.objects.filter(user=person),
        exported={
            "type": None,
            "data": _("what you called it"),
            "created_at": None,
            "last_used_at": None,
        },
        withheld=KEY_AND_OWNER,
        # The rest of it is the secret itself.
        values={"data": lambda row: row.data.get("name", "")},
    )
    yield Holding(
        UserSession,
        _("Browsers you are signed in with"),
        of=lambda person: UserSession.objects.filter(user=person),
        exported={
            "created_at": _("signed in"),
            "last_seen_at": _("last used"),
            "ip": _("address on the network"),
            "user_agent": _("what the browser calls itself"),
        },
        withheld={**KEY_AND_OWNER, "session_key": Why.SECRET, "data": Why.MACHINERY},
    )
    yield Holding(
        Session,
        _("Sessions"),
        of=sessions_of,
        exported={},
        withheld={
            "session_key": Why.SECRET,
            "session_data": Why.MACHINERY,
            "expire_date": Why.MACHINERY,
        },
    )


def _elsewhere() -> Iterator[Holding]:
    yield Holding(
        SocialAccount,
        _("Accounts elsewhere that sign you in"),
        of=lambda person: SocialAccount.objects.filter(user=person),
        exported={
            "provider": None,
            "uid": _("a print of your number there"),
            "extra_data": _("what else they told us"),
            "date_joined": _("connected"),
            "last_login": None,
        },
        withheld=KEY_AND_OWNER,
        values={"extra_data": lambda row: json.dumps(row.extra_data) if row.extra_data else ""},
    )
    yield Holding(
        SocialToken,
        _("Keys to accounts elsewhere"),
        of=lambda person: SocialToken.objects.filter(account__user=person),
        exported=named("account", "expires_at"),
        withheld={"id": Why.KEY, "app": Why.KEY, "token": Why.SECRET, "token_secret": Why.SECRET},
        values={"account": lambda row: row.account.provider},
    )


def _exports() -> Iterator[Holding]:
    yield Holding(
        Export,
        _("Exports you asked for"),
        of=lambda person: Export.objects.visible_to(person),
        exported=named("state", "requested_at", "ready_at", "expires_at"),
        withheld={
            "id": Why.KEY,
            "person": Why.OWNER,
            "claim": Why.MACHINERY,
            "claimed_until": Why.MACHINERY,
            "attempts": Why.MACHINERY,
        },
    )
    yield Holding(
        ExportPart,
        _("The exports themselves"),
        of=lambda person: ExportPart.objects.filter(export__person=person),
        exported={},
        withheld={
            "id": Why.KEY,
            "seal_id": Why.LOCK,
            "export": Why.KEY,
            "number": Why.MACHINERY,
            "content": Why.COPY,
        },
    )


def sessions_of(person: User) -> QuerySet[Session]:
    """Those in which they are signed in, and those in which somebody began to sign in with their address.

    No column says whose a session is, so each is looked into.
    """
    found = []
    for session in Session.objects.iterator(chunk_size=1000):
        data = session.get_decoded()
        if data.get("_auth_user_id") == str(person.pk) or person.email in json.dumps(
            data, default=str, ensure_ascii=False
        ):
            found.append(session.pk)
    return Session.objects.filter(pk__in=found)


def _blank_user(person: User, now: datetime) -> None:
    nobody = User()
    User.objects.filter(pk=person.pk, erased_at__isnull=True).update(
        preferred_name=nobody.preferred_name,
        time_zone=nobody.time_zone,
        language=nobody.language,
        coffee_weekday=nobody.coffee_weekday,
        coffee_time=nobody.coffee_time,
        email=f"{uuid4().hex}@{NOWHERE}",
        name="",
        password=make_password(None),
        coffee_chosen_at=None,
        wants_moments_in_mail=False,
        wants_line_twice=False,
        wants_weekly_mail=False,
        nudges_paused_at=None,
        nudges_wanted_at=None,
        snoozed_until=None,
        calm_from=None,
        calm_until=None,
        photo_key="",
        last_login=None,
        joined_at=now,
        is_active=False,
        is_superuser=False,
        erasure_due_at=None,
        erased_at=now,
    )


def last_superuser(person: User) -> Iterator[str]:
    """An installation that nobody runs any more could not be mended by those who are left."""
    if not person.is_superuser:
        return
    if not User.objects.staying().filter(is_superuser=True).exclude(pk=person.pk).exists():
        yield gettext(
            "You are the last one who runs this installation. Make somebody else a superuser in the admin first."
        )
