"""How well two people fit, in one of three words, and what the pairs of a run come to together. No page says the number
of points beside a person."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Count, Min, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.models import MatchingRun


class Strength(models.TextChoices):
    STRONG = "strong", _("Strong fit")
    GOOD = "good", _("Good fit")
    THIN = "thin", _("Thin fit")

    @property
    def in_a_sentence(self) -> str | Promise:
        return IN_A_SENTENCE[self]


IN_A_SENTENCE: dict[Strength, str | Promise] = {
    Strength.STRONG: _("strong fit"),
    Strength.GOOD: _("good fit"),
    Strength.THIN: _("thin fit"),
}


@dataclass(frozen=True)
class Scale:
    """From how many points on a fit is strong, and good: two thirds and one third of the best that there could be.
    Where nothing weighs anything, nobody is thin."""

    best: int

    @property
    def strong_from(self) -> int:
        return max(1, -(-2 * self.best // 3))

    @property
    def good_from(self) -> int:
        return -(-self.best // 3)

    def of(self, fit: int) -> Strength:
        if fit >= self.strong_from:
            return Strength.STRONG
        return Strength.GOOD if fit >= self.good_from else Strength.THIN

    def has(self, strength: Strength) -> Q:
        """Of proposed pairs, those of this strength."""
        return {
            Strength.STRONG: Q(fit__gte=self.strong_from),
            Strength.GOOD: Q(fit__gte=self.good_from, fit__lt=self.strong_from),
            Strength.THIN: Q(fit__lt=self.good_from),
        }[strength]


@dataclass(frozen=True)
class Figures:
    """The pairs of a run as they are now, what was changed by hand among them. They are said of all together."""

    pairs: int
    strong: int
    good: int
    thin: int
    locked: int
    told: int
    mentees_without: int
    mentors_without: int
    total: int
    best: int
    worst: int | None

    @property
    def drafts(self) -> int:
        return self.pairs - self.told

    @property
    def without(self) -> int:
        return self.mentees_without + self.mentors_without

    @cached_property
    def worst_strength(self) -> Strength | None:
        return None if self.worst is None else Scale(self.best).of(self.worst)

    @property
    def share(self) -> int | None:
        """Of a hundred: how near all pairs together are to what would be best for each of them."""
        return 100 * self.total // (self.best * self.pairs) if self.pairs and self.best else None

    def of(self, strength: Strength) -> int:
        return {Strength.STRONG: self.strong, Strength.GOOD: self.good, Strength.THIN: self.thin}[strength]


def figures(run: MatchingRun) -> Figures:
    """In two queries."""
    scale = Scale(run.best_fit)
    found = run.pairs.aggregate(
        pairs=Count("pk"),
        **{each.value: Count("pk", filter=scale.has(each)) for each in Strength},
        locked=Count("pk", filter=Q(is_locked=True, publication__isnull=True)),
        told=Count("pk", filter=Q(publication__isnull=False)),
        total=Sum("fit", default=0),
        worst=Min("fit"),
    )
    without = run.without.aggregate(
        mentees_without=Count("pk", filter=Q(side="mentee")),
        mentors_without=Count("pk", filter=Q(side="mentor")),
    )
    return Figures(**found, **without, best=run.best_fit)
