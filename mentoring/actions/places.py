"""What somebody does with their own place: take one that is offered, rest, come back, leave."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import leaving, open_requests, places, rules
from mentoring.models import Enrollment, Program
from mentoring.models.enrollment import UNDER_WAY, EnrollmentQuerySet

from .refused import Refused

WHICH_DAY = _("Choose a day from tomorrow on, within a year and before the program ends.")
GONE = _("This place is not offered to you any more.")


@transaction.atomic
def accept_offer(place: Enrollment, *, now: datetime) -> None:
    """The place that was held for them is theirs, from today. Raises Refused when the offer is over.

    There is room: a place that is offered counts as taken.
    """
    program, place = _held(place)
    if place.status == Enrollment.Status.ACTIVE and place.waitlisted_at is None and place.applied_at:
        return  # A second click.
    if not rules.may_answer_offer(place, now):
        raise Refused(GONE)
    Enrollment.objects.filter(pk=place.pk).update(
        **UNDER_WAY, status=Enrollment.Status.ACTIVE, joined_on=program.today(now)
    )


@transaction.atomic
def pass_on_offer(place: Enrollment, *, now: datetime) -> None:
    """Not now: the place goes to the next, and they wait on, at the end. Raises Refused when the offer is over."""
    _program, place = _held(place)
    if not rules.may_answer_offer(place, now):
        raise Refused(GONE)
    Enrollment.objects.filter(pk=place.pk).update(waitlisted_at=now, offered_at=None, offer_expires_at=None)


@transaction.atomic
def withdraw(place: Enrollment, *, now: datetime) -> None:
    """They leave the program, or take back that they asked for a place.

    Pairings that are under way end today, on the program's calendar; what was only asked, or had not begun, comes to
    nothing. What was shared stays readable to both. Raises Refused when there is nothing to leave.
    """
    program, place = _held(place)
    if not rules.may_withdraw(place):
        raise Refused(_("You have left this program already."))
    Enrollment.objects.filter(pk=place.pk).update(**UNDER_WAY, status=Enrollment.Status.WITHDRAWN)
    places.end_pairings(place.person, program, now)
    leaving.left(place.person, program, now)


@transaction.atomic
def take_a_break(place: Enrollment, *, until: date, now: datetime) -> None:
    """They keep their place and are asked for nothing before that day, on the program's calendar. Requests of theirs
    are taken back, and those to them end.

    Raises Refused for a day that has come, or lies too far ahead, and for a place that is not active.
    """
    if not place.program.today(now) < until <= rules.latest_pause(place.program, now):
        raise Refused(WHICH_DAY)
    program, place = _held(place)
    active = Enrollment.objects.filter(pk=place.pk, status=Enrollment.Status.ACTIVE)
    if not rules.takes_people(place.program, now) or not active.update(
        status=Enrollment.Status.PAUSED, paused_until=until
    ):
        raise Refused(_("Only an active place can be paused."))
    open_requests.end_of(place.person, program, now)


@transaction.atomic
def come_back(place: Enrollment, *, now: datetime) -> None:
    """From a pause, at once. Raises Refused for a place that is not paused."""
    if not rules.takes_people(place.program, now) or not _resume(Enrollment.objects.filter(pk=place.pk)):
        raise Refused(_("Your place is not paused any more."))


def resume_due_places(now: datetime) -> int:
    """Places whose pause is over, on their program's own calendar, are active again. Returns how many.

    Any number of clocks may call it at once; a pause without a day ends by hand.
    """
    # No zone is more than 14 hours ahead of UTC, so these are all programs where it could be the day.
    due = Enrollment.objects.filter(
        status=Enrollment.Status.PAUSED, paused_until__lte=(now + timedelta(hours=14)).date()
    )
    programs = Program.objects.filter(pk__in=due.order_by().values("program"))
    return sum(
        _resume(Enrollment.objects.filter(program=program, paused_until__lte=program.today(now)))
        for program in programs
    )


def _resume(rows: EnrollmentQuerySet) -> int:
    return rows.filter(status=Enrollment.Status.PAUSED).update(
        status=Enrollment.Status.ACTIVE, paused_until=None
    )


def _held(place: Enrollment) -> tuple[Program, Enrollment]:
    """The program and the place as they are now, locked in that order until the transaction ends."""
    person, program = place.person, places.locked(place.program)
    place = Enrollment.objects.select_for_update().get(pk=place.pk)
    place.program, place.person = program, person
    return program, place
