"""A person: how they sign in, what they are called, where and when they live."""

import unicodedata
import zoneinfo
from datetime import datetime, time
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless `name` is a zone of the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone such as Europe/Lisbon."))


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def leaving(self) -> Self:
        """Those who have asked to be erased, and may still change their minds."""
        return self.filter(erasure_due_at__isnull=False)

    def staying(self) -> Self:
        """Active, and not about to leave: who can be counted on."""
        return self.active().filter(erasure_due_at__isnull=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = True

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The address as we store, compare and count it: trimmed, in lower case, and in one form of its letters."""
        return unicodedata.normalize("NFKC", (email or "").strip()).lower()

    def signing_in_with(self, email: str) -> "User | None":
        """Whoever has that address, in whatever case; closed accounts too."""
        user: User | None = self.filter(email=self.normalize_email(email)).first()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email=self.normalize_email(username))
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who signs in with `email`; without a password they sign in by code."""
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    preferred_name = models.CharField(
        _("what to call you"), max_length=60, blank=True, help_text=_("If it is not your first name.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Your reminders and meetings are shown in this zone."),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    coffee_weekday = models.PositiveSmallIntegerField(
        _("coffee day"), choices=Weekday.choices, default=Weekday.TUESDAY
    )
    coffee_time = models.TimeField(_("coffee time"), default=time(7, 30))
    # Null as long as the two stand at what everybody begins with: then they are asked once.
    coffee_chosen_at = models.DateTimeField(_("coffee time chosen"), null=True, blank=True, editable=False)
    wants_moments_in_mail = models.BooleanField(_("put my own moments into my e-mail"), default=False)
    wants_line_twice = models.BooleanField(_("ask me for a line a second time in a quarter"), default=False)
    wants_weekly_mail = models.BooleanField(_("one e-mail a week at most"), default=False)
    # After three quarters in which they were asked in vain the calendar's e-mails rest, until they come back; the other
    # says since when they are wanted again (reflections/actions/asking.py).
    nudges_paused_at = models.DateTimeField(_("not asked since"), null=True, blank=True, editable=False)
    nudges_wanted_at = models.DateTimeField(_("asked again since"), null=True, blank=True, editable=False)
    # What accounts/mail/manners.py heeds: no mail that can be stopped before that day begins, nor in those hours.
    snoozed_until = models.DateField(_("no e-mail before"), null=True, blank=True)
    calm_from = models.TimeField(_("calm from"), null=True, blank=True)
    calm_until = models.TimeField(_("calm until"), null=True, blank=True)
    # The random name of their photo (models/profile.py), here because each page that names somebody asks for it.
    photo_key = models.CharField(_("photo"), max_length=32, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # On the row itself, because every page asks: somebody who is leaving is told so on each.
    erasure_due_at = models.DateTimeField(_("leaves for good"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("left"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "email"]
        constraints = [
            # Whatever case, because the next constraint knows one case only.
            models.UniqueConstraint(
                fields=["email"],
                name="user_email_unique_whatever_case",
                violation_error_message=_("Somebody already signs in with this address."),
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message=_("Write the address in lower case."),
            ),
            models.CheckConstraint(
                condition=models.Q(coffee_weekday__range=(0, 6)), name="user_coffee_weekday_is_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(calm_from__isnull=True, calm_until__isnull=True)
                | (
                    models.Q(calm_from__isnull=False, calm_until__isnull=False)
                    & ~models.Q(calm_from=models.F("calm_until"))
                ),
                name="user_calm_hours_begin_and_end",
                violation_error_message=_("Calm hours have a beginning and an end."),
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(is_active=False, is_superuser=False, name="", erasure_due_at__isnull=True),
                name="user_who_left_is_nobody",
                violation_error_message=_("Somebody who left does not come back in this account."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["erasure_due_at"],
                name="user_erasure_due",
                condition=models.Q(erasure_due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Somebody who left")
        return self.name or self.email

    def clean(self) -> None:
        self.email = UserManager.normalize_email(self.email)
        super().clean()

    @property
    def first_name(self) -> str:
        """What a friend would call them; the part before the @ for somebody who gave no name."""
        if self.erased_at:
            return gettext("Somebody who left")
        return self.preferred_name or self.name.split(" ", 1)[0] or self.email.split("@", 1)[0]

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def initial(self) -> str:
        """One letter for the ring that stands for this person; none for somebody who left."""
        return "" if self.erased_at else self.first_name[:1].upper()

    @property
    def strand(self) -> str:
        """The ring's color class, s1 to s5: decoration that stays the same for a person."""
        return f"s{(self.pk or 0) % 5 + 1}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where this person lives; UTC until we know."""
        return zoneinfo.ZoneInfo(self.time_zone or "UTC")

    def is_snoozed(self, now: datetime) -> bool:
        """Whether they asked for no e-mail before a day that has not come where they live."""
        return self.snoozed_until is not None and now.astimezone(self.zone).date() < self.snoozed_until

    @property
    def is_staff(self) -> bool:
        """What Django's own admin asks; program admins come in by their rows (mentoring.admin.site)."""
        return self.is_superuser
