"""What we write about somebody's own data. None of it can be stopped: each says what becomes of all they have."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import OWN_DATA, Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import Export, User

EXPORT_READY = "export_ready"
LEAVING = "leaving"
LEAVING_SOON = "leaving_soon"
FROM = "Best Stuff"


def register_kinds() -> None:
    """Tell the outbox of every kind of message about one's own data."""
    there = Export.objects.filter(pk=OuterRef("subject_id"), state=Export.State.READY)
    going = User.objects.leaving().filter(pk=OuterRef("person_id"))
    register(
        Kind(
            EXPORT_READY,
            None,
            gettext_lazy("Your export is ready"),
            export_ready,
            conditions=(("the export is gone", Q(Exists(there))),),
            always=OWN_DATA,
        )
    )
    stays = (("they keep their account", Q(Exists(going))),)
    register(
        Kind(
            LEAVING,
            None,
            gettext_lazy("Your account will be deleted"),
            leaving,
            conditions=stays,
            always=OWN_DATA,
        )
    )
    register(
        Kind(
            LEAVING_SOON,
            None,
            gettext_lazy("Your account will be deleted tomorrow"),
            leaving_soon,
            conditions=stays,
            always=OWN_DATA,
        )
    )


def subject_of(due_at: datetime) -> int:
    """The number by which a letter about leaving knows the day it is about: whoever asks again is told again."""
    return int(due_at.timestamp())


def export_ready(message: Message) -> Letter:
    export = Export.objects.visible_to(message.person).filter(pk=message.subject_id).first()
    if export is None:
        raise Unrenderable("the export is gone")
    return letter(
        message, "export_ready", _("Your export is ready"), until=export.expires_at, url_name="accounts:data"
    )


def leaving(message: Message) -> Letter:
    return _about_leaving(message, "leaving", _("Your account will be deleted"))


def leaving_soon(message: Message) -> Letter:
    return _about_leaving(message, "leaving_soon", _("Your account will be deleted tomorrow"))


def _about_leaving(message: Message, template: str, subject: str) -> Letter:
    due_at = message.person.erasure_due_at
    if due_at is None or subject_of(due_at) != message.subject_id:
        raise Unrenderable("they changed their mind")
    return letter(message, template, subject, due_at=due_at, url_name="accounts:leave")


def letter(message: Message, template: str, subject: str, *, url_name: str, **more: Any) -> Letter:
    """`templates/accounts/emails/{template}`, with the link to the page of that name."""
    context = {
        "subject": subject,
        "person": message.person,
        "url": links.absolute(url_name),
        "data_url": links.absolute("accounts:data"),
        "privacy_url": links.absolute("privacy"),
        **more,
    }
    return Letter(
        subject=subject,
        text=render_to_string(f"accounts/emails/{template}.txt", context),
        html=render_to_string(f"accounts/emails/{template}.html", context),
        from_name=FROM,
        thread=f"account/{message.person_id}/{template}/{message.subject_id}",
    )
