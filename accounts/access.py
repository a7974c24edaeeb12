"""What superusers can do to somebody's access.

Each verb checks its rule, moves the row by a conditional update, and owes its e-mail, in one transaction; what it will
not do it says with `Refused`. Nothing here lets anybody in as somebody else.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from . import actions
from .access_emails import ACCESS, SECOND_STEP_RESET
from .mail import outbox, tasks
from .models import User
from .refused import Refused

# What waited for so long would only puzzle.
ACCESS_LIVES = timedelta(days=14)
RESET_LIVES = timedelta(days=30)


@transaction.atomic
def disable(person: User, *, by: User, now: datetime) -> None:
    """Every session of theirs ends at this moment, and no e-mail goes out to them. What they wrote stays theirs."""
    _check(by)
    if person.pk == by.pk:
        raise Refused(_("Nobody disables their own account here."))
    _spare_the_last_superuser(person)
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        raise Refused(_("This account is disabled already."))
    actions.close_other_ways_in(person, keep=None, now=now)


@transaction.atomic
def enable(person: User, *, by: User) -> None:
    """They can sign in again, as they did before. Whoever left does not come back in their account."""
    _check(by)
    if not User.objects.filter(pk=person.pk, is_active=False, erased_at=None).update(is_active=True):
        raise Refused(_("This account is not disabled."))


@transaction.atomic
def send_access(person: User, *, by: User, now: datetime) -> None:
    """The e-mail that says that they have an account, and how to get in; once a day at most."""
    _check(by)
    if not person.is_active:
        raise Refused(_("This account is disabled."))
    if person.last_login is not None:
        raise Refused(_("They have signed in before, so they know the way."))
    today = now.date().toordinal()
    if not outbox.owe(ACCESS, person.pk, today, due_at=now, expires_at=now + ACCESS_LIVES):
        raise Refused(_("We have written to them today already."))
    transaction.on_commit(tasks.ring)


@transaction.atomic
def reset_second_step(person: User, *, by: User, now: datetime) -> None:
    """For somebody who has lost phone, passkey and recovery codes: all are gone, and every session of theirs ends.

    They are told by an e-mail that cannot be stopped; if they did not ask for it, it says what to do.
    """
    _check(by)
    if person.pk == by.pk:
        raise Refused(_("Another superuser has to do this for you."))
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise Refused(_("They have no second step."))
    actions.close_other_ways_in(person, keep=None, now=now)
    outbox.owe(SECOND_STEP_RESET, person.pk, int(now.timestamp()), due_at=now, expires_at=now + RESET_LIVES)
    transaction.on_commit(tasks.ring)


@transaction.atomic
def make_superuser(person: User, *, by: User) -> None:
    """They have every program, and everybody's access, from the next click on."""
    _check(by)
    if not User.objects.filter(pk=person.pk, is_active=True, is_superuser=False).update(is_superuser=True):
        raise Refused(_("This is a superuser already, or the account is disabled."))


@transaction.atomic
def take_superuser_away(person: User, *, by: User) -> None:
    _check(by)
    _spare_the_last_superuser(person)
    if not User.objects.filter(pk=person.pk, is_superuser=True).update(is_superuser=False):
        raise Refused(_("This is no superuser."))


def _check(by: User) -> None:
    if not _superusers().filter(pk=by.pk).exists():
        raise Refused(_("Only superusers look after accounts."))


def _spare_the_last_superuser(person: User) -> None:
    """Their rows stay locked until the transaction ends: of two who disable each other, one comes second."""
    superusers = list(_superusers().order_by("pk").select_for_update().values_list("pk", flat=True))
    if superusers == [person.pk]:
        raise Refused(_("This is the last superuser. Make another one first."))


def _superusers() -> QuerySet[User]:
    rows: QuerySet[User] = User.objects.active().filter(is_superuser=True)
    return rows
