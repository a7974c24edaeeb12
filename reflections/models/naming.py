"""Somebody named in what another one wrote: nobody else reads it before they have agreed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class NamingQuerySet(models.QuerySet["Naming"]):
    def asked_of(self, user: User) -> Self:
        """Those that this person was asked about."""
        return self.filter(person=user, asked_at__isnull=False)

    def of_writer(self, user: User) -> Self:
        """Whom this person names in what is theirs."""
        return self.filter(Q(moment__person=user) | Q(answer__reflection__person=user))

    def unanswered(self) -> Self:
        return self.filter(asked_at__isnull=False, agreed_at__isnull=True, declined_at__isnull=True)

    def in_the_way(self) -> Self:
        """Without a yes that stands, of whoever is meant."""
        return self.filter(agreed_at__isnull=True, is_somebody_else=False)


class Naming(models.Model):
    """One person in one thing. A yes is to the words as they stood, and to the readers they had: what changes either
    asks anew.

    `is_somebody_else`: its writer says that a name which was found there is another one's. `is_by_hand`: its writer
    says that this person is meant, whether a name stands there or not.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="namings")
    moment = models.ForeignKey(
        "reflections.Moment", models.CASCADE, null=True, blank=True, related_name="namings"
    )
    answer = models.ForeignKey(
        "reflections.Answer", models.CASCADE, null=True, blank=True, related_name="namings"
    )
    is_somebody_else = models.BooleanField(_("is somebody else"), default=False)
    is_by_hand = models.BooleanField(_("named by hand"), default=False)
    created_at = models.DateTimeField(_("named"), default=timezone.now)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    objects = models.Manager.from_queryset(NamingQuerySet)()

    class Meta:
        verbose_name = _("person named")
        verbose_name_plural = _("people named")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(moment__isnull=False, answer__isnull=True)
                | Q(moment__isnull=True, answer__isnull=False),
                name="naming_in_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "moment"], name="naming_once_in_a_moment"),
            models.UniqueConstraint(fields=["person", "answer"], name="naming_once_in_an_answer"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(declined_at__isnull=True),
                name="naming_agreed_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False) | Q(agreed_at__isnull=True),
                name="naming_agreed_when_asked",
            ),
            models.CheckConstraint(
                condition=Q(is_somebody_else=False) | Q(asked_at__isnull=True, is_by_hand=False),
                name="naming_somebody_else_is_not_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"Person named #{self.pk}"

    @property
    def is_unanswered(self) -> bool:
        return self.asked_at is not None and self.agreed_at is None and self.declined_at is None


class NamingNotice(models.Model):
    """One e-mail to somebody who was asked since then: what its message is about."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="naming_notices")
    since = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("notice of being named")
        verbose_name_plural = _("notices of being named")

    def __str__(self) -> str:
        return f"Notice #{self.pk}"


# --- For the querysets of moments and of answers; `what` is one of the two foreign keys -------------------------------


def waits_for_others(what: str, reader: User | OuterRef) -> Exists:
    """Somebody but this reader is named in the row, and has not agreed."""
    others = Naming.objects.in_the_way().filter(~Q(person=reader), **{what: OuterRef("pk")})
    return Exists(others)


def is_asked(what: str, user: User) -> Exists:
    """This person was asked about the row."""
    return Exists(Naming.objects.asked_of(user).filter(**{what: OuterRef("pk")}))
