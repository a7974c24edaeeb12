"""An application that somebody has begun and not sent."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .program import Program


class ApplicationDraftQuerySet(models.QuerySet["ApplicationDraft"]):
    def visible_to(self, user: User) -> "ApplicationDraftQuerySet":
        """One's own. Those who run the program do not see who hesitates."""
        return self.filter(person=user)


class ApplicationDraft(models.Model):
    """What stood in the form when it was last kept, field by field as it was typed; it goes when it is sent."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("program"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="application_drafts", verbose_name=_("person")
    )
    # {name of the form's field: [what was typed or chosen, ...]}
    typed = models.JSONField(_("typed"), default=dict)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    objects = models.Manager.from_queryset(ApplicationDraftQuerySet)()

    class Meta:
        verbose_name = _("application draft")
        verbose_name_plural = _("application drafts")
        constraints = [
            models.UniqueConstraint(fields=["program", "person"], name="application_draft_once_per_program")
        ]

    def __str__(self) -> str:
        return f"Draft #{self.pk}"
