"""Something that is not right, told to the one whom a program names for that; apart from everything else."""

import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .pairing import Pairing
from .program import Program

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_CONCERN = 8000
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_receipt() -> str:
    """Eight letters and digits that nobody mistakes for others, for the telephone."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: User) -> Self:
        """Whoever told it."""
        return self.filter(person=user)

    def for_contact(self, user: User) -> Self:
        """Those that this person was named to hear: at the time when it was told, and by the address of then."""
        return self.filter(contact=user)

    def of(self, user: User) -> Self:
        """Those whose page this person has: whoever told it, and whoever hears it."""
        return self.filter(Q(person=user) | Q(contact=user))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def waiting_first(self) -> Self:
        """What is not seen to before what is, the oldest of the first and the newest of the second first."""
        is_open = Q(closed_at__isnull=True)
        return self.order_by(
            models.Case(models.When(is_open, then=0), default=1),
            models.Case(models.When(is_open, then="created_at")),
            "-created_at",
            "-pk",
        )

    def with_first_reading(self) -> Self:
        """With `first_read_at`, None for what nobody has read."""
        first = ConcernReading.objects.filter(concern=models.OuterRef("pk")).order_by("read_at", "pk")
        return self.annotate(first_read_at=models.Subquery(first.values("read_at")[:1]))


class Concern(Sealed):
    """Read by its `contact`, who was named before it was written, and by nobody else: by no admin and no superuser."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="concerns", verbose_name=_("program"))
    pairing = models.ForeignKey(
        Pairing, models.SET_NULL, null=True, blank=True, related_name="concerns", verbose_name=_("pairing")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="concerns", verbose_name=_("told by")
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="concerns_heard",
        verbose_name=_("told to"),
    )
    receipt = models.CharField(_("receipt"), max_length=8, unique=True, default=new_receipt, editable=False)
    text = SealedText(_("concern"), max_length=LONGEST_CONCERN)
    reply = SealedText(_("answer"), max_length=LONGEST_CONCERN)
    created_at = models.DateTimeField(_("told"), default=timezone.now)
    replied_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("seen to"), null=True, blank=True)
    sealed_by = "person"

    readings: "RelatedManager[ConcernReading]"
    objects = models.Manager.from_queryset(ConcernQuerySet)()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        ordering = ["-created_at", "-pk"]
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True, reply__is_sealed=True), name="concern_is_sealed"),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=False) | Q(reply__is_empty=True),
                name="concern_reply_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Concern #{self.pk}"


class ConcernReading(models.Model):
    """Each time that somebody opened it, for whoever told it."""

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="concern_readings"
    )
    read_at = models.DateTimeField(_("read"), default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("reading of a concern")
        verbose_name_plural = _("readings of concerns")
        ordering = ["read_at", "pk"]

    def __str__(self) -> str:
        return f"Reading #{self.pk}"
