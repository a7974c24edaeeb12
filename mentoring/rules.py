"""Who may do what with programs, pairings and meetings: asked by the actions and by the templates alike."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from accounts.models import User

from .models import (
    Concern,
    Enrollment,
    Farewell,
    FitCheck,
    Invitation,
    Meeting,
    MeetingProposal,
    Pairing,
    PairingRequest,
    Program,
    Step,
)

# A pair plans its meetings from the second yes on, so that the first one can be in the diary before the first day.
MEETS = (Pairing.Status.ACCEPTED, Pairing.Status.ACTIVE)

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
LONGEST_EXTENSION = 731  # days


def is_one_of_the_two(user: User, pairing: Pairing) -> bool:
    return user.pk in (pairing.mentor_id, pairing.mentee_id)


def has_said_yes(user: User, pairing: Pairing) -> bool:
    """Whether this one of the two has accepted the pairing."""
    answer = pairing.mentor_accepted_at if pairing.is_mentor(user) else pairing.mentee_accepted_at
    return is_one_of_the_two(user, pairing) and answer is not None


def may_accept(user: User, pairing: Pairing) -> bool:
    """Each of the two, once, while the question is open."""
    return (
        user.is_active
        and pairing.status in Pairing.ASKED
        and is_one_of_the_two(user, pairing)
        and not has_said_yes(user, pairing)
    )


def may_decline(user: User, pairing: Pairing) -> bool:
    """Either of the two while the question is open, also after a yes: a mind may change until both have said it."""
    return user.is_active and pairing.status in Pairing.ASKED and is_one_of_the_two(user, pairing)


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


def may_ask_back(user: User, request: PairingRequest) -> bool:
    """The mentor, once, while it is open."""
    return (
        user.is_active
        and request.state == PairingRequest.State.ASKED
        and (user.pk == request.mentor_id and not request.question)
    )


def may_reply(user: User, request: PairingRequest) -> bool:
    """The mentee, once, to what was asked back."""
    return (
        user.is_active
        and request.state == PairingRequest.State.ASKED
        and (user.pk == request.mentee_id and request.waits_for_reply)
    )


def may_take_back(user: User, request: PairingRequest) -> bool:
    return user.is_active and request.is_open and user.pk == request.mentee_id


def may_set_room(user: User, place: Enrollment, now: datetime) -> bool:
    """A mentor of their own place, also in a pause."""
    return (
        user.is_active
        and place.person_id == user.pk
        and place.role != Enrollment.Role.MENTEE
        and place.status in Enrollment.IN
        and takes_people(place.program, now)
    )


def may_read_partner(user: User, pairing: Pairing) -> bool:
    """Whether this one of the two may read the other's profile for this pairing: until it is over. A mentee who asks a
    mentor has opened their own by it, and sees of the mentor what the program's directory shows, until there is a yes.
    """
    asks = pairing.status == Pairing.Status.REQUESTED and user.pk == pairing.mentee_id
    return is_one_of_the_two(user, pairing) and pairing.is_open and not asks


def may_write_to_partner(user: User, pairing: Pairing) -> bool:
    """Whether the page shows the other's address: from the second yes to the last day."""
    return is_one_of_the_two(user, pairing) and pairing.status in (*MEETS, Pairing.Status.PAUSED)


def may_plan_meeting(user: User, pairing: Pairing) -> bool:
    return (
        user.is_active
        and pairing.status in MEETS
        and is_one_of_the_two(user, pairing)
        and pairing.program.status not in Program.OVER
    )


def may_move_meeting(user: User, meeting: Meeting, now: datetime, *, is_for_several: bool) -> bool:
    """Either of the two, until it has begun and while they meet at all; what is for several, their mentor."""
    return (
        meeting.cancelled_at is None
        and meeting.starts_at > now
        and may_plan_meeting(user, meeting.pairing)
        and (not is_for_several or meeting.pairing.is_mentor(user))
    )


def may_answer_meeting(user: User, meeting: Meeting, now: datetime) -> bool:
    """Either of the two says whether they come, until it has begun."""
    return may_move_meeting(user, meeting, now, is_for_several=False)


def is_asked_for_time(user: User, proposal: MeetingProposal) -> bool:
    """Whether this is the one of the two to whom times were proposed."""
    is_theirs = is_one_of_the_two(user, proposal.pairing)
    return user.is_active and is_theirs and user.pk != proposal.proposed_by_id


def may_cancel_meeting(user: User, meeting: Meeting, now: datetime) -> bool:
    """Either of the two, until it has begun; a paused or ended pairing's meetings too, for nobody will come."""
    return (
        user.is_active
        and meeting.cancelled_at is None
        and meeting.starts_at > now
        and is_one_of_the_two(user, meeting.pairing)
    )


def may_write_in_room(user: User, pairing: Pairing) -> bool:
    """Whether this one of the two writes what they agree on, work towards, note or talk about, or says that they met:
    from the second yes on, in a pause too, until the pairing or its program is over."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and pairing.status in Pairing.MADE
        and pairing.program.status not in Program.OVER
    )


def is_there(person: User) -> bool:
    """Whether words to somebody reach them: an account that is erased reads nothing."""
    return person.erased_at is None


def may_pause_pairing(user: User, pairing: Pairing) -> bool:
    """Either of the two, while it goes on in a program that does."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and pairing.status == Pairing.Status.ACTIVE
        and pairing.program.status not in Program.OVER
    )


