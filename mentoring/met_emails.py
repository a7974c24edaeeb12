"""The e-mail some hours after a meeting: did you meet? It names people, a day and a time, and nothing else."""

from django.db.models import Exists, OuterRef, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User

from . import met_links, rules
from .emails import NOT_RUNNING, PAIRINGS, written
from .models import Meeting, Program
from .room.met import together_with

DID_YOU_MEET = "did_you_meet"


def register_kinds() -> None:
    about = Meeting.objects.filter(pk=OuterRef("subject_id"))
    # One that was put off since then has not begun when the letter is due.
    unsaid = about.planned().filter(took_place=None, starts_at__lt=OuterRef("due_at"))
    register(
        Kind(
            DID_YOU_MEET,
            PAIRINGS,
            gettext_lazy("Did you meet?"),
            did_you_meet,
            conditions=(
                ("it was said already, or the meeting is canceled", Q(Exists(unsaid))),
                ("the pairing is not under way", Q(Exists(about.filter(pairing__status__in=rules.MEETS)))),
                (NOT_RUNNING, Q(Exists(about.filter(pairing__program__status=Program.Status.ACTIVE)))),
            ),
        )
    )


def did_you_meet(message: Message) -> Letter:
    rows = Meeting.objects.select_related("pairing__program", "pairing__mentor", "pairing__mentee")
    meeting = rows.filter(pk=message.subject_id).first()
    if meeting is None or message.person_id not in (meeting.pairing.mentor_id, meeting.pairing.mentee_id):
        raise Unrenderable("the meeting is gone")
    pairing, person = meeting.pairing, message.person
    names = names_at(meeting, message.person)
    return written(
        message,
        "did_you_meet",
        _("%(name)s, did you meet %(other)s?") % {"name": person.first_name, "other": names},
        {
            "names": names,
            "meeting": meeting,
            "pairing": pairing,
            "met_url": links.absolute("pairings:met", met_links.token_for(meeting, person)),
            "url": links.absolute("pairings:detail", pairing.pk),
        },
        program=pairing.program,
        thread=f"pairing/{pairing.pk}/{message.person_id}",
        list_="pairings",
    )


def names_at(meeting: Meeting, person: User) -> str:
    """Whom this one of the two was to meet: the other one, and whoever else it was planned with."""
    others = together_with(meeting, person).select_related("pairing__mentor", "pairing__mentee")
    people = [each.pairing.partner_of(person).first_name for each in (meeting, *others.order_by("pk"))]
    return str(get_text_list(people, _("and")))
