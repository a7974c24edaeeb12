"""What a process that serves people must not begin with, and settings alone cannot tell.

Web processes, workers and beat ask as they come up, and `manage.py check --deploy` asks for what needs no database. A
database that is away stops nobody: it may come back, and `/readyz` says so.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

MAIL = "django.core.mail.backends.smtp.EmailBackend"
FORGETFUL = ("DummyCache", "LocMemCache", "DatabaseCache", "FileBasedCache")
# They copy the values of fields, and what somebody wrote and took back would stay there.
HISTORIES = {"auditlog", "easyaudit", "field_history", "pghistory", "reversion", "simple_history"}


def refuse_unless_ready() -> None:
    """Ends the process with one plain line for the first thing that is wrong."""
    if settings.DEBUG:
        return
    for reason in reasons():
        sys.exit(f"Best Stuff does not start: {reason} (see docs/operations.md)")


def reasons() -> Iterator[str]:
    yield from of_the_settings()
    try:
        yield from of_the_database()
    except OperationalError:
        return
    except DatabaseError as problem:
        yield (
            f"the database answers, and its tables cannot be read ({type(problem).__name__}); the role of DATABASE_URL "
            "has to own them"
        )
    finally:
        connection.close()  # Before a web server or a worker makes processes of this one, which would share it.


def of_the_settings() -> Iterator[str]:
    """For those who start it with settings of their own around ours."""
    if settings.EMAIL_BACKEND != MAIL:
        yield f"EMAIL_BACKEND is {settings.EMAIL_BACKEND}, which sends no mail"
    cache = str(settings.CACHES["default"]["BACKEND"])
    if cache.rpartition(".")[2] in FORGETFUL:
        yield f"CACHES names {cache}, with which each process counts alone how often doors are tried"
    for app in sorted({config.name.partition(".")[0] for config in apps.get_app_configs()} & HISTORIES):
        yield f"INSTALLED_APPS has {app}, which keeps what people wrote after they changed or deleted it"


def of_the_database() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is_superuser, bypasses = cursor.fetchone()
    # A superuser reads files of the server's machine and starts programs there: a hole in the site would be one in
    # the machine. An owner of its tables is fine, since migrations need one and no rule of rows (RLS) is in use.
    if not settings.IS_LOCAL and is_superuser:
        yield "DATABASE_URL signs in as a superuser of the database; make a role that owns this database alone"
    if not settings.IS_LOCAL and bypasses and not is_superuser:
        yield "DATABASE_URL signs in as a role with BYPASSRLS; make one without"
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield f"{len(waiting)} migrations are not applied; run `manage.py migrate`"


@register(Tags.security, deploy=True)
def settings_around_ours(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(f"{reason}.", id="setup.E001") for reason in of_the_settings()]
