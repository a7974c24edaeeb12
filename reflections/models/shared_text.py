"""What a phone shared with the app while nobody was signed in, until they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SharedText(models.Model):
    """Sealed by a key that only the browser has, for a quarter of an hour; whose it is, is not known yet.

    `account` is the mark of whoever was signed in there last (accounts/last_here.py), and empty where nobody was.
    """

    found_by = models.CharField(_("found by"), max_length=64, unique=True)
    sealed = models.BinaryField(_("sealed words"))
    account = models.CharField(_("for the account"), max_length=32, blank=True)
    expires_at = models.DateTimeField(_("forgotten at"), db_index=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("shared text")
        verbose_name_plural = _("shared texts")

    def __str__(self) -> str:
        return f"Shared text #{self.pk}"
