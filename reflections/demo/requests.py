"""A program of the demo in which mentees ask a mentor themselves, with a request in each state that there is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from mentoring.models import Enrollment, Pairing, PairingRequest, Program, ProgramAdmin, RoomWatch
from mentoring.models.request import EXPIRES_AFTER

from . import people
from .calendar import DAY, Times
from .matching import say_why
from .people import Person
from .places import choose
from .programs import HOME
from .words import blocks

State = PairingRequest.State

# Who is in it as what, with what they offer or seek there.
MENTORS = {
    "hanne": "Leading for the first time, Design reviews, Working with contractors",
    "callum": "Coming back after a break, Difficult letters",
    "greta": "Saying no, Giving feedback",
    "alasdair": "Technical writing, Public speaking",
}
MENTEES = {
    "devika": "Design reviews, Saying no",
    "ines": "Working with contractors, Saying no",
    "laila": "Technical writing",
    "theo": "Leading for the first time",
    "arun": "Giving feedback",
    "marta": "Coming back after a break",
}
ROOM = {"hanne": 2, "greta": 2}


def make(everybody: Sequence[Person], users: Mapping[str, User], times: Times) -> int:
    """How many requests."""
    program = _program(users, times)
    _enroll(program, {person.key: person for person in everybody if person.key}, users, times)
    rows = _requests(program, users, times)
    mentee, mentor = users["devika@harbor.example"], users["callum@harbor.example"]
    RoomWatch.objects.create(
        program=program, mentee=mentee, mentor=mentor, created_at=times.now - timedelta(days=3)
    )
    say_why(program, [row.pairing for row in rows if row.pairing is not None], times.now)
    return len(rows) + _checked(users, times)


def _program(users: Mapping[str, User], times: Times) -> Program:
    program = Program.objects.create(
        name="A Second Opinion",
        slug="second-opinion",
        purpose="One question, one person who has had it before. You look for them yourself.",
        time_zone=HOME,
        fiscal_first_month=times.first_month % 12 + 1,
        starts_on=times.today - 40 * DAY,
        matched_by=Program.MatchedBy.MENTEES,
        open_requests=1,
        contact_name="Ruth",
        contact_email=people.SUPERUSER_EMAIL,
        created_at=times.at(times.today - 60 * DAY, 9),
    )
    ProgramAdmin.objects.create(
        program=program, person=users[people.SUPERUSER_EMAIL], created_at=program.created_at
    )
    return program


def _enroll(program: Program, cast: Mapping[str, Person], users: Mapping[str, User], times: Times) -> None:
    rows: list[Enrollment] = []
    said: list[Person] = []
    for role, skills in (("mentor", MENTORS), ("mentee", MENTEES)):
        for key, names in skills.items():
            person = cast[key]
            offers, seeks = (names, "") if role == "mentor" else ("", names)
            said.append(replace(person, role=role, offers=offers, seeks=seeks))
            rows.append(
                Enrollment(
                    program=program,
                    person=users[person.email],
                    role=role,
                    status=Enrollment.Status.ACTIVE,
                    capacity=ROOM.get(key, 1),
                    department=person.department,
                    joined_on=times.today - 32 * DAY,
                    created_at=times.at(times.today - 32 * DAY, 11),
                )
            )
    Enrollment.objects.bulk_create(rows)
    choose(program, rows, said)


def _requests(program: Program, users: Mapping[str, User], times: Times) -> list[PairingRequest]:
    def at(ago: int, hour: int) -> datetime:
        return times.at(times.today - ago * DAY, hour)

    def row(mentee: str, mentor: str, state: str, asked: datetime | None, **more: Any) -> PairingRequest:
        made: dict[str, Any] = {"created_at": asked, "asked_at": asked, **more}
        return _row(program, users, mentee, mentor, state, **made)

    asked_back = _texts("question")["laila", "alasdair"]
    rows = [
        row("theo", "hanne", State.DECLINED, at(26, 10), closed_at=at(24, 9)),
        row("laila", "greta", State.EXPIRED, at(24, 14), closed_at=at(10, 14)),
        row("arun", "greta", State.WITHDRAWN, at(16, 8), closed_at=at(15, 18)),
        row("marta", "callum", State.ACCEPTED, at(15, 12), closed_at=at(13, 17)),
        row("laila", "alasdair", State.ASKED, at(5, 10), question=asked_back, question_at=at(3, 16)),
        row("ines", "hanne", State.ASKED, at(2, 13)),
        row("ines", "greta", State.WAITING, None, created_at=at(1, 9)),
    ]
    for each in rows:
        if each.asked_at is not None:
            each.pairing = _pairing(each)
            each.pairing.save(force_insert=True)
    return PairingRequest.objects.bulk_create(rows)


def _row(
    program: Program, users: Mapping[str, User], mentee: str, mentor: str, state: str, **more: Any
) -> PairingRequest:
    return PairingRequest(
        program=program,
        mentee=users[f"{mentee}@harbor.example"],
        mentor=users[f"{mentor}@harbor.example"],
        note=_texts("note")[mentee, mentor],
        state=state,
        **more,
    )


def _pairing(request: PairingRequest) -> Pairing:
    asked_at = request.asked_at
    if asked_at is None:
        raise ValueError("This request has not reached anybody.")
    status = {
        State.ASKED: Pairing.Status.REQUESTED,
        State.ACCEPTED: Pairing.Status.ACTIVE,
        State.DECLINED: Pairing.Status.DECLINED,
    }.get(State(request.state), Pairing.Status.EXPIRED)
    begins_at = request.closed_at if status == Pairing.Status.ACTIVE else None
    return Pairing(
        program=request.program,
        mentor=request.mentor,
        mentee=request.mentee,
        status=status,
        mentee_accepted_at=asked_at,
        mentor_accepted_at=begins_at,
        answer_by=asked_at + EXPIRES_AFTER,
        starts_on=request.program.today(begins_at or asked_at),
        created_at=asked_at,
    )


def _checked(users: Mapping[str, User], times: Times) -> int:
    """Where peers meet, whoever runs it looks at each request first; one waits for that."""
    peers = Program.objects.get(slug="open-water")
    Program.objects.filter(pk=peers.pk).update(requests_are_checked=True)
    _row(peers, users, "ines", "callum", State.CHECKED, created_at=times.at(times.today - DAY, 17)).save()
    return 1


def _texts(what: str) -> dict[tuple[str, str], str]:
    return {(words[1], words[2]): text for words, text in blocks("matching.txt") if words[0] == what}
