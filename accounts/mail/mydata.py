"""The outbox's part of the data map."""

from django.utils.translation import gettext_lazy as _

from accounts.mydata import Holding, Why, named, register, register_nobodys

from .models import MailEvent, MailLink, Message, Stopped, Suppression

KEY_AND_OWNER = {"id": Why.KEY, "person": Why.OWNER}
HOW_IT_WENT = (
    "expires_at",
    "next_attempt_at",
    "lease_token",
    "lease_until",
    "attempts",
    "first_attempt_at",
    "sending_at",
    "message_id",
    "last_code",
    "last_error",
)


def fill() -> None:
    """Called once, when the app starts."""
    register(
        Holding(
            Message,
            _("E-mails we owed you"),
            of=lambda person: Message.objects.visible_to(person),
            exported=named("kind", "state", "due_at", "sent_at", "created_at"),
            withheld={
                **KEY_AND_OWNER,
                "subject_id": Why.KEY,
                "gathered_by": Why.KEY,
                **dict.fromkeys(HOW_IT_WENT, Why.MACHINERY),
            },
            values={"kind": lambda message: str(message.kind_label)},
        ),
        Holding(
            Stopped,
            _("E-mails you stopped"),
            of=lambda person: Stopped.objects.filter(person=person),
            exported=named("stream", "stopped_at"),
            withheld=KEY_AND_OWNER,
        ),
        Holding(
            MailLink,
            _("Links in our e-mails to you"),
            of=lambda person: MailLink.objects.filter(person=person),
            exported=named("purpose", "created_at", "expires_at", "revoked_at"),
            withheld={**KEY_AND_OWNER, "token_hash": Why.SECRET, "message": Why.KEY},
        ),
        Holding(
            MailEvent,
            _("What we heard of e-mails to you"),
            of=lambda person: MailEvent.objects.filter(person=person),
            exported=named("kind", "at"),
            withheld={**KEY_AND_OWNER, "message": Why.KEY, "provider": Why.MACHINERY, "key": Why.MACHINERY},
        ),
        Holding(
            Suppression,
            _("Addresses of yours that mail came back from"),
            of=lambda person: Suppression.objects.filter(person=person),
            exported=named("address", "reason", "suppressed_at", "lifted_at"),
            withheld=KEY_AND_OWNER,
        ),
    )
    register_nobodys("what all senders know of the mail server", "mail.Relay")
    register_nobodys("which server the database lives on", "mail.Home")
