"""What Prometheus asks for. Without METRICS_TOKEN, or without showing it, there is no such page."""

import secrets
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from redis import RedisError

from accounts import clock
from accounts.monitoring import figures
from accounts.monitoring.asking import NoAnswer, Question
from reflections import figures as of_reflections

# Prometheus gives up after ten by itself.
WAITS_FOR_SECONDS = 6


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """Requests of all processes of this web server, and our figures. It answers also where the database is away."""
    if not _may_read(request):
        raise Http404
    until = time.monotonic() + WAITS_FOR_SECONDS
    asked = {"database": DATABASE.begin(), "redis": REDIS.begin()}
    found = list(figures.running(clock.now()))
    for name, each in asked.items():
        try:
            found += each.answer(until)
            is_up = True
        except (DatabaseError, RedisError, OSError, ValueError, NoAnswer):
            is_up = False
        found.append(figures.figure(f"{name}_up", f"1 if {name} answers.", is_up))
    return HttpResponse(_counts() + _text(found), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """By a token of the operator's, compared in a time that tells nothing of how much of it was right."""
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    return bool(
        token and kind.lower() == "bearer" and secrets.compare_digest(shown.strip().encode(), token.encode())
    )


def _counts() -> bytes:
    """Of all processes, where gunicorn.conf.py gave them a folder; else of this one."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:
        registry = REGISTRY
    return generate_latest(registry)


def _text(found: list[GaugeMetricFamily]) -> bytes:
    registry = CollectorRegistry()
    registry.register(figures.Found(found))
    return generate_latest(registry)


def _database() -> list[GaugeMetricFamily]:
    return figures.from_database((*figures.OURS, *of_reflections.OURS), clock.now())


DATABASE = Question(_database)
REDIS = Question(figures.from_redis)
