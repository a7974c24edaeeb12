"""From a proposal to a pairing's last day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import endings, open_requests, rules
from mentoring.emails import MADE
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from mentoring.models.pairing import PairingQuerySet

from .pairing_up import (
    NOTICE_LIVES,
    Openings,
    check_first_day,
    check_place,
    first_letters,
    mentors_enough,
    new_pairing,
    no_room,
)
from .refused import Refused


@transaction.atomic
def create_pairing(
    program: Program,
    mentor: User,
    mentee: User,
    *,
    by: User,
    starts_on: date,
    focus: str = "",
    approval: str,
    reasons: Sequence[Mapping[str, object]] = (),
    now: datetime,
) -> Pairing:
    """Two people of a program become a pair, or are asked whether they want to be.

    `approval` is one of `Program.Approval`: who is asked. For whoever is not, those who run the program have said yes;
    they hear of it once the other has. `reasons` are shown to the two (mentoring/why.py).

    Raises Refused when one of them is not active there in that role, when the mentor has no room, when the mentee has
    as many mentors as the program allows, when the two already have an open pairing (in either direction), and when the
    program does not run on the first day.
    """
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program pair its people."))
    if mentor.pk == mentee.pk:
        raise Refused(_("Nobody can be their own mentor."))
    check_first_day(program, starts_on)
    openings = Openings(program, (mentor.pk, mentee.pk), lock=True)
    openings.take(mentor, mentee)
    pairing = new_pairing(
        program, mentor, mentee, starts_on=starts_on, focus=focus, approval=approval, reasons=reasons, now=now
    )
    pairing.save(force_insert=True)
    if pairing.status != Pairing.Status.PROPOSED:
        open_requests.after_a_pair_is_made(pairing, openings.places[mentor.pk].capacity, now)
    outbox.owe_many(first_letters(pairing, now))
    return pairing


def _check_room(theirs: PairingQuerySet, mentor: User, place: Enrollment | None) -> None:
    """Raises Refused where those of `theirs` take up all the places of this mentor. The database would, too."""
    if place is not None and theirs.holding().filter(mentor=mentor).count() >= place.capacity:
        raise Refused(no_room(mentor))


def locked_places(program: Program, *people: User) -> dict[int, Enrollment]:
    """Their places by person, locked in the order in which whoever pairs them locks them (`Openings`)."""
    open_requests.keep_people(person.pk for person in people)
    rows = Enrollment.objects.filter(program=program, person__in=people).order_by("pk").select_for_update()
    return {row.person_id: row for row in rows}


def _check_mentee(program: Program, mentee: User, theirs: PairingQuerySet) -> None:
    """Raises Refused where those of `theirs` are as many as a mentee may have in this program."""
    if theirs.filter(mentee=mentee).count() >= program.pairings_per_mentee:
        raise Refused(mentors_enough(program, mentee))


@transaction.atomic
def accept_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """One of the two says yes; the second yes makes them a pair, from today or from the day that was proposed.

    A yes said twice is one yes. Raises Refused once the question is no longer open or the program is over, while one of
    the two is not active there in that role, and while the mentee has as many mentors as the program allows: other
    questions do not count here, or nobody could answer the first of two.
    """
    if not rules.is_one_of_the_two(by, pairing):
        raise Refused(_("Only the two people of a pairing say yes to it."))
    if say_yes(pairing, of=by, now=now):
        _tell_both(pairing, MADE, now)


def say_yes(pairing: Pairing, *, of: User, now: datetime) -> bool:
    """The yes of this one of the two, in the transaction of whoever calls, who owes the letters: whether it made them a
    pair. Raises Refused as `accept_pairing` does."""
    # Behind this lock one yes comes after the other, and after whoever pairs the same people at this moment.
    places = locked_places(pairing.program, pairing.mentor, pairing.mentee)
    answer = "mentor_accepted_at" if pairing.is_mentor(of) else "mentee_accepted_at"
    asked = Pairing.objects.filter(pk=pairing.pk, status__in=Pairing.ASKED)
    if asked.filter(**{f"{answer}__isnull": True}).exists():
        others = Pairing.objects.filter(program=pairing.program_id).exclude(pk=pairing.pk).open()
        _check_mentee(pairing.program, pairing.mentee, others.exclude(status__in=Pairing.ASKED))
        _check_still_there(pairing, places)
        # A proposal has held its place since it was made; a request has not.
        if pairing.status == Pairing.Status.REQUESTED:
            _check_room(others, pairing.mentor, places.get(pairing.mentor_id))
    if not asked.filter(**{f"{answer}__isnull": True}).update(**{answer: now}):
        if Pairing.objects.filter(pk=pairing.pk, **{f"{answer}__isnull": False}).exclude(
            status__in=Pairing.CAME_TO_NOTHING
        ):
            return False
        raise Refused(_("This question is no longer open."))
    # The row is ours until the end of the transaction: of two who say yes at one moment, the later sees both.
    today = pairing.program.today(now)
    became_a_pair = asked.filter(mentor_accepted_at__isnull=False, mentee_accepted_at__isnull=False).update(
        status=Case(
            When(starts_on__gt=today, then=Value(Pairing.Status.ACCEPTED)),
            default=Value(Pairing.Status.ACTIVE),
        ),
        starts_on=Greatest(F("starts_on"), Value(today)),
    )
    if became_a_pair:
        place = places.get(pairing.mentor_id)
        open_requests.after_a_pair_is_made(pairing, place.capacity if place else 0, now)
    return bool(became_a_pair)


def _check_still_there(pairing: Pairing, places: Mapping[int, Enrollment]) -> None:
    """Raises Refused where nothing begins any more: the two were not looked at again since they were asked."""
    if Program.objects.filter(pk=pairing.program_id, status__in=Program.OVER).exists():
        raise Refused(_("This program is closed."))
    for person_id, person, role in (
        (pairing.mentor_id, pairing.mentor, Enrollment.Role.MENTOR),
        (pairing.mentee_id, pairing.mentee, Enrollment.Role.MENTEE),
    ):
        check_place(places.get(person_id), person, (role, Enrollment.Role.BOTH))


@transaction.atomic
def decline_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """One of the two says no; no reason is asked. A mentee who says it of their own question takes it back: the two may
    be proposed to each other later. Raises Refused once the question is no longer open."""
    if not rules.is_one_of_the_two(by, pairing):
        raise Refused(_("Only the two people of a pairing decline it."))
    open_requests.keep_people([pairing.mentor_id, pairing.mentee_id])
    is_mentor = pairing.is_mentor(by)
    takes_back = pairing.status == Pairing.Status.REQUESTED and not is_mentor
    becomes = Pairing.Status.EXPIRED if takes_back else Pairing.Status.DECLINED
    _move(pairing, Pairing.ASKED, becomes, otherwise=_("This question is no longer open."))
    said = PairingRequest.State.DECLINED if is_mentor else PairingRequest.State.WITHDRAWN
    open_requests.answered(pairing, open_requests.Ending(said), now)


@transaction.atomic
def pause_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """Those who run the program let it rest, until they say otherwise. What is planned is called off."""
    _check_admin(pairing, by)
    pairing = endings.locked(pairing)
    _move(
        pairing,
        (Pairing.Status.ACTIVE,),
        Pairing.Status.PAUSED,
        otherwise=_("Only an active pairing can be paused."),
    )
    endings.rest([pairing], now)


@transaction.atomic
def resume_pairing(pairing: Pairing, *, by: User) -> None:
    """It goes on, also before the day that one of the two has named."""
    _check_admin(pairing, by)
    _move(
        pairing,
        (Pairing.Status.PAUSED,),
        Pairing.Status.ACTIVE,
        otherwise=_("Only a paused pairing can be resumed."),
        paused_until=None,
    )


@transaction.atomic
def complete_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """The pairing has run its course. What the two shared stays readable to both."""
    _finish(pairing, Pairing.Status.COMPLETED, by, now)


@transaction.atomic
def end_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """The pairing ends before its time. What the two shared stays readable to both."""
    _finish(pairing, Pairing.Status.ENDED, by, now)


@transaction.atomic
def withdraw_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """Take back a pairing that has not begun: it comes to nothing, and its e-mails that wait are not sent. Where both
    had said yes, they hear of it."""
    _check_admin(pairing, by)
    if endings.come_to_nothing(Pairing.objects.filter(pk=pairing.pk), now):
        return
    _move(
        pairing,
        Pairing.ASKED,
        Pairing.Status.EXPIRED,
        otherwise=_("Only a pairing that has not begun can be taken back."),
    )


def start_due_pairings(now: datetime) -> int:
    """Accepted pairings whose first day has come, on their program's own calendar, become active. Returns how many.

    Any number of clocks may call it at once: a pairing that is active already is left alone.
    """
    # No zone is more than 14 hours ahead of UTC, so these are all programs where it could be the day.
    soon = (now + timedelta(hours=14)).date()
    due = Pairing.objects.filter(status=Pairing.Status.ACCEPTED, starts_on__lte=soon)
    programs = Program.objects.filter(pk__in=due.order_by().values("program"))
    return sum(
        Pairing.objects.filter(
            program=program, status=Pairing.Status.ACCEPTED, starts_on__lte=program.today(now)
        ).update(status=Pairing.Status.ACTIVE)
        for program in programs
    )


def _finish(pairing: Pairing, status: Pairing.Status, by: User, now: datetime) -> None:
    _check_admin(pairing, by)
    if not endings.end(Pairing.objects.filter(pk=pairing.pk), status, now):
        raise Refused(_("Only a pairing that is under way can end."))


def _check_admin(pairing: Pairing, by: User) -> None:
    if not rules.may_administer(by, pairing.program):
        raise Refused(_("Only those who run a program do this."))


def _move(
    pairing: Pairing,
    states: tuple[str, ...],
    status: Pairing.Status,
    *,
    otherwise: str | Promise,
    **fields: date | None,
) -> None:
    """Into `status` from one of `states` in one statement: of two clicks one wins. Raises Refused(otherwise)."""
    if not Pairing.objects.filter(pk=pairing.pk, status__in=states).update(status=status, **fields):
        raise Refused(otherwise)


def _tell_both(pairing: Pairing, kind: str, now: datetime) -> None:
    for person_id in (pairing.mentor_id, pairing.mentee_id):
        outbox.owe(kind, person_id, pairing.pk, due_at=now, expires_at=now + NOTICE_LIVES)
