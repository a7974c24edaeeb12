"""A cache that may be away. It only holds the counters that slow guessing down: its loss must keep nobody out."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which reads as empty and forgets what it is told while Redis does not answer.

    Codes and passwords keep their own limits meanwhile: a code dies after three wrong tries, whatever the cache says.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            log.warning("cache: not read (%s)", type(error).__name__)
            return default

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError as error:
            log.warning("cache: not written (%s)", type(error).__name__)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """True also while Redis is away: whoever takes a lock by it would wait for ever."""
        try:
            return bool(super().add(key, value, *args, **kwargs))
        except RedisError as error:
            log.warning("cache: not added (%s)", type(error).__name__)
            return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return bool(super().delete(key, version))
        except RedisError as error:
            log.warning("cache: not deleted (%s)", type(error).__name__)
            return False
