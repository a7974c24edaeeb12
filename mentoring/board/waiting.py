"""How many mentees of a program wait for a mentor, and how many places with mentors are free."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program


@dataclass(frozen=True)
class Waiting:
    mentees: int
    places: int


def waiting_in(programs: Collection[Program]) -> dict[int, Waiting]:
    """By program, those whom a run would take (`mentoring.pool.to_match`); in three queries, however many there are."""
    holding = Pairing.objects.filter(program__in=programs).holding().order_by()

    def taken(side: str) -> Counter[tuple[int, int]]:
        rows = (
            holding.values("program", side)
            .annotate(number=Count("pk"))
            .values_list("program", side, "number")
        )
        return Counter({(program, person): number for program, person, number in rows})

    of_mentees, of_mentors = taken("mentee"), taken("mentor")
    allowed = {program.pk: program.pairings_per_mentee for program in programs}
    mentees: Counter[int] = Counter()
    places: Counter[int] = Counter()
    rows = (
        Enrollment.objects.filter(program__in=programs, person__in=User.objects.staying()).active().order_by()
    )
    for program, person, role, capacity in rows.values_list("program", "person", "role", "capacity"):
        if role != Enrollment.Role.MENTOR:
            mentees[program] += of_mentees[program, person] < allowed[program]
        if role != Enrollment.Role.MENTEE:
            places[program] += max(0, capacity - of_mentors[program, person])
    return {pk: Waiting(mentees[pk], places[pk]) for pk in allowed}
