"""Two answers for machines: is the process alive, and can it do its work."""

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

from accounts.mail import outbox
from accounts.vault.errors import Unreadable
from accounts.vault.keyring import keyring

ASKS_FOR_SECONDS = 2
LATE_AFTER = 15  # Minutes.


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

    Redis, the mail server and e-mail that is late are reported only: without them pages still work, and nothing that
    was written is lost.
    """
    parts = {"database": _database(), "key file": _key_file(), "redis": _redis(), "mail": _mail()}
    if parts["database"] == "ok":
        parts["outbox"] = _outbox()
    ready = parts["database"] == parts["key file"] == "ok"
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "does not answer"
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
            )
        ) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError):
        return "does not answer"
    return "ok"


def _outbox() -> str:
    behind = outbox.minutes_behind()
    return f"the oldest e-mail has been due for {behind} minutes" if behind >= LATE_AFTER else "ok"


def _mail() -> str:
    try:
        server = get_connection(timeout=ASKS_FOR_SECONDS, fail_silently=False)
        server.open()
        server.close()
    except Exception:  # whatever a mail backend raises: this is a report, and it must not be what fails
        return "does not answer"
    return "ok"
