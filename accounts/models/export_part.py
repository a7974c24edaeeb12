"""The pieces of an export. In a file of their own, since what seals them asks the models for the keys of people."""

from django.db import models
from django.db.models import Q

from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .export import Export


class ExportPart(Sealed):
    """A piece of the ZIP in base64, sealed like the words in it: a copy of the database has no export that could be
    read, and whoever's key is deleted has none left. In a table of its own, so that never all of it is in memory at
    once."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = SealedText()
    sealed_by = "export__person"

    objects = models.Manager()

    class Meta:
        constraints = [
            OnlySealed(condition=Q(content__is_sealed=True), name="export_part_is_sealed"),
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once"),
        ]

    def __str__(self) -> str:
        return f"Part #{self.pk}"
