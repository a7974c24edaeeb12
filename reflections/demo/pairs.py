"""Who is paired with whom in the demo program, in each state that a pairing can be in, and when they meet."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle

from accounts.models import User
from mentoring.models import Meeting, Pairing, Program

from .calendar import DAY, Times, working_day
from .people import Person

Status = Pairing.Status

# What becomes of one mentee after the other; each row is their pairings, oldest first.
FATES: tuple[tuple[Status, ...], ...] = (
    (Status.ACTIVE,),
    (Status.ACTIVE,),
    (Status.COMPLETED, Status.ACTIVE),
    (Status.REQUESTED,),
    (Status.ACTIVE,),
    (Status.DECLINED, Status.ACTIVE),
    (Status.ACCEPTED,),
    (Status.ACTIVE,),
    (Status.ENDED, Status.ACTIVE),
    (Status.EXPIRED, Status.PROPOSED),
    (Status.ACTIVE,),
    (),
)
FATE_OF_ENROLLMENT = {"paused": Status.PAUSED, "withdrawn": Status.ENDED, "completed": Status.COMPLETED}

PLACES = (
    "The café by the lock",
    "Canteen, the table at the window",
    "A walk along the quay, in any weather",
    "Video: meet.harbor.example/low-tide",
    "Video: meet.harbor.example/lighthouse",
    "Room North, second floor",
    "By telephone, both of us walking",
)
LENGTHS = (45, 60, 60, 60, 90)


@dataclass
class Pair:
    mentor: Person
    mentee: Person
    status: Status
    starts_on: date
    ended_on: date | None = None
    asked_at: datetime | None = None
    focus: str = ""
    row: Pairing | None = None

    @property
    def has_begun(self) -> bool:
        return self.status in Pairing.BEGUN

    def partner_of(self, person: Person) -> Person:
        return self.mentee if person is self.mentor else self.mentor

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the two were a pair at some time of that span."""
        return self.has_begun and self.starts_on <= last and (self.ended_on is None or self.ended_on >= first)

    def is_there_on(self, day: date) -> bool:
        return self.overlaps(day, day)

    @property
    def saved(self) -> Pairing:
        """Its row, once there is one."""
        if self.row is None:
            raise ValueError("This pair is not in the database yet.")
        return self.row


def pair_up(people: Sequence[Person], times: Times, rng: random.Random) -> list[Pair]:
    """Every mentee's pairings, in the order in which they came about."""
    cast = {person.key: person for person in people if person.key}
    pairs = _of_the_cast(cast, times)
    mentors = Mentors([one for one in people if one.is_mentor and one.status == "active" and not one.key])
    fates = cycle(FATES)
    is_first_question = True
    for mentee in people:
        if not mentee.is_mentee or mentee.key:
            continue
        fate: tuple[Status, ...] = ()
        if mentee.status in FATE_OF_ENROLLMENT:
            fate = (FATE_OF_ENROLLMENT[mentee.status],)
        elif mentee.status == "active":
            fate = next(fates)
        for number, status in enumerate(fate):
            if status == Status.REQUESTED and is_first_question:
                # So that one of those who sign in has somebody to answer.
                mentor, is_first_question = cast["callum"], False
            else:
                mentor = mentors.next_for(mentee)
            pairs.append(_pair(mentor, mentee, status, times, rng, is_later=number > 0))
            _seeks_what_is_offered(mentee, mentor)
    return pairs


def _seeks_what_is_offered(mentee: Person, mentor: Person) -> None:
    """Somebody put the two together for a reason: the last that the one offers, the other seeks."""
    last = mentor.offers.rpartition(", ")[2]
    if last not in mentee.seeks:
        mentee.seeks = f"{mentee.seeks}, {last}"


class Mentors:
    """Takes them in turn, and never makes two people each other's mentor, or a pair twice."""

    def __init__(self, mentors: Sequence[Person]) -> None:
        self._turn = cycle(mentors)
        self._met: set[frozenset[str]] = set()

    def next_for(self, mentee: Person) -> Person:
        while True:
            mentor = next(self._turn)
            both = frozenset([mentor.email, mentee.email])
            if mentor is not mentee and both not in self._met:
                self._met.add(both)
                return mentor


def _of_the_cast(cast: dict[str, Person], times: Times) -> list[Pair]:
    start, last_month = times.began_on, times.today - timedelta(days=30)
    hanne, callum = cast["hanne"], cast["callum"]
    pairs = [
        Pair(hanne, cast["jonas"], Status.COMPLETED, start + 2 * DAY, times.quarter(2).end - 3 * DAY),
        Pair(hanne, cast["devika"], Status.ACTIVE, start + 9 * DAY),
        Pair(hanne, callum, Status.ACTIVE, start + 10 * DAY),
        Pair(callum, cast["ines"], Status.ACTIVE, working_day(times.quarter(2).start + 20 * DAY)),
        Pair(hanne, cast["laila"], Status.ACTIVE, working_day(times.quarter(1).start + 12 * DAY)),
        Pair(hanne, cast["beatriz"], Status.PROPOSED, working_day(times.today + 8 * DAY)),
    ]
    for pair in pairs:
        pair.focus = _focus(pair.mentee)
        pair.asked_at = times.at(min(pair.starts_on, last_month) - 6 * DAY, 10, 15)
    pairs[-1].asked_at = times.at(times.today - 2 * DAY, 9, 40)
    return pairs


