"""Who may let a pairing rest, go on longer and end, and what the two may do afterwards."""

from datetime import date, datetime, timedelta

from accounts.models import User
from mentoring.models import Farewell, Pairing, Program, Step

from .pairings import is_one_of_the_two
from .programs import latest_pause

LONGEST_EXTENSION = 731  # days


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


def has_time_to_rest(pairing: Pairing, now: datetime) -> bool:
    """Whether there is a day on which it could go on after a pause: none from its last day on."""
    return pairing.program.today(now) < latest_pairing_pause(pairing, now)


def may_say_farewell(user: User, pairing: Pairing, farewell: Farewell | None) -> bool:
    """Whoever of the two was asked (`farewell`), and each of them once it is over, for as long as it can be read."""
    return (
        user.is_active
        and is_one_of_the_two(user, pairing)
        and (pairing.status in Pairing.OVER or (farewell is not None and pairing.status in Pairing.UNDER_WAY))
        and pairing.program.status != Program.Status.ARCHIVED
    )


def may_answer_silence(user: User, pairing: Pairing) -> bool:
    """Either of the two, how it is with a pair of which nothing was heard; the rows say whether it is still asked."""
    return user.is_active and pairing.status == Pairing.Status.ACTIVE and is_one_of_the_two(user, pairing)


def may_say_in_touch(user: User, pairing: Pairing) -> bool:
    """Either of the two, once it is over, whether they would like to stay in touch; and otherwise at any time."""
    return user.is_active and pairing.status in Pairing.OVER and is_one_of_the_two(user, pairing)
