"""The e-mails about what the two of a pair agree on. They name the other one, and nothing that anybody wrote."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from .emails import NOT_RUNNING, PAIRINGS, written
from .models import Agreement, Pairing, Program

PROPOSED = "agreement_proposed"
AGREED = "agreement_agreed"
KINDS = (PROPOSED, AGREED)
GONE = "it was answered, taken back or put otherwise"


def register_kinds() -> None:
    version = Agreement.objects.filter(pk=OuterRef("subject_id"))
    under_way = Q(Exists(version.filter(pairing__status__in=Pairing.MADE)))
    runs = (NOT_RUNNING, Q(Exists(version.filter(pairing__program__status=Program.Status.ACTIVE))))
    to_other = version.proposed().exclude(proposed_by=OuterRef("person_id"))
    to_writer = version.agreed().filter(proposed_by=OuterRef("person_id"))
    for name, label, letter, theirs in (
        (PROPOSED, gettext_lazy("A suggestion for what you agree on"), agreement_proposed, to_other),
        (AGREED, gettext_lazy("You have agreed"), agreement_agreed, to_writer),
    ):
        conditions = ((GONE, Q(Exists(theirs))), ("the pairing is not under way", under_way), runs)
        register(Kind(name, PAIRINGS, label, letter, conditions=conditions))


def agreement_proposed(message: Message) -> Letter:
    return _letter(message, _("%(other)s has suggested what the two of you could agree on"))


def agreement_agreed(message: Message) -> Letter:
    return _letter(message, _("%(other)s agrees with what you suggested"))


def _letter(message: Message, subject: str) -> Letter:
    rows = Agreement.objects.select_related("pairing__program", "pairing__mentor", "pairing__mentee")
    version = rows.filter(pk=message.subject_id).first()
    if version is None or message.person_id not in (version.pairing.mentor_id, version.pairing.mentee_id):
        raise Unrenderable("the agreement is gone")
    pairing = version.pairing
    partner = pairing.partner_of(message.person)
    return written(
        message,
        message.kind,
        subject % {"other": partner.first_name},
        {
            "partner": partner,
            "is_change": _is_change(version),
            "url": links.absolute("pairings:agreement", pairing.pk),
        },
        program=pairing.program,
        thread=f"pairing/{pairing.pk}/{message.person_id}",
        list_="pairings",
    )


def _is_change(version: Agreement) -> bool:
    """Whether the two had agreed on something before."""
    before = Agreement.objects.filter(pairing=version.pairing_id, number__lt=version.number)
    return before.filter(agreed_at__isnull=False).exists()
