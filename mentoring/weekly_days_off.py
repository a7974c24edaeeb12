"""When somebody gets no weekly e-mail: on a day that is a holiday in each program in which they have a place now."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from accounts.localtime import known_zone
from accounts.mail.weekly import IsOff

from .days_off import DaysOff
from .models import Enrollment, Holiday, Program


def days_off_of(people: Collection[int], now: datetime) -> Mapping[int, IsOff]:
    """Two queries at most. Whoever has no place in a program that runs has no days off."""
    places = Enrollment.objects.filter(
        person__in=people, status__in=Enrollment.IN, program__status=Program.Status.ACTIVE
    ).select_related("program")
    programs: dict[int, Program] = {}
    zones: dict[int, str] = {}
    theirs: dict[int, set[int]] = defaultdict(set)
    for place in places.select_related("program", "person"):
        programs[place.program_id] = place.program
        zones[place.person_id] = place.person.time_zone
        theirs[place.person_id].add(place.program_id)
    off = Holiday.objects.days_off(list(programs.values()), now) if programs else {}
    return {
        person: partial(_is_off, [off[pk] for pk in pks], known_zone(zones[person]))
        for person, pks in theirs.items()
        if all(off[pk].spans for pk in pks)
    }


def _is_off(programs: list[DaysOff], zone: object, instant: datetime) -> bool:
    return all(each.cover(instant, zone) for each in programs)  # type: ignore[arg-type]
