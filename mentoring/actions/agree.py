"""What the two of a pair agree on: suggested by one, agreed to by the other, kept with its history."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from accounts.vault.errors import Unreadable
from mentoring import open_requests, rules
from mentoring.agree_emails import AGREED, PROPOSED
from mentoring.models import Agreement, FeedbackWish, Pairing

from .refused import Refused

State = Agreement.State
# What is taken back or put otherwise at once is not written about.
SETTLES = timedelta(minutes=5)
LETTER_LIVES = timedelta(days=14)
NOT_OPEN = _("This suggestion is not open any more.")


@transaction.atomic
def propose_agreement(
    pairing: Pairing, clauses: Mapping[str, str], *, by: User, seen: int, now: datetime
) -> Agreement:
    """One of the two suggests these words, and agrees to them by that. What was suggested before is replaced.

    `seen` is the number of the newest version on the page they come from, 0 for none: of two who suggest something at
    one moment, the later reads the other's words first. Said twice, it is said once. Raises Refused then, without any
    words, with those that the two agreed on already, and while the pairing is not under way.
    """
    pairing = _kept(pairing, by)
    words = {name: clauses.get(name, "").strip() for name in Agreement.CLAUSES}
    if not any(words.values()):
        raise Refused(_("Write something in one of the fields at least."))
    versions = Agreement.objects.filter(pairing=pairing)
    newest = versions.newest_first().first()
    if newest and newest.state == State.PROPOSED and newest.proposed_by_id == by.pk and _says(newest, words):
        return newest
    if (newest.number if newest else 0) != seen:
        raise Refused(
            _(
                "Something has changed here since you opened this page. Read it first; your words are still here."
            )
        )
    agreed = versions.agreed().first()
    if agreed and _says(agreed, words):
        raise Refused(_("These are the words that you agreed on already."))
    versions.proposed().update(state=State.REPLACED, closed_at=now)
    number = newest.number + 1 if newest else 1
    made = Agreement(pairing=pairing, number=number, proposed_by=by, proposed_at=now, **words)
    made.save(force_insert=True)
    _tell(PROPOSED, pairing.partner_key(by), made, now)
    return made


@transaction.atomic
def accept_agreement(version: Agreement, *, by: User, now: datetime) -> None:
    """The other one agrees: from now on this holds, and what held before is history. Said twice, it is said once.

    Raises Refused where it is not open any more, for whoever suggested it, and while the pairing is not under way.
    """
    pairing = _kept(version.pairing, by)
    _check_other(version, by)
    versions = Agreement.objects.filter(pairing=pairing)
    if versions.agreed().filter(pk=version.pk).exists():
        return
    if not versions.proposed().filter(pk=version.pk).exists():
        raise Refused(NOT_OPEN)
    # In this order: the database allows one that is agreed.
    versions.agreed().update(state=State.REPLACED, closed_at=now)
    if not versions.proposed().filter(pk=version.pk).update(state=State.AGREED, agreed_at=now):
        raise Refused(NOT_OPEN)
    _tell(AGREED, version.proposed_by_id, version, now)


@transaction.atomic
def decline_agreement(version: Agreement, *, by: User, now: datetime) -> None:
    """The other one would rather not; what holds, holds on. Raises Refused as `accept_agreement` does."""
    pairing = _kept(version.pairing, by)
    _check_other(version, by)
    _close(version, pairing, State.DECLINED, now)


@transaction.atomic
def withdraw_agreement(version: Agreement, *, by: User, now: datetime) -> None:
    """Whoever suggested it takes it back. Raises Refused once it is not open any more."""
    pairing = _kept(version.pairing, by)
    if version.proposed_by_id != by.pk:
        raise Refused(_("Only whoever suggests something takes it back."))
    _close(version, pairing, State.WITHDRAWN, now)


@transaction.atomic
def say_wish(pairing: Pairing, text: str, *, by: User, now: datetime) -> None:
    """How this one of the two would like to hear hard things; with no words, what was said before is gone.

    Raises Refused while the pairing is not under way.
    """
    pairing = _kept(pairing, by)
    text = text.strip()
    said = FeedbackWish.objects.filter(pairing=pairing, person=by)
    if not text:
        said.delete()
        return
    wish = said.first() or FeedbackWish(pairing=pairing, person=by)
    wish.text, wish.changed_at = text, now
    wish.save()


def _kept(pairing: Pairing, by: User) -> Pairing:
    """The row as it is now, locked: of two acts of the two, one comes after the other. Raises Refused."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    rows = Pairing.objects.with_people().select_for_update(no_key=True, of=("self",))
    pairing = rows.get(pk=pairing.pk)
    if not rules.may_write_in_room(by, pairing):
        raise Refused(_("The two of you agree on something while your pairing is under way."))
    return pairing


def _check_other(version: Agreement, by: User) -> None:
    if version.proposed_by_id == by.pk:
        raise Refused(_("You suggested it, and have agreed by that. The other one answers."))


def _close(version: Agreement, pairing: Pairing, state: State, now: datetime) -> None:
    open_ones = Agreement.objects.filter(pairing=pairing).proposed()
    if not open_ones.filter(pk=version.pk).update(state=state, closed_at=now):
        raise Refused(NOT_OPEN)


def _says(version: Agreement, words: Mapping[str, str]) -> bool:
    """Whether it says exactly this. What cannot be read says nothing."""
    try:
        return all(str(getattr(version, name)) == text for name, text in words.items())
    except Unreadable:
        return False


def _tell(kind: str, person_id: int, version: Agreement, now: datetime) -> None:
    outbox.owe(kind, person_id, version.pk, due_at=now + SETTLES, expires_at=now + LETTER_LIVES)
