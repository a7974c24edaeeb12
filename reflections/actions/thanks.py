"""Notes to one person: begun, changed, sent, by their writer alone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Pairing
from reflections import rules
from reflections.models import Answer, Moment, OwnMentor, Thanks
from reflections.models.thanks import LONGEST_THANKS


@transaction.atomic
def draft_note(
    writer: User,
    *,
    text: str,
    about: str = Thanks.About.THANKS,
    recipient: User | None = None,
    pairing: Pairing | None = None,
    mentor: OwnMentor | None = None,
    answer: Answer | None = None,
    moment: Moment | None = None,
    now: datetime,
) -> Thanks:
    """A note that nobody else reads before it is sent. The words may grow out of an answer or a moment of theirs."""
    for thing in (answer, moment):
        if thing is not None and thing.sealed_for != writer.pk:
            raise Refused(_("A note grows out of your own words."))
    if len(text) > LONGEST_THANKS:
        raise Refused(_("That is too long for a note."))
    note = Thanks(
        writer=writer,
        about=about,
        recipient=recipient,
        pairing=pairing,
        mentor=mentor,
        answer=answer,
        moment=moment,
        created_at=now,
        saved_at=now,
    )
    note.text = text
    note.save(force_insert=True)
    return note


@transaction.atomic
def send_here(note: Thanks, *, by: User, now: datetime) -> bool:
    """Its recipient reads it when they sign in. False when it was sent before: sending twice is sending once.

    Raises Refused for a note without words, or to somebody whom its writer cannot write to here.
    """
    mine = Thanks.objects.select_for_update(of=("self",)).filter(pk=note.pk, writer=by).first()
    if mine is None:
        raise Refused(_("Only its writer sends a note."))
    if mine.sent_at is not None:
        return False
    if not mine.text.strip():
        raise Refused(_("Write a few words first. One sentence is plenty."))
    if mine.recipient is None or not rules.may_write_to(by, mine.recipient):
        raise Refused(_("This person cannot be written to here."))
    mine.way, mine.sent_at = Thanks.Way.HERE, now
    mine.save(update_fields=["way", "sent_at"])
    return True
