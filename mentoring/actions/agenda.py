"""What the two want to talk about: put on their list, talked about, put back, taken off."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from accounts.vault import data_keys
from accounts.vault.errors import Unreadable
from mentoring import rules
from mentoring.models import AgendaItem, ConversationStarter, Meeting, Pairing
from mentoring.room.locking import locked

from .refused import Refused

# A talk about something is put down to the meeting before it, as long as that is not forgotten.
A_MEETING_AGO = timedelta(days=7)
IS_SHUT = _("Nothing is put on this list any more.")


@transaction.atomic
@sensitive_variables("text")
def add_to_agenda(pairing: Pairing, *, by: User, text: str, now: datetime) -> AgendaItem:
    """`text` is one line. What already stands there in the same words of one of the two is that one: sent twice, it is
    on the list once. Raises Refused where nothing is written any more."""
    pairing = locked(pairing)
    if not rules.may_write_in_room(by, pairing):
        raise Refused(IS_SHUT)
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    for item in AgendaItem.objects.open().filter(pairing=pairing):
        if _says(item, text):
            return item
    return AgendaItem.objects.create(pairing=pairing, author=by, text=text, created_at=now)


def start_from(starter: ConversationStarter, pairing: Pairing, *, by: User, now: datetime) -> AgendaItem:
    """A question of the program's library is on the list, in the name of whoever chose it. Raises Refused for one that
    their program does not offer, and as `add_to_agenda` does."""
    if starter.program_id != pairing.program_id or not starter.is_offered:
        raise Refused(_("This question is not in the library any more."))
    return add_to_agenda(pairing, by=by, text=starter.text, now=now)


@transaction.atomic
def talked_about(item: AgendaItem, *, by: User, now: datetime) -> None:
    """Either of the two says so; the meeting that was last, if it was not long ago, is where. Said twice, the first
    counts. Raises Refused where nothing is written any more."""
    pairing = locked(item.pairing)
    if not rules.may_write_in_room(by, pairing):
        raise Refused(IS_SHUT)
    meetings = Meeting.objects.filter(pairing=pairing).past(now).exclude(took_place=False)
    last = meetings.filter(starts_at__gt=now - A_MEETING_AGO).first()
    AgendaItem.objects.open().filter(pk=item.pk).update(talked_at=now, meeting=last)


@transaction.atomic
def talk_again(item: AgendaItem, *, by: User) -> None:
    """Back on the list, where it stood. Raises Refused where nothing is written any more."""
    if not rules.may_write_in_room(by, locked(item.pairing)):
        raise Refused(IS_SHUT)
    AgendaItem.objects.filter(pk=item.pk).update(talked_at=None, meeting=None)


@transaction.atomic
def take_off_agenda(item: AgendaItem, *, by: User) -> None:
    """Gone for good. Raises Refused for the other one's, whose words they are."""
    if item.author_id != by.pk or not by.is_active:
        raise Refused(_("Only whoever wrote this takes it off."))
    AgendaItem.objects.filter(pk=item.pk).delete()


@sensitive_variables("text")
def _says(item: AgendaItem, text: str) -> bool:
    try:
        return str(item.text) == text
    except Unreadable:
        return False
