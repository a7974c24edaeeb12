"""Who may do what in a pairing, from the question to its last day."""

from accounts.models import User
from mentoring.models import Concern, FitCheck, Pairing, PairingRequest, Program

# A pair plans its meetings from the second yes on, so that the first one can be in the diary before the first day.
MEETS = (Pairing.Status.ACCEPTED, Pairing.Status.ACTIVE)


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


def may_read_partner(user: User, pairing: Pairing) -> bool:
    """Whether this one of the two may read the other's profile for this pairing: until it is over. A mentee who asks a
    mentor has opened their own by it, and sees of the mentor what the program's directory shows, until there is a yes.
    """
    asks = pairing.status == Pairing.Status.REQUESTED and user.pk == pairing.mentee_id
    return is_one_of_the_two(user, pairing) and pairing.is_open and not asks


def may_write_to_partner(user: User, pairing: Pairing) -> bool:
    """Whether the page shows the other's address: from the second yes to the last day."""
    return is_one_of_the_two(user, pairing) and pairing.status in (*MEETS, Pairing.Status.PAUSED)


def may_write_in_room(user: User, pairing: Pairing) -> bool:
    """Whether this one of the two writes what they agree on, work towards, note or talk about, or says that they met:
    from the second yes on, in a pause too, until the pairing or its program is over."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and pairing.status in Pairing.MADE
        and pairing.program.status not in Program.OVER
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
