"""What was told in confidence, and who has read it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named
from mentoring.models import Concern, ConcernReading, Program


def holdings() -> Iterator[Holding]:
    yield Holding(
        Concern,
        _("What you told in confidence"),
        # Whoever hears it takes none of it along: it was told to them, and not for what becomes of their copy.
        of=lambda person: Concern.objects.visible_to(person).select_related("program", "contact"),
        exported=named(
            "program", "contact", "receipt", "text", "created_at", "reply", "replied_at", "closed_at"
        ),
        withheld={"id": Why.KEY, "seal_id": Why.LOCK, "person": Why.OWNER, "pairing": Why.KEY},
        erasure=Kept(
            "whoever told somebody who left keeps what they told, and that it was read",
            act=_forget,
            replaced=("person", "contact", "reply", "text"),
            stays=(
                "id", "seal_id", "program", "pairing", "receipt", "created_at", "replied_at", "closed_at",
            ),
        ),
    )  # fmt: skip
    yield Holding(
        ConcernReading,
        _("When something that was told in confidence was read"),
        of=lambda person: ConcernReading.objects.filter(
            Q(reader=person) | Q(concern__person=person)
        ).select_related("concern", "reader"),
        exported={"concern": _("receipt"), "reader": None, "read_at": None},
        withheld={"id": Why.KEY},
        values={"concern": lambda row: row.concern.receipt},
        erasure=Kept(
            "whoever told it keeps that it was read",
            act=lambda person, now: ConcernReading.objects.filter(reader=person).update(reader=None),
            replaced=("reader",),
            stays=("id", "concern", "read_at"),
        ),
    )


def clear_words(person: User, program: Program) -> None:
    """What they told there, seen to or not; what was told to them is somebody else's."""
    Concern.objects.filter(person=person, program=program).delete()


def _forget(person: User, now: datetime) -> None:
    """What they told goes; what was told to them stays with whoever told it, without their answer, and unread by
    anybody else."""
    Concern.objects.filter(person=person).delete()
    Concern.objects.filter(contact=person).update(contact=None, reply=b"")
