"""Two people who are not to be proposed to each other."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import open_requests, places, rules
from mentoring.models import Enrollment, Program, RuledOut

from .refused import Refused


@transaction.atomic
def rule_out(program: Program, one: User, other: User, *, by: User, now: datetime) -> RuledOut:
    """In this program the two are never proposed to each other, whoever would be whose mentor. A pairing that they have
    goes on; a proposal or a request between them that is not answered yet ends, without why.

    Raises Refused when one of them has no place there, or asks for none, and when this was said before.
    """
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program do this."))
    if one.pk == other.pk:
        raise Refused(_("Choose two people."))
    program = places.locked(program)
    open_requests.lock_places(program, [one.pk, other.pk])
    here = Enrollment.objects.filter(program=program, status__in=KNOWN)
    for person in (one, other):
        if not here.filter(person=person).exists():
            raise Refused(_("%(name)s has no place in this program.") % {"name": person.first_name})
    said = RuledOut.objects.filter(program=program, because=RuledOut.Because.ADMINS).between(one, other)
    if said.exists():
        raise Refused(_("These two are ruled out already."))
    open_requests.end_between(program, one, other, now)
    return RuledOut.objects.create(program=program, mentor=one, mentee=other, created_by=by, created_at=now)


# Those whom the ones who run a program know by name.
KNOWN = (
    Enrollment.Status.APPLIED,
    Enrollment.Status.WAITLISTED,
    Enrollment.Status.ACTIVE,
    Enrollment.Status.PAUSED,
)
