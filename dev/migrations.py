"""Whether new migrations let the release before them run on: `python -m dev.migrations`.

An upgrade migrates while the processes of the earlier release still answer, so a migration only adds
(docs/architecture.md, "Expanding and contracting"). What an earlier release would trip over is named here, for each
migration after those that were there when the rule came. One that breaks it with good reason says why, in a class
attribute `safe_because`.

(django-migration-linter reads the SQL of migrations, for which it needs a database that answers; `make check` has none,
and what matters is in the operations.)
"""

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

# The last of each app that the rule does not concern.
BEFORE = {"accounts": 60, "mail": 90, "mentoring": 170, "reflections": 180}
# Tables that grow without end where many people are: their indexes are made beside the work of others.
LARGE = {
    "accounts.auditentry",
    "accounts.user",
    "mail.mailevent",
    "mail.maillink",
    "mail.message",
    "mentoring.enrollment",
    "mentoring.meeting",
    "mentoring.pairing",
    "reflections.answer",
    "reflections.moment",
    "reflections.reflection",
}

DROPS = re.compile(r"\bDROP\s+(TABLE|COLUMN)\b", re.IGNORECASE)
INDEXES = re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)", re.IGNORECASE)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    said = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in BEFORE and int(name[:4]) > BEFORE[app] and not getattr(migration, "safe_because", ""):
            said += [f"{app} {name}: {line}" for line in complaints(migration)]
    for line in said:
        print(line)
    return 1 if said else 0


def complaints(migration: Any) -> Iterator[str]:
    """One sentence for each thing in it over which the release before would trip, or for which everybody would wait."""
    from django.db import migrations
    from django.db.migrations import operations as ops

    made = {op.name_lower for op in migration.operations if isinstance(op, ops.CreateModel)}
    app = migration.app_label
    moves_rows = changes_tables = False
    for op in _flat(migration.operations):
        model = str(getattr(op, "model_name_lower", getattr(op, "name_lower", "")))
        where = f"{model}.{getattr(op, 'name', '')}"
        moves_rows = moves_rows or isinstance(op, (migrations.RunPython,))
        is_row_op = isinstance(op, (migrations.RunPython, migrations.RunSQL, ops.SeparateDatabaseAndState))
        changes_tables = changes_tables or not is_row_op
        if isinstance(
            op, (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)
        ):
            yield (
                f"{type(op).__name__} of {where if '.' in where else model} takes away what the release before may use."
                " Do it one release after the code that used it is gone, and say which in `safe_because`."
            )
        if isinstance(op, ops.AddField) and model not in made and _is_demanded(op.field):
            yield (
                f"{where} is NOT NULL without a db_default: the release before inserts rows without it. Django’s own"
                " `default` is not kept in the database."
            )
        if isinstance(op, ops.AlterField) and model not in made and _is_demanded(op.field):
            yield (
                f"{where} is altered and NOT NULL without a db_default. Where it was so before, or the release before"
                " always fills it, say so in `safe_because`."
            )
        if model in made or f"{app}.{model}" not in LARGE:
            pass
        elif type(op) is ops.AddIndex:
            yield (
                f"an index on {model}, which may be large, locks it against writing while it is made: use"
                " AddIndexConcurrently, in a migration of its own with `atomic = False`."
            )
        elif isinstance(op, ops.AddField) and _is_indexed(op.field):
            yield (
                f"{where} brings an index or a foreign key to {model}, which may be large, and locks it while it is"
                " made: add it plain (db_index=False, db_constraint=False), and the index and the constraint as above"
                " in migrations of their own."
            )
        elif type(op) is ops.AddConstraint:
            yield (
                f"a constraint on {model}, which may be large, reads all of it under a lock: use"
                " AddConstraintNotValid, and ValidateConstraint in the next migration; for a unique one an index that"
                " is made concurrently before."
            )
        if isinstance(op, migrations.RunSQL):
            sql = str(op.sql)
            if DROPS.search(sql):
                yield "RunSQL drops a table or a column, which takes away what the release before may use."
            if INDEXES.search(sql):
                yield "RunSQL makes an index without CONCURRENTLY, which locks the table against writing."
        if isinstance(op, (migrations.RunPython, migrations.RunSQL)) and not op.reversible:
            yield f"{type(op).__name__} has no way back."
    if moves_rows and changes_tables and migration.atomic:
        yield (
            "it changes tables and moves rows in one transaction, whose locks last until the last row: make two of it."
        )


def _flat(operations: Any) -> Iterator[Any]:
    from django.db.migrations.operations import SeparateDatabaseAndState

    for op in operations:
        yield from _flat(op.database_operations) if isinstance(op, SeparateDatabaseAndState) else [op]


def _is_indexed(field: Any) -> bool:
    """Whether PostgreSQL builds an index or reads all rows for it: also where each of them is empty."""
    from django.db.models import ManyToManyField

    if isinstance(field, ManyToManyField):
        return False
    refers = field.remote_field is not None and field.db_constraint
    return bool(field.unique or field.db_index or refers)


def _is_demanded(field: Any) -> bool:
    """Whether a row that is inserted without it is refused."""
    from django.db.models import NOT_PROVIDED, ManyToManyField

    return not (
        field.null
        or isinstance(field, ManyToManyField)
        or field.primary_key
        or field.db_default is not NOT_PROVIDED
        or getattr(field, "generated", False)
    )


if __name__ == "__main__":
    sys.exit(main())
