"""Answers for machines: is the process alive, can it do its work, and is mail going out."""

import time
from contextlib import closing

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail import get_connection
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.mail import waiting
from accounts.monitoring.asking import Asked, NoAnswer, Question
from accounts.vault.errors import Unreadable
from accounts.vault.keyring import keyring

ASKS_FOR_SECONDS = 2
# Everything is asked at once, and has answered by then or does not count as there.
WAITS_FOR_SECONDS = 3
AWAY = "does not answer"


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, its tables are up to date, and the key of people's words is there, else 503.

    Redis and the mail server are reported only: without them pages still work, and nothing that was written is lost.
    """
    until = time.monotonic() + WAITS_FOR_SECONDS
    asked = {name: question.begin() for name, question in QUESTIONS.items()}
    parts = {"key file": _key_file(), **{name: _said(each, until) for name, each in asked.items()}}
    ready = parts["database"] == parts["key file"] == "ok"
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """How the outbox is: 200 while the database answers, else 503. It counts e-mails, never people.

    `oldest_owed_seconds`: for how long the oldest e-mail is due that is still to go out; 0 where there is none.
    `uncertain`: how many were perhaps sent, which a person has to look at.
    """
    try:
        seconds, uncertain = OUTBOX.begin().answer(time.monotonic() + WAITS_FOR_SECONDS)
    except (DatabaseError, NoAnswer):
        return JsonResponse({"database": AWAY}, status=503)
    return JsonResponse({"database": "ok", "oldest_owed_seconds": seconds, "uncertain": uncertain})


def _outbox() -> tuple[int, int]:
    return int(waiting.oldest_owed().total_seconds()), waiting.uncertain()


def _said(asked: Asked[str], until: float) -> str:
    try:
        return asked.answer(until)
    except NoAnswer:
        return AWAY


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return AWAY
    return "migrations are waiting" if waiting else "ok"


def _key_file() -> str:
    """Not what is wrong with it: whoever asks here is anybody."""
    try:
        keyring()
    except Unreadable:
        return "cannot be used"
    return "ok"


def _redis() -> str:
    try:
        with closing(
            Redis.from_url(
                settings.REDIS_URL,
                socket_timeout=ASKS_FOR_SECONDS,
                socket_connect_timeout=ASKS_FOR_SECONDS,
                retry=Retry(NoBackoff(), 0),
            )
        ) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError):
        return AWAY
    return "ok"


def _mail() -> str:
    try:
        server = get_connection(timeout=ASKS_FOR_SECONDS, fail_silently=False)
        server.open()
        server.close()
    except Exception:  # whatever a mail backend raises: this is a report, and it must not be what fails
        return AWAY
    return "ok"


QUESTIONS = {"database": Question(_database), "redis": Question(_redis), "mail": Question(_mail)}
OUTBOX = Question(_outbox)
