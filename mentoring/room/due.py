"""What waits for one of the two of a pairing: the first of it stands at the top of their page, and on no other day is
there anything above what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import User
from mentoring.models import Pairing


@dataclass(frozen=True)
class Due:
    """A sentence, and the one thing to do about it. `url` is a page where it is done: nothing is done by going there.

    `since` is when it began to wait, for the order of two that come from the same place.
    """

    words: str | Promise
    label: str | Promise
    url: str
    since: datetime | None = None


# Each asks the database once at most. The first of these that has something comes first.
Source = Callable[[Pairing, User, datetime], list[Due]]
SOURCES: tuple[Source, ...] = ()
# Those of the apps above, which come after ours.
_more: list[Source] = []


def register_source(source: Source) -> None:
    """An app above says what waits for somebody there. Called when it starts."""
    if source not in _more:
        _more.append(source)


def due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """For one of the two; the most pressing first."""
    return [each for source in (*SOURCES, *_more) for each in source(pairing, user, now)]
