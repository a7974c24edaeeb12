"""Whether mail is going out: how long the oldest that is owed has waited, and what nobody can say became of it."""

from datetime import timedelta

from django.db.models import Case, F, Min, When

from accounts.clock import database_now

from . import manners
from .models import Message

State = Message.State

# A sender looks at least once a minute. What waits longer waits for a mail server that takes nothing, or for no sender.
LATE = timedelta(minutes=15)


def oldest_owed() -> timedelta:
    """For how long the oldest e-mail is due that is still to go out; nothing where there is none.

    What waits because its person wants to be left alone just now, or for their morning, counts from the end of that.
    """
    since = Case(When(last_error__in=manners.AT_REST, then=F("next_attempt_at")), default=F("due_at"))
    owed = Message.objects.filter(state__in=[State.QUEUED, State.CLAIMED], expires_at__gt=database_now())
    owed = owed.annotate(owed_since=since).filter(owed_since__lte=database_now())
    age: timedelta | None = owed.aggregate(oldest=Min("owed_since") - database_now())["oldest"]
    return -age if age is not None else timedelta()


def uncertain() -> int:
    return Message.objects.filter(state=State.UNCERTAIN).count()
