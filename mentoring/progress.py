"""A worker that is busy in its own transaction tells others how far it is, and that it is still there."""

import uuid
from datetime import timedelta
from types import TracebackType
from typing import ClassVar, Self

from django.db import connection
from django.db.models import Model
from psycopg2 import sql

from accounts.clock import now as clock_now


class Progress:
    """Writes `column` of a row of `model` that is claimed, and takes its lease anew, by a connection of its own.

    Inside somebody else's transaction it says nothing, for nobody could see it before that ends. It never waits for a
    row that is held: whoever holds it, as an erasure does, may wait for the work itself.
    """

    model: ClassVar[type[Model]]
    column: ClassVar[str]
    lease: ClassVar[timedelta]
    # How many transactions are the work's own.
    own_transactions: ClassVar[int] = 0

    def __init__(self, pk: int, claim: uuid.UUID) -> None:
        self.pk, self.claim = pk, claim
        depth = len(connection.savepoint_ids) + 1 if connection.in_atomic_block else 0
        self.own = connection.copy() if depth <= self.own_transactions else None

    def __enter__(self) -> Self:
        return self

    def __call__(self, value: int) -> None:
        if self.own is None:
            return
        statement = sql.SQL(
            "UPDATE {table} SET {column} = %s, claimed_until = %s WHERE id = "
            "(SELECT id FROM {table} WHERE id = %s AND claim = %s FOR NO KEY UPDATE SKIP LOCKED)"
        ).format(table=sql.Identifier(self.model._meta.db_table), column=sql.Identifier(self.column))
        with self.own.cursor() as cursor:
            cursor.execute(statement, [value, clock_now() + self.lease, self.pk, self.claim])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.own is not None:
            self.own.close()
