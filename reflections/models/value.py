"""What somebody cares about, in their own words, each beside what shows it. For its owner's eyes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .moment import Moment
from .reflection import Answer, Reflection

LONGEST_VALUE = 60
LONGEST_QUOTE = 500


class ValueQuerySet(models.QuerySet["Value"]):
    def of(self, user: User) -> Self:
        return self.filter(person=user)


class Value(Sealed):
    """Two or three words that their owner uses; suggested to nobody else, and to them only because they used them.

    That one person has no two of the same name is held by the action, behind the lock on the person: the database
    cannot look into sealed words.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="values")
    name = SealedText(_("value"), max_length=LONGEST_VALUE)
    created_at = models.DateTimeField(_("first named"), default=timezone.now)
    sealed_by = "person"

    objects = models.Manager.from_queryset(ValueQuerySet)()

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering = ["created_at", "pk"]
        constraints = [
            OnlySealed(condition=Q(name__is_sealed=True), name="value_is_sealed"),
            models.CheckConstraint(condition=Q(name__is_empty=False), name="value_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"Value #{self.pk}"


class ValueShownQuerySet(models.QuerySet["ValueShown"]):
    def of(self, user: User) -> Self:
        return self.filter(value__person=user)


class ValueShown(Sealed):
    """A moment or an answer that shows a value. `quote` is the part of its words that does: empty for all of them.

    `reflection`: the page of the quarter on which it was said, where it was.
    """

    value = models.ForeignKey(Value, models.CASCADE, related_name="shown")
    moment = models.ForeignKey(Moment, models.CASCADE, null=True, blank=True, related_name="shows")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="shows")
    reflection = models.ForeignKey(
        Reflection, models.SET_NULL, null=True, blank=True, related_name="values_shown"
    )
    quote = SealedText(_("the words that show it"), max_length=LONGEST_QUOTE)
    created_at = models.DateTimeField(_("said"), default=timezone.now)
    sealed_by = "value__person"

    objects = models.Manager.from_queryset(ValueShownQuerySet)()

    class Meta:
        verbose_name = _("what shows a value")
        verbose_name_plural = _("what shows values")
        ordering = ["pk"]
        constraints = [
            OnlySealed(condition=Q(quote__is_sealed=True), name="value_shown_is_sealed"),
            models.CheckConstraint(
                condition=Q(moment__isnull=False, answer__isnull=True)
                | Q(moment__isnull=True, answer__isnull=False),
                name="value_shown_by_one_thing",
            ),
            models.UniqueConstraint(fields=["value", "moment"], name="value_shown_once_by_a_moment"),
            models.UniqueConstraint(fields=["value", "answer"], name="value_shown_once_by_an_answer"),
        ]

    def __str__(self) -> str:
        return f"What shows a value #{self.pk}"
