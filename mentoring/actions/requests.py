"""A mentee asks a mentor: from the note to the mentor's answer, and to the next choice.

A request that has reached its mentor has a pairing in the state REQUESTED, to which the mentee has said yes: answering
it is answering the pairing (actions/pairings.py). Until then it waits: for those who run the program, where they look
at requests first, or for an answer of somebody who was asked before.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import places, rules
from mentoring.emails import PROPOSED
from mentoring.matching.fit import Musts
from mentoring.matching.people import Pair
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from mentoring.models.program import MOST_REQUESTS
from mentoring.models.request import EXPIRES_AFTER
from mentoring.pool import pool_of
from mentoring.why import Facts, facts

from .refused import Refused

State = PairingRequest.State


@transaction.atomic
def ask_mentor(program: Program, mentor: User, *, by: User, note: str, now: datetime) -> PairingRequest:
    """A mentee asks this mentor, with a note. With as many open requests as the program allows, it waits as the next
    choice, and goes out by itself (`ask_next_choices`).

    Raises Refused when the program takes no requests, when one of the two is not active there in that role, when the
    mentor has no room or the mentee needs nobody, when there is an open request or pairing between the two, and when
    the program's must-haves forbid the pair.
    """
    if not rules.may_ask(by, program, now):
        raise Refused(_("In this program you cannot ask a mentor now."))
    if mentor.pk == by.pk:
        raise Refused(_("Nobody can be their own mentor."))
    # Behind the program's lock the number of open requests is what it is.
    program = places.locked(program)
    if PairingRequest.objects.open().filter(program=program, mentee=by, mentor=mentor).exists():
        raise Refused(_("You have asked this person already."))
    reasons = _check(program, mentor, by, now)
    request = PairingRequest(program=program, mentee=by, mentor=mentor, note=note, created_at=now)
    counted = PairingRequest.objects.counted().filter(program=program, mentee=by).count()
    if counted >= program.open_requests:
        request.state, request.position = State.WAITING, _last_in_line(program, by) + 1
    elif program.requests_are_checked:
        request.state = State.CHECKED
    else:
        _send(request, reasons, now)
    request.save(force_insert=True)
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
    if not rules.may_administer(by, request.program):
        raise Refused(_("Only those who run a program do this."))
    _ask_now(request, State.CHECKED, now)


@transaction.atomic
def take_back_request(request: PairingRequest, *, by: User, now: datetime) -> None:
    """The mentee has changed their mind, whether the mentor has read it or not."""
    if by.pk != request.mentee_id:
        raise Refused(_("Only whoever asked takes a request back."))
    if request.pairing_id is not None:
        # The pairing first, as whoever answers it does.
        Pairing.objects.filter(pk=request.pairing_id, status=Pairing.Status.REQUESTED).update(
            status=Pairing.Status.EXPIRED
        )
    if not _close(PairingRequest.objects.filter(pk=request.pk), State.WITHDRAWN, now):
        raise Refused(_("This request is no longer open."))


def ask_next_choices(now: datetime) -> int:
    """Whoever has fewer open requests than their program allows, and further choices, asks the next one: how many.

    What cannot be asked any more, because the mentor has no room by now, is closed. Each in its own transaction.
    """
    asked = 0
    waiting = PairingRequest.objects.waiting().filter(program__status=Program.Status.ACTIVE)
    for request in waiting.with_people():
        counted = PairingRequest.objects.counted().filter(
            program=request.program_id, mentee=request.mentee_id
        )
        if counted.count() < request.program.open_requests:
            asked += _asked_next(request, now)
    return asked


def request_answered(pairing: Pairing, state: str, now: datetime) -> None:
    """Called by whoever moves a pairing that was requested, in their transaction: the request is over, as `state`. With
    a mentor found, the mentee's other requests are over too, as many mentors as the program allows."""
    _close(PairingRequest.objects.filter(pairing=pairing), state, now)


@transaction.atomic
def _asked_next(request: PairingRequest, now: datetime) -> bool:
    program = places.locked(request.program)
    counted = PairingRequest.objects.counted().filter(program=program, mentee=request.mentee_id).count()
    if counted >= program.open_requests:
        return False
    try:
        if program.requests_are_checked:
            waiting = PairingRequest.objects.filter(pk=request.pk, state=State.WAITING)
            return bool(waiting.update(state=State.CHECKED))
        _ask_now(request, State.WAITING, now)
    except Refused:
        _close(PairingRequest.objects.filter(pk=request.pk, state=State.WAITING), State.EXPIRED, now)
        return False
    return True


def _ask_now(request: PairingRequest, state: str, now: datetime) -> None:
    """One that is in `state` reaches its mentor. Raises Refused where that cannot be any more."""
    reasons = _check(request.program, request.mentor, request.mentee, now)
    locked = PairingRequest.objects.select_for_update(no_key=True, of=("self",))
    found = locked.filter(pk=request.pk, state=state).with_people().first()
    if found is None:
        raise Refused(_("This request is no longer open."))
    _send(found, reasons, now)
    found.save(update_fields=["state", "asked_at", "pairing"])


def _send(request: PairingRequest, reasons: Facts, now: datetime) -> None:
    """The two locks of `_check` are held: the question exists from here on, and the mentor is owed an e-mail."""
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
    outbox.owe(PROPOSED, request.mentor_id, request.pairing.pk, due_at=now, expires_at=now + EXPIRES_AFTER)


def _check(program: Program, mentor: User, mentee: User, now: datetime) -> Facts:
    """Whether these two can be a pair, behind the locks of their places; what speaks for it. Raises Refused."""
    rows = Enrollment.objects.filter(program=program, person__in=[mentor, mentee]).select_related("person")
    found = {row.person_id: row for row in rows.order_by("pk").select_for_update(no_key=True, of=("self",))}
    theirs, own = found.get(mentor.pk), found.get(mentee.pk)
    if theirs is None or not rules.takes_mentees(theirs):
        raise Refused(_("%(name)s takes no requests now.") % {"name": mentor.first_name})
    if own is None or not rules.seeks_mentor(own):
        raise Refused(_("In this program you cannot ask a mentor now."))
    holding = Pairing.objects.filter(program=program).holding()
    room = theirs.capacity - holding.filter(mentor=mentor).count()
    if room <= 0:
        raise Refused(_("%(name)s has no room for another mentee now.") % {"name": mentor.first_name})
    if holding.filter(mentee=mentee).count() >= program.pairings_per_mentee:
        raise Refused(_("You have as many mentors here as this program allows."))
    if Pairing.objects.filter(program=program).open().between(mentor, mentee).exists():
        raise Refused(_("The two of you have an open pairing in this program already."))
    pool = pool_of(program, [own], [theirs], now, room={mentor.pk: room})
    matching = pool.matching
    if any(Musts(matching).broken(matching.mentees[0], matching.mentors[0])):
        # Not which one: it may be somebody's line manager, or what somebody said of the other in confidence.
        raise Refused(_("The two of you do not fit by what this program asks of a pair."))
    return facts(matching, Pair(mentee.pk, mentor.pk))


def _close(rows: object, state: str, now: datetime) -> int:
    open_ones: int = rows.open().update(state=state, closed_at=now)  # type: ignore[attr-defined]
    return open_ones
