"""A mentee asks a mentor: from the note to the mentor's answer, and to the next choice.

A request that has reached its mentor has a pairing in the state REQUESTED, to which the mentee has said yes: answering
it is answering the pairing (actions/pairings.py). Until then it waits: for those who run the program, where they look
at requests first, or for an answer of somebody who was asked before.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import open_requests, places, rules
from mentoring.matching.fit import Musts
from mentoring.matching.people import Pair
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from mentoring.models.enrollment import MOST_MENTEES
from mentoring.models.program import MOST_REQUESTS
from mentoring.models.request import EXPIRES_AFTER, LONGEST_REQUEST
from mentoring.pool import pool_of
from mentoring.request_emails import ASKED, ASKED_BACK, REPLIED
from mentoring.why import Facts, facts

from .refused import Refused

State = PairingRequest.State
CLOSED = _("This request is no longer open.")


# --- Asking ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_mentor(program: Program, mentor: User, *, by: User, note: str, now: datetime) -> PairingRequest:
    """A mentee asks this mentor, with a note. With as many open requests as the program allows, it waits as the next
    choice, and goes out by itself (`ask_next_choices`).

    Raises Refused when the program takes no requests, when one of the two is not active there in that role, when the
    mentor has no room or the mentee needs nobody, when there is an open request or pairing between the two, when the
    program's must-haves forbid the pair, and for a note that is too long.
    """
    if not rules.may_ask(by, program, now):
        raise Refused(_("In this program you cannot ask a mentor now."))
    if mentor.pk == by.pk:
        raise Refused(_("Nobody can be their own mentor."))
    # Behind the program's lock the number of open requests is what it is.
    program = places.locked(program)
    if not rules.may_ask(by, program, now):
        raise Refused(_("In this program you cannot ask a mentor now."))
    if PairingRequest.objects.open().filter(program=program, mentee=by, mentor=mentor).exists():
        raise Refused(_("You have asked this person already."))
    reasons = _check(program, mentor, by, now)
    request = PairingRequest(
        program=program,
        mentee=by,
        mentor=mentor,
        note=_clean(note),
        created_at=now,
        is_read_by_admins=program.requests_are_checked,
    )
    mine = PairingRequest.objects.filter(program=program, mentee=by)
    # Nobody goes past the choices that wait already.
    if mine.counted().count() >= program.open_requests or mine.waiting().exists():
        request.state, request.position = State.WAITING, _last_in_line(program, by) + 1
    elif program.requests_are_checked:
        request.state = State.CHECKED
    else:
        _send(request, reasons, now)
    request.save(force_insert=True)
    if request.state == State.ASKED:
        _tell_mentor(request, now)
    return request


def _last_in_line(program: Program, mentee: User) -> int:
    """Where the last of their next choices stands. Raises Refused where there are as many as anybody may line up."""
    waiting = list(PairingRequest.objects.waiting().filter(program=program, mentee=mentee))
    if len(waiting) >= MOST_REQUESTS:
        raise Refused(_("You have as many next choices as fit in line. Take one back first."))
    return max((request.position for request in waiting), default=0)


@transaction.atomic
def pass_on(request: PairingRequest, *, by: User, now: datetime) -> None:
    """Somebody who runs the program has looked at a request and lets it reach the mentor."""
    _check_admin(request, by)
    program = places.locked(request.program)
    if not rules.takes_requests_now(program, now):
        raise Refused(_("This program takes no requests now."))
    _ask_now(request, State.CHECKED, now)


@transaction.atomic
def keep_back(request: PairingRequest, *, by: User, now: datetime) -> None:
    """Somebody who runs the program has looked at a request and does not pass it on; the mentee hears of it."""
    _check_admin(request, by)
    open_requests.lock_places(request.program, [request.mentee_id, request.mentor_id])
    looked_at = PairingRequest.objects.filter(pk=request.pk, state=State.CHECKED)
    if not open_requests.end((looked_at, open_requests.NOT_PASSED_ON), now=now):
        raise Refused(CLOSED)


@transaction.atomic
def take_back_request(request: PairingRequest, *, by: User, now: datetime) -> None:
    """The mentee has changed their mind, whether the mentor has read it or not."""
    if by.pk != request.mentee_id:
        raise Refused(_("Only whoever asked takes a request back."))
    # Behind this lock it is not asked at this moment: what is read of it stays so.
    open_requests.lock_places(request.program, [request.mentee_id, request.mentor_id])
    rows = PairingRequest.objects.filter(pk=request.pk)
    if not open_requests.end((rows, open_requests.TAKEN_BACK), now=now):
        raise Refused(CLOSED)


# --- Tell me more first ---------------------------------------------------------------------------------------------


@transaction.atomic
def ask_back(request: PairingRequest, *, by: User, question: str, now: datetime) -> None:
    """The mentor would like to know more before they answer, once. Both have their days anew.

    Raises Refused for anybody else, for a request that is no longer open, for a second time and for no words.
    """
    if by.pk != request.mentor_id:
        raise Refused(_("Only the mentor who was asked asks back."))
    question = _clean(question, required=True)
    open_requests.keep_people([request.mentor_id, request.mentee_id])
    _give_days_anew(request, now)
    open_ones = PairingRequest.objects.filter(pk=request.pk, state=State.ASKED, question="")
    if not open_ones.update(question=question, question_at=now):
        raise Refused(_("You have asked back already. Once is enough to decide by."))
    _tell(ASKED_BACK, request, request.mentee_id, now)


@transaction.atomic
def reply(request: PairingRequest, *, by: User, reply: str, now: datetime) -> None:
    """The mentee tells the mentor more, once; the mentor has their days to answer anew.

    Raises Refused for anybody else, where nothing was asked, for a second time and for no words.
    """
    if by.pk != request.mentee_id:
        raise Refused(_("Only whoever asked tells more."))
    reply = _clean(reply, required=True)
    open_requests.keep_people([request.mentor_id, request.mentee_id])
    _give_days_anew(request, now)
    open_ones = PairingRequest.objects.filter(pk=request.pk, state=State.ASKED, reply="")
    if not open_ones.exclude(question="").update(reply=reply, reply_at=now):
        raise Refused(_("There is nothing to reply to, or you have replied already."))
    _tell(REPLIED, request, request.mentor_id, now)


# --- Room -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_room(place: Enrollment, capacity: int, *, by: User, now: datetime) -> int:
    """A mentor says how many mentees they have room for at one time, those they have included: how many requests ended
    because there is no room for them. Nobody loses a pairing by it.

    Raises Refused for somebody else's place, one in which nobody is mentored, and a number that makes no sense.
    """
    place = open_requests.lock_places(place.program, [place.person_id])[place.person_id]
    if not rules.may_set_room(by, place, now):
        raise Refused(_("Only an active mentor says how many mentees they have room for."))
    if not 0 <= capacity <= MOST_MENTEES:
        raise Refused(_("Say a number from 0 to %(most)d.") % {"most": MOST_MENTEES})
    Enrollment.objects.filter(pk=place.pk).update(capacity=capacity)
    place.capacity = capacity
    return open_requests.end_where_full(place, now)


# --- The next choice ------------------------------------------------------------------------------------------------


def ask_next_choices(now: datetime) -> int:
    """Whoever has fewer open requests than their program allows, and further choices, asks the next one: how many.

    What cannot be asked any more, because the mentor has no room by now, is closed, and the mentee told. Each in its
    own transaction. Where a program no longer looks at requests first, those that waited for that are asked, too.
    """
    ready = PairingRequest.objects.could_be_asked(now).with_people()
    unchecked = ready.filter(state=State.CHECKED, program__requests_are_checked=False)
    asked = sum(_asked_next(request, now) for request in unchecked.order_by("created_at", "pk"))
    # First those that come first; whether their mentee may ask one more, each asks again behind its lock.
    return asked + sum(_asked_next(request, now) for request in ready.waiting())


@transaction.atomic
def _asked_next(request: PairingRequest, now: datetime) -> bool:
    program = places.locked(request.program)
    if not rules.takes_requests_now(program, now):
        return False
    mine = PairingRequest.objects.filter(program=program, mentee=request.mentee_id)
    if request.state == State.WAITING and mine.counted().count() >= program.open_requests:
        return False
    # A proposal that is not answered yet may come to nothing: the choice waits for that, also if it is of these two.
    here = Pairing.objects.filter(program=program)
    if here.holding().filter(mentee=request.mentee_id).count() >= program.pairings_per_mentee:
        return False
    if here.open().between(request.mentor, request.mentee).exists():
        return False
    if program.requests_are_checked and request.state == State.WAITING:
        waiting = PairingRequest.objects.filter(pk=request.pk, state=State.WAITING)
        return bool(waiting.update(state=State.CHECKED))
    try:
        with transaction.atomic():
            _ask_now(request, request.state, now)
    except NoRoom as full:
        if not full.is_for_good:
            return False
        open_requests.end((mine.filter(pk=request.pk), open_requests.FULL), now=now)
        return False
    except Refused:
        open_requests.end((mine.filter(pk=request.pk), open_requests.AWAY), now=now)
        return False
    return True


class NoRoom(Refused):
    """The mentor would take requests, and has as many mentees as they have room for; but for `is_for_good`, only with
    those to whom they are proposed, which may come to nothing."""

    def __init__(self, mentor: User, *, is_for_good: bool) -> None:
        super().__init__(_("%(name)s has no room for another mentee now.") % {"name": mentor.first_name})
        self.is_for_good = is_for_good


@dataclass(frozen=True)
class _Two:
    """The places of both, held."""

    mentor: Enrollment
    mentee: Enrollment


def _ask_now(request: PairingRequest, state: str, now: datetime) -> None:
    """One that is in `state` reaches its mentor. Raises Refused where that cannot be any more."""
    reasons = _check(request.program, request.mentor, request.mentee, now)
    locked = PairingRequest.objects.select_for_update(no_key=True, of=("self",))
    found = locked.filter(pk=request.pk, state=state).with_people().first()
    if found is None:
        raise Refused(CLOSED)
    _send(found, reasons, now)
    found.save(update_fields=["state", "asked_at", "pairing"])
    _tell_mentor(found, now)


def _send(request: PairingRequest, reasons: Facts, now: datetime) -> None:
    """The two locks of `_check` are held: the question exists from here on."""
    program = request.program
    request.pairing = Pairing.objects.create(
        program=program,
        mentor=request.mentor,
        mentee=request.mentee,
        status=Pairing.Status.REQUESTED,
        mentee_accepted_at=now,
        starts_on=max(program.today(now), program.starts_on),
        answer_by=now + EXPIRES_AFTER,
        reasons=reasons,
        created_at=now,
    )
    request.state, request.asked_at = State.ASKED, now


def _tell_mentor(request: PairingRequest, now: datetime) -> None:
    _tell(ASKED, request, request.mentor_id, now)


def _tell(kind: str, request: PairingRequest, person_id: int, now: datetime) -> None:
    outbox.owe(kind, person_id, request.pk, due_at=now, expires_at=now + EXPIRES_AFTER)


def _give_days_anew(request: PairingRequest, now: datetime) -> None:
    """The question first, as whoever answers it does. Raises Refused where it is not open."""
    if request.pairing is None:
        raise Refused(CLOSED)
    asked = Pairing.objects.filter(pk=request.pairing.pk, status=Pairing.Status.REQUESTED)
    if not asked.update(answer_by=now + EXPIRES_AFTER):
        raise Refused(CLOSED)


def _clean(words: str, *, required: bool = False) -> str:
    words = words.replace("\r\n", "\n").replace("\0", "").strip()
    if required and not words:
        raise Refused(_("Write a sentence or two."))
    if len(words) > LONGEST_REQUEST:
        raise Refused(_("Keep it to %(number)d characters.") % {"number": LONGEST_REQUEST})
    return words


def _check_admin(request: PairingRequest, by: User) -> None:
    if not rules.may_administer(by, request.program):
        raise Refused(_("Only those who run a program do this."))


def _held(program: Program, mentor: User, mentee: User) -> _Two:
    """Raises Refused where one of the two is not here for it."""
    found = open_requests.lock_places(program, [mentor.pk, mentee.pk])
    theirs, own = found.get(mentor.pk), found.get(mentee.pk)
    if theirs is None or not rules.takes_mentees(theirs):
        raise Refused(_("%(name)s takes no requests now.") % {"name": mentor.first_name})
    if own is None or not rules.seeks_mentor(own):
        raise Refused(_("In this program you cannot ask a mentor now."))
    return _Two(theirs, own)


def _check(program: Program, mentor: User, mentee: User, now: datetime) -> Facts:
    """Whether these two can be a pair, behind the locks of their places; what speaks for it. Raises Refused."""
    two = _held(program, mentor, mentee)
    holding = Pairing.objects.filter(program=program).holding()
    room = two.mentor.capacity - holding.filter(mentor=mentor).count()
    if room <= 0:
        made = holding.made().filter(mentor=mentor).count()
        raise NoRoom(mentor, is_for_good=made >= two.mentor.capacity)
    if holding.filter(mentee=mentee).count() >= program.pairings_per_mentee:
        raise Refused(_("You have as many mentors here as this program allows."))
    if Pairing.objects.filter(program=program).open().between(mentor, mentee).exists():
        raise Refused(_("The two of you have an open pairing in this program already."))
    pool = pool_of(program, [two.mentee], [two.mentor], now, room={mentor.pk: room})
    matching = pool.matching
    if any(Musts(matching).broken(matching.mentees[0], matching.mentors[0])):
        # Not which one: it may be somebody's line manager, or what somebody said of the other in confidence.
        raise Refused(_("The two of you do not fit by what this program asks of a pair."))
    return facts(matching, Pair(mentee.pk, mentor.pk))
