"""A line of one's own, said to the other one of a pair; or kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Pairing
from reflections import rules
from reflections.models import Answer, LeftUntold, Moment, Thanks

from .thanks import draft_note, send_here


@transaction.atomic
def tell(
    writer: User,
    pairing: Pairing,
    *,
    text: str,
    about: str,
    answer: Answer | None = None,
    moment: Moment | None = None,
    now: datetime,
) -> Thanks:
    """A note to the other one, sent; the line itself stays as it is. The same words of the same line go to somebody
    once.

    Raises Refused in a pairing that is over, for a line that is not theirs, and without words.
    """
    if not rules.pairings_to_share_with(writer).filter(pk=pairing.pk).exists():
        raise Refused(_("This pairing is over, so nothing new is said in it here."))
    recipient = pairing.partner_of(writer)
    # One at a time; and both, always in this order, for the two may tell each other at once.
    two = User.objects.select_for_update(no_key=True).filter(pk__in=[writer.pk, recipient.pk])
    list(two.order_by("pk").values("pk"))
    before = Thanks.objects.written_by(writer).filter(
        recipient=recipient, answer=answer, moment=moment, sent_at__isnull=False
    )
    for note in before:
        if note.text == text:
            return note
    note = draft_note(
        writer,
        text=text,
        about=about,
        recipient=recipient,
        pairing=pairing,
        answer=answer,
        moment=moment,
        now=now,
    )
    send_here(note, by=writer, now=now)
    return note


@transaction.atomic
def leave_untold(
    person: User, *, answer: Answer | None = None, moment: Moment | None = None, now: datetime
) -> None:
    """It is not offered again. Raises Refused for what is not theirs."""
    thing = answer or moment
    if thing is None or thing.sealed_for != person.pk:
        raise Refused(_("A note grows out of your own words."))
    LeftUntold.objects.get_or_create(
        answer=answer, moment=moment, defaults={"person": person, "created_at": now}
    )
