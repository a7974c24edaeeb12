"""What waits for one of the two of a pairing: the first of it stands at the top of their page, and on no other day is
there anything above what comes next."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from mentoring.models import Pairing
from mentoring.room.waits import Due

from .agree_due import agreement_due
from .fit_due import fit_due

# Each asks the database once at most. The first of these that has something comes first: what somebody waits for before
# what nobody does, and what is soon over before what is not.
SOURCES: tuple[Callable[[Pairing, User, datetime], list[Due]], ...] = (fit_due, agreement_due)


def due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """For one of the two; the most pressing first."""
    return [each for source in SOURCES for each in source(pairing, user, now)]


def first_due(pairing: Pairing, user: User, now: datetime) -> Due | None:
    """The most pressing, asking no source after the one that has it."""
    return next((each for source in SOURCES for each in source(pairing, user, now)), None)
