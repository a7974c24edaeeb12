"""What those who run a program keep beside its people and pairs: lists as they look at them, notes, and that they said
yes for somebody."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .enrollment import Enrollment
from .pairing import Pairing
from .program import Program

LONGEST_ADMIN_NOTE = 2000
LONGEST_REASON = 300
# So long may somebody say that the yes that was said for them was none.
TAKEN_BACK_WITHIN = timedelta(days=7)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(owner=user)


class SavedView(models.Model):
    """A list of the admin as somebody had filtered, searched and ordered it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("person")
    )
    # Of which model, as in `app.model`.
    of_list = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    # What stands behind the question mark of its address.
    query = models.CharField(_("filters, search and order"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = models.Manager.from_queryset(SavedViewQuerySet)()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["of_list", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "of_list", "name"], name="saved_view_once_by_name")
        ]

    def __str__(self) -> str:
        return self.name


class AdminNoteQuerySet(models.QuerySet["AdminNote"]):
    def about(self, person: User) -> Self:
        """Those on this person's places, and on their pairs."""
        return self.filter(Q(person=person) | Q(pairing__mentor=person) | Q(pairing__mentee=person))

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class AdminNote(Sealed):
    """What one of those who run a program wrote down about somebody's place in it, or about a pair: read by all of
    them, and by whom it is about in their own data. It is not changed; its author takes it back."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("program"))
    # The person of the place; of a pair, the mentor. The words are locked by their key, and go when they leave.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, null=True, blank=True, related_name="admin_notes", verbose_name=_("place")
    )
    pairing = models.ForeignKey(
        Pairing, models.CASCADE, null=True, blank=True, related_name="admin_notes", verbose_name=_("pairing")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    text = SealedText(_("note"), max_length=LONGEST_ADMIN_NOTE)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    sealed_by = "person"

    objects = models.Manager.from_queryset(AdminNoteQuerySet)()

    class Meta:
        verbose_name = _("note by those who run the program")
        verbose_name_plural = _("notes by those who run the program")
        ordering = ["-written_at", "-pk"]
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True), name="admin_note_is_sealed"),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=False, pairing__isnull=True)
                | Q(enrollment__isnull=True, pairing__isnull=False),
                name="admin_note_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"Admin note #{self.pk}"


class AcceptedForQuerySet(models.QuerySet["AcceptedFor"]):
    def standing(self) -> Self:
        return self.filter(taken_back_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.of(user))


class AcceptedFor(models.Model):
    """One of those who run a program said yes to a pairing for one of the two, who had told them so."""

    pairing = models.ForeignKey(
        Pairing, models.CASCADE, related_name="accepted_for", verbose_name=_("pairing")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("said by")
    )
    # How they know: read by whom the yes was said for, and by those who run the program.
    reason = models.CharField(_("how you know"), max_length=LONGEST_REASON)
    at = models.DateTimeField(_("said"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = models.Manager.from_queryset(AcceptedForQuerySet)()

    class Meta:
        verbose_name = _("yes that was said for somebody")
        verbose_name_plural = _("yeses that were said for somebody")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "person"],
                condition=Q(taken_back_at__isnull=True),
                name="accepted_for_once_each",
            ),
        ]

    def __str__(self) -> str:
        return f"Accepted for somebody #{self.pk}"

    @property
    def until(self) -> datetime | None:
        """Until when whoever it was said for takes it back: a week from when it was said and the two were a pair, which
        they are by the later yes. None while the question is open, and they may in any case."""
        pairing = self.pairing
        if pairing.status in Pairing.ASKED:
            return None
        yeses = (self.at, pairing.mentor_accepted_at, pairing.mentee_accepted_at)
        return max(at for at in yeses if at is not None) + TAKEN_BACK_WITHIN
