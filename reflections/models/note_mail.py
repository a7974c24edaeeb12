"""Notes of thanks that leave by e-mail; who wants none, in here or outside; what was said about them, and who was
stopped."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText
from mentoring.models import Program

from .thanks import LONGEST_ADDRESS, Thanks


class OutsideNoteQuerySet(models.QuerySet["OutsideNote"]):
    def by(self, writer: User) -> Self:
        return self.filter(writer=writer)

    def since(self, instant: datetime) -> Self:
        return self.filter(asked_at__gt=instant)


class OutsideNote(Sealed):
    """One note, asked to go to one address. What became of it is in the outbox: its message is about this row.

    It stays when the note is deleted, because it is counted: so many go out in a month.
    """

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes_by_mail")
    note = models.OneToOneField(Thanks, models.SET_NULL, null=True, blank=True, related_name="by_mail")
    program = models.ForeignKey(Program, models.SET_NULL, null=True, blank=True, related_name="notes_by_mail")
    address = SealedText(_("e-mail address"), max_length=LONGEST_ADDRESS)
    address_hash = models.CharField(_("keyed hash of the address"), max_length=64, editable=False)
    tells_address = models.BooleanField(_("answers go to the writer’s own address"), default=False)
    asked_at = models.DateTimeField(_("asked to go"), default=timezone.now)
    sealed_by = "writer"

    objects = models.Manager.from_queryset(OutsideNoteQuerySet)()

    class Meta:
        verbose_name = _("note by e-mail")
        verbose_name_plural = _("notes by e-mail")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            OnlySealed(condition=Q(address__is_sealed=True), name="outside_note_address_is_sealed"),
            models.CheckConstraint(condition=Q(address__is_empty=False), name="outside_note_has_an_address"),
            models.CheckConstraint(
                condition=Q(address_hash__regex=r"^[0-9a-f]{64}$"), name="outside_note_hash_is_one"
            ),
        ]
        indexes = [
            models.Index(fields=["writer", "-asked_at"], name="outside_note_by_newest"),
            models.Index(fields=["address_hash", "-asked_at"], name="outside_note_to_newest"),
        ]

    def __str__(self) -> str:
        return f"Note by e-mail #{self.pk}"


class NeverAgain(models.Model):
    """An address to which no note ever goes again. All that is kept of it is a keyed hash (reflections/outside.py)."""

    address_hash = models.CharField(
        _("keyed hash of the address"), max_length=64, unique=True, editable=False
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("address that wants no notes")
        verbose_name_plural = _("addresses that want no notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(address_hash__regex=r"^[0-9a-f]{64}$"), name="never_again_hash_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"Never again #{self.pk}"


class OutsideStopQuerySet(models.QuerySet["OutsideStop"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user).order_by().values("pk"))


class OutsideStop(models.Model):
    """In this program’s name nothing that `person` writes goes out by e-mail. Notes to people here go on."""

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="outside_stops", verbose_name=_("program")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="outside_stops", verbose_name=_("person")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stopped by"),
    )
    created_at = models.DateTimeField(_("stopped"), default=timezone.now)

    objects = models.Manager.from_queryset(OutsideStopQuerySet)()

    class Meta:
        verbose_name = _("stop to somebody’s notes by e-mail")
        verbose_name_plural = _("stops to people’s notes by e-mail")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"],
                name="outside_stop_once",
                violation_error_message=_("That is stopped already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class MutedWriter(models.Model):
    """`person` is shown nothing of what `writer` sends them, and gets no e-mail about it. The writer is not told."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_writers")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_by")
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("muted writer of notes")
        verbose_name_plural = _("muted writers of notes")
        constraints = [
            models.UniqueConstraint(fields=["person", "writer"], name="muted_writer_once"),
            models.CheckConstraint(condition=~Q(person=F("writer")), name="muted_writer_is_another"),
        ]

    def __str__(self) -> str:
        return f"Muted writer #{self.pk}"


class NoteReportQuerySet(models.QuerySet["NoteReport"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user).order_by().values("pk"))


class NoteReport(models.Model):
    """That a note should not have been sent, by its reader; or that somebody came to the limit. Never a word of it."""

    class Why(models.TextChoices):
        READER = "reader", _("its reader here says that it should not have been sent")
        OUTSIDE = "outside", _("its reader outside says that it should not have been sent")
        LIMIT = "limit", _("more than we send in a day, or in a month")

    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="note_reports", verbose_name=_("written by")
    )
    program = models.ForeignKey(
        Program, models.CASCADE, related_name="note_reports", verbose_name=_("program")
    )
    why = models.CharField(_("why it is here"), max_length=7, choices=Why.choices)
    way = models.CharField(_("which way"), max_length=5, choices=Thanks.Way.choices)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes_reported",
        verbose_name=_("said by"),
    )
    note = models.ForeignKey(Thanks, models.SET_NULL, null=True, blank=True, related_name="reports")
    by_mail_lately = models.PositiveSmallIntegerField(
        _("notes by e-mail in the thirty days before"), default=0
    )
    reported_at = models.DateTimeField(_("said"), default=timezone.now)
    settled_at = models.DateTimeField(_("seen to"), null=True, blank=True)

    objects = models.Manager.from_queryset(NoteReportQuerySet)()

    class Meta:
        verbose_name = _("note that was reported")
        verbose_name_plural = _("notes that were reported")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["note", "why"], name="note_report_once"),
            models.CheckConstraint(
                condition=Q(way="here", why="reader") | Q(way="mail", why__in=["outside", "limit"]),
                name="note_report_why_goes_with_way",
            ),
        ]

    def __str__(self) -> str:
        return str(self.writer)
