"""The e-mails that programs and pairings owe. They name the two and the day, and nothing that anybody wrote."""

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Stream, Unrenderable, register
from accounts.mail.models import Message

from .models import Pairing

PAIRINGS = Stream(
    "pairings",
    gettext_lazy("Your pairings"),
    gettext_lazy("A note when you are paired with somebody, or asked whether you would like to be."),
)
MADE = "pairing_made"
PROPOSED = "pairing_proposed"


def register_kinds() -> None:
    """Tell the outbox of every kind of message that this app owes."""
    subject = Pairing.objects.filter(pk=OuterRef("subject_id"))
    on = subject.filter(status__in=[Pairing.Status.ACCEPTED, Pairing.Status.ACTIVE])
    unanswered = subject.filter(
        Q(mentor=OuterRef("person_id"), mentor_accepted_at__isnull=True)
        | Q(mentee=OuterRef("person_id"), mentee_accepted_at__isnull=True),
        status__in=Pairing.ASKED,
    )
    register(
        Kind(
            MADE,
            PAIRINGS,
            gettext_lazy("You are paired"),
            pairing_made,
            conditions=(("the pairing is not under way", Q(Exists(on))),),
        )
    )
    register(
        Kind(
            PROPOSED,
            PAIRINGS,
            gettext_lazy("Would you like to be paired?"),
            pairing_proposed,
            conditions=(("the question is answered or withdrawn", Q(Exists(unanswered))),),
        )
    )


def pairing_made(message: Message) -> Letter:
    return _letter(message, "pairing_made", _("%(name)s, you are paired with %(other)s"))


def pairing_proposed(message: Message) -> Letter:
    return _letter(message, "pairing_proposed", _("%(name)s, would you like to be paired with %(other)s?"))


def _letter(message: Message, template: str, subject: str) -> Letter:
    pairing = Pairing.objects.with_people().filter(pk=message.subject_id).first()
    if pairing is None or message.person_id not in (pairing.mentor_id, pairing.mentee_id):
        raise Unrenderable("the pairing is gone")
    partner, program = pairing.partner_of(message.person), pairing.program
    named = subject % {"name": message.person.first_name, "other": partner.first_name}
    subject = " ".join(named.split())
    context = {
        "subject": subject,
        "person": message.person,
        "partner": partner,
        "is_mentor": pairing.is_mentor(message.person),
        "pairing": pairing,
        "program": program,
        "url": links.absolute("pairings:detail", pairing.pk),
        "privacy_url": links.absolute("privacy"),
        "stop_url": message.stop_url,
    }
    return Letter(
        subject=subject,
        text=render_to_string(f"mentoring/emails/{template}.txt", context),
        html=render_to_string(f"mentoring/emails/{template}.html", context),
        from_name=program.name,
        thread=f"pairing/{pairing.pk}/{message.person_id}",
        list_id=f"pairings.{program.slug}",
        list_name=program.name,
    )
