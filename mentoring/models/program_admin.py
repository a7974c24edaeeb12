"""Who runs a program."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .program import Program


class ProgramAdminQuerySet(models.QuerySet["ProgramAdmin"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class ProgramAdmin(models.Model):
    """A person's right to run one program. The right ends with the row, at once."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="admins", verbose_name=_("program"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="administered",
        verbose_name=_("person"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ProgramAdminQuerySet)()

    class Meta:
        verbose_name = _("program admin")
        verbose_name_plural = _("program admins")
        ordering = ["program", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"],
                name="program_admin_named_once",
                violation_error_message=_("This person already runs this program."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.program}"
