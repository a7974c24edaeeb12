"""What a person says of themselves: words, links, usual hours and a photo, apart from the row that each request loads.

Who may read it is asked elsewhere (mentoring/people.py): this app knows of no programs.
"""

from datetime import time
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .user import User

MOST_LANGUAGES = MOST_LINKS = MOST_VALUES = 5
LONGEST_VALUE = 40
HALF_HOURS = 48


class ProfileQuerySet(models.QuerySet["Profile"]):
    def of(self, person: User) -> "Profile":
        """Their profile; an empty one, in no row, for somebody who has said nothing yet."""
        return self.filter(person=person).first() or self.model(person=person)


class Profile(models.Model):
    class PronounsFor(models.TextChoices):
        ME = "me", _("Only me")
        PAIRED = "paired", _("The people I am paired with")
        PROGRAMS = "programs", _("Whoever sees my profile")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile", primary_key=True
    )
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    pronouns_for = models.CharField(
        _("who sees the pronouns"), max_length=10, choices=PronounsFor.choices, default=PronounsFor.ME
    )
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    about = models.TextField(_("about"), max_length=2000, blank=True)
    help_with = models.TextField(_("what I can help with"), max_length=1000, blank=True)
    languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages"), default=list, blank=True
    )
    core_values = ArrayField(
        models.CharField(max_length=LONGEST_VALUE), verbose_name=_("core values"), default=list, blank=True
    )
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ProfileQuerySet)()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(pronouns_for__in=["me", "paired", "programs"]), name="profile_readers_are_known"
            ),
            models.CheckConstraint(
                condition=Q(languages__len__lte=MOST_LANGUAGES), name="profile_has_few_languages"
            ),
            models.CheckConstraint(
                condition=Q(core_values__len__lte=MOST_VALUES), name="profile_has_few_values"
            ),
        ]

    def __str__(self) -> str:
        return f"Profile #{self.pk}"


class Link(models.Model):
    """An address of the open web, in the order in which its person put it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links", db_index=False)
    position = models.PositiveSmallIntegerField(_("position"))
    url = models.URLField(_("address"), max_length=300)
    label = models.CharField(_("label"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["person", "position"], name="link_has_its_place"),
            models.CheckConstraint(condition=Q(position__range=(1, MOST_LINKS)), name="link_is_one_of_five"),
            # It becomes an href on other people's pages, where anything but a web address could be a script.
            models.CheckConstraint(condition=Q(url__startswith="https://"), name="link_leads_to_a_web_page"),
        ]

    def __str__(self) -> str:
        return f"Link #{self.pk}"


class UsualHours(models.Model):
    """When somebody can usually be met on one weekday, in half hours after midnight by their own clock."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="usual_hours", db_index=False
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=User.Weekday.choices)
    begins = models.PositiveSmallIntegerField(_("from"))
    ends = models.PositiveSmallIntegerField(_("until"))

    class Meta:
        verbose_name = _("usual hours")
        verbose_name_plural = _("usual hours")
        ordering = ["weekday"]
        constraints = [
            models.UniqueConstraint(fields=["person", "weekday"], name="usual_hours_once_a_weekday"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="usual_hours_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends"), ends__lte=HALF_HOURS), name="usual_hours_within_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Usual hours #{self.pk}"

    @classmethod
    def between(cls, weekday: int, begins: time, ends: time) -> Self:
        """From one half hour to another; midnight as an end is the end of the day."""
        return cls(weekday=weekday, begins=_half_hours(begins), ends=_half_hours(ends) or HALF_HOURS)

    @property
    def begins_at(self) -> time:
        return time(self.begins // 2, self.begins % 2 * 30)

    @property
    def ends_at(self) -> time:
        """Midnight for the end of the day."""
        return time(self.ends % HALF_HOURS // 2, self.ends % 2 * 30)


def _half_hours(at: time) -> int:
    return at.hour * 2 + at.minute // 30


class Photo(models.Model):
    """A small square WebP that we made ourselves (accounts/photos.py).

    It lies here, or in a store under the random name `stored_as` (accounts/media). The name in its address is another
    one, on the person's own row (`User.photo_key`), which every page has loaded anyway.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="photo", primary_key=True
    )
    image = models.BinaryField(_("image"))
    stored_as = models.CharField(
        _("name in the store"), max_length=32, blank=True, default="", db_default="", editable=False
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return f"Photo #{self.pk}"
