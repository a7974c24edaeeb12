"""What the clock does with requests for a mentor: a reminder, an end when nobody answers, and an end for those that
nobody can answer any more.

Any number of clocks may call each at once. Nothing is reminded of or ends unanswered while a program rests or has a
holiday; when it goes on, everybody has their days anew (`give_days_anew`).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.mail import outbox
from accounts.models import User
from mentoring import open_requests, places, rules
from mentoring.models import Enrollment, Holiday, Pairing, PairingRequest, Program
from mentoring.models.program import day_there
from mentoring.models.request import EXPIRES_AFTER, REMINDED_AFTER, PairingRequestQuerySet, number_of
from mentoring.open_requests import AWAY, FULL, NOT_PASSED_ON, OVER, PAIRED, TAKEN_BACK, Ending
from mentoring.request_emails import REMINDER

State = PairingRequest.State
# How long before the last day a mentor is reminded.
REMINDED_BEFORE = EXPIRES_AFTER - REMINDED_AFTER


def remind_mentors(now: datetime) -> int:
    """Mentors who have not answered for a week are reminded, once for each request: how many."""
    due = PairingRequest.objects.waits_for_mentor().filter(
        reminded_at__isnull=True,
        pairing__answer_by__lte=now + REMINDED_BEFORE,
        pairing__answer_by__gt=now,
    )
    return sum(_remind(request, now) for request in _where_the_clock_ticks(due, now))


def expire_requests(now: datetime) -> int:
    """Requests that were not answered in time are over, and their mentees hear of it: how many."""
    due = PairingRequest.objects.filter(state=State.ASKED, pairing__answer_by__lte=now)
    return sum(_expire(request, now) for request in _where_the_clock_ticks(due, now))


def end_pointless_requests(now: datetime) -> int:
    """Those end that nobody can answer any more, whatever has led to it: the program takes none, one of the two is not
    there in that role, the mentor is full, the mentee has found somebody, or the question is gone. How many.

    Actions that bring such a thing about end requests at once, where they can; this is what holds in any case.
    """
    return sum(_end_if_pointless(request, now) for request in _maybe_pointless(now))


def give_days_anew(program: Program, now: datetime) -> None:
    """Whoever is asked in a program that goes on after a rest has the whole time to answer again."""
    until = now + EXPIRES_AFTER
    asked = Pairing.objects.filter(program=program, status=Pairing.Status.REQUESTED)
    asked.filter(answer_by__lt=until).update(answer_by=until)


def _where_the_clock_ticks(rows: PairingRequestQuerySet, now: datetime) -> Iterator[PairingRequest]:
    found = list(rows.filter(program__status=Program.Status.ACTIVE).order_by("pk").with_people())
    off = Holiday.objects.days_off(list({request.program for request in found}), now)
    for request in found:
        if not off[request.program_id].cover(now, request.program.zone):
            yield request


@transaction.atomic
def _remind(request: PairingRequest, now: datetime) -> bool:
    open_requests.keep_people([request.mentor_id, request.mentee_id])
    waiting = PairingRequest.objects.waits_for_mentor().filter(pk=request.pk, reminded_at__isnull=True)
    if request.pairing is None or request.pairing.answer_by is None or not waiting.update(reminded_at=now):
        return False
    ends = request.pairing.answer_by
    return outbox.owe(REMINDER, request.mentor_id, request.pk, due_at=now, expires_at=ends)


@transaction.atomic
def _expire(request: PairingRequest, now: datetime) -> bool:
    # Read behind the lock: a program that is paused at this moment keeps what is open in it.
    if request.pairing is None or places.locked(request.program).status != Program.Status.ACTIVE:
        return False
    open_requests.keep_people([request.mentor_id, request.mentee_id])
    asked = Pairing.objects.filter(pk=request.pairing.pk, status=Pairing.Status.REQUESTED, answer_by__lte=now)
    if not asked.update(status=Pairing.Status.EXPIRED):
        return False
    open_requests.answered(request.pairing, Ending(State.EXPIRED), now)
    return True


# --- Nobody can answer it ------------------------------------------------------------------------------------------


def _maybe_pointless(now: datetime) -> list[PairingRequest]:
    """By one query, and with a few too many: each is looked at again behind its locks."""
    active = Enrollment.objects.active().filter(
        program=OuterRef("program"), person__in=User.objects.staying()
    )
    made = Pairing.objects.filter(program=OuterRef("program"), status__in=open_requests.MADE).order_by()
    rows: Any = PairingRequest.objects.open().alias(
        takes=Exists(active.mentors().filter(person=OuterRef("mentor"))),
        seeks=Exists(active.mentees().filter(person=OuterRef("mentee"))),
        room=Subquery(active.filter(person=OuterRef("mentor")).values("capacity")[:1]),
        of_mentor=number_of(made.filter(mentor=OuterRef("mentor")), "mentor"),
        of_mentee=number_of(made.filter(mentee=OuterRef("mentee")), "mentee"),
        are_paired=Exists(made.filter(mentor=OuterRef("mentor"), mentee=OuterRef("mentee"))),
        today=day_there(now, "program__"),
    )
    return list(
        rows.filter(
            Q(program__status__in=Program.OVER)
            | Q(program__matched_by=Program.MatchedBy.ADMINS)
            | Q(program__ends_on__lt=F("today"))
            | Q(takes=False)
            | Q(seeks=False)
            | Q(are_paired=True)
            | Q(of_mentee__gte=F("program__pairings_per_mentee"))
            | Q(state__in=PairingRequest.COUNTED, of_mentor__gte=F("room"))
            | Q(state=State.ASKED, pairing__isnull=True)
            | (Q(state=State.ASKED) & ~Q(pairing__status=Pairing.Status.REQUESTED))
        )
        .order_by("pk")
        .with_people()
    )


@transaction.atomic
def _end_if_pointless(request: PairingRequest, now: datetime) -> bool:
    found = open_requests.lock_places(request.program, [request.mentor_id, request.mentee_id])
    rows = PairingRequest.objects.open().filter(pk=request.pk).with_people()
    fresh = rows.first()
    if fresh is None:
        return False
    ending = _ending(fresh, found, now)
    if ending is None:
        return False
    if fresh.pairing is not None and fresh.pairing.status in Pairing.CAME_TO_NOTHING:
        open_requests.answered(fresh.pairing, ending, now)
        return True
    return bool(open_requests.end((rows, ending), now=now))


def _ending(request: PairingRequest, found: dict[int, Enrollment], now: datetime) -> Ending | None:
    """How it ends, if nobody can answer it any more."""
    program, mentor, mentee = request.program, found.get(request.mentor_id), found.get(request.mentee_id)
    is_past = program.ends_on is not None and program.ends_on < program.today(now)
    made = Pairing.objects.filter(program=program, status__in=open_requests.MADE)
    if mentee is None or not rules.seeks_mentor(mentee):
        return TAKEN_BACK
    theirs = made.filter(mentee=request.mentee_id)
    if theirs.count() >= program.pairings_per_mentee or theirs.filter(mentor=request.mentor_id).exists():
        return PAIRED
    if program.status in Program.OVER or not program.takes_requests or is_past:
        return OVER
    if mentor is None or not rules.takes_mentees(mentor):
        return AWAY
    if request.state in PairingRequest.COUNTED and (
        made.filter(mentor=request.mentor_id).count() >= mentor.capacity
    ):
        return FULL
    return NOT_PASSED_ON if _lost_its_question(request) else None


def _lost_its_question(request: PairingRequest) -> bool:
    """Those who run the program took the question back, or deleted it."""
    return request.state == State.ASKED and (
        request.pairing is None or request.pairing.status in Pairing.CAME_TO_NOTHING
    )
