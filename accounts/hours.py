"""Usual hours on another clock, and in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .localtime import first_valid
from .models import User, UsualHours


@dataclass(frozen=True)
class Stretch:
    """From one time on a weekday to another on the same day or the next, by one person's clock."""

    weekday: int
    begins: time
    ends: time

    @property
    def goes_past_midnight(self) -> bool:
        return time(0) < self.ends <= self.begins


def on_clock(hours: Iterable[UsualHours], zone: ZoneInfo, reader: ZoneInfo, now: datetime) -> list[Stretch]:
    """The hours of somebody in `zone` as `reader`'s clock has them in this week, Monday first.

    It asks for the week, because summer time does not begin everywhere on the same night.
    """
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    found = []
    for each in hours:
        day = monday + timedelta(days=each.weekday)
        last = day + timedelta(days=1) if each.ends_at == time(0) else day
        begins = first_valid(day, each.begins_at, zone).astimezone(reader)
        ends = first_valid(last, each.ends_at, zone).astimezone(reader)
        found.append(Stretch(begins.weekday(), begins.time(), ends.time()))
    return sorted(found, key=lambda stretch: (stretch.weekday, stretch.begins))


def in_words(stretches: Iterable[Stretch]) -> list[str]:
    """“Monday to Friday, 09:00 to 17:00”: a line for each run of days that share their hours."""
    runs: list[list[Stretch]] = []
    for stretch in stretches:
        run = runs[-1] if runs else []
        follows = run and run[-1].weekday + 1 == stretch.weekday
        if follows and (run[0].begins, run[0].ends) == (stretch.begins, stretch.ends):
            run.append(stretch)
        else:
            runs.append([stretch])
    return [_line(run) for run in runs]


def _line(run: list[Stretch]) -> str:
    first, last = (User.Weekday(each.weekday).label for each in (run[0], run[-1]))
    words = {
        "first": first,
        "last": last,
        "begins": f"{run[0].begins:%H:%M}",
        "ends": f"{run[0].ends:%H:%M}",
    }
    if len(run) == 1:
        days = str(first)
    elif len(run) == 2:
        days = _("%(first)s and %(last)s") % words
    else:
        days = _("%(first)s to %(last)s") % words
    if run[0].goes_past_midnight:
        return _("%(days)s, %(begins)s to %(ends)s on the next day") % (words | {"days": days})
    return _("%(days)s, %(begins)s to %(ends)s") % (words | {"days": days})
