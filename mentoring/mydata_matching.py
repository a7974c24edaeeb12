"""This app's part of the data map, second half: matching runs, requests, and how the two of a pair find it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named

from . import open_requests
from .models import (
    Enrollment,
    FitCheck,
    MatchingRun,
    Pairing,
    PairingRequest,
    Program,
    ProposedPair,
    Publication,
    RoomWatch,
    RuledOut,
    WithoutMatch,
)

FIGURES = ("mentees", "mentors", "matched", "total_fit", "worst_fit", "best_fit")
MACHINERY = ("stage", "criteria", "fingerprint", "problem", "claim", "claimed_until", "attempts")


def _either(person: User) -> Q:
    return Q(mentor=person) | Q(mentee=person)


def clear_words(person: User, program: Program) -> None:
    """What this person wrote in asking for a mentor, in being asked, and in a fit check of this program."""
    Pairing.objects.of(person).filter(program=program).update(reasons=[])
    PairingRequest.objects.filter(program=program, mentee=person).update(note="", reply="")
    # Without the question there is nothing that was replied to.
    PairingRequest.objects.filter(program=program, mentor=person).update(question="", reply="")
    FitCheck.objects.filter(person=person, pairing__program=program).update(learned="")


def holdings() -> Iterator[Holding]:
    """Backwards when erasing: pairs go before what they are of."""
    yield from _runs()
    yield from _requests()
    yield Holding(
        FitCheck,
        _("What you said of how a pairing fits"),
        of=lambda person: FitCheck.objects.filter(person=person).select_related("pairing__program"),
        exported={"pairing": _("program"), **named("number", "asked_at", "answer", "answered_at", "learned")},
        withheld={"id": Why.KEY, "person": Why.OWNER, "settled_at": Why.MACHINERY},
        values={"pairing": lambda row: row.pairing.program.name},
    )


def _runs() -> Iterator[Holding]:
    yield Holding(
        MatchingRun,
        _("Matching runs that you made"),
        of=lambda person: MatchingRun.objects.filter(created_by=person),
        exported=named("program", "state", "created_at", "finished_at"),
        withheld={
            "id": Why.KEY,
            "after": Why.KEY,
            "created_by": Why.OWNER,
            **dict.fromkeys(FIGURES, Why.OTHERS),
            **dict.fromkeys(MACHINERY, Why.MACHINERY),
        },
        erasure=Kept(
            "the program keeps what was proposed",
            act=lambda person, now: _made_by_nobody(MatchingRun, person),
            replaced=("created_by",),
            stays=(
                "id", "after", "program", "state", "created_at", "finished_at", *FIGURES, *MACHINERY,
            ),
        ),
    )  # fmt: skip
    yield Holding(
        Publication,
        _("Pairs that you told of their match"),
        of=lambda person: Publication.objects.filter(created_by=person).select_related("run__program"),
        exported={"run": _("program"), **named("created_at", "approval", "starts_on")},
        withheld={
            "id": Why.KEY,
            "created_by": Why.OWNER,
            "to_mentors": Why.OTHERS,
            "to_mentees": Why.OTHERS,
        },
        values={"run": lambda row: row.run.program.name},
        erasure=Kept(
            "the program keeps what was written in its name",
            act=lambda person, now: _made_by_nobody(Publication, person),
            replaced=("created_by",),
            stays=("id", "run", "created_at", "approval", "starts_on", "to_mentors", "to_mentees"),
        ),
    )
    # With whom is told when it is published; until then it is a thought of those who run the program.
    yield Holding(
        ProposedPair,
        _("Matching runs that found somebody for you"),
        of=lambda person: ProposedPair.objects.filter(_either(person)).select_related("run__program"),
        exported={"run": _("program")},
        withheld={
            "id": Why.KEY,
            "publication": Why.KEY,
            "pairing": Why.KEY,
            **dict.fromkeys(("mentor", "mentee", "fit", "is_locked", "is_by_hand"), Why.OTHERS),
        },
        values={"run": lambda row: row.run.program.name},
    )
    yield Holding(
        WithoutMatch,
        _("Matching runs that found nobody for you"),
        of=lambda person: WithoutMatch.objects.filter(person=person).select_related("run__program"),
        exported={"run": _("program"), **named("side")},
        withheld={"id": Why.KEY, "person": Why.OWNER, "why": Why.OTHERS},
        values={"run": lambda row: row.run.program.name},
    )
    yield Holding(
        RuledOut,
        _("Pairs that are ruled out"),
        of=lambda person: RuledOut.objects.filter(_either(person) | Q(created_by=person)),
        exported=named("program", "created_at"),
        withheld={
            "id": Why.KEY,
            **dict.fromkeys(("mentor", "mentee", "because", "created_by"), Why.OTHERS),
        },
        erasure=Kept(
            "those of others stay",
            act=_rule_out_nobody,
            replaced=("mentor", "mentee", "created_by"),
            stays=("id", "program", "because", "created_at"),
        ),
    )


def _requests() -> Iterator[Holding]:
    yield Holding(
        PairingRequest,
        _("Requests for a mentor, yours and those that reached you"),
        of=lambda person: PairingRequest.objects.filter(
            Q(mentee=person) | Q(mentor=person, asked_at__isnull=False)
        ),
        exported=named(
            "program", "mentee", "mentor", "note", "state", "created_at", "asked_at", "closed_at",
            "because", "question", "question_at", "reply", "reply_at", "is_read_by_admins",
        ),
        withheld={
            "id": Why.KEY,
            "pairing": Why.KEY,
            "position": Why.MACHINERY,
            "reminded_at": Why.MACHINERY,
        },
        erasure=Kept(
            "whoever asked somebody who left keeps what they wrote",
            act=_forget_requests,
            replaced=("note", "question", "reply", "state", "closed_at", "because"),
            stays=(
                "id", "pairing", "position", "program", "mentee", "mentor", "created_at", "asked_at",
                "question_at", "reply_at", "is_read_by_admins", "reminded_at",
            ),
        ),
    )  # fmt: skip
    yield Holding(
        RoomWatch,
        _("Mentors whose room you wait for"),
        of=lambda person: RoomWatch.objects.filter(_either(person)).select_related("program"),
        exported=named("program", "created_at"),
        withheld={"id": Why.KEY, "mentee": Why.OTHERS, "mentor": Why.OTHERS},
    )


def _made_by_nobody(model: type[Model], person: User) -> None:
    model._default_manager.filter(created_by=person).update(created_by=None)


def _rule_out_nobody(person: User, now: datetime) -> None:
    RuledOut.objects.filter(_either(person)).delete()
    _made_by_nobody(RuledOut, person)


def _forget_requests(person: User, now: datetime) -> None:
    """Their own go; those to them come to nothing, without what they asked back, and whoever asked hears of it."""
    places = Enrollment.objects.filter(person=person).select_related("program").order_by("pk")
    # Places before pairings before requests, as everybody locks them.
    for place in places.select_for_update(no_key=True, of=("self",)):
        open_requests.end_of(person, place.program, now)
    PairingRequest.objects.made_by(person).delete()
    PairingRequest.objects.filter(mentor=person).update(question="", reply="")
