"""What was heard of a message after it had left: that it arrived, came back, or was not wanted. No address, no text."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def key_of(*parts: object) -> str:
    """The same for the same parts, and nothing of them can be read from it."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


class MailEvent(models.Model):
    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("arrived")
        DELAYED = "delayed", _("is still under way")
        SOFT = "soft", _("came back for now")
        HARD = "hard", _("came back for good")
        COMPLAINT = "complaint", _("was called unwanted")

    CAME_BACK = frozenset({Kind.SOFT, Kind.HARD})

    provider = models.CharField(_("heard from"), max_length=20, editable=False)
    # A hash of what they call it, or of what makes it this one: it is noted once, however often it is told.
    key = models.CharField(_("key"), max_length=64, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_events", db_index=False
    )
    message = models.ForeignKey("mail.Message", models.CASCADE, null=True, blank=True, related_name="events")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("when"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("event of a message")
        verbose_name_plural = _("events of messages")
        constraints = [
            models.UniqueConstraint(fields=["provider", "key"], name="mail_event_noted_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["delivered", "delayed", "soft", "hard", "complaint"]),
                name="mail_event_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind", "at"], name="mail_event_of_person")]

    def __str__(self) -> str:
        return f"Event #{self.pk}"
