"""Who they are that can see something of a person, program by program: for the page "Who can see what"."""

from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import User

from .models import Enrollment, Pairing, Program, ProgramAdmin


@dataclass
class SeenIn:
    """One program of somebody's: who runs it, and whom they are, or were, paired with there."""

    program: Program
    place: Enrollment
    admins: list[User] = field(default_factory=list)
    pairings: list[Pairing] = field(default_factory=list)

    @property
    def is_member(self) -> bool:
        """Whether they read what others share with the whole program now, and others what they do."""
        return self.place.status == Enrollment.Status.ACTIVE

    @property
    def is_in_directory(self) -> bool:
        """Whether others find them there as a mentor (mentoring/directory.py)."""
        takes = self.program.takes_requests and self.program.status == Program.Status.ACTIVE
        return takes and self.is_member and self.place.role != Enrollment.Role.MENTEE


def seen_in(person: User) -> list[SeenIn]:
    """Of every program in which they have, or had, a place; by three queries."""
    places = Enrollment.objects.visible_to(person).select_related("program").order_by("program__name", "pk")
    admins: defaultdict[int, list[User]] = defaultdict(list)
    for row in (
        ProgramAdmin.objects.filter(program__enrollments__person=person, person__is_active=True)
        .select_related("person")
        .order_by("person__name", "person__email")
    ):
        admins[row.program_id].append(row.person)
    pairings: defaultdict[int, list[Pairing]] = defaultdict(list)
    for pairing in Pairing.objects.visible_to(person).begun().with_people().open_first():
        pairings[pairing.program_id].append(pairing)
    return [
        SeenIn(place.program, place, admins[place.program_id], pairings[place.program_id]) for place in places
    ]
