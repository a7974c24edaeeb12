"""A person's data key, wrapped: of no use to whoever has the database alone."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.vault import remembered


class DataKeyQuerySet(models.QuerySet["DataKey"]):
    """What changes a row makes this process forget what it has opened; others forget within seconds."""

    def delete(self) -> tuple[int, dict[str, int]]:
        remembered.forget()
        return super().delete()

    # As Django's own: `DataKey.objects.delete()` would be one slip away from everybody's words.
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def update(self, **values: Any) -> int:
        remembered.forget()
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]


class DataKey(models.Model):
    """One for each person who ever wrote something private. Without it their words open nowhere, in no old copy either:
    a backup of the database leaves this table out (docs/operations.md)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="data_key"
    )
    wrapped = models.BinaryField()
    # Only while words are sealed anew, from one data key to the next.
    wrapped_before = models.BinaryField(default=b"")
    file_key = models.PositiveIntegerField(_("version in the key file"), editable=False)
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    objects = models.Manager.from_queryset(DataKeyQuerySet)()

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        indexes = [models.Index(fields=["file_key", "person"], name="data_key_by_version")]

    def __str__(self) -> str:
        return f"Data key #{self.pk}"
