"""The e-mails about times that one of the two proposes. They name who, and the times on the reader's clock; where to
meet is on the page, and in the invitation once a time is taken."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy, ngettext

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from . import rules, times_links
from .emails import NOT_RUNNING, PAIRINGS, written
from .models import MeetingProposal, Program

PROPOSED = "times_proposed"
NONE_SUITS = "times_none_suits"
KINDS = (PROPOSED, NONE_SUITS)
State = MeetingProposal.State


def register_kinds() -> None:
    """Tell the outbox of every kind of message that is owed about proposed times."""
    subject = MeetingProposal.objects.filter(pk=OuterRef("subject_id"))
    meets = subject.filter(pairing__status__in=rules.MEETS)
    runs = (NOT_RUNNING, Q(Exists(subject.filter(pairing__program__status=Program.Status.ACTIVE))))
    reader = Q(pairing__mentor=OuterRef("person_id")) | Q(pairing__mentee=OuterRef("person_id"))
    asked = meets.filter(reader, state=State.OPEN).exclude(proposed_by=OuterRef("person_id"))
    register(
        Kind(
            PROPOSED,
            PAIRINGS,
            gettext_lazy("Times to meet are proposed to you"),
            times_proposed,
            conditions=(
                ("they are answered or taken back, or the pair does not meet now", Q(Exists(asked))),
                runs,
            ),
        )
    )
    later = MeetingProposal.objects.filter(
        pairing=OuterRef("pairing"), created_at__gte=OuterRef("closed_at")
    ).exclude(pk=OuterRef("pk"))
    told = meets.filter(~Exists(later), state=State.NONE_SUITS, proposed_by=OuterRef("person_id"))
    register(
        Kind(
            NONE_SUITS,
            PAIRINGS,
            gettext_lazy("None of your times suits"),
            times_none_suits,
            conditions=(("others were proposed, or the pair does not meet now", Q(Exists(told))), runs),
        )
    )


def times_proposed(message: Message) -> Letter:
    found = _proposal_of(message)
    if found.proposed_by_id == message.person_id:
        raise Unrenderable("it is their own proposal")
    # What has gone by when it is sent is not there to be taken.
    times = list(found.times.filter(starts_at__gt=message.due_at).order_by("starts_at"))
    if not times:
        raise Unrenderable("all of them have gone by")
    subject = ngettext(
        "%(name)s, would this time suit you to meet with %(other)s?",
        "%(name)s, which of these times would suit you to meet with %(other)s?",
        len(times),
    )
    token = times_links.token_for(found, message.person)
    context = {
        "times": times,
        "moves": found.moves,
        "answer_url": links.absolute("pairings:times_answer", token),
        "url": links.absolute("pairings:detail", found.pairing_id),
    }
    return _letter(message, found, subject, context)


def times_none_suits(message: Message) -> Letter:
    found = _proposal_of(message)
    number = found.times.count()
    context = {"url": links.absolute("pairings:meeting_plan", found.pairing_id), "number": number}
    subject = ngettext(
        "%(other)s cannot make the time you proposed", "%(other)s cannot make any of your times", number
    )
    return _letter(message, found, subject, context)


def _proposal_of(message: Message) -> MeetingProposal:
    rows = MeetingProposal.objects.filter(pk=message.subject_id).select_related(
        "moves", "pairing__program", "pairing__mentor", "pairing__mentee"
    )
    found = rows.first()
    if found is None or message.person_id not in (found.pairing.mentor_id, found.pairing.mentee_id):
        raise Unrenderable("the proposal is gone")
    return found


def _letter(message: Message, found: MeetingProposal, subject: str, context: Mapping[str, object]) -> Letter:
    pairing = found.pairing
    partner = pairing.partner_of(message.person)
    named = subject % {"name": message.person.first_name, "other": partner.first_name}
    return written(
        message,
        message.kind,
        named,
        {**context, "partner": partner, "pairing": pairing, "proposal": found},
        program=pairing.program,
        thread=f"times/{found.pk}",
        list_="pairings",
    )
