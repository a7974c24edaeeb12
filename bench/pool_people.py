"""The rows of a large program, from a seed, for the benchmark of the pool: as people have them who have said a lot."""

import random
from datetime import date
from typing import Any

from bench.matching_people import DEPARTMENTS, INTERESTS, SKILLS, ZONES

BATCH = 1000
STEPS = ["In the first years", "On my own feet", "Leading others", "Leading leaders"]
WAYS = ["In person", "By video", "By phone", "In writing"]


def fill(mentees: int, seed: int = 5) -> Any:
    """A program with so many mentees and 0.6 as many mentors, whose questions and criteria all count."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import Profile, User, UsualHours
    from mentoring.models import Enrollment, EnrollmentSkill, MatchingCriteria, Program, RuledOut, Skill

    chance = random.Random(seed)
    program = Program.objects.create(name="Bench", slug="bench", starts_on=date(2026, 1, 5))
    everybody = mentees + max(1, round(mentees * 0.6))
    password = make_password(None)
    zones = chance.choices(list(ZONES), [often for often, _ in ZONES.values()], k=everybody)
    people = User.objects.bulk_create(
        (
            User(
                email=f"person.{number}@bench.example",
                name=f"Person Nº {number}",
                password=password,
                time_zone=zones[number],
            )
            for number in range(everybody)
        ),
        batch_size=BATCH,
    )
    places = Enrollment.objects.bulk_create(
        (
            Enrollment(
                program=program,
                person=person,
                role="mentee" if number < mentees else "mentor",
                capacity=chance.choice((1, 2, 2, 3)),
                department=chance.choice(DEPARTMENTS),
                line_manager=f"person.{chance.randrange(everybody)}@bench.example"
                if chance.random() < 0.9
                else "",
                joined_on=program.starts_on,
            )
            for number, person in enumerate(people)
        ),
        batch_size=BATCH,
    )
    Profile.objects.bulk_create(
        (
            Profile(person=person, languages=_spoken(chance, zone))
            for person, zone in zip(people, zones, strict=True)
        ),
        batch_size=BATCH,
    )
    UsualHours.objects.bulk_create(
        (
            UsualHours(person=person, weekday=day, begins=begins, ends=begins + length)
            for person in people
            for begins, length in [(chance.randint(14, 30), chance.randint(2, 10))]
            for day in chance.sample(range(5), chance.randint(1, 4))
        ),
        batch_size=BATCH,
    )
    skills = Skill.objects.bulk_create(Skill(program=program, name=name) for name in SKILLS)
    often = [1 / (rank + 10) for rank in range(len(skills))]
    EnrollmentSkill.objects.bulk_create(
        (
            EnrollmentSkill(
                enrollment=place, skill=skill, side="seeks" if place.role == "mentee" else "offers"
            )
            for place in places
            for skill in set(chance.choices(skills, often, k=chance.randint(3, 8)))
        ),
        batch_size=BATCH,
    )
    step, likes = _questions(chance, program, places)
    MatchingCriteria.objects.create(
        program=program, language_in_common=True, half_hours_shared=2, other_department=True,
        interests="low", seniority="medium", interests_from=likes, seniority_from=step,
    )  # fmt: skip
    RuledOut.objects.bulk_create(
        (
            RuledOut(
                program=program,
                mentee=chance.choice(people[:mentees]),
                mentor=chance.choice(people[mentees:]),
            )
            for _ in range(mentees // 10)
        ),
        ignore_conflicts=True,
    )
    return program


def _questions(chance: random.Random, program: Any, places: list[Any]) -> tuple[Any, Any]:
    """Two that tell how far somebody has come and what they like, and one that counts and the pair does not read."""
    from mentoring.models import EnrollmentAnswer, EnrollmentQuestion, MatchingQuestion

    step, likes, way = (
        EnrollmentQuestion.objects.create(
            program=program, code=code, text=f"{code}?", kind=kind, options=options, audience=audience
        )
        for code, kind, options, audience in (
            ("step", "choice", STEPS, "pairing"),
            ("likes", "choices", INTERESTS[:30], "pairing"),
            ("way", "choice", WAYS, "admins"),
        )
    )
    MatchingQuestion.objects.create(question=way, weight="low")
    EnrollmentAnswer.objects.bulk_create(
        (
            EnrollmentAnswer(
                enrollment=place, question=asked, code=asked.code, asked=asked.text, kind=asked.kind,
                audience=asked.audience, chosen=chosen,
            )
            for place in places
            for asked, chosen in (
                (step, [chance.choice(STEPS)]),
                (likes, chance.sample(INTERESTS[:30], chance.randint(1, 4))),
                (way, [chance.choice(WAYS)]),
            )
        ),
        batch_size=BATCH,
    )  # fmt: skip
    return step, likes


def _spoken(chance: random.Random, zone: str) -> list[str]:
    spoken = {"en"} if chance.random() < 0.85 else set()
    if chance.random() < 0.6 or not spoken:
        spoken.add(ZONES[zone][1] or "en")
    return sorted(spoken)
