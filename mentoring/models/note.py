"""What somebody wrote down around their meetings: for themselves, or for the two."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .meeting import Meeting
from .pairing import Pairing

LONGEST_NOTE = 8000


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and what the other one of a pairing wrote for the two."""
        shared = Q(is_shared=True, pairing__in=Pairing.objects.of(user).made_or_over())
        return self.filter(Q(author=user) | shared)

    def private(self) -> Self:
        return self.filter(is_shared=False)

    def shared(self) -> Self:
        return self.filter(is_shared=True)


class Note(Sealed):
    """Whether it is shared is chosen before it is written; one's own may be shared later, and taken back."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="notes", verbose_name=_("pairing"))
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="notes", verbose_name=_("meeting")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pair_notes", verbose_name=_("written by")
    )
    is_shared = models.BooleanField(_("for the two"), default=False)
    text = SealedText(_("note"), max_length=LONGEST_NOTE)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    sealed_by = "author"

    objects = models.Manager.from_queryset(NoteQuerySet)()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-created_at", "-pk"]
        constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="note_is_sealed")]
        indexes = [models.Index(fields=["pairing", "-created_at"], name="note_pairing_newest")]

    def __str__(self) -> str:
        return f"Note #{self.pk}"
