"""What stands in people's calendars changes: a new version of an arrangement, and the e-mails that carry it."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from accounts.mail import outbox, tasks
from accounts.mail.outbox import Owed

from . import calendar_events
from .calendar_emails import CANCELLED, CHANGED, DECLINED, INVITED
from .calendar_events import Seen
from .models import Arrangement, ArrangementVersion, CalendarDecline, CalendarTold, Meeting

log = logging.getLogger(__name__)
# A meeting that is about to end is still worth an e-mail that moves it.
LIVES_AT_LEAST = timedelta(hours=1)


def tell(
    arrangement: Arrangement,
    now: datetime,
    *,
    asks_again: bool,
    is_cancelled: bool = False,
    occurrence: datetime | None = None,
) -> None:
    """Everybody who comes gets this arrangement as it is now, the first time or as the next version.

    Called behind a lock on its row, after everything else of it was written, in the same transaction. `asks_again`:
    what was answered before says nothing about the new time. `occurrence`: of a series nothing changed but the meeting
    that would have begun then, so that answers to the others go on counting. Whoever sees nothing else than before (the
    other mentees of a group, of whom one is not there any more) gets no e-mail.
    """
    is_first = not arrangement.versions.exists()
    if not is_first:
        arrangement.sequence += 1
    if is_first or (asks_again and occurrence is None):
        arrangement.asked_in = arrangement.sequence
    arrangement.changed_at = now
    arrangement.save(update_fields=["sequence", "asked_in", "changed_at"])
    version = ArrangementVersion.objects.create(
        arrangement=arrangement,
        sequence=arrangement.sequence,
        occurrence=None if is_first else occurrence,
        is_cancelled=is_cancelled,
        asks_again=is_first or asks_again,
        created_at=now,
    )
    _owe(version, now)


def tell_of_no(seen: Seen, rows: list[Meeting]) -> None:
    """Whoever would have met this person hears that they cannot come: to `rows`, the meetings of one time of a series,
    or to all of it without any. By an e-mail without anybody's words, as long as they do not say otherwise."""
    decline = CalendarDecline.objects.create(
        arrangement=seen.arrangement,
        occurrence=rows[0].original_at if rows else None,
        person=seen.person,
        declined_at=seen.now,
    )
    coming = [row for row in rows or seen.standing if row.ends_at > seen.now]
    ends_at = max(row.ends_at for row in coming)
    others = {row.pairing.partner_key(seen.person) for row in coming}
    if outbox.owe_many(Owed(DECLINED, key, decline.pk, seen.now, ends_at) for key in sorted(others)):
        transaction.on_commit(tasks.ring)


def _owe(version: ArrangementVersion, now: datetime) -> None:
    arrangement = version.arrangement
    before = {
        each.person_id: bytes(each.shown) for each in CalendarTold.objects.filter(arrangement=arrangement)
    }
    told, owed = [], []
    for seen in _seen_by_each(arrangement, now):
        key = seen.person.pk
        was = before.get(key, b"")
        shown = _shown(seen)
        if shown == was:
            continue
        kind = CANCELLED if not shown else CHANGED if was else INVITED
        told.append(CalendarTold(arrangement=arrangement, person=seen.person, shown=shown, told_at=now))
        ends_at = max([now + LIVES_AT_LEAST, *(row.ends_at for row in seen.rows)])
        owed.append(Owed(kind, key, version.pk, now, ends_at))
    CalendarTold.objects.bulk_create(
        told,
        update_conflicts=True,
        unique_fields=["arrangement", "person"],
        update_fields=["shown", "told_at"],
    )
    if outbox.owe_many(owed):
        transaction.on_commit(tasks.ring)


def _seen_by_each(arrangement: Arrangement, now: datetime) -> list[Seen]:
    """As each of those sees it who come, or would have come; in the order of their numbers."""
    rows = Meeting.objects.filter(arrangement=arrangement).order_by("starts_at", "pairing_id")
    theirs: defaultdict[int, list[Meeting]] = defaultdict(list)
    people = {}
    for row in rows.select_related("pairing__program", "pairing__mentor", "pairing__mentee"):
        for person in (row.pairing.mentor, row.pairing.mentee):
            people[person.pk] = person
            theirs[person.pk].append(row)
    return [Seen(arrangement, people[key], theirs[key], now) for key in sorted(people)]


def _shown(seen: Seen) -> bytes:
    """What they are shown; empty, if nothing is to come for them."""
    if seen.is_off:
        return b""
    try:
        return calendar_events.fingerprint(seen)
    except ValueError:
        # The letter goes out without its calendar part (calendar_emails).
        log.error("arrangement %s fits in no calendar", seen.arrangement.pk)
        return b"version %d" % seen.arrangement.sequence
