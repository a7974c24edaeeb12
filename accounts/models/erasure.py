"""That somebody was erased, without who: what an installation can show when it is asked whether it does so."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """A random number and a day. Nothing here leads back to anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    erased_on = models.DateField(_("erased on"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"Erasure {self.pk}"
