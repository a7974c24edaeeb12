"""What waits for one of the two of a pairing: the first of it stands at the top of their page, and on no other day is
there anything above what comes next."""

from collections.abc import Callable, Iterator
from datetime import datetime

from accounts.models import User
from mentoring.models import Pairing
from mentoring.room.waits import Due

from . import silence_due
from .agree_due import agreement_due
from .endings_due import farewell_due, longer_due
from .fit_due import fit_due
from .goals_due import steps_due
from .met_due import whether_met
from .times_due import meeting_unanswered, times_proposed

Source = Callable[[Pairing, User, datetime], list[Due]]
# Each asks the database once at most. The first of these that has something comes first: what somebody waits for before
# what nobody does, and what is soon over before what is not.
SOURCES: tuple[Source, ...] = (
    times_proposed,
    longer_due,
    silence_due.silence,
    silence_due.postcard,
    whether_met,
    fit_due,
    farewell_due,
    meeting_unanswered,
    agreement_due,
    steps_due,
)
# Those of the apps above, which come after ours.
_more: list[Source] = []


def register_source(source: Source) -> None:
    """An app above says what waits for somebody there. Called when it starts."""
    if source not in _more:
        _more.append(source)


def due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """For one of the two; the most pressing first."""
    return list(_all(pairing, user, now))


def first_due(pairing: Pairing, user: User, now: datetime) -> Due | None:
    """The most pressing, asking no source after the one that has it."""
    return next(_all(pairing, user, now), None)


def _all(pairing: Pairing, user: User, now: datetime) -> Iterator[Due]:
    for source in (*SOURCES, *_more):
        yield from source(pairing, user, now)
