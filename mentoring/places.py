"""How many places of a program are free, where it has only so many; and what ends with a place."""

from datetime import datetime, time, timedelta

from django.utils.functional import cached_property

from accounts.models import User

from . import endings, open_requests
from .models import Enrollment, EnrollmentAnswer, EnrollmentSkill, Notice, Pairing, Program
from .models.enrollment import SAID_OF_A_PLACE, EnrollmentQuerySet

ROLES = {
    Program.Roles.EITHER_OR_BOTH: (Enrollment.Role.MENTOR, Enrollment.Role.MENTEE, Enrollment.Role.BOTH),
    Program.Roles.EITHER: (Enrollment.Role.MENTOR, Enrollment.Role.MENTEE),
    Program.Roles.PEERS: (Enrollment.Role.BOTH,),
}


def roles_in(program: Program) -> tuple[str, ...]:
    """What somebody may be in this program."""
    return ROLES[Program.Roles(program.roles)]


def locked(program: Program) -> Program:
    """The program's row, held until the transaction ends: whoever counts places and takes one does it behind this."""
    return Program.objects.select_for_update(no_key=True).get(pk=program.pk)


class Room:
    """The free places of a program, counted when a role is first asked for; who comes in after that says so by `take`.

    A place that is offered to somebody counts as taken until they have answered. `without` is not counted.
    """

    def __init__(self, program: Program, *, without: User | None = None) -> None:
        self.program = program
        self.taken = program.enrollments.taking_places()
        if without is not None:
            self.taken = self.taken.exclude(person=without)

    @cached_property
    def for_mentors(self) -> int | None:
        of_all = self.program.places_for_mentors
        return None if of_all is None else of_all - self.taken.mentors().count()

    @cached_property
    def for_mentees(self) -> int | None:
        of_all = self.program.places_for_mentees
        return None if of_all is None else of_all - self.taken.mentees().count()

    def free(self, role: str) -> int | None:
        """For this role; None for any number. Whoever is both takes a place on either side."""
        sides = [
            self.for_mentors if role != Enrollment.Role.MENTEE else None,
            self.for_mentees if role != Enrollment.Role.MENTOR else None,
        ]
        counts = [count for count in sides if count is not None]
        return max(0, min(counts)) if counts else None

    def take(self, role: str) -> bool:
        """One place for this role less, if there is one."""
        if self.free(role) == 0:
            return False
        self._take(role, 1)
        return True

    def move(self, before: str, after: str) -> bool:
        """Somebody who has a place has it in another role, if there is room on each side that is new to them."""
        self._take(before, -1)
        if self.take(after):
            return True
        self._take(before, 1)
        return False

    def _take(self, role: str, number: int) -> None:
        if role != Enrollment.Role.MENTEE and self.for_mentors is not None:
            self.for_mentors -= number
        if role != Enrollment.Role.MENTOR and self.for_mentees is not None:
            self.for_mentees -= number


def free(program: Program, role: str, *, without: User | None = None) -> int | None:
    """As `Room.free`, of a program as it is now."""
    return Room(program, without=without).free(role)


def offer_ends(program: Program, now: datetime) -> datetime:
    """Until when a place that is offered now is held: the end of a day on the program's calendar."""
    last_day = program.today(now) + timedelta(days=program.offer_days)
    return datetime.combine(last_day, time(23, 59), tzinfo=program.zone)


def has_room(program: Program, role: str, *, without: User | None = None) -> bool:
    return free(program, role, without=without) != 0


def forget_what_was_said(rows: EnrollmentQuerySet) -> None:
    """Skills, answers, notes and the rest, of these places; the places stay, with their roles and days."""
    for model in (EnrollmentSkill, EnrollmentAnswer, Notice):
        model._default_manager.filter(enrollment__in=rows).delete()
    rows.update(**SAID_OF_A_PLACE, agreed_at=None)


def end_pairings(person: User, program: Program, now: datetime, *, is_erased: bool = False) -> None:
    """What is under way ends today, on the program's calendar and not before its first day; what was only asked, or
    had not begun, comes to nothing. Requests end, and whoever asked this person hears of it; so do those with whom they
    were a pair."""
    open_requests.end_of(person, program, now)
    theirs = Pairing.objects.of(person).filter(program=program)
    gone = person if is_erased else None
    # In this order: a yes that is said at this moment has been said when the last statement looks, or comes too late.
    theirs.asked().update(status=Pairing.Status.EXPIRED)
    endings.held(theirs.made())
    endings.come_to_nothing(theirs, now, by=person, gone=gone)
    endings.end(theirs, Pairing.Status.ENDED, now, by=person, gone=gone)
