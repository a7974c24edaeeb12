"""The end of an account: words and identity go, and what others need stays beside a neutral stub."""

import re
from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Erasure, User

from .registry import Kept, holdings

# Longer than any request is let to take.
STILL_ON_THE_WAY = timedelta(minutes=5)
# Names our lock among others in the same database ("erase" in ASCII).
LOCK = 0x6572617365


@transaction.atomic
def erase(person: User, *, now: datetime) -> bool:
    """At once and for good, all of it or nothing. False when somebody else has done it already."""
    one_at_a_time()
    alive = User.objects.select_for_update().filter(pk=person.pk, erased_at__isnull=True).first()
    if alive is None:
        return False
    forget_in_the_log(alive)
    _forget(alive, now)
    Erasure.objects.create(erased_on=now.date())
    return True


def sweep(now: datetime) -> None:
    """Once more for those who were just erased: a page that they had sent off a moment before waited for it to be over,
    and may have left a word behind."""
    for person in User.objects.filter(erased_at__gt=now - STILL_ON_THE_WAY):
        with transaction.atomic():
            one_at_a_time()
            _forget(person, now)


def one_at_a_time() -> None:
    """Nobody else is erased until the transaction ends; whoever is being erased is waited for.

    An erasure holds its person, and then whatever tells the others that they are gone waits for these: of two who were
    a pair, or met in one group, each would wait for the other. Called before any row is locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _forget(person: User, now: datetime) -> None:
    """Backwards, because rows point to those that were registered before them; the account itself is the last."""
    for holding in reversed(holdings()):
        if isinstance(holding.erasure, Kept):
            holding.erasure.act(person, now)
        else:
            holding.of(person).delete()


def forget_in_the_log(person: User) -> None:
    """The admin's history keeps the name of each row as it was: of rows about this person that is their name.

    The lines about rows of theirs are blanked, those with their address, and those that begin or end with their name
    and are about a row that is gone. Not all with the name in it: whoever is called like somebody else, or “a”, would
    take along what was done to others.
    """
    address = rf"(^|[^[:alnum:]._+-]){re.escape(person.email)}($|[^[:alnum:]_-])"
    LogEntry.objects.filter(Q(object_repr__iregex=address) | Q(change_message__iregex=address)).update(
        object_repr="", change_message=""
    )
    if person.name:
        named = Q(object_repr=person.name) | Q(object_repr__startswith=f"{person.name} ")
        maybe = LogEntry.objects.filter(named | Q(object_repr__endswith=f" {person.name}"))
        gone = [line.pk for line in maybe if _is_about_nothing(line)]
        LogEntry.objects.filter(pk__in=gone).update(object_repr="", change_message="")
    noted = ContentType.objects.filter(pk__in=LogEntry.objects.order_by().values("content_type"))
    models = {kind.model_class(): kind for kind in noted}
    for holding in holdings():
        kind = models.get(holding.model)
        if kind is not None and holding.model is not LogEntry:
            about = [str(pk) for pk in holding.of(person).values_list("pk", flat=True)]
            LogEntry.objects.filter(content_type=kind, object_id__in=about).update(
                object_repr="", change_message=""
            )


def _is_about_nothing(line: LogEntry) -> bool:
    model = (
        ContentType.objects.get_for_id(line.content_type_id).model_class() if line.content_type_id else None
    )
    return model is None or not model._base_manager.filter(pk=line.object_id).exists()
