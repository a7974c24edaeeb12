"""Who may write what, and share it with whom: asked by the actions, the forms and the templates alike."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program

from .models import OutsideStop, RoleSet, Round, SurveySheet

# Nothing new is shared with a pairing that is over; what was shared before stays readable there.
UNDER_WAY = (Pairing.Status.ACTIVE, Pairing.Status.PAUSED)


def role_for(person: User, round: Round) -> RoleSet:
    """Which questions a person is asked: by the pairings they had in that quarter, else by their place in the program.

    A role belongs to a pairing, so somebody who mentors one person and is mentored by another is asked as both.
    """
    pairings = (
        Pairing.objects.of(person)
        .begun()
        .filter(program=round.program_id, starts_on__lte=round.due_on)
        .exclude(ended_on__lt=round.quarter_start)
    )
    mentors = set(pairings.values_list("mentor", flat=True))
    if mentors:
        others = mentors - {person.pk}
        if len(others) == len(mentors):
            return RoleSet.MENTEE
        return RoleSet.BOTH if others else RoleSet.MENTOR
    place = Enrollment.objects.filter(person=person, program=round.program_id).first()
    return RoleSet(place.role) if place else RoleSet.MENTEE


def may_answer(round: Round, today: date) -> bool:
    """From the day it opens on; there is no last day, because late is fine."""
    return round.opens_on <= today


def pairings_to_share_with(person: User) -> QuerySet[Pairing]:
    return Pairing.objects.of(person).filter(status__in=UNDER_WAY).with_people().order_by("starts_on", "pk")


def pairings_that_were(person: User) -> QuerySet[Pairing]:
    """All that ever began: what one of them was mentoring may be said long after."""
    return Pairing.objects.of(person).begun().with_people().order_by("-starts_on", "-pk")


def programs_to_share_with(person: User) -> QuerySet[Program]:
    """Those with a wall, which is off unless somebody who runs the program wants one."""
    return Program.objects.filter(
        has_wall=True,
        status=Program.Status.ACTIVE,
        enrollments__person=person,
        enrollments__status=Enrollment.Status.ACTIVE,
    ).order_by("name", "pk")


def pairings_to_answer_with(person: User, round: Round) -> QuerySet[Pairing]:
    """The pairings of the round's program that an answer may be shared with."""
    return pairings_to_share_with(person).filter(program=round.program_id)


def may_share_with_program(person: User, program_id: int) -> bool:
    return programs_to_share_with(person).filter(pk=program_id).exists()


def may_respond(person: User, pairing: Pairing) -> bool:
    """Say something to what the other one shared: while they are a pair, and their program is not over."""
    return (
        person.is_active
        and person.pk in (pairing.mentor_id, pairing.mentee_id)
        and pairing.status in UNDER_WAY
        and pairing.program.status not in Program.OVER
    )


def may_write_to(person: User, other: User) -> bool:
    """A note, to be read here: to whoever is or was a pair with them, or has a place in a program of theirs."""
    if person.pk == other.pk or not other.is_active:
        return False
    if Pairing.objects.of(person).begun().filter(Q(mentor=other) | Q(mentee=other)).exists():
        return True
    theirs = Enrollment.objects.filter(person=other).active().values("program")
    return Enrollment.objects.filter(person=person, program__in=theirs).active().exists()


def programs_to_write_from(person: User) -> QuerySet[Program]:
    """Those in whose name they may send a note to an address outside: that run, in which they have a place, and where
    nobody stopped it."""
    return (
        Program.objects.filter(
            status=Program.Status.ACTIVE,
            enrollments__person=person,
            enrollments__status=Enrollment.Status.ACTIVE,
        )
        .exclude(pk__in=OutsideStop.objects.filter(person=person).values("program"))
        .order_by("name", "pk")
    )


def may_answer_survey(user: User, sheet: SurveySheet, now: datetime) -> bool:
    """Their own, until it closes."""
    return sheet.person_id == user.pk and sheet.is_open_at(now)
