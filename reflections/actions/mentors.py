"""Whom somebody calls a mentor of theirs: a list that nobody else sees."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections import naming
from reflections.models import OwnMentor
from reflections.models.thanks import LONGEST_ADDRESS, LONGEST_KEPT, LONGEST_NAME

# A list of people one owes something to; more than this is an address book.
MOST = 200


@transaction.atomic
def name_mentor(
    person: User, *, name: str, address: str = "", kept: str = "", member: User | None = None, now: datetime
) -> OwnMentor:
    """`member` is somebody whom they were ever a pair with; anybody else is Refused, and is named by name alone."""
    # Behind the lock nobody fills the list by two windows at once.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if OwnMentor.objects.of(person).count() >= MOST:
        raise Refused(_("Your list is full. Take somebody off it first."))
    mentor = OwnMentor(person=person, created_at=now)
    _write(mentor, name, address, kept, member)
    mentor.save(force_insert=True)
    return mentor


@transaction.atomic
def change_mentor(
    mentor: OwnMentor, *, by: User, name: str, address: str, kept: str, member: User | None = None
) -> None:
    mine = OwnMentor.objects.of(by).select_for_update(of=("self",)).filter(pk=mentor.pk).first()
    if mine is None:
        raise Refused(_("Only whoever named them changes that."))
    _write(mine, name, address, kept, member)
    mine.save()


def remove_mentor(mentor: OwnMentor, *, by: User) -> None:
    """Notes to them stay, with whoever wrote them."""
    OwnMentor.objects.of(by).filter(pk=mentor.pk).delete()


def _write(mentor: OwnMentor, name: str, address: str, kept: str, member: User | None) -> None:
    if not name.strip():
        raise Refused(_("Say what you call them."))
    if len(name) > LONGEST_NAME or len(address) > LONGEST_ADDRESS or len(kept) > LONGEST_KEPT:
        raise Refused(_("That is too long."))
    if member is not None and member not in naming.known_to(mentor.person):
        raise Refused(_("You were no pair with them here."))
    mentor.name, mentor.address, mentor.kept = name.strip(), address.strip(), kept.strip()
    mentor.member = member
