"""What a sender asks of the database for each message: made into SQL once, and planned by PostgreSQL once.

Most of what a message cost was making the same long statement again and planning it again. A statement is made from a
query set like any other, with a `Given` where a value comes in each time; whatever else stands in it is a constant.
"""

from collections.abc import Callable, Hashable
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import UpdateQuery
from psycopg2.extensions import AsIs

from accounts import pooling

# Which statements a connection knows: they end with it, and a new one is told them again.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Given(Expression):
    """The place in a statement of a value that differs from one time to the next."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Statement:
    """One statement. What is called below has to be given each `Given` in it by its name."""

    def __init__(self, sql: str, params: tuple[Any, ...] | list[Any]) -> None:
        self._names = list(dict.fromkeys(param.name for param in params if isinstance(param, Given)))
        self._sql = sql
        self._params = [
            AsIs(f"${self._names.index(param.name) + 1}") if isinstance(param, Given) else param
            for param in params
        ]
        # Of what it says: should a pooler ever hand one session to two senders, one name is one statement in both.
        said = repr(
            (sql, [str(each) if isinstance(each, AsIs) else repr(each) for each in self._params], self._names)
        )
        self.name = f"mail_{sha256(said.encode()).hexdigest()[:24]}"

    @classmethod
    def _of(cls, query: Any, using: str) -> "Statement":
        """Of a query of which Django can tell that it finds nothing, one that finds nothing."""
        try:
            return cls(*query.get_compiler(using=using).as_sql())
        except EmptyResultSet:
            return cls("SELECT 1 WHERE FALSE", ())

    @classmethod
    def select(cls, rows: "QuerySet[Any, Any]") -> "Statement":
        """The rows of a query set of values."""
        return cls._of(rows.query, rows.db)

    @classmethod
    def exists(cls, rows: "QuerySet[Any, Any]") -> "Statement":
        return cls._of(rows.query.exists(), rows.db)

    @classmethod
    def update(cls, rows: "QuerySet[Any, Any]", **changes: Any) -> "Statement":
        """As `QuerySet.update`, of rows that are found without a join."""
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        query.annotations = {}
        return cls._of(query, rows.db)

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        with self._run(given) as cursor:
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def finds(self, **given: Any) -> bool:
        """Whether there is a row."""
        return bool(self.rows(**given))

    def changes(self, **given: Any) -> int:
        """How many rows it changed."""
        with self._run(given) as cursor:
            changed: int = cursor.rowcount
            return changed

    def _run(self, given: dict[str, Any]) -> Any:
        cursor = connection.cursor()
        if pooling.stands_between():
            return self._run_unprepared(cursor, given)
        known = _known.setdefault(connection.connection, set())
        if self.name not in known:
            plain = cursor.mogrify(self._sql, self._params).decode()
            cursor.execute(f"PREPARE {self.name} AS {plain}")
            known.add(self.name)
        values = [given[name] for name in self._names]
        places = f"({', '.join(['%s'] * len(values))})" if values else ""
        cursor.execute(f"EXECUTE {self.name}{places}", values)
        return cursor

    def _run_unprepared(self, cursor: Any, given: dict[str, Any]) -> Any:
        """Planned each time: what is prepared belongs to a session, and the next one may be another."""
        values = {f"${place}": given[name] for place, name in enumerate(self._names, 1)}
        cursor.execute(
            self._sql,
            [values[str(param)] if isinstance(param, AsIs) else param for param in self._params],
        )
        return cursor


class Statements:
    """Those of a module, each made when it is first needed, and again once what it was made of has changed."""

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[tuple[Any, ...], Statement]] = {}

    def get(self, key: Hashable, made_of: tuple[Any, ...], make: Callable[[], Statement]) -> Statement:
        """The statement of that key. `made_of` is compared by identity, then by `==`."""
        found = self._made.get(key)
        if found is None or found[0] != made_of:
            found = self._made[key] = made_of, make()
        return found[1]
