"""For models and views: put a file, read the file of a row, whichever way it lies.

A model with files has a column of bytes and `stored_as`, a name in the store: one of the two has the file, the other is
empty. Rows of both kinds are read at any time, so MEDIA can be changed on any day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models

from .stores import Away, Lost, Store, new_name, store_at


@dataclass(frozen=True)
class Placed:
    """A file that lies where MEDIA says, for a row that is about to name it."""

    content: bytes
    stored_as: str

    def as_columns(self, column: str) -> dict[str, Any]:
        return {column: self.content, "stored_as": self.stored_as}


class Holder(NamedTuple):
    """A model with files, and its column of bytes."""

    model: type[models.Model]
    column: str

    @property
    def rows(self) -> "models.QuerySet[Any]":
        return self.model._base_manager.all()


_holders: list[Holder] = []


def register(model: type[models.Model], column: str) -> None:
    """Called when the app starts. The migration that gives it `stored_as` has the database note what it lets go."""
    if (holder := Holder(model, column)) not in _holders:
        _holders.append(holder)


def holders() -> tuple[Holder, ...]:
    return tuple(_holders)


def present() -> Store | None:
    """The store of today; None for the database."""
    return store_at(settings.MEDIA) if settings.MEDIA else None


def before() -> Store | None:
    """The store of earlier, which is still read."""
    return store_at(settings.MEDIA_BEFORE) if settings.MEDIA_BEFORE else None


def stores() -> Iterator[Store]:
    """All that are read, today's first."""
    yield from filter(None, (present(), before()))


def put(content: bytes) -> Placed:
    """Before the row that names it is written, and before any row is locked. Raises Away."""
    store = present()
    if store is None:
        return Placed(content, "")
    name = new_name()
    store.put(name, content)
    return Placed(b"", name)


def read(content: "bytes | memoryview", stored_as: str) -> bytes:
    """The file of a row, by its two columns. Raises Away, and Lost where the row names a file that is nowhere.

    Bytes in the row count first: an earlier release, which knows of no store, may have put them there since.
    """
    if content or not stored_as:
        return bytes(content)
    return read_named(stored_as)


def read_named(name: str) -> bytes:
    """Raises Away and Lost."""
    for store in stores():
        try:
            return store.get(name)
        except Lost:
            continue
    raise Lost(name)


__all__ = [
    "Away", "Holder", "Lost", "Placed",
    "before", "holders", "present", "put", "read", "read_named", "register", "stores",
]  # fmt: skip
