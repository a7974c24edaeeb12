"""What ends with a request, and what ends it when its mentor does not: a pair that was made, room that is gone, people
who are away, a pair that is ruled out; and what ends a proposal. Called by those who bring that about, in their
transaction.

Whoever ends requests of somebody holds that person's place. Rows are locked in one order by all: places, then pairings,
then requests, each by number. So two who end the same ones wait for each other, and the later finds them over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts.mail import outbox
from accounts.mail.outbox import Owed
from accounts.models import User

from . import rules
from .emails import UNANSWERED
from .models import Enrollment, Pairing, PairingRequest, Program
from .models.pairing import PairingQuerySet
from .models.request import PairingRequestQuerySet
from .request_emails import DECLINED, ENDED, EXPIRED

State = PairingRequest.State
Because = PairingRequest.Because
# A letter that could not go out for so long would only puzzle: the page says it all by then.
LETTER_LIVES = timedelta(days=14)
MADE = Pairing.MADE


@dataclass(frozen=True)
class Ending:
    """How a request ends; `because` is empty where one of the two has said so."""

    state: str
    because: str = ""

    @property
    def letter(self) -> str:
        """What the mentee hears. Nothing of what they did themselves, or hear of anyway."""
        if self.state in (State.WITHDRAWN, State.ACCEPTED):
            return ""
        if self.because:
            return ENDED
        return DECLINED if self.state == State.DECLINED else EXPIRED


FULL = Ending(State.DECLINED, Because.ROOM)
AWAY = Ending(State.DECLINED, Because.AWAY)
PAIRED = Ending(State.WITHDRAWN, Because.PAIRED)
OVER = Ending(State.EXPIRED, Because.PROGRAM)
NOT_PASSED_ON = Ending(State.DECLINED, Because.ORGANIZERS)
TAKEN_BACK = Ending(State.WITHDRAWN)


def end(*groups: tuple[PairingRequestQuerySet, Ending], now: datetime) -> int:
    """Those of each group that are still open end so, with their questions to mentors: how many."""
    endings = {request.pk: (request, ending) for rows, ending in reversed(groups) for request in rows.open()}
    keep_people(request.mentee_id for request, ending in endings.values() if ending.letter)
    asked = [request.pairing_id for request, _ending in endings.values() if request.pairing_id]
    open_questions = Pairing.objects.filter(pk__in=asked, status=Pairing.Status.REQUESTED).order_by("pk")
    ours = set(open_questions.select_for_update(no_key=True).values_list("pk", flat=True))
    Pairing.objects.filter(pk__in=ours).update(status=Pairing.Status.EXPIRED)
    # A question that somebody else answered a moment ago has taken its request along.
    going = [
        pk for pk, (request, _) in endings.items() if not request.pairing_id or request.pairing_id in ours
    ]
    rows = PairingRequest.objects.open().filter(pk__in=going).order_by("pk").select_for_update(no_key=True)
    found = list(rows)
    for request in found:
        _close(request, endings[request.pk][1], now)
    return len(found)


def answered(pairing: Pairing, ending: Ending, now: datetime) -> None:
    """The request behind a question that whoever calls has just answered, in this transaction."""
    for request in PairingRequest.objects.open().filter(pairing=pairing).select_for_update(no_key=True):
        _close(request, ending, now)


def end_proposals(rows: PairingQuerySet, now: datetime) -> int:
    """Those of these proposals that are still open come to nothing, and whoever had said yes hears of it: how many.

    A place that is not held by whoever calls falls free by it: nobody needs to wait for that.
    """
    proposed = rows.filter(status=Pairing.Status.PROPOSED)
    keep_people(key for two in proposed.values_list("mentor", "mentee") for key in two)
    # Read behind the lock: a yes may have come since the caller looked.
    found = list(proposed.order_by("pk").select_for_update(no_key=True, of=("self",)).with_people())
    Pairing.objects.filter(pk__in=[ended.pk for ended in found]).update(status=Pairing.Status.EXPIRED)
    outbox.owe_many(
        Owed(UNANSWERED, person.pk, ended.pk, now, now + LETTER_LIVES)
        for ended in found
        for person in (ended.mentor, ended.mentee)
        if ended.asks(person) and rules.has_said_yes(person, ended)
    )
    return len(found)


def end_between(program: Program, one: User, other: User, now: datetime) -> None:
    """Those who run the program do not want these two, whose places are held, to become a pair: what is asked between
    them, or about to be, ends. What they have, or will have on a day that is set, goes on."""
    end_proposals(Pairing.objects.filter(program=program).between(one, other), now)
    end((PairingRequest.objects.filter(program=program).between(one, other), NOT_PASSED_ON), now=now)


def after_a_pair_is_made(pairing: Pairing, capacity: int, now: datetime) -> None:
    """Its own request, if there was one, is accepted. With as many mentors as the program allows, the mentee's other
    requests and proposals are over; with as many mentees as the mentor has room for (`capacity`), those to the mentor.
    """
    program = pairing.program
    groups = []
    mine = PairingRequest.objects.filter(program=program, mentee=pairing.mentee_id).exclude(pairing=pairing)
    made = Pairing.objects.filter(program=program, status__in=MADE)
    if made.filter(mentee=pairing.mentee_id).count() >= program.pairings_per_mentee:
        groups.append((mine, PAIRED))
        # Nobody could say yes to them any more, and each holds a place of its mentor.
        others = Pairing.objects.filter(program=program, mentee=pairing.mentee_id)
        end_proposals(others.exclude(pk=pairing.pk), now)
    else:
        # The next choice was the same person: there is nothing left to ask.
        groups.append((mine.filter(mentor=pairing.mentor_id), PAIRED))
    if made.filter(mentor=pairing.mentor_id).count() >= capacity:
        groups.append((_reached(program, pairing.mentor_id).exclude(pairing=pairing), FULL))
    end(*groups, now=now)
    answered(pairing, Ending(State.ACCEPTED), now)


def end_where_full(place: Enrollment, now: datetime) -> int:
    """Those to this mentor end, where there is no room left in a place that is held and says so."""
    made = Pairing.objects.filter(program=place.program_id, mentor=place.person_id, status__in=MADE)
    if made.count() < place.capacity:
        return 0
    return end((_reached(place.program, place.person_id), FULL), now=now)


def end_of(person: User, program: Program, now: datetime) -> int:
    """Somebody is not there for requests any more: those that they made are taken back; whoever asked them hears."""
    here = PairingRequest.objects.filter(program=program)
    return end((here.filter(mentee=person), TAKEN_BACK), (here.filter(mentor=person), AWAY), now=now)


def _reached(program: Program, mentor_id: int) -> PairingRequestQuerySet:
    """Those to this mentor that are asked or about to be. A next choice waits: there may be room by then."""
    return PairingRequest.objects.counted().filter(program=program, mentor=mentor_id)


def _close(request: PairingRequest, ending: Ending, now: datetime) -> None:
    still = PairingRequest.objects.open().filter(pk=request.pk)
    if still.update(state=ending.state, because=ending.because, closed_at=now) and ending.letter:
        outbox.owe(ending.letter, request.mentee_id, request.pk, due_at=now, expires_at=now + LETTER_LIVES)


def lock_places(program: Program, people: Iterable[int]) -> dict[int, Enrollment]:
    """The places of these people by person, held until the transaction ends."""
    people = list(people)
    keep_people(people)
    rows = Enrollment.objects.filter(program=program, person__in=people).select_related("person")
    return {row.person_id: row for row in rows.order_by("pk").select_for_update(no_key=True, of=("self",))}


def keep_people(people: Iterable[int]) -> None:
    """Nobody of these is erased until the transaction ends; whoever is being erased is waited for.

    It is what the database does by itself for each row that points to somebody, only before their place, their pairings
    and their requests are locked, and not after: an erasure goes the same way. It holds up nobody else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(set(people))]
        )
