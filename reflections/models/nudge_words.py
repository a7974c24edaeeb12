"""What those who run a program say in the quarter's e-mails, where they say it otherwise than we do."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Program

from .questionnaire import RoleSet

LONGEST_SUBJECT = 120
LONGEST_OPENING = 600


class NudgeWordsQuerySet(models.QuerySet["NudgeWords"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class NudgeWords(models.Model):
    """One row for a program and a language. What is empty in it is said in our words.

    The subject is that of all three, since a mailbox takes those with another for another thread.
    """

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="nudge_words", verbose_name=_("program")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject of all three"), max_length=LONGEST_SUBJECT, blank=True)
    # Named as the kinds are (reflections.schedule.Nudge).
    ask = models.TextField(_("the question: how it begins"), max_length=LONGEST_OPENING, blank=True)
    reminder = models.TextField(_("the reminder: how it begins"), max_length=LONGEST_OPENING, blank=True)
    last_call = models.TextField(
        _("the last reminder: how it begins"), max_length=LONGEST_OPENING, blank=True
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(NudgeWordsQuerySet)()

    class Meta:
        verbose_name = _("words of the quarter’s e-mails")
        verbose_name_plural = _("words of the quarter’s e-mails")
        ordering = ["program", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "language"],
                name="nudge_words_once_per_language",
                violation_error_message=_("This program has words in that language already. Change those."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.get_language_display()}"


class NudgeTest(models.Model):
    """A test of one e-mail, which whoever runs the program sends to themselves: what that message is about."""

    words = models.ForeignKey(NudgeWords, models.CASCADE, related_name="tests")
    nudge = models.CharField(max_length=20)
    role = models.CharField(max_length=10, choices=RoleSet.choices)

    objects = models.Manager()

    class Meta:
        verbose_name = _("test of an e-mail")
        verbose_name_plural = _("tests of e-mails")

    def __str__(self) -> str:
        return f"Test #{self.pk}"


__all__ = ["LONGEST_OPENING", "LONGEST_SUBJECT", "NudgeTest", "NudgeWords"]
