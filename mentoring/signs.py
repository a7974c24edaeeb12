"""What counts as a sign that a pair lives: something planned, held, written for the two, or said of how it stands.

What somebody writes for themselves alone is none: it is nobody's business, and nothing follows from it.

An app above registers what it adds (`register`, from its AppConfig.ready()):

    signs.register(Sign(lambda: Moment.objects.filter(audience="pairing"), "pairing", "created_at"))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from .models import (
    Action,
    AgendaItem,
    Agreement,
    Extension,
    FeedbackWish,
    Goal,
    Meeting,
    MeetingProposal,
    Note,
    Pairing,
    Possibility,
    Program,
    Silence,
)
from .models.ending import SilenceQuerySet
from .models.pairing import PairingQuerySet


@dataclass(frozen=True)
class Sign:
    """Rows of which each is one: `pairing` is the path from a row to its pairing, `at` the field that says when."""

    rows: Callable[[], QuerySet[Any]]
    pairing: str
    at: str


def _of(rows: Callable[[], QuerySet[Any]], *fields: str) -> list[Sign]:
    return [Sign(rows, "pairing", at) for at in fields]


# A meeting to come is a sign until it was; one that did not take place is none, but that somebody said so is one.
_signs: list[Sign] = [
    *_of(lambda: Meeting.objects.all(), "created_at", "said_at", "cancelled_at"),
    *_of(
        lambda: Meeting.objects.planned().filter(Q(took_place=True) | Q(took_place__isnull=True)), "starts_at"
    ),
    *_of(lambda: MeetingProposal.objects.all(), "created_at"),
    *_of(lambda: MeetingProposal.objects.exclude(state=MeetingProposal.State.LAPSED), "closed_at"),
    *_of(lambda: AgendaItem.objects.all(), "created_at", "talked_at"),
    *_of(lambda: Note.objects.shared(), "created_at", "changed_at"),
    *_of(lambda: Agreement.objects.all(), "proposed_at", "agreed_at", "closed_at"),
    *_of(lambda: FeedbackWish.objects.all(), "changed_at"),
    *_of(lambda: Goal.objects.all(), "created_at", "closed_at"),
    *_of(lambda: Action.objects.all(), "created_at", "done_at"),
    *_of(lambda: Possibility.objects.all(), "created_at"),
    *_of(lambda: Extension.objects.all(), "created_at"),
    *_of(lambda: Extension.objects.exclude(state=Extension.State.LAPSED), "closed_at"),
    *_of(lambda: Silence.objects.filter(answer=Silence.Answer.IN_TOUCH), "answered_at"),
]


def register(*signs: Sign) -> None:
    """An app above says what else is a sign."""
    _signs.extend(signs)


def without_one_since(pairings: PairingQuerySet, since: datetime) -> PairingQuerySet:
    """Those from which nothing was heard after that moment, and which have nothing planned."""
    for sign in _signs:
        heard = sign.rows().filter(**{sign.pairing: OuterRef("pk"), f"{sign.at}__gt": since})
        pairings = pairings.filter(~Exists(heard))
    return pairings


def last_of(pairings: Iterable[int]) -> dict[int, datetime]:
    """When each of these was heard of last, by its key; those of which nothing ever was are left out. As many questions
    to the database as there are signs, for however many pairings."""
    keys = list(pairings)
    last: dict[int, datetime] = {}
    for sign in _signs if keys else ():
        rows = sign.rows().filter(**{f"{sign.pairing}__in": keys, f"{sign.at}__isnull": False}).order_by()
        for pairing, at in (
            rows.values(sign.pairing).annotate(last=Max(sign.at)).values_list(sign.pairing, "last")
        ):
            last[pairing] = max(at, last.get(pairing, at))
    return last


def open_questions() -> SilenceQuerySet:
    """Those that may still be answered: no sign came since they were asked, and the pairing has neither rested nor
    ended."""
    asked = Silence.objects.unanswered().filter(
        Q(pairing__rested_on__isnull=True) | Q(pairing__rested_on__lte=F("since")),
        pairing__status=Pairing.Status.ACTIVE,
    )
    for sign in _signs:
        later = {sign.pairing: OuterRef("pairing"), f"{sign.at}__gt": OuterRef("asked_at")}
        asked = asked.filter(~Exists(sign.rows().filter(**later)))
    return asked


def of_pairs_gone_quiet() -> SilenceQuerySet:
    """Those of pairs of which nothing was heard for six weeks, when both had been asked twice, in programs that run:
    what those who run them are shown, as pairs."""
    asked: SilenceQuerySet = open_questions().filter(
        number__gte=Silence.Number.AGAIN, pairing__program__status=Program.Status.ACTIVE
    )
    return asked
