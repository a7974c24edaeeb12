"""The cache while Redis is away."""

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import TimeoutError as TookTooLong

from accounts import cache
from accounts.cache import ForgivingRedisCache


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Redis was asked, and did not answer."""
    asked: list[str] = []

    def silent(name: str) -> None:
        def ask(*args: object, **kwargs: object) -> None:
            asked.append(name)
            raise TookTooLong

        monkeypatch.setattr(RedisCache, name, ask)

    for name in ("get", "set", "add", "delete"):
        silent(name)
    return asked


def test_while_redis_is_silent_nobody_waits_for_it_more_than_once(asked: list[str]) -> None:
    forgiving = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    assert forgiving.get("a", "nothing") == "nothing"
    forgiving.set("a", 1)
    assert forgiving.add("a", 1)
    assert not forgiving.delete("a")
    assert asked == ["get"]


def test_after_some_seconds_redis_is_asked_again(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    forgiving = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    forgiving.get("a")
    later = cache.monotonic() + cache.LEFT_ALONE
    monkeypatch.setattr(cache, "monotonic", lambda: later)
    assert forgiving.add("a", 1)
    assert asked == ["get", "add"]
