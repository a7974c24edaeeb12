"""Who has a place in a program, what becomes of it, and who runs the program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import leaving, open_requests, places, rules
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from mentoring.models.enrollment import UNDER_WAY
from mentoring.people import people_administered_by

from .admissions import AN_INVITATION_WAITS, check_admin
from .invitations import BUSY, Guest, SomeAreThere, invite_by_email
from .refused import Refused

Status = Enrollment.Status


# A week to answer, as with any invitation by e-mail.
INVITATION_LIVES = timedelta(days=7)
NO_PLACE = _("There is no free place. Give the program more places first.")
HAS_A_PLACE = _("This person already has a place in this program.")


@dataclass(frozen=True)
class Comer:
    """Somebody who is to have a place: the address as `User.objects.normalize_email` gives it, and what the place says,
    by the names of its fields. Without a first day they come today."""

    email: str
    role: str
    place: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PutIn:
    """What came of those who were known, by address: they have a place now, or it is said why not."""

    places: Mapping[str, Enrollment]
    refused: Mapping[str, str | Promise]


@transaction.atomic
def enroll(
    program: Program,
    person: User,
    role: str,
    *,
    by: User,
    now: datetime,
    capacity: int = 1,
    joined_on: date | None = None,
    department: str = "",
) -> Enrollment:
    """An active place in the program from today, or from `joined_on`. Raises Refused when there is one already, and
    where the program has a number of places and none is free."""
    said = {"capacity": capacity, "joined_on": joined_on, "department": department}
    _check_gives_places(program, by)
    put_in = _put_in(places.locked(program), [(person, Comer(person.email, role, said))], now)
    for why in put_in.refused.values():
        raise Refused(why)
    return put_in.places[person.email]


@transaction.atomic
def enroll_known(program: Program, comers: Sequence[Comer], *, by: User, now: datetime) -> PutIn:
    """As `enroll` for each of them whom `by` knows from a program they run, as long as places are free, in this order.

    Nothing is done, or said, about anybody else, nor about those who have been in this program or on their way into it:
    they may be invited.
    """
    _check_gives_places(program, by)
    # Behind the lock, so that of two admins the second sees whom the first put in.
    program = places.locked(program)
    found = people_administered_by(by).filter(email__in=[comer.email for comer in comers])
    known = {person.email: person for person in found.exclude(enrollments__program=program)}
    return _put_in(program, [(known[comer.email], comer) for comer in comers if comer.email in known], now)


def _put_in(program: Program, comers: Sequence[tuple[User, Comer]], now: datetime) -> PutIn:
    """Into a program that is locked, all in one statement."""
    there = Enrollment.objects.filter(program=program, person__in=[person for person, _comer in comers])
    had = set(there.values_list("person", flat=True))
    room = places.Room(program)
    new: list[Enrollment] = []
    refused: dict[str, str | Promise] = {}
    for person, comer in comers:
        if person.pk in had:
            refused[comer.email] = HAS_A_PLACE
        elif not room.take(comer.role):
            refused[comer.email] = NO_PLACE
        else:
            had.add(person.pk)
            day = comer.place.get("joined_on") or program.today(now)
            said = {**comer.place, "joined_on": day}
            new.append(Enrollment(program=program, person=person, role=comer.role, **said))
    try:
        with transaction.atomic():
            Enrollment.objects.bulk_create(new)
    except IntegrityError as error:
        raise Refused(BUSY) from error
    return PutIn({place.person.email: place for place in new}, refused)


def _check_gives_places(program: Program, by: User) -> None:
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program give places in it."))


@transaction.atomic
def enroll_by_email(
    program: Program,
    email: str,
    name: str,
    role: str,
    *,
    by: User,
    now: datetime,
    capacity: int = 1,
    joined_on: date | None = None,
) -> Enrollment:
    """As `enroll` for one of the people that `by` knows from a program they run; an invitation for anybody else.

    Whether somebody else has an account here, and under which name, is theirs to say: they are asked by e-mail, and
    known by the address until they have said yes. Raises Refused as `enroll` and `invite_by_email` do.
    """
    email = User.objects.normalize_email(email)
    said = {"capacity": capacity, "joined_on": joined_on}
    put_in = enroll_known(program, [Comer(email, role, said)], by=by, now=now)
    for why in put_in.refused.values():
        raise Refused(why)
    for place in put_in.places.values():
        return place
    try:
        invite_by_email(program, role, [Guest(email, name)], by=by, now=now, lives=INVITATION_LIVES)
    except SomeAreThere as no:
        raise Refused(HAS_A_PLACE) from no
    invited = Enrollment.objects.filter(program=program, person__email=email)
    invited.update(capacity=capacity)
    return invited.get()


# --- Moving a place ------------------------------------------------------------------------------------------------


@transaction.atomic
def pause_place(place: Enrollment, *, by: User, now: datetime, until: date | None = None) -> None:
    """They keep the place and take no part, until that day or until somebody resumes it."""
    check_admin(place.program, by)
    if until is not None and until <= place.program.today(now):
        raise Refused(_("Choose a day to come, or leave it empty."))
    row = _locked(place)
    _move(
        place, (Status.ACTIVE,), Status.PAUSED, _("Only an active place can be paused."), paused_until=until
    )
    open_requests.end_of(row.person, place.program, now)


@transaction.atomic
def resume_place(place: Enrollment, *, by: User, now: datetime) -> None:
    """They take part again; also whoever was through, which takes a free place."""
    check_admin(place.program, by)
    program = places.locked(place.program)
    row = _locked(place)
    if row.status == Status.COMPLETED and not places.has_room(program, row.role):
        raise Refused(NO_PLACE)
    otherwise = _("Only a place that is paused or completed can be resumed.")
    _move(place, (Status.PAUSED, Status.COMPLETED), Status.ACTIVE, otherwise, paused_until=None)


@transaction.atomic
def withdraw_place(place: Enrollment, *, by: User, now: datetime) -> None:
    """They are not in the program any more, or not on their way into it."""
    check_admin(place.program, by)
    row = _locked(place)
    _check_no_open_pairing(row)
    if rules.is_invited(place, now):
        raise Refused(AN_INVITATION_WAITS)
    _move(
        place,
        (Status.APPLIED, Status.WAITLISTED, Status.ACTIVE, Status.PAUSED),
        Status.WITHDRAWN,
        _("This place is over, or was never taken."),
        **UNDER_WAY,
    )
    open_requests.end_of(row.person, place.program, now)
    leaving.left(row.person, place.program, now)


@transaction.atomic
def complete_place(place: Enrollment, *, by: User) -> None:
    """They have been through the program to its end."""
    check_admin(place.program, by)
    _check_no_open_pairing(_locked(place))
    otherwise = _("Only somebody who is in the program completes it.")
    # Requests end by the clock, as after any change that makes them pointless (`end_pointless_requests`).
    _move(place, (Status.ACTIVE, Status.PAUSED), Status.COMPLETED, otherwise, paused_until=None)


def _locked(place: Enrollment) -> Enrollment:
    """As it is now, held: whoever pairs two people holds their places too."""
    return Enrollment.objects.select_for_update().get(pk=place.pk)


def _check_no_open_pairing(place: Enrollment) -> None:
    open_ones = Pairing.objects.filter(program=place.program_id).open().of(place.person)
    # A request is no pairing yet: it ends with the place.
    if open_ones.exclude(status=Pairing.Status.REQUESTED).exists():
        raise Refused(_("They are in an open pairing. It has to end first."))


def _move(
    place: Enrollment,
    states: tuple[Enrollment.Status, ...],
    status: Enrollment.Status,
    otherwise: str | Promise,
    **fields: date | None,
) -> None:
    """Into `status` from one of `states` in one statement: of two clicks one wins. Raises Refused(otherwise)."""
    rows = Enrollment.objects.filter(pk=place.pk, status__in=states)
    if not rows.update(status=status, **fields):
        raise Refused(otherwise)


# --- Who runs it ---------------------------------------------------------------------------------------------------


@transaction.atomic
def name_admin_by_email(program: Program, email: str, name: str, *, by: User) -> ProgramAdmin:
    """The row that lets whoever signs in with that address run the program. Raises Refused when there is one."""
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program name others."))
    person = _person_at(email, name)
    row, created = ProgramAdmin.objects.get_or_create(program=program, person=person)
    if not created:
        raise Refused(_("This person already runs this program."))
    return row


def _person_at(email: str, name: str) -> User:
    """Who signs in with that address. A new person signs in by a code sent to it: no password is made up for them."""
    person: User
    person, _created = User.objects.get_or_create(
        email=User.objects.normalize_email(email), defaults={"name": name, "password": make_password(None)}
    )
    return person
