"""The e-mail to each of two of whom nothing was heard. It names the other one and days, and nothing else."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from . import one_tap, signs
from .emails import NOT_RUNNING, PAIRINGS, written
from .models import Pairing, Program, Silence
from .quiet_days import calendars

SILENCE = "silence"
HEARD = "they were heard of since, or somebody has answered"
CLOSED_AFTER = 7  # days since they were told


def register_kinds() -> None:
    asked = Silence.objects.unanswered().filter(pk=OuterRef("subject_id"), person=OuterRef("person_id"))
    waits = asked.filter(pairing__status=Pairing.Status.ACTIVE)
    runs = asked.filter(pairing__program__status=Program.Status.ACTIVE)
    register(
        Kind(
            SILENCE,
            PAIRINGS,
            gettext_lazy("Are you in touch?"),
            silence,
            conditions=(
                ("it is answered, or the pairing is not under way", Q(Exists(waits))),
                (NOT_RUNNING, Q(Exists(runs))),
            ),
        )
    )


def silence(message: Message) -> Letter:
    found = signs.open_questions().filter(pk=message.subject_id, person=message.person_id)
    asked = found.select_related("pairing__program", "pairing__mentor", "pairing__mentee").first()
    if asked is None:
        raise Unrenderable(HEARD)
    pairing, program = asked.pairing, asked.pairing.program
    partner = pairing.partner_of(message.person)
    is_last = asked.number == Silence.Number.LAST
    subject = (
        _("%(name)s, your pairing with %(other)s is about to close")
        if is_last
        else _("%(name)s, are you and %(other)s in touch?")
    )
    told_on = asked.asked_at.astimezone(program.zone).date()
    days = calendars([program], asked.asked_at)[program.pk]
    context = {
        "partner": partner,
        "pairing": pairing,
        "number": asked.number,
        "is_last": is_last,
        "since": asked.since,
        "closes_on": days.day_after(told_on, CLOSED_AFTER),
        "url": links.absolute(
            "pairings:silence_answer", one_tap.token_for(one_tap.SILENCE, asked.pk, message.person_id)
        ),
    }
    return written(
        message,
        "silence",
        subject % {"name": message.person.first_name, "other": partner.first_name},
        context,
        program=program,
        thread=f"pairing/{pairing.pk}/{message.person_id}",
        list_="pairings",
    )
