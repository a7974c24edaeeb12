"""Who may do what with programs and the places of people in them."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from accounts.models import User
from mentoring.models import Enrollment, Invitation, Program

# A program that lets people in: a closed one opens no door.
TAKES_PEOPLE = (Program.Status.DRAFT, Program.Status.ACTIVE, Program.Status.PAUSED)
# A program from which people hear: what somebody sends by hand goes out of a draft too, what goes by itself does not.
WRITES = (Program.Status.DRAFT, Program.Status.ACTIVE)


class Move(NamedTuple):
    """One change of a program's status: from which of these to which."""

    before: tuple[Program.Status, ...]
    after: Program.Status


# The life of a program. Whatever is not here does not happen.
MOVES = {
    "activate": Move((Program.Status.DRAFT,), Program.Status.ACTIVE),
    "pause": Move((Program.Status.ACTIVE,), Program.Status.PAUSED),
    "resume": Move((Program.Status.PAUSED,), Program.Status.ACTIVE),
    "close": Move((Program.Status.ACTIVE, Program.Status.PAUSED), Program.Status.CLOSED),
    "reopen": Move((Program.Status.CLOSED,), Program.Status.ACTIVE),
    "archive": Move((Program.Status.DRAFT, Program.Status.CLOSED), Program.Status.ARCHIVED),
    "restore": Move((Program.Status.ARCHIVED,), Program.Status.CLOSED),
}
# Who may be asked into a program in which they have had a place.
MAY_BE_INVITED = (Enrollment.Status.INVITED, Enrollment.Status.DECLINED, Enrollment.Status.WITHDRAWN)
# Somebody who has asked for a place and has none yet.
WAITS = (Enrollment.Status.APPLIED, Enrollment.Status.WAITLISTED)
# Whose answers may be given otherwise. Whoever is paused is asked for nothing.
CHANGED = (*WAITS, Enrollment.Status.ACTIVE)
LONGEST_PAUSE = 366  # days


def takes_mentees(place: Enrollment) -> bool:
    """Whether this place is one of a mentor who is here now, with room or without."""
    return (
        place.status == Enrollment.Status.ACTIVE
        and place.role != Enrollment.Role.MENTEE
        and place.person.is_active
        and place.person.erasure_due_at is None
    )


def seeks_mentor(place: Enrollment) -> bool:
    """Whether this place is one of a mentee who is here now."""
    return (
        place.status == Enrollment.Status.ACTIVE
        and place.role != Enrollment.Role.MENTOR
        and place.person.is_active
        and place.person.erasure_due_at is None
    )


def may_look(place: Enrollment, now: datetime) -> bool:
    """Whether the person of this place may look through the mentors of its program now. No question to the database."""
    program = place.program
    role_fits = program.directory_for == Program.DirectoryFor.MEMBERS or place.role != Enrollment.Role.MENTOR
    return (
        role_fits
        and place.status == Enrollment.Status.ACTIVE
        and program.takes_requests
        and program.status == Program.Status.ACTIVE
        and (program.ends_on is None or program.today(now) <= program.ends_on)
    )


def may_ask(user: User, program: Program, now: datetime) -> bool:
    """Whether this person may ask a mentor of this program now, as far as the program is concerned."""
    return (
        user.is_active
        and takes_requests_now(program, now)
        and program.enrollments.active().mentees().filter(person=user).exists()
    )


def takes_requests_now(program: Program, now: datetime) -> bool:
    """Whether mentees ask mentors in it today: not while it rests, and not past its last day."""
    return (
        program.takes_requests
        and program.status == Program.Status.ACTIVE
        and (program.ends_on is None or program.today(now) <= program.ends_on)
    )


def may_set_room(user: User, place: Enrollment, now: datetime) -> bool:
    """A mentor of their own place, also in a pause."""
    return (
        user.is_active
        and place.person_id == user.pk
        and place.role != Enrollment.Role.MENTEE
        and place.status in Enrollment.IN
        and takes_people(place.program, now)
    )


