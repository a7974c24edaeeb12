"""Five years of an installation, made up for the benchmark of the admin's lists: rows as their tables want them, and no
words in them, since the admin shows none."""

import random
import secrets
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User
    from mentoring.models import Pairing, Program
    from reflections.models import Round

YEARS = 5
PROGRAMS = 5
BATCH = 2000
FIRST = [
    "Ada",
    "Bo",
    "Cleo",
    "Dara",
    "Edo",
    "Fenna",
    "Gil",
    "Hana",
    "Ivo",
    "Juno",
    "Kaya",
    "Lio",
    "Mira",
    "Nuri",
]
LAST = ["Abel", "Berg", "Costa", "Dahl", "Engel", "Falk", "Groen", "Haas", "Ilves", "Jansen", "Kern", "Lund"]
Row = TypeVar("Row", bound="Model")


def fill(size: int, now: datetime) -> tuple["User", "User"]:
    """`size` people in five programs, half of them in the first, and what five years leave behind. Somebody who runs
    the first program, and a superuser."""
    from django.db import connection

    from accounts.models import User
    from mentoring.models import ProgramAdmin

    chance = random.Random(f"admin {size}")
    programs = _programs(now)
    people = _stored(
        User(
            email=f"p{number}@bench.example",
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)} {number}",
            last_login=now - timedelta(hours=number % 9000),
        )
        for number in range(size)
    )
    admin = User.objects.create(email="runs-one@bench.example", name="Runs One")
    superuser = User.objects.create(email="root@bench.example", name="Root", is_superuser=True)
    ProgramAdmin.objects.create(program=programs[0], person=admin)
    begin = 0
    for program, part in zip(programs, (0.5, 0.2, 0.1, 0.1, 0.1), strict=True):
        members = people[begin : begin + max(round(size * part), 4)]
        begin += len(members)
        _a_programs_years(program, members, now, chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return admin, superuser


def _programs(now: datetime) -> "list[Program]":
    from mentoring.models import Program

    return [
        Program.objects.create(
            name=f"Program {number}",
            slug=f"bench-{number}",
            starts_on=(now - timedelta(days=365 * YEARS)).date(),
            status=Program.Status.ACTIVE,
        )
        for number in range(PROGRAMS)
    ]


def _a_programs_years(
    program: "Program", members: "list[User]", now: datetime, chance: random.Random
) -> None:
    mentors, mentees = members[: len(members) // 3], members[len(members) // 3 :]
    _places(program, mentors, mentees, now)
    pairs = _pairs(program, mentors, mentees, now)
    _what_pairs_leave(program, pairs, now, chance)
    _rounds(program, members, now, chance)


def _places(program: "Program", mentors: "list[User]", mentees: "list[User]", now: datetime) -> None:
    from mentoring.models import Enrollment, EnrollmentSkill, Invitation, Skill

    role, status = Enrollment.Role, Enrollment.Status
    skills = _stored(Skill(program=program, name=f"Skill {number}") for number in range(50))
    places = _stored(
        Enrollment(
            program=program,
            person=person,
            role=kind,
            capacity=9,
            status=status.APPLIED if number % 40 == 0 else status.ACTIVE,
            applied_at=now - timedelta(days=number % 1800),
            joined_on=None if number % 40 == 0 else (now - timedelta(days=number % 1800)).date(),
        )
        for kind, people in ((role.MENTOR, mentors), (role.MENTEE, mentees))
        for number, person in enumerate(people)
    )
    _store(
        EnrollmentSkill(enrollment=place, side="seeks", skill=skills[(number + each) % 50])
        for number, place in enumerate(places)
        for each in (0, 7, 19)
    )
    _store(
        Invitation(
            program=program,
            role=role.MENTEE,
            person=person,
            most_uses=1,
            came_in=1,
            token_hash=secrets.token_hex(32),
            created_at=now - timedelta(days=5 + number % 1800),
            expires_at=now - timedelta(days=number % 1800 - 10),
            accepted_at=now - timedelta(days=number % 1800),
        )
        for number, person in enumerate(mentees)
    )


def _pairs(
    program: "Program", mentors: "list[User]", mentees: "list[User]", now: datetime
) -> "list[Pairing]":
    """Each mentee has had a pairing a year: those of earlier years are over."""
    from mentoring.models import Pairing

    status = Pairing.Status
    return _stored(
        Pairing(
            program=program,
            mentor=mentors[(number + 7 * year) % len(mentors)],
            mentee=mentee,
            status=status.COMPLETED if year else status.ACTIVE,
            mentor_accepted_at=began,
            mentee_accepted_at=began,
            starts_on=began.date(),
            ended_on=(began + timedelta(days=300)).date() if year else None,
            created_at=began,
        )
        for year in range(YEARS)
        for number, mentee in enumerate(mentees)
        for began in [now - timedelta(days=365 * year + 60 + number % 50)]
    )


def _what_pairs_leave(
    program: "Program", pairs: "list[Pairing]", now: datetime, chance: random.Random
) -> None:
    from mentoring.models import FitCheck, Meeting, PairingRequest, RuledOut

    _store(
        Meeting(
            pairing=pair, starts_at=pair.created_at + timedelta(days=35 * each, hours=number % 9), minutes=60
        )
        for number, pair in enumerate(pairs)
        for each in range(6)
    )
    _store(
        FitCheck(
            pairing=pair,
            person=pair.mentee,
            asked_at=pair.created_at,
            answer=chance.choice(["good", "good", "finding_out", "not_a_fit"]),
            answered_at=pair.created_at + timedelta(days=3),
        )
        for pair in pairs
    )
    _store(
        PairingRequest(
            program=program,
            mentee=pair.mentee,
            mentor=pair.mentor,
            note="",
            state="accepted",
            pairing=pair,
            created_at=pair.created_at,
            asked_at=pair.created_at,
            closed_at=pair.created_at,
        )
        for pair in pairs[::2]
    )
    apart = {(pair.mentor_id, pair.mentee_id) for pair in pairs[::10]}
    _store(RuledOut(program=program, mentor_id=mentor, mentee_id=mentee) for mentor, mentee in sorted(apart))


def _rounds(program: "Program", members: "list[User]", now: datetime, chance: random.Random) -> None:
    """Twenty quarters: everybody is asked in each, some are reminded, three in five reflect."""
    from reflections.models import Reflection, Round

    rounds = []
    for quarter in range(YEARS * 4):
        first = _quarter(now.date(), quarter)
        due = _quarter(now.date(), quarter - 1) - timedelta(days=1)
        rounds.append(
            Round(
                program=program,
                quarter_start=first,
                opens_on=due - timedelta(days=14),
                due_on=due,
                closes_on=due + timedelta(days=21),
            )
        )
    rounds = _stored(rounds)
    _store(
        Reflection(
            person=person,
            round=round,
            role="mentee",
            status="submitted" if number % 5 < 3 else "draft",
            submitted_at=now if number % 5 < 3 else None,
        )
        for round in rounds
        for number, person in enumerate(members)
        if chance.random() < 0.7
    )
    _store(_letters(members, rounds, now, chance))


def _letters(
    members: "list[User]", rounds: "list[Round]", now: datetime, chance: random.Random
) -> Iterator[Any]:
    from accounts.mail.models import Message

    for round in rounds:
        for number, person in enumerate(members):
            for kind in ("ask", "reminder") if number % 4 == 0 else ("ask",):
                due = now - timedelta(days=max((now.date() - round.due_on).days, 0), minutes=number % 1440)
                state = "failed" if chance.random() < 0.003 else "sent"
                yield Message(
                    person=person,
                    kind=kind,
                    subject_id=round.pk,
                    state=state,
                    due_at=due,
                    next_attempt_at=due,
                    expires_at=due + timedelta(days=9),
                    sending_at=due,
                    sent_at=due if state == "sent" else None,
                    message_id=f"<{round.pk}.{person.pk}.{kind}@bench.example>",
                )


def _quarter(day: date, ago: int) -> date:
    """The first day of the one that many before that of this day."""
    number = day.year * 4 + (day.month - 1) // 3 - ago
    return date(number // 4, number % 4 * 3 + 1, 1)


def _store(rows: Iterable["Model"]) -> None:
    """A batch at a time, of which none stays in the memory."""
    every = iter(rows)
    while batch := list(islice(every, BATCH)):
        type(batch[0])._default_manager.bulk_create(batch)


def _stored(rows: Iterable[Row]) -> list[Row]:
    every = list(rows)
    if every:
        type(every[0])._default_manager.bulk_create(every, batch_size=BATCH)
    return every
