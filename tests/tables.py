"""The database as it lies on the disk: every table, whatever the models say."""

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from accounts.vault.fields import sealed_names
from accounts.vault.reading import each


def contents(*without: str) -> Iterator[tuple[str, str]]:
    """Each table with all its rows as text, in an order of their own."""
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - set(without)):
            name = connection.ops.quote_name(table)
            rows = f"SELECT string_agg(t::text, chr(10) ORDER BY t::text) FROM {name} t"  # noqa: S608
            cursor.execute(rows)
            yield table, cursor.fetchone()[0] or ""


def opened() -> Iterator[str]:
    """Every sealed word that some key still opens."""
    for model in apps.get_models():
        for name in sealed_names(model):
            yield from (words for _, words in each(model._default_manager.all(), name) if words)


def prints(*without: str) -> dict[str, str]:
    """A print of each table: it changes when a row does."""
    return {table: hashlib.sha256(rows.encode()).hexdigest() for table, rows in contents(*without)}
