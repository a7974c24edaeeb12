"""From which answer something on the shelf of a pair was copied, so that it is read no longer than the answer is."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mentoring.models import Possibility

from .audience import Audience
from .reflection import Answer, Reflection


class ShelfCopyQuerySet(models.QuerySet["ShelfCopy"]):
    def withdrawn(self) -> Self:
        """Those that nobody but their writer may read now: the answer is not read by that pair any more, waits for the
        yes of somebody who is named in it, was changed, or is gone."""
        read_there = Q(audience=Audience.PAIRING, pairings=OuterRef("possibility__pairing")) | Q(
            audience=Audience.PROGRAM, reflection__round__program=OuterRef("possibility__pairing__program")
        )
        read = Answer.objects.agreed_to().filter(
            read_there,
            pk=OuterRef("answer"),
            is_locked=False,
            reflection__status=Reflection.Status.SUBMITTED,
            # Whoever takes a name out of the answer takes it out of no copy.
            saved_at__lte=OuterRef("put_at"),
        )
        return self.filter(~Exists(read))


class ShelfCopy(models.Model):
    """The words stand in the possibility, as they were at `put_at`. Without an answer there is none any more."""

    possibility = models.OneToOneField(Possibility, models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, related_name="shelf_copies")
    put_at = models.DateTimeField(_("put there"))

    objects = models.Manager.from_queryset(ShelfCopyQuerySet)()

    class Meta:
        verbose_name = _("copy on a shelf")
        verbose_name_plural = _("copies on a shelf")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Copy on a shelf #{self.pk}"
