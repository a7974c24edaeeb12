"""That somebody who runs a program said yes to a pairing for one of the two. The e-mails name people and days; how it
was known is on the page."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from . import emails
from .models import AcceptedFor, Pairing, Program
from .said_for import sentence

ACCEPTED_FOR = "pairing_accepted_for"


def register_kinds() -> None:
    standing = AcceptedFor.objects.standing().filter(pk=OuterRef("subject_id"))
    asked = standing.filter(pairing__status__in=Pairing.OPEN)
    runs = standing.filter(pairing__program__status=Program.Status.ACTIVE)
    register(
        Kind(
            ACCEPTED_FOR,
            emails.PAIRINGS,
            gettext_lazy("A yes that was said for one of you"),
            accepted_for,
            conditions=(
                ("it was taken back, or the question is over", Q(Exists(asked))),
                (emails.NOT_RUNNING, Q(Exists(runs))),
            ),
        )
    )


def accepted_for(message: Message) -> Letter:
    rows = AcceptedFor.objects.standing().filter(pk=message.subject_id)
    accepted = rows.select_related(
        "by", "person", "pairing__program", "pairing__mentor", "pairing__mentee"
    ).first()
    if accepted is None:
        raise Unrenderable("the yes is gone")
    pairing, person = accepted.pairing, message.person
    if person.pk not in (pairing.mentor_id, pairing.mentee_id):
        raise Unrenderable("not one of the two")
    other = pairing.partner_of(person)
    mine = person.pk == accepted.person_id
    subject = (
        _("%(name)s, somebody said yes for you") if mine else _("%(name)s, somebody said yes for %(other)s")
    )
    waits_for = other if mine else person
    lines = [sentence(accepted, person, clock.now())]
    if waits_for.pk == person.pk:
        lines.append(_("You are a pair once you say yes as well. The answer may be no, and needs no reason."))
    else:
        lines.append(_("You are a pair once %(other)s says yes as well.") % {"other": other.first_name})
    context = {
        "lines": lines,
        "label": _("Open your page together"),
        "pairing": pairing,
        "partner": other,
        "url": links.absolute("pairings:detail", pairing.pk),
    }
    return emails.written(
        message,
        "pairing_ending",
        subject % {"name": person.first_name, "other": other.first_name},
        context,
        program=pairing.program,
        thread=f"pairing/{pairing.pk}/{person.pk}",
        list_="pairings",
    )