def may_resume_pairing(user: User, pairing: Pairing, pause: Step | None) -> bool:
    """Before its day, whoever paused it (`pause`, the last one). A pause by those who run the program has no day, and
    ends when they say so."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and pairing.status == Pairing.Status.PAUSED
        and pairing.paused_until is not None
        and pairing.program.status not in Program.OVER
        and pause is not None
        and pause.person_id == user.pk
    )


def may_end_pairing(user: User, pairing: Pairing) -> bool:
    """Either of the two, from the second yes on, in a pause too."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and pairing.status in Pairing.MADE
        and pairing.program.status not in Program.OVER
    )


def may_complete_pairing(user: User, pairing: Pairing) -> bool:
    """As `may_end_pairing`; what has not begun has not run its course."""
    return may_end_pairing(user, pairing) and pairing.status in Pairing.UNDER_WAY


def may_extend_pairing(user: User, pairing: Pairing, now: datetime) -> bool:
    """Either of the two, while there is a later day that it could run until."""
    return may_complete_pairing(user, pairing) and earliest_extension(pairing, now) <= latest_extension(
        pairing, now
    )


def earliest_extension(pairing: Pairing, now: datetime) -> date:
    """Later than the last day as it is planned, and not a day that has come."""
    day = pairing.program.today(now)
    return (max(day, pairing.runs_until) if pairing.runs_until else day) + timedelta(days=1)


def latest_extension(pairing: Pairing, now: datetime) -> date:
    """The program's own last day; two years, where it has none."""
    ends_on = pairing.program.ends_on
    # What has no last day of its own runs until then anyway.
    if ends_on is not None and pairing.runs_until is None:
        ends_on -= timedelta(days=1)
    longest = pairing.program.today(now) + timedelta(days=LONGEST_EXTENSION)
    return min(longest, ends_on) if ends_on else longest


def latest_pairing_pause(pairing: Pairing, now: datetime) -> date:
    """A year, and no longer than the pairing is to go on."""
    latest = latest_pause(pairing.program, now)
    return min(latest, pairing.runs_until) if pairing.runs_until else latest


def may_say_farewell(user: User, pairing: Pairing, farewell: Farewell | None) -> bool:
    """Whoever of the two was asked (`farewell`), and each of them once it is over, for as long as it can be read."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and (pairing.status in Pairing.OVER or (farewell is not None and pairing.status in Pairing.UNDER_WAY))
        and pairing.program.status != Program.Status.ARCHIVED
    )


def may_say_whether_met(user: User, meeting: Meeting, now: datetime) -> bool:
    """Either of the two, from the beginning of the meeting on, and otherwise than before as well."""
    return (
        meeting.cancelled_at is None and meeting.starts_at <= now and may_write_in_room(user, meeting.pairing)
    )


def may_answer_fit_check(user: User, check: FitCheck) -> bool:
    """Whoever was asked, also otherwise than before, until those who run the program have seen to it. Whether another
    one came after it, the rows say (`FitCheckQuerySet.open`)."""
    pairing = check.pairing
    return (
        user.is_active
        and user.pk == check.person_id
        and check.settled_at is None
        and pairing.status in (Pairing.Status.ACTIVE, Pairing.Status.PAUSED)
        and pairing.program.status not in Program.OVER
    )


def may_tell_concern(user: User, pairing: Pairing) -> bool:
    """Each of the two, as long as the page of the pairing is there: also once it is over, or its program is."""
    return (
        user.is_active and is_one_of_the_two(user, pairing) and pairing.status not in Pairing.CAME_TO_NOTHING
    )


def may_answer_concern(user: User, concern: Concern) -> bool:
    """Whoever was named to hear it, once."""
    return user.is_active and user.pk == concern.contact_id and concern.replied_at is None


def may_take_back_concern(user: User, concern: Concern) -> bool:
    """Whoever told it, until it was read. One question to the database."""
    return (
        user.is_active
        and user.pk == concern.person_id
        and concern.closed_at is None
        and not concern.readings.exists()
    )


def may_answer_silence(user: User, pairing: Pairing) -> bool:
    """Either of the two, how it is with a pair of which nothing was heard; the rows say whether it is still asked."""
    return user.is_active and pairing.status == Pairing.Status.ACTIVE and is_one_of_the_two(user, pairing)


def may_say_in_touch(user: User, pairing: Pairing) -> bool:
    """Either of the two, once it is over, whether they would like to stay in touch; and otherwise at any time."""
    return user.is_active and pairing.status in Pairing.OVER and is_one_of_the_two(user, pairing)


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


def earliest_meeting(now: datetime) -> datetime:
    """A meeting may be written down a little late, but not planned for yesterday."""
    return now - timedelta(minutes=15)


def latest_meeting(now: datetime) -> datetime:
    """What lies further ahead is a slip of the hand."""
    return now + timedelta(days=731)
