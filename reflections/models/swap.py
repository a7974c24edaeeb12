"""A swap: each of a pair picks what the other may read, and both open together."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Pairing

from .moment import Moment
from .reflection import Answer
from .round import Round


class SwapQuerySet(models.QuerySet["Swap"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.of(user).begun())

    def shut(self) -> Self:
        return self.filter(opened_at__isnull=True)

    def agreed(self) -> Self:
        return self.filter(agreed_at__isnull=False)


class Swap(models.Model):
    """Of one pair in one quarter: suggested by one of the two, then agreed by the other. It opens when both are ready,
    else at the end of `opens_on` with what there is then; nobody is told who had picked nothing."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="swaps", verbose_name=_("pairing"))
    round = models.ForeignKey(Round, models.PROTECT, related_name="swaps", verbose_name=_("round"))
    opens_on = models.DateField(_("opens on"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    created_at = models.DateTimeField(_("suggested"), default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="swaps_proposed",
        verbose_name=_("suggested by"),
    )
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)

    objects = models.Manager.from_queryset(SwapQuerySet)()

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "round"], name="swap_once_per_quarter"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(agreed_at__isnull=False),
                name="swap_agreed_then_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"Swap #{self.pk}"


class SwapPartQuerySet(models.QuerySet["SwapPart"]):
    def visible_to(self, user: User) -> Self:
        """One's own: of the other one's nothing is known before the swap is open, and then by what can be read."""
        return self.filter(person=user)


class SwapPart(models.Model):
    """What one of the two does for it, for their eyes."""

    swap = models.ForeignKey(Swap, models.CASCADE, related_name="parts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="swap_parts")
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)

    objects = models.Manager.from_queryset(SwapPartQuerySet)()

    class Meta:
        verbose_name = _("part of a swap")
        verbose_name_plural = _("parts of swaps")
        constraints = [models.UniqueConstraint(fields=["swap", "person"], name="swap_part_once_each")]

    def __str__(self) -> str:
        return f"Part of a swap #{self.pk}"


class SwapItemQuerySet(models.QuerySet["SwapItem"]):
    def waiting(self) -> Self:
        """Of swaps that have not opened."""
        return self.filter(part__swap__opened_at__isnull=True)


class SwapItem(models.Model):
    """One thing picked, with the words that it has: other words are picked anew."""

    part = models.ForeignKey(SwapPart, models.CASCADE, related_name="items")
    moment = models.ForeignKey(Moment, models.CASCADE, null=True, blank=True, related_name="swapped")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="swapped")

    objects = models.Manager.from_queryset(SwapItemQuerySet)()

    class Meta:
        verbose_name = _("thing in a swap")
        verbose_name_plural = _("things in swaps")
        constraints = [
            models.CheckConstraint(
                condition=Q(moment__isnull=False, answer__isnull=True)
                | Q(moment__isnull=True, answer__isnull=False),
                name="swap_item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["part", "moment"], name="swap_item_moment_once"),
            models.UniqueConstraint(fields=["part", "answer"], name="swap_item_answer_once"),
        ]

    def __str__(self) -> str:
        return f"Thing in a swap #{self.pk}"
