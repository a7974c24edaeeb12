"""This app's part of the data map, second part: what grows out of moments and reflections."""

from collections.abc import Iterator
from types import ModuleType

from accounts.models import User
from accounts.mydata import Holding
from mentoring.models import Program

from . import editions, incoming, keepsakes, moments, naming, opened, shelf, surveys, swaps, thanks, values

# Each has `holdings()` and `clear_words(person, program)`.
PARTS: tuple[ModuleType, ...] = (
    editions,
    incoming,
    keepsakes,
    moments,
    naming,
    opened,
    shelf,
    surveys,
    swaps,
    thanks,
    values,
)


def holdings() -> Iterator[Holding]:
    """Backwards when erasing: what belongs to something else comes after it."""
    for part in PARTS:
        yield from part.holdings()


def clear_words(person: User, program: Program) -> None:
    """All that this person wrote in this program."""
    for part in PARTS:
        part.clear_words(person, program)
