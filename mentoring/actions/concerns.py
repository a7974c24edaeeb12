"""Something that is not right is told to one person, read, answered, and seen to.

The other one of the pair learns nothing of it, nor do those who run the program, but for whoever of them was chosen.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from accounts.vault import reading
from mentoring import rules
from mentoring.concern_contacts import Contact, contacts_for
from mentoring.concern_emails import ANSWERED, TOLD, UNHEARD, UNREAD
from mentoring.models import Concern, ConcernReading, Pairing

from .refused import Refused

MOST_IN_A_DAY = 20
# The same words again so soon are a button that was pressed twice.
TWICE = timedelta(minutes=30)
REMINDED_AFTER = timedelta(days=3)
UNHEARD_AFTER = timedelta(days=7)
LETTER_LIVES = timedelta(days=14)


class SomebodyElse(Refused):
    """Whoever was shown on the page does not hear concerns any more: nothing was told to anybody."""


@transaction.atomic
def tell_concern(pairing: Pairing, *, by: User, contact: str, text: str, now: datetime) -> Concern:
    """`contact` is the key of whom they were shown before they wrote. They get an e-mail without a word of it.

    Whatever state the pairing and the program are in. Raises SomebodyElse where another one hears concerns by now, and
    Refused after twenty in a day.
    """
    # As the rows are now: whoever was shown on the page may have been named otherwise since it was fetched.
    pairing = Pairing.objects.with_people().get(pk=pairing.pk)
    if not rules.may_tell_concern(by, pairing):
        raise Refused(_("Only the two of a pairing do this."))
    chosen = next((each for each in contacts_for(pairing) if each.key == contact), None)
    if chosen is None:
        raise SomebodyElse(_("Somebody else hears this now. Look who it is, and send it once more."))
    hears = chosen.person or _account_of(chosen, by)
    # In one order, since two people may hear each other's. It also keeps both from being erased at this moment.
    locked = User.objects.filter(pk__in=[by.pk, hears.pk]).order_by("pk").select_for_update(no_key=True)
    if not all(person.is_active for person in list(locked)):
        raise SomebodyElse(_("Somebody else hears this now. Look who it is, and send it once more."))
    lately = Concern.objects.visible_to(by).filter(created_at__gt=now - timedelta(days=1))
    if lately.count() >= MOST_IN_A_DAY:
        raise Refused(_("You have told much today. Please speak with somebody now, instead of writing more."))
    for before in lately.filter(pairing=pairing, contact=hears, created_at__gt=now - TWICE):
        if reading.words(before, "text") == text:
            return before
    concern = Concern(program=pairing.program, pairing=pairing, person=by, contact=hears, created_at=now)
    concern.text = text
    concern.save(force_insert=True)
    outbox.owe(TOLD, hears.pk, concern.pk, due_at=now, expires_at=now + LETTER_LIVES)
    later = now + REMINDED_AFTER
    outbox.owe(UNREAD, hears.pk, concern.pk, due_at=later, expires_at=later + LETTER_LIVES)
    later = now + UNHEARD_AFTER
    outbox.owe(UNHEARD, by.pk, concern.pk, due_at=later, expires_at=later + LETTER_LIVES)
    return concern


def _account_of(contact: Contact, by: User) -> User:
    """Of an address that nobody signs in with yet. Its person comes in by a code that is sent there."""
    person: User
    person, _is_new = User.objects.get_or_create(
        email=contact.email,
        defaults={
            "name": contact.name if contact.name != contact.email else "",
            "language": by.language,
            "password": make_password(None),
        },
    )
    return person


@transaction.atomic
def read_concern(concern: Concern, *, by: User, now: datetime) -> Concern:
    """The row whose words may be shown now: that they were is written down, each time, for whoever told it."""
    row = _locked_for_contact(concern, by)
    ConcernReading.objects.create(concern=row, reader=by, read_at=now)
    return row


@transaction.atomic
def answer_concern(concern: Concern, *, by: User, text: str, now: datetime) -> None:
    """Once. Whoever told it gets an e-mail without a word of it. Raises Refused where it is answered already."""
    row = _locked_for_contact(concern, by)
    if not rules.may_answer_concern(by, row):
        raise Refused(_("It is answered already."))
    row.reply, row.replied_at = text, now
    row.save(update_fields=["reply", "replied_at"])
    outbox.owe(ANSWERED, row.person_id, row.pk, due_at=now, expires_at=now + LETTER_LIVES)


@transaction.atomic
def see_to_concern(concern: Concern, *, by: User, now: datetime) -> None:
    """Nothing more is to be done. Doing it twice is doing it once. Raises Refused for what they have never read."""
    row = _locked_for_contact(concern, by)
    if not row.readings.filter(reader=by).exists():
        raise Refused(_("Read it first."))
    Concern.objects.filter(pk=row.pk, closed_at__isnull=True).update(closed_at=now)


@transaction.atomic
def take_back_concern(concern: Concern, *, by: User) -> None:
    """It is deleted, as if it had not been told. Raises Refused once somebody has read it."""
    row = Concern.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=concern.pk).first()
    if row is None or not rules.may_take_back_concern(by, row):
        raise Refused(_("It has been read, so it cannot be taken back any more."))
    outbox.cancel(TOLD, UNREAD, UNHEARD, subject_id=row.pk, reason="taken back")
    row.delete()


def _locked_for_contact(concern: Concern, by: User) -> Concern:
    rows = Concern.objects.for_contact(by).select_related(
        "program", "person", "pairing__mentor", "pairing__mentee"
    )
    row = rows.select_for_update(no_key=True, of=("self",)).filter(pk=concern.pk).first()
    if row is None or not by.is_active:
        raise Refused(_("It was taken back."))
    return row
