"""Whether all of it runs. Nothing here waits for more than a second, and what is away is said and holds up nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from celery import current_app
from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts import pooling
from accounts.mail import home, waiting
from accounts.models import FailedTask, HouseRun

from .estimates import About
from .findings import Finding, State
from .records import BACKUP, TICK

ASKS_FOR_SECONDS = 0.5
# How long workers are given to say that they are there; all of it is waited for.
LISTENS_FOR_SECONDS = 0.7
# So many ticks may be missed before it is said that the clock stands still.
TICKS_MISSED = 3
# One is made each night; whoever is late for a day is told.
BACKUP_IS_OLD = timedelta(hours=36)
LOCAL = ("", "localhost", "127.0.0.1", "::1")
LITTLE_ROOM = 0.1
LARGEST = 6


class Table(NamedTuple):
    name: str
    rows: int
    size: str


def findings(now: datetime) -> list[Finding]:
    """Everything but the mail that waits for a person's word, which the app above knows of."""
    redis = _redis()
    return [
        _database(),
        _connections(),
        *_pooler(),
        redis,
        _clock(now),
        _workers(redis.state is State.GOOD),
        *_mail(now),
        _backup(now),
        *_disks(),
    ]


# --- The database --------------------------------------------------------------------------------------------------


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    said = {"version": postgres_version(), "size": filesizeformat(size)}
    return Finding(_("Database"), _("PostgreSQL %(version)s answers. It holds %(size)s.") % said)


