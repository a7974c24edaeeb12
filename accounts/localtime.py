"""From a time on the wall to the instant it means: pure arithmetic over zones, DST included."""

import logging
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

logger = logging.getLogger(__name__)


@cache
def known_zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC for "", and for one that this machine does not know (any more)."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        logger.error("A person's time zone is not known here; UTC stands in for it")
        return ZoneInfo("UTC")


def first_valid(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That time on that day in `zone`. In a gap the first minute after it, in a repeated hour the first of the two."""
    naive = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    while True:
        instant = naive.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == naive:
            return instant
        naive = naive.replace(second=0, microsecond=0) + timedelta(minutes=1)


def by_day(instant: datetime, zone: ZoneInfo, opens: time, shuts: time) -> datetime:
    """`instant` (UTC), or the next morning at `opens` where it is not between the two in that zone."""
    local = instant.astimezone(zone)
    if opens <= local.time() < shuts:
        return instant.astimezone(UTC)
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return first_valid(day, opens, zone)
