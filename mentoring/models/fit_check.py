"""How the two find it, some weeks in: asked of each, read by those who run the program and by nobody else."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .pairing import Pairing
from .program import Program

LONGEST_SAID = 1000
MOST_TIMES = 3  # Whoever is still finding out then is not asked any more.


class FitCheckQuerySet(models.QuerySet["FitCheck"]):
    def visible_to(self, user: User) -> Self:
        """One's own; the other one of the pair does not learn that there was an answer."""
        return self.filter(person=user)

    def unanswered(self) -> Self:
        return self.filter(answered_at__isnull=True)

    def answered(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def open(self) -> Self:
        """The last one of each person in each pairing that is under way: to be answered, or answered otherwise."""
        later = FitCheck.objects.filter(
            pairing=OuterRef("pairing"), person=OuterRef("person"), number__gt=OuterRef("number")
        )
        under_way = Pairing.objects.under_way().exclude(program__status__in=Program.OVER)
        return self.filter(~Exists(later), pairing__in=under_way)

    def to_rematch(self) -> Self:
        """Those who said that it is no fit, and for whom nobody has done anything yet."""
        return self.filter(answer=FitCheck.Answer.NOT_A_FIT, settled_at__isnull=True)

    def administered_by(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.administered_by(user))

    def with_people(self) -> Self:
        return self.select_related("person", "pairing__program", "pairing__mentor", "pairing__mentee")


class FitCheck(models.Model):
    class Answer(models.TextChoices):
        GOOD = "good", _("It is good")
        FINDING_OUT = "finding_out", _("Still finding out")
        NOT_A_FIT = "not_a_fit", _("Not a fit")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="fit_checks", verbose_name=_("pairing"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="fit_checks", verbose_name=_("person")
    )
    # The first time, the second ...: "still finding out" is asked again.
    number = models.PositiveSmallIntegerField(_("time"), default=1)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=11, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # What would be better in another pairing. The form says that those who run the program read it.
    learned = models.TextField(_("what was learned"), max_length=LONGEST_SAID, blank=True)
    settled_at = models.DateTimeField(_("seen to"), null=True, blank=True)

    objects = models.Manager.from_queryset(FitCheckQuerySet)()

    class Meta:
        verbose_name = _("fit check")
        verbose_name_plural = _("fit checks")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person", "number"], name="fit_check_once_each_time"),
            models.CheckConstraint(
                condition=Q(answer__in=["", "good", "finding_out", "not_a_fit"]),
                name="fit_check_answer_is_known",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="fit_check_is_answered_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(answer="not_a_fit"),
                name="fit_check_settled_was_no_fit",
            ),
        ]

    def __str__(self) -> str:
        return f"Fit check #{self.pk}"
