"""Whether mail is going out: how long the oldest that is owed has waited, and what nobody can say became of it."""

from datetime import timedelta

from django.db.models import F, Min

from accounts.clock import database_now

from . import manners
from .models import Message

State = Message.State

# A sender looks at least once a minute. What waits longer waits for a mail server that takes nothing, or for no sender.
LATE = timedelta(minutes=15)


def oldest_owed() -> timedelta:
    """For how long the oldest e-mail is due that is still to go out; nothing where there is none.

    What waits because its person wants to be left alone just now does not count.
    """
    owed = Message.objects.filter(state__in=[State.QUEUED, State.CLAIMED], due_at__lte=database_now())
    owed = owed.filter(expires_at__gt=database_now()).exclude(last_error__in=manners.HELD_BACK)
    age: timedelta | None = owed.aggregate(oldest=Min(F("due_at")) - database_now())["oldest"]
    return -age if age is not None else timedelta()


def uncertain() -> int:
    return Message.objects.filter(state=State.UNCERTAIN).count()
