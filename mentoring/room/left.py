"""What is left of a room: of a pairing that both said yes to and that never began, and before one is deleted."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.mail.models import Message
from accounts.models import User
from mentoring import ending_emails
from mentoring.emails import UNANSWERED
from mentoring.models import (
    Action,
    AgendaItem,
    Agreement,
    Concern,
    FeedbackWish,
    Goal,
    Meeting,
    MeetingProposal,
    Note,
    Pairing,
    Possibility,
    Step,
)
from mentoring.models.pairing import PairingQuerySet

# By the name of the page on which each stands.
WORDS: dict[str, tuple[Any, ...]] = {
    "agreement": (Agreement, FeedbackWish),
    "goals": (Goal, Action, Possibility),
    "agenda": (AgendaItem,),
    "notes": (Note,),
}
# What also tells of the two, and would go with their pairing.
MORE = (Meeting, MeetingProposal, Step, Concern)
# So long it stands among somebody's pairings that one did not come about.
SHOWN_FOR = timedelta(days=90)


def rooms_left_to(reader: User) -> PairingQuerySet:
    """The pairings of this person that never began and in which there are words that they may read."""
    found = Q()
    for rows in _words(reader):
        found |= Q(Exists(rows.filter(pairing=OuterRef("pk"))))
    return Pairing.objects.of(reader).never_began().filter(found)


def not_come_about(reader: User, now: datetime) -> PairingQuerySet:
    """The pairings that never began of which this person was told so by e-mail lately, or would have been had they not
    stopped it: what an e-mail says stands on a page as well."""
    told = Message.objects.of(UNANSWERED, ending_emails.NOT_BEGUN).exclude(state=Message.State.CANCELLED)
    told = told.filter(person=reader, due_at__gt=now - SHOWN_FOR)
    on_their_page = Pairing.objects.visible_to(reader).order_by().values("pk")
    return Pairing.objects.of(reader).filter(pk__in=told.values("subject_id")).exclude(pk__in=on_their_page)


def pages_left(pairing: Pairing, reader: User) -> list[str]:
    """On which pages of it there are words that this one of the two may read."""
    return [
        page
        for page, models in WORDS.items()
        if any(model.objects.visible_to(reader).filter(pairing=pairing).exists() for model in models)
    ]


def is_empty(pairing: Pairing) -> bool:
    """Whether nobody has written, planned or told anything there."""
    kinds = [model for models in WORDS.values() for model in models]
    return not any(model.objects.filter(pairing=pairing).exists() for model in (*kinds, *MORE))


def _words(reader: User) -> list[QuerySet[Any]]:
    return [model.objects.visible_to(reader) for models in WORDS.values() for model in models]
