"""How long nothing was heard of a pair: in days of its program's calendar, of which holidays are none."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User

from .models import Holiday, Program

LOOKED_BACK = timedelta(days=400)
# The hours of a day in which people are asked something that can wait.
HOURS = range(9, 18)


@dataclass(frozen=True)
class Calendar:
    """The holidays of one program, as single days in their order."""

    off: tuple[date, ...] = ()

    def days_between(self, first: date, last: date) -> int:
        """Days after the first up to the last, without holidays."""
        off = bisect_right(self.off, last) - bisect_right(self.off, first)
        return max(0, (last - first).days - max(0, off))

    def day_after(self, first: date, days: int) -> date:
        """The first day to which there are so many, and which is no holiday itself."""
        day = first + timedelta(days=days)
        while self.days_between(first, day) < days or self.is_off(day):
            day += timedelta(days=1)
        return day

    def is_off(self, day: date) -> bool:
        place = bisect_left(self.off, day)
        return place < len(self.off) and self.off[place] == day


def calendars(programs: Collection[Program], now: datetime) -> Mapping[int, Calendar]:
    """By the program's key, by one question to the database."""
    first, last = now.date() - LOOKED_BACK, now.date() + LOOKED_BACK
    days: dict[int, set[date]] = {program.pk: set() for program in programs}
    rows = Holiday.objects.filter(program__in=days, ends_on__gte=first, starts_on__lte=last)
    for program, begins, ends in rows.values_list("program", "starts_on", "ends_on"):
        begins, ends = max(begins, first), min(ends, last)
        days[program] |= {begins + timedelta(days=number) for number in range((ends - begins).days + 1)}
    return {program: Calendar(tuple(sorted(off))) for program, off in days.items()}


def good_hour(person: User, now: datetime) -> datetime:
    """Now, where it is day where they live; otherwise their next morning."""
    here = now.astimezone(person.zone)
    if here.hour in HOURS:
        return now
    morning = here.replace(hour=HOURS.start, minute=0, second=0, microsecond=0)
    return morning if here.hour < HOURS.start else morning + timedelta(days=1)
