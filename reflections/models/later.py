"""What the calendar of a quarter needs besides its rounds: the middle of a quarter, and “another time”."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Program


class Midquarter(models.Model):
    """The middle of a program's quarter, which has no round yet: what the e-mails of then are about."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="midquarters")
    quarter_start = models.DateField(_("quarter begins"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("middle of a quarter")
        verbose_name_plural = _("middles of quarters")
        constraints = [
            models.UniqueConstraint(fields=["program", "quarter_start"], name="midquarter_once_per_quarter")
        ]

    def __str__(self) -> str:
        return f"Midquarter #{self.pk}"


class AnotherTimeQuerySet(models.QuerySet["AnotherTime"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(person=user)


class AnotherTime(models.Model):
    """Somebody would rather be asked another time: the next e-mail of that round, `nudge`, comes at their first coffee
    time from `not_before` on, instead of when the calendar has it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="other_times")
    round = models.ForeignKey("reflections.Round", models.CASCADE, related_name="other_times")
    nudge = models.CharField(_("which e-mail"), max_length=20)
    not_before = models.DateField(_("not before"))
    created_at = models.DateTimeField(_("said"))

    objects = models.Manager.from_queryset(AnotherTimeQuerySet)()

    class Meta:
        verbose_name = _("another time")
        verbose_name_plural = _("other times")
        constraints = [
            models.UniqueConstraint(fields=["person", "round", "nudge"], name="another_time_once_per_mail"),
            models.CheckConstraint(
                condition=models.Q(nudge__in=["reminder", "last_call"]), name="another_time_nudge_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Another time #{self.pk}"
