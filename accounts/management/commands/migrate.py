"""`manage.py migrate`, as Django has it, and polite: while it waits for a lock, everybody else waits behind it.

So it waits for two seconds at most, gives way, says what was in the way, and tries again (docs/operations.md).
"""

import re
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangosCommand
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

LOCK_SECONDS = 2.0
TRIES = 30
LONGEST_PAUSE = 10.0
LOCK_NOT_AVAILABLE = "55P03"
# The first table that a statement names.
TABLE = re.compile(r'\b(?:TABLE|ON|UPDATE|INTO|FROM)\s+(?:ONLY\s+)?"?([a-z_][a-z0-9_]*)"?', re.IGNORECASE)
# Who holds it: the number, for how long, and what it does. Not what it asked: that may hold somebody's words.
HOLDER = """
    SELECT a.pid, extract(epoch FROM clock_timestamp() - a.xact_start)::int, a.state
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.granted AND l.relation = to_regclass(%s) AND l.database = (
        SELECT oid FROM pg_database WHERE datname = current_database()
    ) AND a.pid <> pg_backend_pid()
    ORDER BY a.xact_start LIMIT 1
"""


class Command(DjangosCommand):
    help = (
        f"{DjangosCommand.help} Waits for a lock for {LOCK_SECONDS:.0f} seconds at most, so that nobody else waits"
        " longer, and tries again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-seconds",
            type=float,
            default=LOCK_SECONDS,
            help=f"for how long it waits for a lock ({LOCK_SECONDS:.0f}); 0 waits however long",
        )
        parser.add_argument(
            "--tries", type=int, default=TRIES, help=f"how often it tries to get one ({TRIES})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        self._lock_seconds: float = options["lock_seconds"]
        self._asked = ""
        self._connection = connection
        for number in range(1, options["tries"] + 1):
            try:
                with connection.execute_wrapper(self._note):
                    super().handle(*args, **options)
                return
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                    raise
                said = self._in_the_way()
                if number == options["tries"]:
                    raise CommandError(
                        f"{said} Gave up after {number} tries. What was migrated so far stays; run it again when"
                        " less is going on."
                    ) from None
                pause = min(1.0 * number, LONGEST_PAUSE)
                self.stdout.write(f"\n{said} Trying again in {pause:.0f} s ({number} of {options['tries']}).")
                time.sleep(pause)
            finally:
                self._set_patience(None)

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        if migration is not None and action in ("apply_start", "unapply_start"):
            # One that is no transaction makes its index beside the work of others (CONCURRENTLY): it holds up nobody
            # while it waits, and given up half-way would leave an index that is of no use.
            self._set_patience(self._lock_seconds if migration.atomic else 0)
        super().migration_progress_callback(action, migration, fake)

    def _set_patience(self, seconds: float | None) -> None:
        """None: as the server has it."""
        if self._connection.connection is None or not self._connection.is_usable():
            return
        with self._connection.cursor() as cursor:
            if seconds is None:
                cursor.execute("RESET lock_timeout")
                cursor.execute("RESET statement_timeout")
                return
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(seconds * 1000)}ms"])
            # A statement of a migration takes as long as it takes.
            cursor.execute("SET statement_timeout = 0")

    def _note(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        try:
            return execute(sql, params, many, context)
        except OperationalError:
            self._asked = sql
            raise

    def _in_the_way(self) -> str:
        found = TABLE.search(self._asked)
        if found is None:
            return "A lock that another process holds is in the way."
        table = found[1]
        holder = _holder(self._connection, table)
        if holder is None:
            return f"The table {table} was in use for longer than {self._lock_seconds:g} s by others."
        pid, seconds, state = holder
        return f"The table {table} is in the way: process {pid} of PostgreSQL has used it for {seconds} s ({state})."


def _holder(connection: BaseDatabaseWrapper, table: str) -> tuple[int, int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(HOLDER, [table])
        found: tuple[int, int, str] | None = cursor.fetchone()
    return found
