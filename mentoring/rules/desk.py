"""What those who run a program do for its people, and what those say to it."""

from datetime import datetime

from accounts.models import User
from mentoring.models import AcceptedFor, AdminNote, Pairing, Program

from .pairings import has_said_yes, is_one_of_the_two
from .programs import may_administer


def may_take_back_admin_note(user: User, note: AdminNote) -> bool:
    """Its author, while they run the program."""
    return note.author_id == user.pk and may_administer(user, note.program)


def may_log_for_them(user: User, pairing: Pairing) -> bool:
    """Whether this person, who runs the program, writes down that the two met: as long as they could themselves."""
    return (
        pairing.status in Pairing.MADE
        and pairing.program.status not in Program.OVER
        and not is_one_of_the_two(user, pairing)
        and may_administer(user, pairing.program)
    )


def may_accept_on_behalf(user: User, pairing: Pairing, person: User) -> bool:
    """Whether this person, who runs the program, says yes for one of the two, who has not and is there to be a pair:
    while the question is open. Whoever is one of the two answers for themselves, and for nobody else. Up to two
    questions to the database."""
    return (
        pairing.status in Pairing.ASKED
        and pairing.program.status == Program.Status.ACTIVE
        and is_one_of_the_two(person, pairing)
        and not has_said_yes(person, pairing)
        and person.is_active
        and person.erasure_due_at is None
        and not is_one_of_the_two(user, pairing)
        and may_administer(user, pairing.program)
        and not said_it_was_none(pairing, person)
    )


def said_it_was_none(pairing: Pairing, person: User) -> bool:
    """Whether this one of the two has taken back a yes that was said for them: from then on they answer themselves.
    One question to the database."""
    return AcceptedFor.objects.filter(pairing=pairing, person=person, taken_back_at__isnull=False).exists()


def may_take_back_yes(user: User, accepted: AcceptedFor, now: datetime) -> bool:
    """Whoever it was said for, while the question is open, and for a week once the two are a pair."""
    until = accepted.until
    return (
        user.is_active
        and user.pk == accepted.person_id
        and accepted.taken_back_at is None
        and (until is None or now < until)
        and accepted.pairing.status in Pairing.OPEN
        and accepted.pairing.program.status not in Program.OVER
    )
