"""What a table holds, as a number of rows and a print of them all: alike before and after, whatever the order."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

# How PostgreSQL writes values as text depends on these.
PLAINLY = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, MDY'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    # However long it takes: a large table is read from end to end.
    "SET LOCAL statement_timeout = 0",
)


class Print(NamedTuple):
    rows: int
    sum: str


def tables() -> list[str]:
    """All tables of ours, by their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall()]


def of(names: Iterable[str]) -> dict[str, Print]:
    """Within a transaction, all of them as of one moment where that is one of REPEATABLE READ."""
    found = {}
    with connection.cursor() as cursor:
        for statement in PLAINLY:
            cursor.execute(statement)
        for name in names:
            # The sum of the first 60 bits of each row's MD5: a row lost, added or changed shows, their order does not.
            cursor.execute(
                "SELECT count(*), coalesce(sum(('x' || left(md5(r_::text), 15))::bit(60)::bigint), 0)::text"  # noqa: S608
                f" FROM public.{connection.ops.quote_name(name)} AS r_"
            )
            found[name] = Print(*cursor.fetchone())
    return found
