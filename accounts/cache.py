"""A cache that may be away. It only holds the counters that slow guessing down: its loss must keep nobody out."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
LEFT_ALONE = 5.0
Answer = TypeVar("Answer")


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which reads as empty and forgets what it is told while Redis does not answer.

    Signing in asks it many times over. So that nobody waits for each of these to fail, it is left alone for some
    seconds after the first. Codes and passwords keep their own limits meanwhile: a code dies after three wrong tries,
    whatever the cache says.
    """

    _left_alone_until = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, lambda: super(ForgivingRedisCache, self).get(key, default, version))

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._or(None, lambda: super(ForgivingRedisCache, self).set(key, value, *args, **kwargs))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """True also while Redis is away: whoever takes a lock by it would wait for ever."""
        return self._or(True, lambda: bool(super(ForgivingRedisCache, self).add(key, value, *args, **kwargs)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._or(False, lambda: bool(super(ForgivingRedisCache, self).delete(key, version)))

    def _or(self, without: Answer, ask: Callable[[], Answer]) -> Answer:
        if monotonic() < self._left_alone_until:
            return without
        try:
            return ask()
        except RedisError as error:
            self._left_alone_until = monotonic() + LEFT_ALONE
            log.warning("cache: not asked for %d seconds (%s)", LEFT_ALONE, type(error).__name__)
            return without
