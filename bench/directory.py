"""How fast somebody who looks for a mentor is answered, against the home page in the same run.

    python -m bench.directory [--n MENTORS] [--rounds AT_LEAST_3]

Both are asked of Django itself, in turn, with no server between. The mentors are made up: a vocabulary of 200 skills,
three to eight of them each, about a hundred words in three texts, one to three languages, hours on four days, in six
zones. DATABASE_URL names a PostgreSQL server (it makes a database of its own there, and drops it), REDIS_URL a Redis;
`make bench` brings both.
"""

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.server.database import seeded
from bench.server.production import be_in_production
from dev.processes import CannotStart, Household, end_on_signals, free_port

if TYPE_CHECKING:
    from django.test import Client

    from mentoring.models import Program

PEOPLE = 40
ZONES = ("Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "Africa/Cairo")
LANGUAGES = ("en", "de", "fr", "pt", "pl", "hi")
LOOKS = {
    "everybody": "",
    "one word": "?q={skill}",
    "three words": "?q={skill}+{word}+{other}",
    "misspelled": "?q={wrong}",
    "filters": "?lang=en&when=evenings&room=1",
    "all of it": "?q={skill}+{word}&lang=en&when=evenings&room=1",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.directory", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=6000, help="mentors in the program")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    end_on_signals()
    if given.rounds < 3:
        parser.error("--rounds: a median wants three at least")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    try:
        with Household() as house:
            run(house, given.n, given.rounds)
    except CannotStart as problem:
        print(f"bench.directory cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, size: int, rounds: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(free_port(), folder)
    with seeded(PEOPLE):
        progress(f"Making {size} mentors")
        program, words = fill(size)
        client = reader(program)
        from django.urls import reverse

        path = reverse("programs:mentors", args=[program.pk])
        for name, query in LOOKS.items():
            address = path + query.format(**words)
            for warm in ("/", address):
                seconds(client, warm)
            began = time.perf_counter()
            theirs, ours = in_turn(rounds, partial(seconds, client, "/"), partial(seconds, client, address))
            say(
                bench="directory",
                what=name,
                n=size,
                seconds=round(time.perf_counter() - began, 1),
                rounds=rounds,
                against="home page, same process",
                ratio=ratio(ours, theirs),
                median_ms=median([1000 * each for each in ours]),
                spread_ms=spread([1000 * each for each in ours]),
                against_median_ms=median([1000 * each for each in theirs]),
                queries=queries(client, address),
                peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            )


def seconds(client: "Client", address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address, secure=True)
    taken = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return taken


def queries(client: "Client", address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address, secure=True)
    return len(captured)


def reader(program: "Program") -> "Client":
    """The demo's mentee, who has a mentor there already and may have another."""
    from django.test import Client

    from accounts.models import User
    from reflections.demo.people import MENTEE_EMAIL

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=MENTEE_EMAIL))
    return client


def fill(size: int) -> tuple["Program", dict[str, str]]:
    """So many mentors in the demo program, in which mentees ask from now on; and words that some of them wrote."""
    from django.db import connection

    from accounts.models import Profile, User, UsualHours
    from mentoring.models import Enrollment, EnrollmentSkill, Program, Skill
    from reflections.demo.people import MENTEE_EMAIL

    chance = random.Random(17)
    place = Enrollment.objects.filter(person__email=MENTEE_EMAIL, status="active").select_related("program")[
        0
    ]
    program = place.program
    Program.objects.filter(pk=program.pk).update(matched_by="both", pairings_per_mentee=3)
    vocabulary = sorted(set(made_up(chance, 6000)))
    skills = Skill.objects.bulk_create(
        Skill(program=program, name=f"{one} {other}")
        for one, other in zip(vocabulary[:200], vocabulary[200:400], strict=True)
    )
    people = User.objects.bulk_create(
        User(email=f"m{number}@bench.example", name=f"Mentor {number}", time_zone=chance.choice(ZONES))
        for number in range(size)
    )
    places = Enrollment.objects.bulk_create(
        Enrollment(
            program=program,
            person=person,
            role="mentor",
            capacity=chance.randint(0, 3),
            joined_on=program.starts_on,
        )
        for person in people
    )
    EnrollmentSkill.objects.bulk_create(
        (
            EnrollmentSkill(enrollment=place, side=side, skill=skill)
            for place in places
            for side in ("offers", "seeks")
            for skill in chance.sample(skills, chance.randint(3, 8))
        ),
        batch_size=5000,
    )
    Profile.objects.bulk_create(
        Profile(
            person=person,
            headline=" ".join(chance.choices(vocabulary, k=8)),
            about=" ".join(chance.choices(vocabulary, k=60)),
            help_with=" ".join(chance.choices(vocabulary, k=25)),
            languages=chance.sample(LANGUAGES, chance.randint(1, 3)),
        )
        for person in people
    )
    UsualHours.objects.bulk_create(
        (
            UsualHours(person=person, weekday=weekday, begins=begins, ends=begins + chance.randint(2, 10))
            for person in people
            for weekday in chance.sample(range(7), 4)
            for begins in [chance.randint(12, 36)]
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    first = skills[0].name.split()[0]
    wrong = first[:2] + first[3] + first[2] + first[4:]  # Two letters changed round.
    return program, {"skill": first, "word": vocabulary[700], "other": vocabulary[900], "wrong": wrong}


def made_up(chance: random.Random, number: int) -> Iterator[str]:
    for _ in range(number):
        yield "".join(
            chance.choice("bcdfghklmnprstvw") + chance.choice("aeiou") for _ in range(chance.randint(3, 5))
        )


if __name__ == "__main__":
    sys.exit(main())
