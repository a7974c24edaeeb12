"""How far a round has come: totals for those who run the program. That people reflect, never who wrote what."""

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from mentoring.models import Enrollment, Pairing

from .models import Reflection, Round

if TYPE_CHECKING:
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    class Totals(TypedDict):
        asked: int
        finished: int
        writing: int
        declined: int

    RoundWithTotals = WithAnnotations[Round, Totals]


def with_totals(rounds: QuerySet[Round]) -> "QuerySet[RoundWithTotals]":
    """Each round with `asked` (people who were a pair in that quarter, and whoever wrote without being in one),
    `finished`, `writing` (begun and not finished) and `declined`."""
    return rounds.annotate(
        asked=Coalesce(Subquery(_asked(), output_field=IntegerField()), 0),
        finished=_count(Reflection.Status.SUBMITTED),
        writing=_count(Reflection.Status.DRAFT),
        declined=_count(Reflection.Status.DECLINED),
    )


def _asked() -> "QuerySet[User, Any]":
    in_quarter = (
        Pairing.objects.begun()
        .filter(
            program=OuterRef(OuterRef("program")),
            starts_on__lte=OuterRef(OuterRef("due_on")),
        )
        .exclude(ended_on__lt=OuterRef(OuterRef("quarter_start")))
    )
    wrote = Reflection.objects.filter(round=OuterRef(OuterRef("pk")), person=OuterRef("pk"))
    people = User.objects.filter(
        Exists(in_quarter.filter(mentor=OuterRef("pk")))
        | Exists(in_quarter.filter(mentee=OuterRef("pk")))
        | Exists(wrote)
    )
    # Grouped by what is the same for all, so that the subquery is one row with one number.
    together = people.order_by().annotate(everyone=Q(pk__isnull=False)).values("everyone")
    return cast("QuerySet[User, Any]", together.annotate(number=Count("pk")).values("number"))


def asked_in(round: Round) -> dict[bool, int]:
    """How many are asked, by whether they have a place as a mentor (or as both) in the program; as `with_totals` counts
    them. One query."""
    in_quarter = (
        Pairing.objects.begun()
        .filter(program=round.program_id, starts_on__lte=round.due_on)
        .exclude(ended_on__lt=round.quarter_start)
    )
    wrote = Reflection.objects.filter(round=round)
    people = User.objects.filter(
        Q(pk__in=in_quarter.order_by().values("mentor"))
        | Q(pk__in=in_quarter.order_by().values("mentee"))
        | Q(pk__in=wrote.values("person"))
    )
    places = Enrollment.objects.mentors().filter(program=round.program_id, person=OuterRef("pk"))
    rows = people.order_by().annotate(is_mentor=Exists(places)).values("is_mentor")
    return {True: 0, False: 0} | dict(rows.annotate(number=Count("pk")).values_list("is_mentor", "number"))


def _count(status: str) -> Coalesce:
    rows = (
        Reflection.objects.filter(round=OuterRef("pk"), status=status)
        .order_by()
        .values("round")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)
