"""When two people meet: what stands in their calendars, what they answered, and times that were proposed."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named
from mentoring.models import (
    Arrangement,
    ArrangementVersion,
    Attendance,
    Meeting,
    MeetingProposal,
    Pairing,
    Program,
    ProposedTime,
)
from mentoring.models.arrangement import ArrangementQuerySet

IN_CALENDARS = ("uid", "zone", "sequence", "asked_in", "changed_at")
RULE = ("starts_at", "minutes", "every", "times", "cancelled_at", "created_at")


def clear_words(person: User, program: Program) -> None:
    """Where they proposed to meet. Where they did meet, the other one keeps as well."""
    MeetingProposal.objects.filter(proposed_by=person, pairing__program=program).update(place="")


def holdings() -> Iterator[Holding]:
    yield Holding(
        Arrangement,
        _("Meetings in your calendar"),
        of=lambda person: _theirs(person),
        exported=named("arranged_by", "place", *RULE),
        withheld={"id": Why.KEY, **dict.fromkeys(IN_CALENDARS, Why.MACHINERY)},
        erasure=Kept(
            "the others keep when they met",
            act=_forget,
            replaced=("arranged_by", "place"),
            stays=("id", *RULE, *IN_CALENDARS),
        ),
    )
    yield Holding(
        ArrangementVersion,
        _("Changes of them that went to your calendar"),
        of=lambda person: ArrangementVersion.objects.filter(arrangement__in=_theirs(person)),
        exported=named("occurrence", "is_cancelled", "created_at"),
        withheld={
            "id": Why.KEY,
            "arrangement": Why.KEY,
            "sequence": Why.MACHINERY,
            "asks_again": Why.MACHINERY,
        },
        erasure=Kept(
            "the calendars of the others go on counting",
            act=lambda person, now: None,
            replaced=(),
            stays=("id", "arrangement", "sequence", "occurrence", "is_cancelled", "asks_again", "created_at"),
        ),
    )
    yield Holding(
        Attendance,
        _("Whether you come"),
        of=lambda person: Attendance.objects.filter(person=person).select_related("arrangement", "meeting"),
        exported={"arrangement": _("starts"), **named("answer", "answered_at")},
        withheld={
            "id": Why.KEY,
            "person": Why.OWNER,
            "meeting": Why.KEY,
            "last_sequence": Why.MACHINERY,
            "last_stamp": Why.MACHINERY,
        },
        values={
            "arrangement": lambda row: row.meeting.starts_at if row.meeting else row.arrangement.starts_at
        },
    )
    yield Holding(
        MeetingProposal,
        _("Times that you proposed"),
        of=lambda person: MeetingProposal.objects.filter(proposed_by=person).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported={"pairing": _("with"), **named("minutes", "place", "state", "created_at", "closed_at")},
        withheld={"id": Why.KEY, "proposed_by": Why.OWNER, "moves": Why.KEY},
        values={"pairing": lambda row: str(row.pairing)},
    )
    yield Holding(
        ProposedTime,
        _("Each of these times"),
        of=lambda person: ProposedTime.objects.filter(proposal__proposed_by=person),
        exported=named("starts_at"),
        withheld={"id": Why.KEY, "proposal": Why.KEY, "meeting": Why.KEY},
    )


def _theirs(person: User) -> ArrangementQuerySet:
    """Those that they arranged, and those of their pairs."""
    meetings = Meeting.objects.filter(pairing__in=Pairing.objects.of(person)).order_by()
    return Arrangement.objects.filter(Q(arranged_by=person) | Q(pk__in=meetings.values("arrangement")))


def _forget(person: User, now: datetime) -> None:
    """Where it was, is forgotten; but not where somebody else meets with several, of whom this person was one."""
    others = Meeting.objects.exclude(pairing__in=Pairing.objects.of(person)).filter(arrangement__isnull=False)
    _theirs(person).exclude(pk__in=others.order_by().values("arrangement")).update(place="")
    Arrangement.objects.filter(arranged_by=person).update(place="")
    Arrangement.objects.filter(arranged_by=person).update(arranged_by=None)
