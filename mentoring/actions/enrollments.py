"""Who has a place in a program, what becomes of it, and who runs the program."""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import places, rules
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from mentoring.models.enrollment import UNDER_WAY
from mentoring.people import people_administered_by

from .admissions import AN_INVITATION_WAITS, check_admin
from .invitations import Guest, SomeAreThere, invite_by_email
from .refused import Refused

Status = Enrollment.Status


# A week to answer, as with any invitation by e-mail.
INVITATION_LIVES = timedelta(days=7)
HAS_A_PLACE = _("This person already has a place in this program.")


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
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program give places in it."))
    if not places.has_room(places.locked(program), role):
        raise Refused(_("There is no free place. Give the program more places first."))
    try:
        with transaction.atomic():
            return Enrollment.objects.create(
                program=program,
                person=person,
                role=role,
                capacity=capacity,
                joined_on=joined_on or program.today(now),
                department=department,
            )
    except IntegrityError as error:
        raise Refused(HAS_A_PLACE) from error


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
    known = people_administered_by(by).filter(email=email).first()
    if known is not None:
        place = Enrollment.objects.filter(program=program, person=known).first()
        if place is None:
            return enroll(program, known, role, by=by, now=now, capacity=capacity, joined_on=joined_on)
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
    _move(
        place, (Status.ACTIVE,), Status.PAUSED, _("Only an active place can be paused."), paused_until=until
    )


@transaction.atomic
def resume_place(place: Enrollment, *, by: User, now: datetime) -> None:
    """They take part again; also whoever was through, which takes a free place."""
    check_admin(place.program, by)
    program = places.locked(place.program)
    row = _locked(place)
    if row.status == Status.COMPLETED and not places.has_room(program, row.role):
        raise Refused(_("There is no free place. Give the program more places first."))
    otherwise = _("Only a place that is paused or completed can be resumed.")
    _move(place, (Status.PAUSED, Status.COMPLETED), Status.ACTIVE, otherwise, paused_until=None)


@transaction.atomic
def withdraw_place(place: Enrollment, *, by: User, now: datetime) -> None:
    """They are not in the program any more, or not on their way into it."""
    check_admin(place.program, by)
    _check_no_open_pairing(_locked(place))
    if rules.is_invited(place, now):
        raise Refused(AN_INVITATION_WAITS)
    _move(
        place,
        (Status.APPLIED, Status.WAITLISTED, Status.ACTIVE, Status.PAUSED),
        Status.WITHDRAWN,
        _("This place is over, or was never taken."),
        **UNDER_WAY,
    )


@transaction.atomic
def complete_place(place: Enrollment, *, by: User) -> None:
    """They have been through the program to its end."""
    check_admin(place.program, by)
    _check_no_open_pairing(_locked(place))
    otherwise = _("Only somebody who is in the program completes it.")
    _move(place, (Status.ACTIVE, Status.PAUSED), Status.COMPLETED, otherwise, paused_until=None)


def _locked(place: Enrollment) -> Enrollment:
    """As it is now, held: whoever pairs two people holds their places too."""
    return Enrollment.objects.select_for_update().get(pk=place.pk)


def _check_no_open_pairing(place: Enrollment) -> None:
    if Pairing.objects.filter(program=place.program_id).open().of(place.person).exists():
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
