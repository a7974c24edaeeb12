"""Opened data keys, kept in this process for a few seconds: a page opens many words of few people."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping

from .sealing import DataKey

SECONDS = 20.0
MOST = 1000

_lock = threading.Lock()
_kept: OrderedDict[int, tuple[float, Mapping[int, DataKey]]] = OrderedDict()


def keys_of(person: int) -> Mapping[int, DataKey]:
    """By their numbers; empty once they are forgotten."""
    with _lock:
        until, keys = _kept.get(person, (0.0, {}))
        if until < time.monotonic():
            _kept.pop(person, None)
            return {}
        return keys


def keep(person: int, keys: Mapping[int, DataKey]) -> None:
    with _lock:
        _kept[person] = (time.monotonic() + SECONDS, keys)
        _kept.move_to_end(person)
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def forget() -> None:
    """All of them, at once."""
    with _lock:
        _kept.clear()
