"""Whom a round asks, as totals for those who run the program. What is told of how it goes: `round_told`."""

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from mentoring.models import Enrollment, Pairing

from .models import Reflection, Round


def asked_in(round: Round) -> dict[bool, int]:
    """How many were a pair in that quarter, or wrote without being in one, by whether they are a mentor. One query."""
    in_quarter = (
        Pairing.objects.begun()
        .filter(program=round.program_id, starts_on__lte=round.due_on)
        .exclude(ended_on__lt=round.quarter_start)
        .order_by()
    )
    wrote = Reflection.objects.filter(round=round)
    people = User.objects.filter(
        Q(pk__in=in_quarter.values("mentor"))
        | Q(pk__in=in_quarter.values("mentee"))
        | Q(pk__in=wrote.values("person"))
    )
    rows = people.order_by().annotate(is_one=is_mentor(round, "pk")).values("is_one")
    return {True: 0, False: 0} | dict(rows.annotate(number=Count("pk")).values_list("is_one", "number"))


def is_mentor(round: Round, person: str) -> Exists:
    """For a query: whether they have a place as a mentor in its program, or as both. So each is on one side only."""
    places = Enrollment.objects.mentors().filter(program=round.program_id, person=OuterRef(person))
    return Exists(places)
