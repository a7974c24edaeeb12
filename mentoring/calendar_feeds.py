"""The secret link of a person's private calendar: made, made anew, ended, and found."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User

from .models import CalendarFeed

# 160 bits, as in links of e-mails.
BYTES = 20
# How fresh "last fetched" is: calendars come every few minutes, and no row is written for each.
NOTED_EVERY = timedelta(hours=1)


def renew(person: User, now: datetime) -> str:
    """The token of a new link, which is kept nowhere; the one before opens nothing from now on."""
    token = secrets.token_urlsafe(BYTES)
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"token_hash": _hash(token), "created_at": now, "fetched_at": None}
    )
    return token


def end(person: User) -> bool:
    """Their link opens nothing any more; False where there was none."""
    return CalendarFeed.objects.filter(person=person).delete()[0] > 0


def find(token: str) -> CalendarFeed | None:
    """Whose calendar it opens; nobody's, once their account is closed."""
    found = CalendarFeed.objects.filter(token_hash=_hash(token), person__is_active=True)
    return found.select_related("person").first()


def note_fetched(feed: CalendarFeed, now: datetime) -> None:
    """For its owner, who may see by it that somebody reads along; to the hour."""
    stale = Q(fetched_at__isnull=True) | Q(fetched_at__lte=now - NOTED_EVERY)
    CalendarFeed.objects.filter(stale, pk=feed.pk, token_hash=feed.token_hash).update(fetched_at=now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
