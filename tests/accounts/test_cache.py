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
    assert forgiving.add("a", 1)
    assert forgiving.delete("a")
    assert asked == ["get"]


def test_meanwhile_what_it_is_told_is_kept_in_the_process(asked: list[str]) -> None:
    """Each thread has a cache of its own; a count is shared by all of them."""
    one, other = (ForgivingRedisCache("redis://127.0.0.1:1/1", {}) for _ in range(2))
    assert one.add("a", 1)
    assert not other.add("a", 1)
    other.set("a", [1, 2])
    assert one.get("a") == [1, 2]
    assert one.delete("a")
    assert other.get("a") is None


def test_after_some_seconds_redis_is_asked_again(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    forgiving = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    forgiving.get("a")
    later = cache.monotonic() + cache.LEFT_ALONE
    monkeypatch.setattr(cache, "monotonic", lambda: later)
    assert forgiving.add("a", 1)
    assert asked == ["get", "add"]
