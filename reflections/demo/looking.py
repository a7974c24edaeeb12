"""People of the demo program who have no pair yet: mentors with room, and mentees for whom somebody is looked for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from accounts.models import User
from mentoring.models import Enrollment, Program

from .calendar import DAY, Times
from .cities import CITIES
from .people import Person
from .places import choose
from .words import blocks

ROOM_FOR_TWO = {"greta", "fatima"}


def people() -> list[Person]:
    """In the order of the texts, which is the one in which they came."""
    found = []
    for words, text in blocks("matching.txt"):
        if words[0] != "looking":
            continue
        _what, key, city, area, role, *zone = words
        name, room, *skills = text.splitlines()
        said = dict(line.split(": ", 1) for line in skills)
        home = replace(CITIES[city], zone=zone[0]) if zone else CITIES[city]
        found.append(
            Person(
                name,
                f"{key}@harbor.example",
                home,
                area,
                home.department(area, room),
                role,
                language="de" if home.language == "de" else "en-us",
                offers=said.get("offers", ""),
                seeks=said.get("seeks", ""),
                key=key,
            )
        )
    return found


def enroll(program: Program, them: list[Person], users: Mapping[str, User], times: Times) -> list[Enrollment]:
    """A place for each of them, since a few weeks ago."""
    rows = []
    for number, person in enumerate(them):
        since = times.at(times.today - (34 - 2 * number) * DAY, 15, 3 * number)
        person.joined_on = times.today - (34 - 2 * number) * DAY
        rows.append(
            Enrollment(
                program=program,
                person=users[person.email],
                role=person.role,
                status=Enrollment.Status.ACTIVE,
                capacity=2 if person.key in ROOM_FOR_TWO else 1,
                department=person.department,
                joined_on=person.joined_on,
                applied_at=since - timedelta(days=3),
                decided_at=since,
                agreed_at=since - timedelta(days=3),
                agreed_to=program.ground_rules,
                created_at=since - timedelta(days=3),
            )
        )
    Enrollment.objects.bulk_create(rows)
    choose(program, rows, them)
    return rows
