"""Sessions that are over: Django leaves their rows to whoever clears them away, and so does allauth."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from .models import User

# In each tick at most so many, so that no other request waits for long: each minute there are few.
BATCH = 2000
# A browser is noted within the request that begins its session.
SETTLED = timedelta(hours=1)


@transaction.atomic
def end_all() -> int:
    """Everybody signs in anew; how many sessions there were."""
    _forget(UserSession.objects.all())
    ended, _kinds = Session.objects.all().delete()
    return ended


def tidy(now: datetime) -> int:
    """Delete sessions that have run out, and what was known of the browsers of sessions that are no more: how many
    rows. `now` is the time by which sessions are made, also in a rehearsal."""
    over = Session.objects.filter(expire_date__lt=now).order_by("expire_date").values_list("pk", flat=True)
    sessions, _kinds = Session.objects.filter(pk__in=list(over[:BATCH])).delete()
    theirs = Session.objects.filter(session_key=OuterRef("session_key"))
    left = UserSession.objects.filter(~Exists(theirs), last_seen_at__lt=now - SETTLED).order_by("pk")
    pks = list(left.values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        browsers = _forget(UserSession.objects.filter(pk__in=pks)) if pks else 0
    return sessions + browsers


def _forget(rows: QuerySet[UserSession]) -> int:
    """When somebody was here last stays known: by that a program's clock tells who is gone
    (mentoring/retention.py)."""
    seen = rows.filter(user=OuterRef("pk")).order_by().values("user").annotate(at=Max("last_seen_at"))
    was_here = Subquery(seen.values("at"))
    User.objects.filter(pk__in=rows.values("user")).update(
        last_login=Greatest(Coalesce("last_login", was_here), was_here)
    )
    deleted, _kinds = rows.delete()
    return deleted
