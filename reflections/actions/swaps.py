"""Swaps: suggested, agreed, picked for, opened. Whoever picks nothing says so to nobody."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.outbox import Owed
from accounts.models import User
from mentoring import open_requests
from mentoring.actions.refused import Refused
from mentoring.models import Pairing, Program
from mentoring.quiet_days import good_hour
from reflections import facing, rules, swapping
from reflections.models import Answer, Audience, Moment, Reflection, Round, Swap, SwapItem, SwapPart
from reflections.swap_emails import LIVES, SWAP_OPENED, SWAP_SUGGESTED

from .naming import look_for_names

# The next tick opens the next ones.
AT_ONCE = 200
NOT_NOW = _("There is no swap to do that with now.")


@transaction.atomic
def suggest_swap(pairing: Pairing, round: Round, *, by: User, opens_on: date, now: datetime) -> Swap:
    """The other one is asked by e-mail, once in a quarter. A suggestion that was not agreed to is replaced by another
    day, whoever made it; one that both suggest is agreed.

    Raises Refused once the pairing is over, for a quarter that is not theirs, for a day that has gone by or is far
    away, and where there is an agreed one.
    """
    pairing = _locked(pairing, by)
    today = pairing.program.today(now)
    if round not in facing.rounds_of(pairing, today):
        raise Refused(NOT_NOW)
    if not today <= opens_on <= today + swapping.LONGEST:
        raise Refused(_("Choose a day from today on, within three months."))
    swap = Swap.objects.filter(pairing=pairing, round=round).first()
    if swap is None:
        swap = Swap.objects.create(
            pairing=pairing, round=round, proposed_by=by, opens_on=opens_on, created_at=now
        )
    elif swap.agreed_at is not None:
        raise Refused(_("You two have agreed on a day for this quarter."))
    elif swap.proposed_by_id != by.pk and swap.opens_on == opens_on:
        _agree(swap, now)
        return swap
    else:
        swap.proposed_by, swap.opens_on, swap.created_at = by, opens_on, now
        swap.save(update_fields=["proposed_by", "opens_on", "created_at"])
    partner = pairing.partner_of(by)
    at = good_hour(partner, now)
    outbox.owe(SWAP_SUGGESTED, partner.pk, swap.pk, due_at=at, expires_at=at + LIVES)
    return swap


@transaction.atomic
def agree_swap(pairing: Pairing, round: Round, *, by: User, opens_on: date, now: datetime) -> None:
    """To the day that the other one suggested. Agreeing twice is agreeing once; Refused where it is another day now,
    or has gone by, or was taken back."""
    pairing = _locked(pairing, by)
    swap = _shut(pairing, round)
    if swap.agreed_at is not None:
        return
    if swap.proposed_by_id == by.pk or swap.opens_on != opens_on or opens_on < pairing.program.today(now):
        raise Refused(_("Another day is suggested now, or none. Have a look."))
    _agree(swap, now)


@transaction.atomic
def call_off_swap(pairing: Pairing, round: Round, *, by: User) -> bool:
    """Either of the two, as long as it is shut; nobody is told which, nor why. False where there was none any more."""
    pairing = _locked(pairing, by)
    deleted, _rows = Swap.objects.shut().filter(pairing=pairing, round=round).delete()
    return bool(deleted)


@transaction.atomic
def pick_for_swap(
    pairing: Pairing,
    round: Round,
    *,
    by: User,
    moments: Collection[int] = (),
    answers: Collection[int] = (),
    is_ready: bool,
    now: datetime,
) -> bool:
    """These and no others, none included; nobody reads them before the swap opens. True when it opened by this: both
    are ready.

    What cannot be picked any more is left out. Raises Refused where there is no agreed swap, or it is open.
    """
    pairing = _locked(pairing, by)
    swap = _shut(pairing, round)
    if swap.agreed_at is None:
        raise Refused(NOT_NOW)
    part, _made = SwapPart.objects.get_or_create(swap=swap, person=by)
    part.items.all().delete()
    SwapItem.objects.bulk_create(
        [
            *(
                SwapItem(part=part, moment_id=pk)
                for pk in _those(swapping.moments_on_offer(pairing, by, round), moments)
            ),
            *(
                SwapItem(part=part, answer_id=pk)
                for pk in _those(swapping.answers_on_offer(pairing, by, round), answers)
            ),
        ]
    )
    SwapPart.objects.filter(pk=part.pk).update(ready_at=now if is_ready else None)
    others = SwapPart.objects.filter(swap=swap).exclude(person=by)
    if not is_ready or not others.filter(ready_at__isnull=False).exists():
        return False
    return _open(swap, pairing, now, by=by)


def open_due_swaps(now: datetime) -> int:
    """Those whose day is over on their program's calendar: how many. Nothing opens in a program that rests, or between
    two who are no pair any more."""
    waiting = (
        Swap.objects.shut()
        .agreed()
        .filter(
            pairing__status__in=rules.UNDER_WAY,
            pairing__program__status=Program.Status.ACTIVE,
            opens_on__lte=now.date(),
        )
        .select_related("pairing__program")
        .order_by("opens_on", "pk")
    )
    due = (swap for swap in waiting.iterator() if swap.opens_on < swap.pairing.program.today(now))
    return sum(_open_due(swap, now) for swap in islice(due, AT_ONCE))


@transaction.atomic
def _open_due(swap: Swap, now: datetime) -> bool:
    pairing = _held(swap.pairing)
    if pairing.status not in rules.UNDER_WAY:
        return False
    there = Swap.objects.select_for_update(of=("self",)).shut().agreed().filter(pk=swap.pk).first()
    return there is not None and _open(there, pairing, now)


def _open(swap: Swap, pairing: Pairing, now: datetime, *, by: User | None = None) -> bool:
    """What each picked can be read by the other from this instant on. `by` looks at it already, and gets no e-mail."""
    if not Swap.objects.shut().agreed().filter(pk=swap.pk).update(opened_at=now):
        return False
    answers = Answer.objects.filter(swapped__part__swap=swap)
    # As whoever saves an answer does: one after the other.
    pages = Reflection.objects.select_for_update().filter(pk__in=answers.values("reflection"))
    list(pages.order_by("pk").values("pk"))
    # And as whoever changes a moment does: what is picked by then is what opens.
    moments = Moment.objects.select_for_update(no_key=True).filter(
        pk__in=SwapItem.objects.filter(part__swap=swap).values("moment")
    )
    list(moments.order_by("pk").values("pk"))
    shared: list[Answer | Moment] = []
    for person in (pairing.mentor, pairing.mentee):
        theirs = {"swapped__part__swap": swap, "swapped__part__person": person}
        picked = swapping.answers_on_offer(pairing, person, swap.round).filter(**theirs)
        for answer in picked:
            if Answer.objects.filter(pk=answer.pk, audience=Audience.ME).update(audience=Audience.PAIRING):
                answer.pairings.clear()
            answer.pairings.add(pairing)
        shared += Answer.objects.filter(pk__in=[answer.pk for answer in picked]).select_related(
            "reflection__round__program", "question"
        )
        kept = list(Moment.objects.of(person).filter(**theirs).values_list("pk", flat=True))
        still_theirs_alone = Moment.objects.filter(pk__in=kept, audience=Audience.ME)
        still_theirs_alone.update(audience=Audience.PAIRING, pairing=pairing)
        shared += Moment.objects.filter(pk__in=kept).with_readers()
    look_for_names(shared, changed=False, widened=True, now=now)
    told = [person for person in (pairing.mentor, pairing.mentee) if by is None or person.pk != by.pk]
    outbox.owe_many(
        Owed(SWAP_OPENED, person.pk, swap.pk, at, at + LIVES)
        for person in told
        for at in [good_hour(person, now)]
    )
    return True


def _agree(swap: Swap, now: datetime) -> None:
    Swap.objects.filter(pk=swap.pk, agreed_at__isnull=True).update(agreed_at=now)
    swap.agreed_at = now


def _those(rows: QuerySet[Any], wanted: Collection[int]) -> list[int]:
    return list(rows.filter(pk__in=list(wanted)).order_by("pk").values_list("pk", flat=True))


def _shut(pairing: Pairing, round: Round) -> Swap:
    """Ours until the end of the transaction. Raises Refused."""
    found = Swap.objects.select_for_update(of=("self",)).shut().filter(pairing=pairing, round=round).first()
    if found is None:
        raise Refused(NOT_NOW)
    return found


def _locked(pairing: Pairing, by: User) -> Pairing:
    row = _held(pairing)
    if not rules.may_respond(by, row):
        raise Refused(_("This pairing is over: nothing new is shared in it."))
    return row


def _held(pairing: Pairing) -> Pairing:
    """Its row as it is now, ours until the end of the transaction: of two who are ready at once, one comes after the
    other."""
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    return Pairing.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=pairing.pk)
