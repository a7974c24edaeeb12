"""`make check` names what the release before a migration would trip over."""

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models

from dev.migrations import complaints, main


def said(*operations: Any, app: str = "mail", **more: Any) -> str:
    made = type("Migration", (migrations.Migration,), {"operations": list(operations), **more})
    return " ".join(complaints(made("0999_x", app)))


def run_nothing(apps: Any, editor: Any) -> None: ...


INDEX = models.Index(fields=["due_at"], name="i")
CHECK = models.CheckConstraint(condition=models.Q(id=1), name="c")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.AddField("message", "x", models.IntegerField()), "NOT NULL without a db_default"),
        (
            migrations.AddField("message", "x", models.IntegerField(default=1)),
            "NOT NULL without a db_default",
        ),
        (migrations.AlterField("message", "x", models.IntegerField()), "is altered and NOT NULL"),
        (migrations.RemoveField("message", "kind"), "takes away"),
        (migrations.RenameField("message", "kind", "sort"), "takes away"),
        (migrations.DeleteModel("Message"), "takes away"),
        (migrations.RenameModel("Message", "Letter"), "takes away"),
        (migrations.AlterModelTable("Message", "letters"), "takes away"),
        (migrations.AddIndex("message", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("message", CHECK), "AddConstraintNotValid"),
        (migrations.RunPython(run_nothing), "no way back"),
        (migrations.RunSQL("SELECT 1"), "no way back"),
        (
            migrations.AddField("message", "x", models.ForeignKey("mail.Relay", models.CASCADE, null=True)),
            "brings an index or a foreign key",
        ),
        (migrations.AddField("message", "x", models.IntegerField(null=True, unique=True)), "brings an index"),
        (
            migrations.AddField("message", "x", models.IntegerField(null=True, db_index=True)),
            "brings an index",
        ),
        (migrations.RunSQL("ALTER TABLE x DROP COLUMN y", ""), "RunSQL drops"),
        (migrations.RunSQL("drop table x", ""), "RunSQL drops"),
        (migrations.RunSQL("CREATE UNIQUE INDEX i ON x (y)", ""), "without CONCURRENTLY"),
    ],
)
def test_what_an_earlier_release_would_trip_over_is_named(operation: Any, words: str) -> None:
    assert words in said(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("message", "x", models.IntegerField(null=True)),
        migrations.AddField("message", "x", models.IntegerField(db_default=1)),
        migrations.CreateModel(
            "Page", [("id", models.AutoField(primary_key=True)), ("x", models.IntegerField())]
        ),
        migrations.RunPython(run_nothing, run_nothing),
        migrations.AddIndex("relay", INDEX),
        AddIndexConcurrently("message", INDEX),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY i ON x (y)", "DROP INDEX i"),
        migrations.AddField("relay", "x", models.IntegerField(null=True, unique=True)),
        migrations.AddField(
            "message",
            "x",
            models.ForeignKey("mail.Relay", models.CASCADE, null=True, db_index=False, db_constraint=False),
        ),
        AddConstraintNotValid("message", CHECK),
    ],
)
def test_what_only_adds_is_not(operation: Any) -> None:
    assert said(operation) == ""


def test_rows_are_not_moved_under_the_locks_of_a_changed_table() -> None:
    both = [
        migrations.AddField("message", "x", models.IntegerField(null=True)),
        migrations.RunPython(run_nothing, run_nothing),
    ]
    assert "make two of it" in said(*both)


def test_those_of_today_keep_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(), capsys.readouterr().out) == (0, "")
