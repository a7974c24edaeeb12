"""Who is to be matched in a program, as the matching wants it (mentoring/matching/): rows made into plain values.

A person's key is their `User.pk`. Whoever makes a pool reads everything in a fixed number of queries, however many
people there are.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.models import Profile, User, UsualHours

from .matching.criteria import Criteria, Likeness, Question, Weight
from .matching.hours import minutes_ahead, week
from .matching.people import Answer, Mentee, Mentor, Pair
from .matching.program import Matching
from .models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    EnrollmentSkill,
    MatchingCriteria,
    MatchingQuestion,
    Pairing,
    Program,
    RuledOut,
)
from .models import criteria as models

Side = EnrollmentSkill.Side
# In the order of `Weight` there, by the name of the choice here.
WEIGHT = {
    models.Weight.OFF: Weight.OFF,
    models.Weight.LOW: Weight.LOW,
    models.Weight.MEDIUM: Weight.MEDIUM,
    models.Weight.HIGH: Weight.HIGH,
}


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
        """A hash of all that the matching depends on, but for what is locked."""
        whole = replace(self.matching, locked=frozenset())
        sorted_sets = _plain((whole.mentees, whole.mentors, whole.criteria, whole.forbidden, whole.earlier))
        said = json.dumps([sorted_sets, _plain(dict(whole.reports_to))], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def criteria_of(program: Program) -> Criteria:
    """As those who run the program set them, with the questions that count."""
    row = MatchingCriteria.objects.of(program)
    counting = MatchingQuestion.objects.filter(question__program=program, question__is_active=True)
    questions = tuple(
        Question(
            code=each.question.code,
            must=Likeness(each.must) if each.must else None,
            weight=WEIGHT[models.Weight(each.weight)],
            wanted=Likeness(each.wanted),
        )
        for each in counting.select_related("question").order_by("question__position", "question__pk")
    )
    weights = {name: WEIGHT[models.Weight(getattr(row, name))] for name in MatchingCriteria.WEIGHTS}
    return Criteria(
        language_in_common=row.language_in_common,
        half_hours_shared=row.half_hours_shared,
        zone_gap=row.zone_gap,
        outside_reporting_line=row.outside_reporting_line,
        other_department=row.other_department,
        not_again=row.not_again,
        half_hours_wanted=row.half_hours_wanted,
        seniority_gap=row.seniority_gap,
        department_wanted=Likeness(row.department_wanted),
        questions=questions,
        **weights,
    )


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
    how many more mentees each mentor takes; without it, as many as their place says."""
    places = {place.person_id: place for place in (*mentees, *mentors)}
    said = _said_of(program, places.values(), program.today(now))
    shut, earlier = _settled(program, places)
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
        criteria=criteria_of(program),
        forbidden=frozenset(shut),
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


def _said_of(program: Program, places: Iterable[Enrollment], today: date) -> _Said:
    places = list(places)
    people = [place.person_id for place in places]
    said = _Said()
    languages = dict(Profile.objects.filter(person__in=people).values_list("person", "languages"))
    spans: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row in UsualHours.objects.filter(person__in=people):
        spans[row.person_id].append((row.weekday, row.begins, row.ends))
    for place_pk, side, name in EnrollmentSkill.objects.filter(enrollment__in=places).values_list(
        "enrollment", "side", "skill__name"
    ):
        said.skills_of[(place_pk, side)].add(name)
    answers, interests, seniority = _answers_of(program, places)
    said.reports_to = _reporting_lines(program)
    for place in places:
        person = place.person
        said[place.person_id] = {
            "key": place.person_id,
            "languages": frozenset(languages.get(place.person_id, ())),
            "hours": week(spans[place.person_id], person.zone.key, today) if spans[place.person_id] else 0,
            "zone": minutes_ahead(person.time_zone, today) if person.time_zone else None,
            "department": place.department,
            "line_manager": said.reports_to.get(place.person_id),
            "interests": interests.get(place.pk, frozenset()),
            "seniority": seniority.get(place.pk),
            "answers": answers.get(place.pk, {}),
        }
    return said


