"""What stands in people's calendars: one meeting or a series, of one pair or of a mentor with several mentees."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user import validate_time_zone

from .pairing import Pairing

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from .meeting import Meeting

MOST_TIMES = 60


class ArrangementQuerySet(models.QuerySet["Arrangement"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(meetings__pairing__in=Pairing.objects.visible_to(user)).distinct()

    def standing(self) -> Self:
        return self.filter(cancelled_at__isnull=True)


class Arrangement(models.Model):
    """One UID in the calendars of everybody who comes (`mentoring.invites`). Its meetings are rows of `Meeting`: one
    for each pairing, and of a series one for each time and pairing.

    The columns here are its rule, as it was arranged; what was done to one meeting of a series is on that meeting.
    """

    class Every(models.TextChoices):
        WEEK = "week", _("Every week")
        TWO_WEEKS = "two_weeks", _("Every two weeks")
        MONTH = "month", _("Every month")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="meetings_arranged",
        verbose_name=_("arranged by"),
    )
    # By whose clock a series keeps its hour.
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    place = models.CharField(_("where"), max_length=200, blank=True)
    every = models.CharField(_("how often"), max_length=9, choices=Every.choices, blank=True)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    # The number of the version in people's calendars (RFC 5546, 2.1.4), and of the one since which answers count.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    asked_in = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    meetings: "RelatedManager[Meeting]"
    objects = models.Manager.from_queryset(ArrangementQuerySet)()

    class Meta:
        verbose_name = _("arrangement")
        verbose_name_plural = _("arrangements")
        constraints = [
            models.CheckConstraint(
                condition=Q(every__in=["", "week", "two_weeks", "month"]), name="arrangement_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(every="", times=1) | (~Q(every="") & Q(times__range=(2, MOST_TIMES))),
                name="arrangement_of_a_series_has_times",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(10, 480)), name="arrangement_lasts_ten_minutes_to_eight_hours"
            ),
            models.CheckConstraint(
                condition=Q(asked_in__lte=models.F("sequence")), name="arrangement_was_asked_in_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"Arrangement #{self.pk}"

    @property
    def is_series(self) -> bool:
        return bool(self.every)


class ArrangementVersion(models.Model):
    """What the e-mails that carry one version to people's calendars are about (`Message.subject_id`)."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="versions")
    sequence = models.PositiveIntegerField()
    # When the meeting of a series that alone is changed would have begun; None, all of it.
    occurrence = models.DateTimeField(null=True, blank=True)
    is_cancelled = models.BooleanField(default=False)
    # Whether what was answered before says nothing about it any more.
    asks_again = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("version of an arrangement")
        verbose_name_plural = _("versions of arrangements")
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "sequence"], name="arrangement_version_once")
        ]

    def __str__(self) -> str:
        return f"Arrangement version #{self.pk}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def for_all(self) -> Self:
        """Answers to all of an arrangement, not to one meeting of a series."""
        return self.filter(meeting__isnull=True)


class Attendance(models.Model):
    """Whether somebody comes, as their calendar or they themselves said: to all of an arrangement, or to one meeting of
    a series."""

    class Answer(models.TextChoices):
        NEEDS_ACTION = "NEEDS-ACTION", _("Has not answered")
        ACCEPTED = "ACCEPTED", _("Comes")
        TENTATIVE = "TENTATIVE", _("Perhaps")
        DECLINED = "DECLINED", _("Cannot come")

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="attendances")
    meeting = models.ForeignKey("Meeting", models.CASCADE, null=True, blank=True, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attendances")
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, default=Answer.NEEDS_ACTION)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # Of the last reply that was applied: a later one counts, whatever order they arrive in.
    last_sequence = models.IntegerField(default=-1, editable=False)
    last_stamp = models.DateTimeField(null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(AttendanceQuerySet)()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once_for_a_meeting"),
            models.UniqueConstraint(
                fields=["arrangement", "person"],
                condition=Q(meeting__isnull=True),
                name="attendance_once_for_all",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"]),
                name="attendance_answer_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Attendance #{self.pk}"


class CalendarTold(models.Model):
    """What somebody's calendar was told of an arrangement last: they hear of it again when it is otherwise for them."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="told")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_told")
    # A hash of the invitation without its number and its answers; empty, that nothing of it is to come.
    shown = models.BinaryField(max_length=32, blank=True)
    told_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("what a calendar was told")
        verbose_name_plural = _("what calendars were told")
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "person"], name="calendar_told_once_for_somebody")
        ]

    def __str__(self) -> str:
        return f"Calendar told #{self.pk}"


class CalendarDecline(models.Model):
    """That somebody said no, in their calendar or on the page: what the e-mail to the others is about. What stands is
    in `Attendance`."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="declines")
    # When the meeting of a series that alone is declined would have begun; None, all of it.
    occurrence = models.DateTimeField(_("meeting"), null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_declines")
    declined_at = models.DateTimeField(_("declined"), default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("no from a calendar")
        verbose_name_plural = _("noes from calendars")

    def __str__(self) -> str:
        return f"Calendar decline #{self.pk}"


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(person=user)


class CalendarFeed(models.Model):
    """A person's meetings as a calendar behind a secret link, of which the database knows the hash."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True)

    objects = models.Manager.from_queryset(CalendarFeedQuerySet)()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"Calendar feed #{self.pk}"
