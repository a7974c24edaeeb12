"""An e-mail that we tripped over, kept until we do no longer (accounts/mail/inbound/aside.py)."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MailAside(models.Model):
    """For one recipient, sealed by a key of its own, which the key file opens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_key = models.PositiveIntegerField(_("version of the key file"))
    wrapped = models.BinaryField()
    sealed = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    put_at = models.DateTimeField(_("put aside"), db_default=Now())

    objects = models.Manager()

    class Meta:
        verbose_name = _("e-mail put aside")
        verbose_name_plural = _("e-mails put aside")

    def __str__(self) -> str:
        return f"E-mail put aside #{self.pk}"
