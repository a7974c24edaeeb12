"""What tests that commit leave behind is cleared away here, and the rows that migrations made are put back.

Django would truncate every table, which makes new files for a hundred tables and their indexes each time, and would
read those rows back from JSON one by one. Most tests write to a few tables: here only rows that are there are deleted,
and PostgreSQL itself keeps a copy of what the migrations made, in a schema that no model knows of.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

SCHEMA = "made_by_migrations"
# Which the database lets nobody empty while its triggers are on.
LOG = "accounts_auditentry"


def keep(using: str = DEFAULT_DB_ALIAS) -> None:
    """Copy all rows of a database that has just been migrated."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _filled(cursor, _tables(connection)):
            cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE "{table}"')


def restore(using: str = DEFAULT_DB_ALIAS) -> None:
    """Leave in each table what `keep` found there, once all who still use one of them have ended their transactions."""
    connection = connections[using]
    tables = _tables(connection)
    with transaction.atomic(using), connection.cursor() as cursor:
        # As TRUNCATE does: what a thread or a process of the test is about to commit is waited for, and goes as well.
        cursor.execute("LOCK TABLE " + ", ".join(f'"{table}"' for table in tables))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in _filled(cursor, tables):
            if table != LOG:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
        # Last, since rights that go are written down too.
        if LOG in tables:
            cursor.execute(f"ALTER TABLE {LOG} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {LOG}")  # noqa: S608
            cursor.execute(f"ALTER TABLE {LOG} ENABLE TRIGGER USER")
        for table, columns in _kept(cursor).items():
            cursor.execute(
                f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {SCHEMA}."{table}"'  # noqa: S608
            )


def _tables(connection: Any) -> list[str]:
    """Those of the models that the database has, as for Django's `flush`: not that of the migrations themselves."""
    tables: list[str] = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(tables)


def _filled(cursor: Any, tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"  # noqa: S608
        for table in tables
    )
    cursor.execute(asked)
    return [table for (table,) in cursor.fetchall()]


def _kept(cursor: Any) -> dict[str, str]:
    """The columns of each table with rows from the migrations."""
    cursor.execute(
        "SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_schema = %s GROUP BY table_name",
        [SCHEMA],
    )
    return dict(cursor.fetchall())
