"""Times that one of the two proposes, of which the other takes one."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .meeting import Meeting
from .pairing import Pairing

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

MOST_PROPOSED = 3


class MeetingProposalQuerySet(models.QuerySet["MeetingProposal"]):
    def open(self) -> Self:
        return self.filter(state=MeetingProposal.State.OPEN)

    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.visible_to(user))


class MeetingProposal(models.Model):
    """Up to three times for a new meeting, or for one that is to be moved (`moves`). One is open per pairing."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        NONE_SUITS = "none_suits", _("None suits")
        WITHDRAWN = "withdrawn", _("Taken back")
        # All its times went by, or the pairing came to rest.
        LAPSED = "lapsed", _("Lapsed")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="proposals", verbose_name=_("pairing"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="meetings_proposed",
        verbose_name=_("proposed by"),
    )
    moves = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("instead of")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    place = models.CharField(_("where"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("proposed"), default=timezone.now)
    closed_at = models.DateTimeField(_("over since"), null=True, blank=True)

    times: "RelatedManager[ProposedTime]"
    objects = models.Manager.from_queryset(MeetingProposalQuerySet)()

    class Meta:
        verbose_name = _("proposal of times")
        verbose_name_plural = _("proposals of times")
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(state="open"), name="proposal_open_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken", "none_suits", "withdrawn", "lapsed"]),
                name="proposal_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="proposal_is_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(10, 480)), name="proposal_lasts_ten_minutes_to_eight_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal #{self.pk}"


class ProposedTime(models.Model):
    proposal = models.ForeignKey(MeetingProposal, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField(_("starts"))
    # The meeting that it became.
    meeting = models.OneToOneField(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="was_proposed"
    )

    objects = models.Manager()

    class Meta:
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["proposal", "starts_at"], name="proposed_time_once")]

    def __str__(self) -> str:
        return f"Proposed time #{self.pk}"