def _connections() -> Finding:
    """To this server, by what our processes are called; those of other databases and roles are one number."""
    with connection.cursor() as cursor:
        # Any role may see whose a connection is and how it is called; of a stranger's not even of what kind it is.
        cursor.execute(
            "SELECT CASE WHEN datname = current_database() THEN application_name ELSE '' END, count(*),"
            " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " FROM pg_stat_activity WHERE datname IS NOT NULL"
            " AND coalesce(backend_type, 'client backend') = 'client backend' GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        rows = cursor.fetchall()
    others = _("others")  # An f-string would hide it from the translators’ tool.
    used, allowed = sum(number for _name, number, _allowed in rows), rows[0][2]
    said = {
        "used": used,
        "allowed": allowed,
        "whose": ", ".join(f"{name or others} {number}" for name, number, _allowed in rows),
    }
    words = _("%(used)s of %(allowed)s are in use: %(whose)s.") % said
    is_full = allowed - used < LITTLE_ROOM * allowed
    to_do = "docs/scale.md" if is_full else ""
    return Finding(_("Connections"), words, State.LOOK if is_full else State.GOOD, to_do)


def _pooler() -> Iterator[Finding]:
    """Where what is set and what stands between us and PostgreSQL are not the same."""
    is_there = pooling.is_seen()
    if is_there and not settings.DATABASE_POOLER:
        words = _(
            "A pooler stands before the database, and nothing says so. Long lists that tasks read will fail if it "
            "pools transactions."
        )
        yield Finding(_("Pooler"), words, State.BAD, "DATABASE_POOLER=transaction")
    elif settings.DATABASE_POOLER and not is_there:
        words = _(
            "DATABASE_POOLER is set, and no pooler is seen. All works; statements are planned each time."
        )
        yield Finding(_("Pooler"), words, State.LOOK, "DATABASE_POOLER")


def postgres_version() -> str:
    """From the connection, without asking."""
    connection.ensure_connection()
    number: int = connection.connection.server_version
    return f"{number // 10000}.{number % 10000}"


def largest_tables() -> list[Table]:
    """With rows as the database guesses them, and their indexes in the size."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, greatest(reltuples, 0)::bigint, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 3 DESC LIMIT %s",
            [LARGEST],
        )
        return [Table(name, About(rows), filesizeformat(size)) for name, rows, size in cursor.fetchall()]


# --- Redis, the clock and the workers ------------------------------------------------------------------------------


def _redis() -> Finding:
    try:
        with closing(_connection()) as redis:
            version = redis.info("server").get("redis_version", "?")
            doorbells = redis.llen(current_app.conf.task_default_queue)
    except (RedisError, OSError, ValueError):
        return Finding(
            "Redis",
            _(
                "Redis does not answer. Nothing is lost, but no worker is called, and each web process counts by "
                "itself how often doors are tried."
            ),
            State.BAD,
            "REDIS_URL",
        )
    waits = ngettext("One call waits for a worker.", "%(number)d calls wait for a worker.", doorbells)
    none = _("No call waits for a worker.")
    words = _("Redis %(version)s answers.") % {"version": version}
    return Finding("Redis", f"{words} {waits % {'number': doorbells} if doorbells else none}")


def calls_waiting() -> int:
    """How many calls wait for a worker. Raises RedisError or OSError within a second where Redis does not answer."""
    with closing(_connection()) as redis:
        number: int = redis.llen(current_app.conf.task_default_queue)
        return number


def _connection() -> Any:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=ASKS_FOR_SECONDS,
        socket_connect_timeout=ASKS_FOR_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def _clock(now: datetime) -> Finding:
    last = HouseRun.objects.filter(name=TICK).order_by("-on").values_list("last_at", flat=True).first()
    to_do = "celery -A mentoring beat"
    if last is None:
        return Finding(_("Clock"), _("It has not gone round yet."), State.BAD, to_do)
    ago = _ago(last, now)
    if now - last > timedelta(seconds=TICKS_MISSED * settings.TICK_SECONDS):
        words = _("It went round last %(ago)s. Either beat rings no more, or no worker comes to it.") % ago
        return Finding(_("Clock"), words, State.BAD, to_do)
    return Finding(_("Clock"), _("It went round last %(ago)s.") % ago)


def _workers(redis_answers: bool) -> Finding:
    to_do = "celery -A mentoring worker"
    if not redis_answers:
        words = _("They cannot be asked, since Redis does not answer.")
        return Finding(_("Workers"), words, State.LOOK)
    try:
        with current_app.connection_for_write(url=settings.REDIS_URL) as line:
            line.transport_options = {
                **(line.transport_options or {}),
                "socket_connect_timeout": ASKS_FOR_SECONDS,
                "socket_timeout": 2 * ASKS_FOR_SECONDS,
            }
            answers = current_app.control.ping(timeout=LISTENS_FOR_SECONDS, connection=line) or []
    except (OperationalError, RedisError, OSError):
        return Finding(
            _("Workers"), _("They cannot be asked, since Redis does not answer."), State.LOOK, to_do
        )
    names = sorted(name for answer in answers for name in answer)
    if not names:
        words = _("No worker answers. One that is in the middle of something may not hear.")
        return Finding(_("Workers"), words, State.BAD, to_do)
    said = ngettext("One worker answers: %(names)s.", "%(number)d workers answer: %(names)s.", len(names))
    return Finding(_("Workers"), said % {"number": len(names), "names": ", ".join(names)})


# --- Mail ----------------------------------------------------------------------------------------------------------


def _mail(now: datetime) -> Iterator[Finding]:
    if elsewhere := home.waits():
        words = (
            _("Nothing goes out: this is a copy for testing.")
            if elsewhere.is_copy
            else _("Nothing goes out: this database was copied from another server.")
        )
        yield Finding(_("Mail waits"), words, State.BAD, "manage.py mail release")
    oldest, perhaps = waiting.oldest_owed(), waiting.uncertain()
    label = _("Mail going out")
    if oldest < timedelta(minutes=1):
        yield Finding(label, _("No e-mail waits."))
    else:
        words = _("The oldest that is owed has waited for %(how_long)s.")
        is_late = oldest > waiting.LATE
        yield Finding(
            label,
            words % {"how_long": timesince(now - oldest, now)},
            State.BAD if is_late else State.GOOD,
            "manage.py mail_check" if is_late else "",
        )
    label = _("Mail perhaps sent")
    if perhaps:
        said = ngettext(
            "Of one e-mail nobody can say whether it went out.",
            "Of %(number)d e-mails nobody can say whether they went out.",
            perhaps,
        )
        yield Finding(label, said % {"number": perhaps}, State.LOOK, "docs/mail.md")
    else:
        yield Finding(label, _("There is none."))


# --- Backups -------------------------------------------------------------------------------------------------------


def _backup(now: datetime) -> Finding:
    """Of those by our own command: what else copies the database is not known here."""
    last = HouseRun.objects.filter(name=BACKUP).order_by("-on").values_list("last_at", flat=True).first()
    if last is None:
        words = _("None was made in 90 days by the command for it.")
        return Finding(_("Last backup"), words, State.LOOK, "manage.py backup")
    is_old = now - last > BACKUP_IS_OLD
    words = _("It was made %(ago)s.") % _ago(last, now)
    return Finding(
        _("Last backup"), words, State.LOOK if is_old else State.GOOD, "manage.py backup" if is_old else ""
    )


# --- What failed ---------------------------------------------------------------------------------------------------


def failed_lately() -> list[FailedTask]:
    """The latest fifty, of 30 days."""
    return list(FailedTask.objects.order_by("-last_at", "pk")[:50])


# --- Room on the disks ---------------------------------------------------------------------------------------------


def _disks() -> Iterator[Finding]:
    """Of the folders that this process can look at. Two on one disk are one line."""
    known: dict[int, tuple[list[str], Path]] = {}
    for label, folder in _folders():
        try:
            known.setdefault(folder.stat().st_dev, ([], folder))[0].append(label)
        except OSError:
            continue
    for labels, folder in known.values():
        use = shutil.disk_usage(folder)
        is_full = use.free < LITTLE_ROOM * use.total
        said = {"free": filesizeformat(use.free), "total": filesizeformat(use.total)}
        yield Finding(
            _("Disk: %(what)s") % {"what": ", ".join(labels)},
            _("%(free)s of %(total)s are free.") % said,
            State.LOOK if is_full else State.GOOD,
        )


def _folders() -> Iterator[tuple[str, Path]]:
    yield _("uploads and exports under way"), Path(tempfile.gettempdir())
    yield _("the program and its files"), Path(settings.BASE_DIR)
    if settings.DATABASES["default"].get("HOST", "") in LOCAL or _is_a_socket():
        with connection.cursor() as cursor:
            # Where it lies is told to those alone who may read all settings; asked otherwise, it would be an error.
            cursor.execute(
                "SELECT CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')"
                " THEN current_setting('data_directory') END"
            )
            (folder,) = cursor.fetchone()
        if folder:
            yield _("the database"), Path(folder)


def _is_a_socket() -> bool:
    return str(settings.DATABASES["default"].get("HOST", "")).startswith("/")


def _ago(then: datetime, now: datetime) -> dict[str, str]:
    if now - then < timedelta(minutes=1):
        return {"ago": _("less than a minute ago")}
    return {"ago": _("%(how_long)s ago") % {"how_long": timesince(then, now)}}
