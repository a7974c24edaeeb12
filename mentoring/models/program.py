"""A mentoring program and the people who run it."""

from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user import validate_time_zone
from mentoring.quarter import Quarter

LONGEST_RETENTION = 120  # months


class ProgramQuerySet(models.QuerySet["Program"]):
    def running(self, today: date) -> Self:
        """Programs whose clock ticks: active, begun, and not past their last day."""
        return self.filter(status=Program.Status.ACTIVE, starts_on__lte=today).exclude(ends_on__lt=today)

    def visible_to(self, user: User) -> Self:
        """Programs in which this person has a place, in whatever state; but for whoever said no, who is left alone."""
        return self.filter(enrollments__in=user.enrollments.exclude(status="declined"))

    def administered_by(self, user: User) -> Self:
        """The rows of the Django admin: a superuser's are all programs, a program admin's those with a row for them."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(admins__person=user)


class Program(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    class Month(models.IntegerChoices):
        JANUARY = 1, _("January")
        FEBRUARY = 2, _("February")
        MARCH = 3, _("March")
        APRIL = 4, _("April")
        MAY = 5, _("May")
        JUNE = 6, _("June")
        JULY = 7, _("July")
        AUGUST = 8, _("August")
        SEPTEMBER = 9, _("September")
        OCTOBER = 10, _("October")
        NOVEMBER = 11, _("November")
        DECEMBER = 12, _("December")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("short name"), max_length=60, unique=True, help_text=_("Letters and hyphens, for mail headers.")
    )
    purpose = models.TextField(_("purpose"), blank=True, max_length=2000)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    fiscal_first_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        choices=Month.choices,
        default=Month.JANUARY,
        help_text=_("Quarters are counted from the first day of this month."),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("Leave empty for a program without an end.")
    )
    contact_name = models.CharField(_("signed by"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    retention_months = models.PositiveSmallIntegerField(
        _("months until words are deleted"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RETENTION)],
        help_text=_(
            "Counted from the day on which a person’s place here is over, or the program is. They are warned by e-mail "
            "30 days before. Leave empty to keep everything until people delete it themselves."
        ),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ProgramQuerySet)()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "active", "paused", "closed"]),
                name="program_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_first_month__range=(1, 12)), name="program_first_month_is_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="program_ends_after_it_starts",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(retention_months__isnull=True)
                | models.Q(retention_months__range=(1, LONGEST_RETENTION)),
                name="program_retention_is_a_month_to_ten_years",
                violation_error_message=_("Choose from one month to 120, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """The date on the program's own calendar at that instant."""
        return now.astimezone(self.zone).date()

    def quarter_on(self, day: date) -> Quarter:
        return Quarter.containing(day, self.fiscal_first_month)


class ProgramAdminQuerySet(models.QuerySet["ProgramAdmin"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class ProgramAdmin(models.Model):
    """A person's right to run one program. The right ends with the row, at once."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="admins", verbose_name=_("program"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="administered",
        verbose_name=_("person"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ProgramAdminQuerySet)()

    class Meta:
        verbose_name = _("program admin")
        verbose_name_plural = _("program admins")
        ordering = ["program", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"],
                name="program_admin_named_once",
                violation_error_message=_("This person already runs this program."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.program}"