def may_administer(user: User, program: Program) -> bool:
    """A superuser, and whoever has a row for this program, asked afresh each time."""
    if not user.is_active:
        return False
    return user.is_superuser or program.admins.filter(person=user).exists()


def may_make_program(user: User) -> bool:
    """From a template, a superuser; whoever runs a program makes the next one after it (`may_follow`)."""
    return user.is_active and user.is_superuser


def may_follow(user: User, program: Program) -> bool:
    """Who may make another program after this one: those who run it."""
    return may_administer(user, program)


def may_move(user: User, program: Program, move: str) -> bool:
    """Whether this person may change its status in this way, as it stands now."""
    return may_administer(user, program) and program.status in MOVES[move].before


def takes_people(program: Program, now: datetime) -> bool:
    """Whether anybody may still come into it: it is not closed, and its last day has not gone by."""
    is_past = program.ends_on is not None and program.ends_on < program.today(now)
    return program.status in TAKES_PEOPLE and not is_past


def offers_places(program: Program, now: datetime) -> bool:
    """Whether those who wait are offered what falls free: a program that rests, or is over, offers nothing."""
    return program.status == Program.Status.ACTIVE and takes_people(program, now)


def is_invited(place: Enrollment, now: datetime) -> bool:
    """Whether an invitation waits for their answer: it would let them in, whatever is done to the place meanwhile."""
    waiting = Invitation.objects.unanswered(now)
    return waiting.filter(program=place.program_id, person=place.person_id).exists()


def may_come_in(place: Enrollment | None, invitation: Invitation) -> bool:
    """Whether an invitation makes something of this place. One that was ended, and one that was declined by those who
    run the program, comes back by a personal invitation only."""
    if place is None or place.status == Enrollment.Status.INVITED or place.said_no:
        return True
    let_go = (Enrollment.Status.WITHDRAWN, Enrollment.Status.DECLINED)
    return place.status in let_go and invitation.is_personal


def takes_applications(program: Program, now: datetime) -> bool:
    """Whether people find this program by themselves and may ask for a place in it now."""
    until = program.applications_until
    return (
        program.status == Program.Status.ACTIVE
        and program.join_policy in Program.ASKED_FOR
        and takes_people(program, now)
        and (until is None or program.today(now) <= until)
    )


def may_apply(person: User, program: Program, place: Enrollment | None, now: datetime) -> bool:
    """`place` is theirs in this program. Whoever has an invitation that waits answers that one."""
    return (
        person.is_active
        and takes_applications(program, now)
        and (place is None or not place.is_settled)
        and not person.invitations.unanswered(now).filter(program=program).exists()
    )


def may_change_place(place: Enrollment, now: datetime) -> bool:
    """Whether its person may say otherwise what they offer, seek and answer."""
    return place.status in CHANGED and takes_people(place.program, now)


def may_change_role(place: Enrollment) -> bool:
    """Until they are in, or a place is held for them in the role that they asked for."""
    return place.status in WAITS and place.offered_at is None


def may_answer_offer(place: Enrollment, now: datetime) -> bool:
    return place.is_offered(now) and takes_people(place.program, now)


def may_withdraw(place: Enrollment) -> bool:
    """Always: also out of a pairing, and out of a program that is closed to others."""
    return place.status in (*WAITS, *Enrollment.IN)


def may_pause_place(place: Enrollment, now: datetime) -> bool:
    return place.status == Enrollment.Status.ACTIVE and takes_people(place.program, now)


def may_come_back(place: Enrollment, now: datetime) -> bool:
    return place.status == Enrollment.Status.PAUSED and takes_people(place.program, now)


def latest_pause(program: Program, now: datetime) -> date:
    """A place is kept for so long without its person: a year, and no longer than the program goes on."""
    year = program.today(now) + timedelta(days=LONGEST_PAUSE)
    return min(year, program.ends_on) if program.ends_on else year


def may_open_admin(user: User) -> bool:
    """Whether the Django admin has anything for this person."""
    if not user.is_active:
        return False
    return user.is_superuser or user.administered.exists()
