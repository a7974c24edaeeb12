"""What waits for one of the two of a pairing: the first of it stands at the top of their page, and on no other day is
there anything above what comes next."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from mentoring.models import Pairing
from mentoring.room.waits import Due

from . import silence_due

# Each asks the database once at most. The first of these that has something comes first.
SOURCES: tuple[Callable[[Pairing, User, datetime], list[Due]], ...] = (
    silence_due.silence,
    silence_due.postcard,
)


def due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """For one of the two; the most pressing first."""
    return [each for source in SOURCES for each in source(pairing, user, now)]
