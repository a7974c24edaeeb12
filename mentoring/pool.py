"""Who is to be matched in a program, as the matching wants it (mentoring/matching/): rows made into plain values.

A person's key is their `User.pk`. Whoever makes a pool reads everything in a fixed number of queries, however many
people there are. Where each value comes from stands in docs/matching.md.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import Profile, User, UsualHours

from .criteria import Asked, asked_by
from .matching.hours import minutes_ahead, week
from .matching.people import Answer, Mentee, Mentor, Pair
from .matching.program import Matching
from .models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    EnrollmentSkill,
    MatchingCriteria,
    Pairing,
    Program,
    RuledOut,
)

Side = EnrollmentSkill.Side
FEW = 300


@dataclass(frozen=True)
class Pool:
    """`places` are by person, of all who are in the matching; `questions` are texts of the program, by code."""

    matching: Matching
    places: Mapping[int, Enrollment]
    questions: Mapping[str, str]

    @property
    def people(self) -> dict[int, User]:
        return {key: place.person for key, place in self.places.items()}

    @property
    def fingerprint(self) -> str:
        """A hash of what the matching depends on, but for what is locked: the same for the same people and criteria,
        whatever they have said besides."""
        return hashlib.sha256(json.dumps(_what_counts(self.matching)).encode()).hexdigest()


def to_match(program: Program, now: datetime, *, locked: Iterable[Pair] = ()) -> Pool:
    """Everybody who could get somebody now: active mentees who have fewer mentors than the program allows, and active
    mentors, each with the room that is left. Those of `locked` are kept only where both are among them, and where there
    is room for them."""
    holding = Counter[tuple[str, int]]()
    for mentor, mentee in (
        Pairing.objects.filter(program=program).holding().order_by().values_list("mentor", "mentee")
    ):
        holding[("mentor", mentor)] += 1
        holding[("mentee", mentee)] += 1
    places = list(
        Enrollment.objects.filter(program=program)
        .active()
        .filter(person__in=User.objects.staying())
        .select_related("person")
        .order_by()
    )
    mentees = [
        place
        for place in places
        if place.role != Enrollment.Role.MENTOR
        and holding[("mentee", place.person_id)] < program.pairings_per_mentee
    ]
    room = {
        place.person_id: max(0, place.capacity - holding[("mentor", place.person_id)])
        for place in places
        if place.role != Enrollment.Role.MENTEE
    }
    mentors = [place for place in places if room.get(place.person_id)]
    return pool_of(program, mentees, mentors, now, room=room, locked=locked)


def pool_of(
    program: Program,
    mentees: Collection[Enrollment],
    mentors: Collection[Enrollment],
    now: datetime,
    *,
    room: Mapping[int, int] | None = None,
    locked: Iterable[Pair] = (),
) -> Pool:
    """These people of the program, whatever their state: for a run, or for the few whose reasons are shown. `room` is
    how many more mentees each mentor takes; without it, as many as their place says. Fetch the places with their
    `person`."""
    places = {place.person_id: place for place in (*mentees, *mentors)}
    asked = asked_by(program)
    among = list(places.values())
    said = _said_of(program, asked, among, program.today(now))
    shut, never, earlier = _settled(program, among)
    fitting = Matching(
        mentees=tuple(
            Mentee(**said[place.person_id], seeks=said.skills(place, Side.SEEKS)) for place in mentees
        ),
        mentors=tuple(
            Mentor(
                **said[place.person_id],
                offers=said.skills(place, Side.OFFERS),
                capacity=place.capacity if room is None else room.get(place.person_id, 0),
            )
            for place in mentors
        ),
        criteria=asked.criteria,
        forbidden=frozenset(shut),
        never=frozenset(never),
        earlier=frozenset(earlier),
        reports_to=said.reports_to,
    )
    questions = EnrollmentQuestion.objects.filter(program=program).values_list("code", "text")
    return Pool(_with_locks(fitting, locked), places, dict(questions))


class _Said(dict[int, dict[str, Any]]):
    """The keyword arguments of a Person, by key."""

    def __init__(self) -> None:
        super().__init__()
        self.reports_to: dict[int, int] = {}
        self.skills_of: defaultdict[tuple[int, str], set[str]] = defaultdict(set)

    def skills(self, place: Enrollment, side: str) -> frozenset[str]:
        return frozenset(self.skills_of[(place.pk, side)])


class _Among(NamedTuple):
    """What rows are asked for, to be of these people of a program: keys, where they are few; else everybody of the
    program, since a long list of keys takes longer than the rows of those who are not meant."""

    places: "Collection[int] | QuerySet[Any]"
    people: "Collection[int] | QuerySet[Any]"

    @classmethod
    def of(cls, program: Program, places: Collection[Enrollment]) -> "_Among":
        if len(places) <= FEW:
            return cls([place.pk for place in places], [place.person_id for place in places])
        everybody = Enrollment.objects.filter(program=program).order_by()
        return cls(everybody.values("pk"), everybody.values("person"))


def _said_of(program: Program, asked: Asked, places: Collection[Enrollment], today: date) -> _Said:
    among, said = _Among.of(program, places), _Said()
    languages = dict(Profile.objects.filter(person__in=among.people).values_list("person", "languages"))
    spans: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    usual = UsualHours.objects.filter(person__in=among.people).order_by()
    for key, *span in usual.values_list("person", "weekday", "begins", "ends"):
        spans[key].append((span[0], span[1], span[2]))
    skills = EnrollmentSkill.objects.filter(enrollment__in=among.places).order_by()
    for place_pk, side, name in skills.values_list("enrollment", "side", "skill__name"):
        said.skills_of[(place_pk, side)].add(name)
    answers = _answers_of(asked, among)
    said.reports_to = _reporting_lines(program)

    # Many live in the same few zones, and keep the same hours.
    @cache
    def week_of(of_person: tuple[tuple[int, int, int], ...], zone: str) -> int:
        return week(of_person, zone, today)

    @cache
    def clock_of(zone: str) -> int:
        return minutes_ahead(zone, today)

    for place in places:
        key, person = place.person_id, place.person
        said[key] = {
            "key": key,
            "languages": frozenset(languages.get(key, ())),
            "hours": week_of(tuple(sorted(spans[key])), person.zone.key) if key in spans else 0,
            "zone": clock_of(person.time_zone) if person.time_zone else None,
            "department": place.department,
            "line_manager": said.reports_to.get(key),
            "interests": answers.interests.get(place.pk, frozenset()),
            "seniority": answers.seniority.get(place.pk),
            "answers": answers.counting.get(place.pk, {}),
        }
    return said


class _Answers(NamedTuple):
    """By place."""

    counting: dict[int, dict[str, Answer]]
    interests: dict[int, frozenset[str]]
    seniority: dict[int, int]


def _answers_of(asked: Asked, among: _Among) -> _Answers:
    """Interests and seniority are named in reasons, so answers that the pair was not promised to read are as if they
    had not been given. Other answers count all the same, and are not named (`Answer.may_be_named`)."""
    found = _Answers(defaultdict(dict), {}, {})
    of_these = {*asked.codes, asked.interests_from, asked.seniority_from} - {None}
    given = EnrollmentAnswer.objects.filter(
        enrollment__in=among.places, question__in=of_these, kind__in=EnrollmentQuestion.CHOOSING
    ).order_by()
    for place, question, audience, chosen in given.values_list(
        "enrollment", "question", "audience", "chosen"
    ):
        is_shared = audience == EnrollmentQuestion.Audience.PAIRING
        if question in asked.codes:
            answer = Answer(frozenset(chosen), may_be_named=is_shared)
            found.counting[place][asked.codes[question]] = answer
        if is_shared and question == asked.interests_from:
            found.interests[place] = frozenset(chosen)
        if is_shared and question == asked.seniority_from:
            steps = {asked.steps[option] for option in chosen if option in asked.steps}
            # Several at once are no step of a ladder.
            if len(steps) == 1:
                found.seniority[place] = steps.pop()
    return found


def _reporting_lines(program: Program) -> dict[int, int]:
    """Who reports to whom, of all who said so in this program, by the addresses of people who have an account."""
    named = (
        Enrollment.objects.filter(program=program)
        .exclude(line_manager="")
        .order_by()
        .values_list("person", "line_manager")
    )
    lines = [(person, User.objects.normalize_email(email)) for person, email in named]
    known = dict(
        User.objects.filter(email__in={email for _person, email in lines})
        .order_by()
        .values_list("email", "pk")
    )
    return {person: known[email] for person, email in lines if email in known and known[email] != person}


def _settled(program: Program, places: Collection[Enrollment]) -> tuple[set[Pair], set[Pair], set[Pair]]:
    """The pairs of these people that those who run the program know to be shut; those that never are because the two
    were no fit, here or elsewhere, which is theirs to know; and those that were before, in this program or another."""
    in_them = {place.person_id for place in places}
    asked_for = _Among.of(program, places).people

    def pairs(rows: QuerySet[Any], *besides: str) -> list[tuple[Any, ...]]:
        found = rows.filter(mentor__in=asked_for).order_by().values_list("mentor", "mentee", *besides)
        return [row for row in found if row[0] in in_them and row[1] in in_them]

    here = Pairing.objects.filter(program=program)
    # Whoever has one open pairing with somebody needs no second; and a no is a no.
    settled = here.filter(status__in=(*Pairing.OPEN, Pairing.Status.DECLINED))
    shut, never = _both_ways(pairs(settled)), set[Pair]()
    ruled_out = RuledOut.objects.filter(Q(program=program) | Q(because=RuledOut.Because.NOT_A_FIT))
    for mentor, mentee, because in pairs(ruled_out, "because"):
        (never if because == RuledOut.Because.NOT_A_FIT else shut).update(_both_ways([(mentor, mentee)]))
    # Those who are a pair elsewhere at this time have each other, too.
    return shut, never, {Pair(mentee, mentor) for mentor, mentee in pairs(Pairing.objects.begun())}


def _both_ways(pairs: Iterable[tuple[Any, ...]]) -> set[Pair]:
    return {pair for mentor, mentee in pairs for pair in (Pair(mentee, mentor), Pair(mentor, mentee))}


def never_with(program: Program, mentee: int) -> set[int]:
    """The keys of those who can never be this mentee's mentor here, because of who they are: ruled out, a no between
    the two, paired before (or now, in another program), or in a reporting line with them. What they have in common or
    not is not asked."""
    two = Q(mentor=mentee) | Q(mentee=mentee)
    ruled_out = RuledOut.objects.filter(Q(program=program) | Q(because=RuledOut.Because.NOT_A_FIT))
    said_no = Pairing.objects.filter(program=program, status=Pairing.Status.DECLINED)
    never = {
        key
        for rows in (ruled_out, said_no)
        for pair in rows.filter(two).order_by().values_list("mentor", "mentee")
        for key in pair
    }
    criteria = MatchingCriteria.objects.of(program)
    if criteria.not_again:
        earlier = Pairing.objects.begun().filter(mentee=mentee)
        never |= set(earlier.order_by().values_list("mentor", flat=True))
    if criteria.outside_reporting_line:
        lines = Matching(mentees=(), mentors=(), reports_to=_reporting_lines(program))
        never |= set(lines.above(mentee))
        never |= {key for key in lines.reports_to if mentee in lines.above(key)}
    return never - {mentee}


def _with_locks(matching: Matching, locked: Iterable[Pair]) -> Matching:
    kept: set[Pair] = set()
    matched: set[int] = set()
    taken: Counter[int] = Counter()
    for pair in sorted(locked):
        mentor = matching.mentor_at.get(pair.mentor)
        if (
            mentor is None
            or pair.mentee not in matching.mentee_at
            or pair.mentee == pair.mentor
            or pair in matching.forbidden
            or pair in matching.never
            or pair.mentee in matched
            or taken[pair.mentor] >= matching.mentors[mentor].capacity
        ):
            continue
        taken[pair.mentor] += 1
        matched.add(pair.mentee)
        kept.add(pair)
    return replace(matching, locked=frozenset(kept))


def _what_counts(matching: Matching) -> object:
    """In a form that is the same each time. What no must-have asks and no weight weighs is not there, and of a chain of
    line managers only whom it keeps apart."""
    criteria = matching.criteria
    codes = [each.code for each in criteria.questions if each.must or each.weight]
    counts = {
        "languages": criteria.languages or criteria.language_in_common,
        "hours": criteria.hours or criteria.half_hours_shared,
        "zone": criteria.zone_gap is not None,
        "department": criteria.department or criteria.other_department,
        "interests": criteria.interests,
        "seniority": criteria.seniority,
    }

    def said(person: Mentee | Mentor, skills: frozenset[str]) -> list[object]:
        return [
            person.key,
            *(_plain(getattr(person, name)) for name, is_asked in counts.items() if is_asked),
            sorted(skills) if criteria.skills else [],
            [
                [sorted(answer.values), answer.may_be_named] if (answer := person.answers.get(code)) else None
                for code in codes
            ],
        ]

    return [
        [said(mentee, mentee.seeks) for mentee in matching.mentees],
        [[*said(mentor, mentor.offers), mentor.capacity] for mentor in matching.mentors],
        _plain(criteria),
        sorted([pair.mentee, pair.mentor, why] for pair, why in matching.shut()),
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value
