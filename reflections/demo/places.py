"""Who has a place in the demo program, who asks for one, and who waits; and what they can do and want to learn."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from accounts.models import User
from mentoring.models import Enrollment, EnrollmentSkill, Pairing, Program, Skill

from .calendar import DAY, Times
from .pairs import Pair
from .people import Person
from .words import blocks

BATCH = 2000
Status = Enrollment.Status

# One in so many of those who are in had asked for their place; the others were invited, or enrolled by an admin.
EVERY_APPLICANT = 2
IN_IT = {Status.ACTIVE, Status.PAUSED, Status.COMPLETED}
WAITING_NOTE = "Every place is taken just now. You are on the list, and it moves each quarter."
PAUSED_FOR = 33 * DAY


def enroll(
    program: Program,
    members: Sequence[Person],
    pairs: Sequence[Pair],
    users: Mapping[str, User],
    times: Times,
) -> list[Enrollment]:
    """A place for each of them, since before their first pairing, with room for the pairings that they have."""
    taken: dict[str, int] = {}
    first: dict[str, datetime] = {}
    for pair in pairs:
        if pair.status in Pairing.OPEN:
            taken[pair.mentor.email] = taken.get(pair.mentor.email, 0) + 1
        for person in (pair.mentor, pair.mentee):
            asked_at = pair.asked_at or times.now
            first[person.email] = min(first.get(person.email, asked_at), asked_at)
    rows = []
    for number, person in enumerate(members):
        lately = datetime.combine(times.today - timedelta(days=number % 12 + 1), time(9), UTC)
        since = first.get(person.email, lately)
        if person.status in IN_IT or person.email in first:
            person.joined_on = max(since.date(), program.starts_on)
        waits = person.status in {Status.APPLIED, Status.WAITLISTED}
        has_asked = bool(program.ground_rules) and (
            waits or (person.status in Enrollment.IN and number % EVERY_APPLICANT == 0)
        )
        rows.append(
            Enrollment(
                program=program,
                person=users[person.email],
                role=person.role,
                status=person.status,
                capacity=max(1, taken.get(person.email, 0) + number % 2) if person.is_mentor else 1,
                department=person.department,
                joined_on=person.joined_on,
                waitlisted_at=since if person.status == Status.WAITLISTED else None,
                decided_at=since if has_asked and not waits else None,
                created_at=since,
                **(_asked(program, since) if has_asked else {}),
            )
        )
    Enrollment.objects.bulk_create(rows, BATCH)
    choose(program, rows, members)
    return rows


def knock(
    program: Program, newcomers: Sequence[Person], users: Mapping[str, User], times: Times
) -> list[Enrollment]:
    """Those who have asked for a place: some wait for an answer, some for a place, in the order in which they came."""
    rows = []
    for number, person in enumerate(newcomers):
        waits = person.status == Status.WAITLISTED
        asked_at = times.at(times.today - (20 - number if waits else number + 1) * DAY, 11, 7 * number)
        answered_at = asked_at + timedelta(days=2, hours=3)
        rows.append(
            Enrollment(
                program=program,
                person=users[person.email],
                role=person.role,
                status=person.status,
                capacity=2 if person.is_mentor else 1,
                department=person.department,
                line_manager="" if number % 2 else f"lead.{person.area}@harbor.example",
                waitlisted_at=answered_at if waits else None,
                decided_at=answered_at if waits else None,
                decision_note=WAITING_NOTE if waits else "",
                created_at=asked_at,
                **_asked(program, asked_at),
            )
        )
    Enrollment.objects.bulk_create(rows)
    choose(program, rows, newcomers)
    return rows


def _asked(program: Program, at: datetime) -> dict[str, Any]:
    return {"applied_at": at, "agreed_at": at, "agreed_to": program.ground_rules}


def settle(program: Program, times: Times) -> None:
    """The first on the waitlist is offered a place, with which all are taken; one who paused is back on a day."""
    first = program.enrollments.waitlist()[:1].get()
    offered_at = times.now - timedelta(days=1, hours=4)
    Enrollment.objects.filter(pk=first.pk).update(
        offered_at=offered_at, offer_expires_at=offered_at + timedelta(days=program.offer_days)
    )
    paused = program.enrollments.filter(status=Status.PAUSED).order_by("pk")[:1]
    Enrollment.objects.filter(pk__in=paused.values("pk")).update(paused_until=times.today + PAUSED_FOR)
    places = program.enrollments.taking_places()
    Program.objects.filter(pk=program.pk).update(
        places_for_mentees=places.mentees().count(), places_for_mentors=places.mentors().count() + 6
    )


# --- Skills --------------------------------------------------------------------------------------------------------


def choose(program: Program, rows: Sequence[Enrollment], said_by: Sequence[Person]) -> None:
    """What each of them offers and seeks; on the program's list is what its people say."""
    listed = {skill.name.lower(): skill for skill in program.skills.all()}
    new: list[Skill] = []
    chosen: list[EnrollmentSkill] = []
    for place, person in zip(rows, said_by, strict=True):
        for side, said in (("offers", person.offers), ("seeks", person.seeks)):
            for name in filter(
                None, (part.strip().removeprefix("and ") for part in said.replace(";", ",").split(","))
            ):
                if name.lower() not in listed:
                    new.append(Skill(program=program, name=name, created_at=program.created_at))
                    listed[name.lower()] = new[-1]
                chosen.append(EnrollmentSkill(enrollment=place, skill=listed[name.lower()], side=side))
    Skill.objects.bulk_create(new, BATCH)
    EnrollmentSkill.objects.bulk_create(chosen, BATCH, ignore_conflicts=True)


def list_skills(program: Program, users: Mapping[str, User], times: Times) -> None:
    """The list with which the program began, what some of its people added that nobody has looked at, and one entry
    that was merged into another."""
    found = {skill.name.lower(): skill for skill in program.skills.all()}
    for (what, *key), text in blocks("enrollment.txt"):
        if what == "listed":
            new = [name for name in text.splitlines() if name.lower() not in found]
            rows = Skill.objects.bulk_create(
                Skill(program=program, name=name, created_at=program.created_at) for name in new
            )
            found |= {row.name.lower(): row for row in rows}
        elif what == "proposed":
            person = users[f"{key[0]}@harbor.example"]
            skill = Skill.objects.create(
                program=program,
                name=text,
                state=Skill.State.PROPOSED,
                proposed_by=person,
                created_at=times.at(times.today - 5 * DAY, 16),
            )
            place = Enrollment.objects.get(program=program, person=person)
            EnrollmentSkill.objects.create(enrollment=place, skill=skill, side=EnrollmentSkill.Side.OFFERS)
        elif what == "merged":
            name, _, into = text.partition(" > ")
            Skill.objects.create(
                program=program,
                name=name,
                state=Skill.State.MERGED,
                merged_into=found[into.lower()],
                created_at=times.at(times.began_on, 15),
            )
