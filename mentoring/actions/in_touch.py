"""After a pairing: whether the two stay in touch, and a postcard each half-year."""

from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.outbox import Owed
from accounts.models import User
from mentoring import in_touch, open_requests, rules
from mentoring.in_touch_emails import IN_TOUCH, POSTCARD_ASKED, POSTCARD_CAME
from mentoring.models import InTouch, Pairing, Postcard
from mentoring.quiet_days import good_hour

from .pairing_up import NOTICE_LIVES
from .refused import Refused

ASKED_AT_ONCE = 500  # The next tick asks the next ones.


@transaction.atomic
def say_in_touch(pairing: Pairing, *, by: User, wants: bool, now: datetime) -> None:
    """One of the two would like to stay in touch, or would rather not; said otherwise at any time. With the second yes
    both hear of it; of a no nobody does. Raises Refused for a pairing that is not over."""
    pairing = _locked(pairing)
    if not rules.may_say_in_touch(by, pairing):
        raise Refused(_("This is asked once a pairing is over."))
    were_in_touch = in_touch.are_in_touch(pairing)
    InTouch.objects.bulk_create(
        [InTouch(pairing=pairing, person=by, wants=wants, said_at=now)], ignore_conflicts=True
    )
    mine = InTouch.objects.filter(pairing=pairing, person=by)
    # A yes after a no begins anew, postcards too.
    mine.exclude(wants=wants).update(wants=wants, said_at=now, muted_at=None)
    # Whoever says yes again a minute later is in touch as before, and nobody hears of it twice.
    if in_touch.are_in_touch(pairing) and not were_in_touch:
        outbox.owe_many(
            Owed(IN_TOUCH, person, pairing.pk, now, now + NOTICE_LIVES)
            for person in (pairing.mentor_id, pairing.mentee_id)
        )


@transaction.atomic
def mute_postcards(pairing: Pairing, *, by: User, is_muted: bool, now: datetime) -> None:
    """No postcards between the two, or again; the other one is not told. Raises Refused for somebody who has not said
    that they would like to stay in touch."""
    mine = InTouch.objects.filter(pairing=pairing, person=by, wants=True)
    if not rules.may_say_in_touch(by, pairing) or not mine.exists():
        raise Refused(_("You get no postcards of this pairing."))
    mine.filter(muted_at__isnull=is_muted).update(muted_at=now if is_muted else None)


def ask_for_postcards(now: datetime) -> int:
    """Two who are in touch are each asked for a few lines, half a year after their pairing ended and so on: how many
    people. What was not asked in its month is left out."""
    lately = Postcard.objects.filter(pairing=OuterRef("pk"), asked_at__gt=now - timedelta(days=120))
    due = in_touch.due_for_a_postcard(now.date()).filter(~Exists(lately)).order_by("pk").with_people()
    return sum(_ask(pairing, now) for pairing in islice(due.iterator(), ASKED_AT_ONCE))


@transaction.atomic
def _ask(pairing: Pairing, now: datetime) -> int:
    pairing = _locked(pairing)
    # Behind this lock nobody of the two changes their mind at this moment.
    if not in_touch.due_for_a_postcard(now.date()).filter(pk=pairing.pk).exists():
        return 0
    number, asked = in_touch.number_of(pairing, now.date()), 0
    for person in (pairing.mentor, pairing.mentee):
        card, is_new = Postcard.objects.get_or_create(
            pairing=pairing, person=person, number=number, defaults={"asked_at": now}
        )
        if is_new:
            asked += 1
            at = good_hour(person, now)
            outbox.owe(POSTCARD_ASKED, person.pk, card.pk, due_at=at, expires_at=at + NOTICE_LIVES)
    return asked


@transaction.atomic
def send_postcard(postcard: Postcard, *, by: User, text: str, now: datetime) -> None:
    """A few lines to the other one, who hears that they are there. Raises Refused for one that was sent, that is no
    longer the last, and where the two are not in touch any more."""
    pairing = _locked(postcard.pairing)
    found = Postcard.objects.select_for_update().filter(pk=postcard.pk, person=by).first()
    later = Postcard.objects.filter(pairing=pairing, person=by, number__gt=postcard.number)
    if found is None or found.sent_at is not None or later.exists():
        raise Refused(_("This postcard is sent already, or its time is over."))
    if not rules.may_say_in_touch(by, pairing) or not in_touch.are_in_touch(pairing):
        raise Refused(_("You cannot send a postcard in this pairing now."))
    found.text, found.sent_at = text, now
    found.save(update_fields=["text", "sent_at"])
    other = pairing.partner_of(by)
    at = good_hour(other, now)
    outbox.owe(POSTCARD_CAME, other.pk, found.pk, due_at=at, expires_at=at + NOTICE_LIVES)


def _locked(pairing: Pairing) -> Pairing:
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    return Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)
