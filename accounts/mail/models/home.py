"""Which server this database lives on, so that a copy of it that wakes up elsewhere sends nothing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HomeQuerySet(models.QuerySet["Home"]):
    def closed_to(self, place: object) -> "HomeQuerySet":
        """The row, where mail waits or where it is of another place than this; nothing, where mail may go out."""
        return self.filter(~Q(place=place) | Q(waits_since__isnull=False))


class Home(models.Model):
    """One row, made by whoever looks first. It goes with the database into each backup and each copy."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # As accounts.mail.home.here() says it.
    place = models.CharField(_("server and database"), max_length=100)
    since = models.DateTimeField(_("here since"))
    waits_since = models.DateTimeField(_("mail waits since"), null=True, blank=True)
    is_copy = models.BooleanField(_("a copy for testing"), default=False)

    objects = models.Manager.from_queryset(HomeQuerySet)()

    class Meta:
        verbose_name = _("home of the database")
        verbose_name_plural = _("homes of the database")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="home_is_one_row"),
            models.CheckConstraint(
                condition=Q(is_copy=False) | Q(waits_since__isnull=False), name="home_of_a_copy_waits"
            ),
        ]

    def __str__(self) -> str:
        return "Home of the database"
