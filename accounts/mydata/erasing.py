"""The end of an account: words and identity go, and what others need stays beside a neutral stub."""

from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from accounts.models import Erasure, User

from .registry import Kept, holdings

# Longer than any request is let to take.
STILL_ON_THE_WAY = timedelta(minutes=5)


@transaction.atomic
def erase(person: User, *, now: datetime) -> bool:
    """At once and for good, all of it or nothing. False when somebody else has done it already."""
    alive = User.objects.select_for_update().filter(pk=person.pk, erased_at__isnull=True).first()
    if alive is None:
        return False
    _forget_in_the_log(alive)
    _forget(alive, now)
    Erasure.objects.create(erased_on=now.date())
    return True


def sweep(now: datetime) -> None:
    """Once more for those who were just erased: a page that they had sent off a moment before waited for it to be over,
    and may have left a word behind."""
    for person in User.objects.filter(erased_at__gt=now - STILL_ON_THE_WAY):
        with transaction.atomic():
            _forget(person, now)


def _forget(person: User, now: datetime) -> None:
    """Backwards, because rows point to those that were registered before them; the account itself is the last."""
    for holding in reversed(holdings()):
        if isinstance(holding.erasure, Kept):
            holding.erasure.act(person, now)
        else:
            holding.of(person).delete()


def _forget_in_the_log(person: User) -> None:
    """The admin's history keeps the name of each row as it was: of rows about this person that is their name.

    A row may be gone that a line is about, so each line with the whole name or the address in it is blanked as well.
    """
    names = Q(object_repr__icontains=person.email) | Q(change_message__icontains=person.email)
    if person.name:
        names |= Q(object_repr__icontains=person.name) | Q(change_message__icontains=person.name)
    LogEntry.objects.filter(names).update(object_repr="", change_message="")
    noted = ContentType.objects.filter(pk__in=LogEntry.objects.order_by().values("content_type"))
    models = {kind.model_class(): kind for kind in noted}
    for holding in holdings():
        kind = models.get(holding.model)
        if kind is not None and holding.model is not LogEntry:
            about = [str(pk) for pk in holding.of(person).values_list("pk", flat=True)]
            LogEntry.objects.filter(content_type=kind, object_id__in=about).update(
                object_repr="", change_message=""
            )
