"""When a pair meets."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .pairing import Pairing


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def planned(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def coming(self, now: datetime) -> Self:
        """Not cancelled and not over: a meeting still counts for its first hour, but not once somebody said that it
        took place."""
        begun = now - timedelta(hours=1)
        return self.planned().filter(starts_at__gt=begun).exclude(took_place=True).order_by("starts_at")

    def past(self, now: datetime) -> Self:
        return self.planned().filter(starts_at__lte=now).order_by("-starts_at")

    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def administered_by(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.administered_by(user))


class Meeting(models.Model):
    class Kind(models.TextChoices):
        TALK = "talk", _("A talk")
        # One of the two was there while the other worked: more than a book could teach.
        CAME_ALONG = "came_along", _("Came along")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="meetings", verbose_name=_("pairing"))
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(10), MaxValueValidator(480)]
    )
    place = models.CharField(
        _("where"), max_length=200, blank=True, help_text=_("A room, a café, or a video link.")
    )
    # What stands in calendars; None for a meeting that was only written down.
    arrangement = models.ForeignKey(
        "Arrangement", models.CASCADE, null=True, blank=True, editable=False, related_name="meetings"
    )
    # When it would have begun by the rule of its arrangement; None without one.
    original_at = models.DateTimeField(null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TALK)
    # Whether they met, as one of the two said last; None while nobody has said it.
    took_place = models.BooleanField(_("they met"), null=True, blank=True)
    said_at = models.DateTimeField(_("said"), null=True, blank=True)
    # Written down for the two by those who run the program; by whom, while they have an account.
    is_logged_for_them = models.BooleanField(_("written down for the two"), default=False)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("written down by"),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(MeetingQuerySet)()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(10, 480)), name="meeting_lasts_ten_minutes_to_eight_hours"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["talk", "came_along"]), name="meeting_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(took_place__isnull=True, said_at__isnull=True)
                | models.Q(took_place__isnull=False, said_at__isnull=False),
                name="meeting_said_at_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(arrangement__isnull=True, original_at__isnull=True)
                | models.Q(arrangement__isnull=False, original_at__isnull=False),
                name="meeting_of_an_arrangement_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(is_logged_for_them=True) | models.Q(logged_by__isnull=True),
                name="meeting_logged_by_those_who_run_it",
            ),
            models.UniqueConstraint(
                fields=["arrangement", "pairing", "original_at"],
                name="meeting_once_in_its_series",
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "starts_at"], name="meeting_pairing_starts"),
            models.Index(fields=["-starts_at", "-id"], name="meeting_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.pairing} · {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
