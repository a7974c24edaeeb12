"""What the two of a pair promise each other, in versions, and how each would like to hear what is hard to say."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .pairing import Pairing

LONGEST_CLAUSE = 600
# As long as what a program suggests may be (`Program.agreement`), which is offered here.
LONGEST_TOGETHER = 4000


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: User) -> Self:
        """The two of a pairing that has come about."""
        return self.filter(pairing__in=Pairing.objects.of(user).made_or_over())

    def proposed(self) -> Self:
        return self.filter(state=Agreement.State.PROPOSED)

    def agreed(self) -> Self:
        return self.filter(state=Agreement.State.AGREED)

    def newest_first(self) -> Self:
        return self.order_by("-number")


class Agreement(Sealed):
    """One version: proposed by one of the two, who agrees by that; agreed once the other does.

    A pairing has one that is agreed and one that is proposed at most. What a newer one replaced stays, as its history.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        # By a newer one, whether it had been agreed or not.
        REPLACED = "replaced", _("Replaced")
        WITHDRAWN = "withdrawn", _("Taken back")
        DECLINED = "declined", _("Not wanted")

    CLAUSES = ("together", "cadence", "place", "confidentiality", "cancelling", "ending")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="agreements", verbose_name=_("pairing"))
    number = models.PositiveSmallIntegerField(_("version"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="agreements_proposed",
        verbose_name=_("proposed by"),
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PROPOSED)
    together = SealedText(_("how we work together"), max_length=LONGEST_TOGETHER)
    cadence = SealedText(_("how often, and how long"), max_length=LONGEST_CLAUSE)
    place = SealedText(_("where"), max_length=LONGEST_CLAUSE)
    confidentiality = SealedText(_("what stays between us, and where that ends"), max_length=LONGEST_CLAUSE)
    cancelling = SealedText(_("if one of us must cancel"), max_length=LONGEST_CLAUSE)
    ending = SealedText(_("how we will end"), max_length=LONGEST_CLAUSE)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("over since"), null=True, blank=True)
    sealed_by = "proposed_by"

    objects = models.Manager.from_queryset(AgreementQuerySet)()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["pairing", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "number"], name="agreement_numbered_once"),
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(state="proposed"), name="agreement_proposed_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(state="agreed"), name="agreement_agreed_is_one"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed", "replaced", "withdrawn", "declined"]),
                name="agreement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", agreed_at__isnull=True, closed_at__isnull=True)
                | Q(state="agreed", agreed_at__isnull=False, closed_at__isnull=True)
                | Q(state="replaced", closed_at__isnull=False)
                | Q(state__in=["withdrawn", "declined"], agreed_at__isnull=True, closed_at__isnull=False),
                name="agreement_times_fit_its_state",
            ),
            OnlySealed(
                condition=Q(
                    together__is_sealed=True,
                    cadence__is_sealed=True,
                    place__is_sealed=True,
                    confidentiality__is_sealed=True,
                    cancelling__is_sealed=True,
                    ending__is_sealed=True,
                ),
                name="agreement_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"Agreement #{self.pk}"


class FeedbackWishQuerySet(models.QuerySet["FeedbackWish"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.of(user).made_or_over())


class FeedbackWish(Sealed):
    """How one of the two would like to hear what is hard to say. Theirs alone to word; the other reads it."""

    pairing = models.ForeignKey(
        Pairing, models.CASCADE, related_name="feedback_wishes", verbose_name=_("pairing")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feedback_wishes", verbose_name=_("person")
    )
    text = SealedText(_("how I would like to hear hard things"), max_length=LONGEST_CLAUSE)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    sealed_by = "person"

    objects = models.Manager.from_queryset(FeedbackWishQuerySet)()

    class Meta:
        verbose_name = _("wish about feedback")
        verbose_name_plural = _("wishes about feedback")
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person"], name="feedback_wish_once_each"),
            OnlySealed(condition=Q(text__is_sealed=True), name="feedback_wish_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"Feedback wish #{self.pk}"