def _pair(
    mentor: Person, mentee: Person, status: Status, times: Times, rng: random.Random, *, is_later: bool
) -> Pair:
    today = times.today
    early = times.began_on + rng.randint(2, 24) * DAY
    if status in Pairing.OVER or mentee.status == "paused":
        starts_on = early
    elif status in Pairing.CAME_TO_NOTHING:
        starts_on = today - rng.randint(40, 80) * DAY
    elif status in Pairing.ASKED:
        starts_on = today + rng.randint(6, 14) * DAY
    elif status == Status.ACCEPTED:
        starts_on = today + rng.randint(3, 12) * DAY
    elif is_later:
        starts_on = today - rng.randint(25, 50) * DAY
    else:
        starts_on = rng.choice([early, early, times.quarter(2).start + rng.randint(8, 70) * DAY])
    starts_on = working_day(starts_on)
    asked_on = min(starts_on, today) - rng.randint(3, 9) * DAY
    if status in Pairing.ASKED:
        asked_on = today - rng.randint(1, 4) * DAY
    pair = Pair(mentor, mentee, status, starts_on, asked_at=times.at(asked_on, 11, rng.randrange(60)))
    if status in Pairing.OVER:
        latest = today - rng.randint(55, 75) * DAY
        pair.ended_on = working_day(max(starts_on + 40 * DAY, latest))
    pair.focus = _focus(mentee)
    return pair


def _focus(mentee: Person) -> str:
    """The first of what they want to learn, as it stands under a pairing."""
    return mentee.seeks.split(",", 1)[0].split(";", 1)[0]


def pairing_rows(
    pairs: Sequence[Pair], program: Program, users: dict[str, User], times: Times
) -> list[Pairing]:
    """Unsaved, in the order of `pairs`, each remembered by its pair."""
    for pair in pairs:
        asked_at = pair.asked_at or times.now
        yes = min(asked_at + timedelta(hours=26), times.now - timedelta(minutes=1))
        said_yes = pair.status not in Pairing.ASKED and pair.status not in Pairing.CAME_TO_NOTHING
        # Whoever asks has said yes already. In what was declined or ran out, the other one never did.
        pair.row = Pairing(
            program=program,
            mentor=users[pair.mentor.email],
            mentee=users[pair.mentee.email],
            status=pair.status,
            focus=pair.focus,
            mentor_accepted_at=yes if said_yes else None,
            mentee_accepted_at=asked_at if pair.status != Status.DECLINED else None,
            starts_on=pair.starts_on,
            ended_on=pair.ended_on,
            created_at=asked_at,
        )
    return [pair.saved for pair in pairs]


def meeting_rows(pairs: Sequence[Pair], times: Times, rng: random.Random) -> Iterator[Meeting]:
    """About one a month for every pair that has begun, and the next one for most of those that go on."""
    for pair in pairs:
        if not pair.has_begun and pair.status != Status.ACCEPTED:
            continue
        place, hour = rng.choice(PLACES), rng.choice([12, 13, 13, 14, 15])
        day = pair.starts_on + rng.randint(2, 9) * DAY
        last = min(pair.ended_on or times.today, times.today - DAY)
        while day <= last:
            is_off = rng.random() < 0.08
            yield _meeting(pair, working_day(day), hour, place, rng, is_off=is_off)
            day += rng.choice([21, 28, 28, 35]) * DAY
        coming = _next_meeting(pair, times, rng)
        if coming is not None:
            yield _meeting(pair, working_day(coming), hour, place, rng)


def _next_meeting(pair: Pair, times: Times, rng: random.Random) -> date | None:
    known = {"devika": 2, "callum": 9, "ines": 5, "laila": 0}.get(pair.mentee.key)
    if pair.status == Status.ACCEPTED:
        return pair.starts_on + 2 * DAY
    if pair.status != Status.ACTIVE or known == 0 or rng.random() < 0.2:
        return times.today + known * DAY if known and pair.status == Status.ACTIVE else None
    return times.today + (known or rng.randint(1, 18)) * DAY


def _meeting(
    pair: Pair, day: date, hour: int, place: str, rng: random.Random, *, is_off: bool = False
) -> Meeting:
    starts_at = datetime.combine(day, time(hour, rng.choice([0, 0, 30])), UTC)
    made_at = starts_at - timedelta(days=16)
    return Meeting(
        pairing=pair.saved,
        starts_at=starts_at,
        minutes=rng.choice(LENGTHS),
        place=place,
        cancelled_at=starts_at - timedelta(days=1, hours=3) if is_off else None,
        created_at=made_at,
    )
