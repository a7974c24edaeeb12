"""How many places of a program are free, where it has only so many; and what ends with a place."""

from datetime import datetime, time, timedelta

from django.db.models import F, Value
from django.db.models.functions import Greatest

from accounts.models import User

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


def free(program: Program, role: str, *, without: User | None = None) -> int | None:
    """Free places for this role; None for any number. Whoever is both takes a place on either side.

    A place that is offered to somebody counts as taken until they have answered. `without` is not counted.
    """
    taken = program.enrollments.taking_places()
    if without is not None:
        taken = taken.exclude(person=without)
    counts = []
    if role != Enrollment.Role.MENTEE and program.places_for_mentors is not None:
        counts.append(program.places_for_mentors - taken.mentors().count())
    if role != Enrollment.Role.MENTOR and program.places_for_mentees is not None:
        counts.append(program.places_for_mentees - taken.mentees().count())
    return max(0, min(counts)) if counts else None


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


def end_pairings(person: User, program: Program, now: datetime) -> None:
    """What is under way ends today, on the program's calendar and not before its first day; what was only asked, or
    had not begun, comes to nothing."""
    theirs = Pairing.objects.of(person).filter(program=program)
    # In this order: a yes that is said at this moment has been said when the second statement looks, or comes too late.
    theirs.filter(status__in=(*Pairing.ASKED, Pairing.Status.ACCEPTED)).update(status=Pairing.Status.EXPIRED)
    theirs.under_way().update(
        status=Pairing.Status.ENDED, ended_on=Greatest(F("starts_on"), Value(program.today(now)))
    )
