"""The e-mails to somebody whose words are opened in an emergency. They say who and until when; the reason stands behind
the sign-in, since it may say as much as the words. They cannot be stopped."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Always, Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from .models import BreakGlass

ASKED = "words_asked_for"
OPENED = "words_opened"
GONE = "it is not there any more"
LIVES = timedelta(days=30)
FOR_THE_WRITER = Always(
    gettext_lazy("That your words are opened"),
    gettext_lazy("If those who run this installation ever open your words in an emergency, you are told."),
)


def register_kinds() -> None:
    there = BreakGlass.objects.filter(pk=OuterRef("subject_id"), person=OuterRef("person_id"))
    for name, label in (
        (ASKED, gettext_lazy("A superuser asks to read your words")),
        (OPENED, gettext_lazy("Your words are open to a superuser")),
    ):
        register(
            Kind(name, None, label, letter, conditions=((GONE, Q(Exists(there))),), always=FOR_THE_WRITER)
        )


def letter(message: Message) -> Letter:
    row = BreakGlass.objects.with_people().filter(pk=message.subject_id, person=message.person_id).first()
    if row is None:
        raise Unrenderable(GONE)
    subject = {
        ASKED: _("Somebody asks to read what you wrote"),
        OPENED: _("Somebody may read what you wrote"),
    }[message.kind]
    context = {
        "subject": subject,
        "person": message.person,
        "row": row,
        "is_open": message.kind == OPENED,
        "privacy_url": links.absolute("privacy"),
    }
    return Letter(
        subject=subject,
        text=render_to_string("reflections/emails/opened.txt", context),
        html=render_to_string("reflections/emails/opened.html", context),
        from_name="Best Stuff",
        thread=f"opened/{row.pk}",
    )
