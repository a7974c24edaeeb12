"""A cache that may be away. It only holds the counters that slow guessing down: its loss must keep nobody out."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
LEFT_ALONE = 5.0
ROOM = 100_000
Answer = TypeVar("Answer")


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; while Redis does not answer, the memory of this process takes its place.

    Signing in asks it many times over. So that nobody waits for each of these to fail, it is left alone for some
    seconds after the first. The limits on guessing hold meanwhile, by each web process for itself: with four of them,
    up to four times as many tries.
    """

    _left_alone_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        # By its name shared between the threads of the process, which have an instance of this class each. With room
        # enough that nobody drives somebody else's count out by many of their own.
        roomy = {**params, "OPTIONS": {"MAX_ENTRIES": ROOM}}
        self._meanwhile: BaseCache = LocMemCache(f"while {server} is away", roomy)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._ask(lambda cache: cache.set(key, value, *args, **kwargs))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._ask(lambda cache: bool(cache.add(key, value, *args, **kwargs)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda cache: bool(cache.delete(key, version)))

    def _ask(self, question: Callable[[Any], Answer]) -> Answer:
        if monotonic() >= self._left_alone_until:
            try:
                return question(super())
            except RedisError as error:
                self._left_alone_until = monotonic() + LEFT_ALONE
                log.warning("cache: not asked for %d seconds (%s)", LEFT_ALONE, type(error).__name__)
        return question(self._meanwhile)
