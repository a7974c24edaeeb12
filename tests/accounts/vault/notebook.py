"""Models with sealed words, for these tests: an owner's own row, and one that leads to its owner by another."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from accounts.vault.fields import OnlySealed, Sealed, SealedText


class Note(Sealed):
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_constraint=False
    )
    text = SealedText("what you noticed", max_length=2000)
    aside = SealedText(null=True, blank=True)
    color = models.CharField(max_length=10, blank=True)

    objects = models.Manager()
    sealed_by = "writer"

    class Meta:
        app_label = "notebook"
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True), name="note_text_is_sealed"),
            OnlySealed(condition=Q(aside__is_sealed=True), name="note_aside_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"Note #{self.pk}"


class Line(Sealed):
    note = models.ForeignKey(Note, models.CASCADE, related_name="lines", db_constraint=False)
    text = SealedText(blank=True)

    objects = models.Manager()
    sealed_by = "note__writer"

    class Meta:
        app_label = "notebook"
        constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="line_text_is_sealed")]

    def __str__(self) -> str:
        return f"Line #{self.pk}"


MODELS = (Note, Line)


def make_tables() -> None:
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)


def drop_tables() -> None:
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table}")


def raw(row: models.Model, column: str = "text") -> bytes:
    """What lies in the table, whatever the model says."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])
