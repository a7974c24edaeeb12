"""What a person does not want by e-mail any more."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StoppedQuerySet(models.QuerySet["Stopped"]):
    def stop(self, person_id: int, stream: str) -> None:
        """Nothing of that stream is sent to this person from now on. Stopping twice is stopping once."""
        self.bulk_create([self.model(person_id=person_id, stream=stream)], ignore_conflicts=True)

    def start(self, person_id: int, stream: str) -> None:
        """The stream is sent again; what was held back meanwhile is not made up for."""
        self.filter(person_id=person_id, stream=stream).delete()

    def names_of(self, person_id: int) -> set[str]:
        return set(self.filter(person_id=person_id).values_list("stream", flat=True))


class Stopped(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="stopped_streams", db_index=False
    )
    stream = models.CharField(_("kind of e-mail"), max_length=40)
    stopped_at = models.DateTimeField(_("stopped"), db_default=Now(), editable=False)

    objects = models.Manager.from_queryset(StoppedQuerySet)()

    class Meta:
        verbose_name = _("stopped e-mail")
        verbose_name_plural = _("stopped e-mails")
        constraints = [models.UniqueConstraint(fields=["person", "stream"], name="stopped_once_per_stream")]

    def __str__(self) -> str:
        return f"Stopped #{self.pk}"
