"""What is told of how a round goes: written once, and never changed."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.small_counts import FEWEST

from .round import Round


class RoundFigure(models.Model):
    """At the beginning of the day `as_of` (on the program's calendar) `finished` of `asked` had finished. Told is
    `at_least`; the number itself is only what the next step is measured from."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="figures", verbose_name=_("round"))
    as_of = models.DateField(_("as of the beginning of"))
    asked = models.PositiveIntegerField(_("asked"))
    finished = models.PositiveIntegerField(_("finished"))
    counted_at = models.DateTimeField(_("counted"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("figure of a round")
        verbose_name_plural = _("figures of rounds")
        ordering = ["round", "as_of"]
        constraints = [
            models.UniqueConstraint(fields=["round", "as_of"], name="round_figure_once_a_day"),
            models.CheckConstraint(condition=Q(finished__gte=FEWEST), name="round_figure_of_five_people"),
            models.CheckConstraint(
                condition=Q(asked__gte=F("finished") / FEWEST * FEWEST + 2 * FEWEST - 1),
                name="round_figure_leaves_five_others",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}, {self.as_of}"

    @property
    def at_least(self) -> int:
        """Rounded down to a multiple of five, as in the reports."""
        return self.finished - self.finished % FEWEST
