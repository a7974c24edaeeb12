"""Who has a place in a program, and who runs it."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import rules
from mentoring.models import Enrollment, Program, ProgramAdmin

from .refused import Refused


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
    """An active place in the program from today, or from `joined_on`. Raises Refused when there is one already."""
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program give places in it."))
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
        raise Refused(_("This person already has a place in this program.")) from error


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
    """As `enroll`, for whoever signs in with that address.

    An address that nobody signs in with gets an account on the spot, so that the answer is the same for both: a
    program admin learns nothing about who else is here. Raises Refused as `enroll` does.
    """
    with transaction.atomic():
        person = _person_at(email, name)
        return enroll(program, person, role, by=by, now=now, capacity=capacity, joined_on=joined_on)


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
