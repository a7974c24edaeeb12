"""The one letter about a keepsake book: that it is ready. No word of the book is in it."""

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import OWN_DATA, Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.mydata.letters import FROM
from reflections.models import Keepsake

KEEPSAKE_READY = "keepsake_ready"


def register_kinds() -> None:
    """Tell the outbox of it. It cannot be stopped: whoever takes a copy of somebody's words does not do so unseen."""
    there = Keepsake.objects.filter(pk=OuterRef("subject_id"), state=Keepsake.State.READY)
    register(
        Kind(
            KEEPSAKE_READY,
            None,
            gettext_lazy("Your keepsake book is ready"),
            keepsake_ready,
            conditions=(("the book is gone", Q(Exists(there))),),
            always=OWN_DATA,
        )
    )


def keepsake_ready(message: Message) -> Letter:
    keepsake = Keepsake.objects.visible_to(message.person).ready().filter(pk=message.subject_id).first()
    if keepsake is None:
        raise Unrenderable("the book is gone")
    subject = _("Your keepsake book is ready")
    context = {
        "subject": subject,
        "person": message.person,
        "until": keepsake.expires_at,
        "url": links.absolute("keepsake:book"),
        "data_url": links.absolute("accounts:data"),
        "privacy_url": links.absolute("privacy"),
    }
    return Letter(
        subject=subject,
        text=render_to_string("reflections/emails/keepsake_ready.txt", context),
        html=render_to_string("reflections/emails/keepsake_ready.html", context),
        from_name=FROM,
        thread=f"account/{message.person_id}/keepsake/{message.subject_id}",
    )