def _answers_of(
    program: Program, places: Collection[Enrollment]
) -> tuple[dict[int, dict[str, Answer]], dict[int, frozenset[str]], dict[int, int]]:
    """By place: the answers that count, the interests, and the step of seniority. Interests and seniority are named in
    reasons, so answers that the pair was not promised to read are as if they had not been given."""
    criteria = MatchingCriteria.objects.of(program)
    steps: dict[str, int] = {}
    if criteria.seniority_from is not None:
        steps = {option: step for step, option in enumerate(criteria.seniority_from.options)}
    answers: defaultdict[int, dict[str, Answer]] = defaultdict(dict)
    interests: dict[int, frozenset[str]] = {}
    seniority: dict[int, int] = {}
    given = EnrollmentAnswer.objects.filter(enrollment__in=places, kind__in=EnrollmentQuestion.CHOOSING)
    for place, question, code, audience, chosen in given.values_list(
        "enrollment", "question", "code", "audience", "chosen"
    ):
        is_shared = audience == EnrollmentQuestion.Audience.PAIRING
        answers[place][code] = Answer(frozenset(chosen), may_be_named=is_shared)
        if is_shared and question is not None and question == criteria.interests_from_id:
            interests[place] = frozenset(chosen)
        if is_shared and question is not None and question == criteria.seniority_from_id:
            found = [steps[option] for option in chosen if option in steps]
            if found:
                seniority[place] = found[0]
    return answers, interests, seniority


def _reporting_lines(program: Program) -> dict[int, int]:
    """Who reports to whom, of all who said so in this program, by the addresses of people who have an account."""
    named = (
        Enrollment.objects.filter(program=program)
        .exclude(line_manager="")
        .values_list("person", "line_manager")
    )
    lines = [(person, email.lower()) for person, email in named]
    known = dict(
        User.objects.filter(email__in={email for _person, email in lines}).values_list("email", "pk")
    )
    return {person: known[email] for person, email in lines if email in known and known[email] != person}


def _settled(program: Program, places: Collection[int]) -> tuple[set[Pair], set[Pair]]:
    """The pairs of these people that never are, and those that were before."""
    shut: set[Pair] = set()
    ruled_out = RuledOut.objects.filter(Q(program=program) | Q(because=RuledOut.Because.NOT_A_FIT))
    # Whoever has one open pairing with somebody needs no second; and a no is a no.
    status = Pairing.Status
    settled = Pairing.objects.filter(program=program, status__in=(*Pairing.OPEN, status.DECLINED))
    both_ways = (ruled_out, settled)
    for rows in both_ways:
        for mentor, mentee in (
            rows.filter(mentor__in=places, mentee__in=places).order_by().values_list("mentor", "mentee")
        ):
            shut |= {Pair(mentee, mentor), Pair(mentor, mentee)}
    over = Pairing.objects.filter(status__in=Pairing.OVER, mentor__in=places, mentee__in=places)
    earlier = {Pair(mentee, mentor) for mentor, mentee in over.order_by().values_list("mentor", "mentee")}
    return shut, earlier


def never_with(program: Program, mentee: int) -> set[int]:
    """The keys of those who can never be this mentee's mentor here, because of who they are: ruled out, a no between
    the two, paired before, or in a reporting line with them. What they have in common or not is not asked."""
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
        earlier = Pairing.objects.filter(status__in=Pairing.OVER, mentee=mentee)
        never |= set(earlier.order_by().values_list("mentor", flat=True))
    if criteria.outside_reporting_line:
        lines = Matching(mentees=(), mentors=(), reports_to=_reporting_lines(program))
        never |= set(lines.above(mentee))
        never |= {key for key in lines.reports_to if mentee in lines.above(key)}
    return never - {mentee}


def _with_locks(matching: Matching, locked: Iterable[Pair]) -> Matching:
    kept: set[Pair] = set()
    taken: Counter[int] = Counter()
    for pair in sorted(locked):
        mentor = matching.mentor_at.get(pair.mentor)
        if (
            mentor is None
            or pair.mentee not in matching.mentee_at
            or pair in matching.forbidden
            or any(pair.mentee == other.mentee for other in kept)
            or taken[pair.mentor] >= matching.mentors[mentor].capacity
        ):
            continue
        taken[pair.mentor] += 1
        kept.add(pair)
    return replace(matching, locked=frozenset(kept))


def _plain(value: object) -> object:
    """In an order and a form that are the same each time."""
    if isinstance(value, frozenset | set):
        return sorted((_plain(each) for each in value), key=repr)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(each)] for key, each in sorted(value.items())]
    if hasattr(value, "__dataclass_fields__"):
        return [_plain(getattr(value, name)) for name in value.__dataclass_fields__]
    return value if isinstance(value, int | str | None) else str(value)
