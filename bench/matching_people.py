"""People as a large organization has them, from a seed, for the benchmark of the matching."""

import random
from datetime import date
from functools import cache
from typing import Any

from mentoring.matching.criteria import Criteria, Weight
from mentoring.matching.hours import minutes_ahead, week
from mentoring.matching.people import Mentee, Mentor, Pair
from mentoring.matching.program import Matching

ON = date(2026, 6, 22)
SKILLS = [f"skill {number}" for number in range(200)]
INTERESTS = [f"interest {number}" for number in range(40)]
DEPARTMENTS = [f"department {number}" for number in range(25)]
# What people speak, and how many of them live there.
ZONES = {
    "Europe/Berlin": (30, "de"),
    "Europe/London": (15, ""),
    "Europe/Lisbon": (8, "pt"),
    "America/New_York": (18, "es"),
    "America/Los_Angeles": (9, "es"),
    "America/Sao_Paulo": (6, "pt"),
    "Asia/Kolkata": (8, "hi"),
    "Asia/Singapore": (4, "zh"),
    "Asia/Tokyo": (2, "ja"),
}
CRITERIA = Criteria(
    language_in_common=True,
    half_hours_shared=2,
    other_department=True,
    skills=Weight.HIGH,
    languages=Weight.LOW,
    hours=Weight.MEDIUM,
    interests=Weight.LOW,
    seniority=Weight.MEDIUM,
)


def matching(mentees: int, seed: int = 5) -> Matching:
    """So many mentees and 0.6 as many mentors, with room for one to three each."""
    random_ = random.Random(seed)
    mentors = max(1, round(mentees * 0.6))
    # Some skills are asked for and offered far more often than others.
    often = [1 / (rank + 10) for rank in range(len(SKILLS))]
    everybody = mentees + mentors
    wanted = tuple(
        Mentee(key=key, seeks=_some(random_, often), **_person(random_, key, everybody, senior=False))
        for key in range(mentees)
    )
    offering = tuple(
        Mentor(
            key=key,
            offers=_some(random_, often),
            capacity=random_.choice((1, 2, 2, 3)),
            **_person(random_, key, everybody, senior=True),
        )
        for key in range(mentees, everybody)
    )
    shut = [
        frozenset(
            Pair(random_.randrange(mentees), random_.randrange(mentees, everybody))
            for _ in range(mentees // 10)
        )
        for _ in range(2)
    ]
    return Matching(mentees=wanted, mentors=offering, criteria=CRITERIA, forbidden=shut[0], earlier=shut[1])


def _some(random_: random.Random, often: list[float]) -> frozenset[str]:
    """Three to eight skills."""
    return frozenset(random_.choices(SKILLS, often, k=random_.randint(3, 8))) or frozenset(SKILLS[:3])


def _person(random_: random.Random, key: int, everybody: int, *, senior: bool) -> dict[str, Any]:
    (zone,) = random_.choices(list(ZONES), [often for often, _ in ZONES.values()])
    spoken = {"en"} if random_.random() < 0.85 else set()
    if random_.random() < 0.6 or not spoken:
        spoken.add(ZONES[zone][1] or "en")
    if random_.random() < 0.1:
        spoken.add(random_.choice(("fr", "es", "it", "de")))
    return {
        "languages": frozenset(spoken),
        "hours": _hours(
            zone,
            tuple(sorted(random_.sample(range(5), random_.randint(1, 4)))),
            random_.randint(14, 30),
            random_.randint(2, 10),
        ),
        "zone": minutes_ahead(zone, ON),
        "department": random_.choice(DEPARTMENTS),
        "line_manager": random_.randrange(everybody) if random_.random() < 0.9 else None,
        "interests": frozenset(random_.sample(INTERESTS, random_.randint(1, 4))),
        "seniority": random_.randint(4, 9) if senior else random_.randint(1, 6),
    }


@cache
def _hours(zone: str, days: tuple[int, ...], begins: int, length: int) -> int:
    return week(((day, begins, min(48, begins + length)) for day in days), zone, ON)
