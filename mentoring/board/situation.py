"""A part of a run as it stands: some people, whom the run has them with, and what a change to that would do.

Only these people are read, however many the program has. What the change means for all pairs together is the difference
that it makes among these.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.refused import Refused
from mentoring import rules
from mentoring.matching.changes import Effect, moved, swapped
from mentoring.matching.fit import Must, Musts, points
from mentoring.matching.people import Pair
from mentoring.matching.proposal import Proposal, as_it_is
from mentoring.models import Enrollment, MatchingRun, Pairing, ProposedPair
from mentoring.pool import Pool, pool_of

# What nobody puts together by hand: these stand for a person, not for a wish. Which of them it is, is not said.
NEVER = frozenset({"blocked", "never", "self", "line"})


@dataclass(frozen=True)
class Situation:
    """`rows` are the run's drafts of these people, by mentee. `holding` counts the mentees whom each mentor has outside
    of the drafts, `of_mentees` the mentors whom each mentee has."""

    run: MatchingRun
    pool: Pool
    proposal: Proposal
    rows: Mapping[int, ProposedPair]
    holding: Counter[int]
    of_mentees: Counter[int]

    def mentor_of(self, mentee: int) -> int | None:
        row = self.rows.get(mentee)
        return row.mentor_id if row else None

    def drafts_with(self, mentor: int) -> list[ProposedPair]:
        return [row for row in self.rows.values() if row.mentor_id == mentor]

    def name(self, person: int) -> str:
        place = self.pool.places.get(person)
        return place.person.first_name if place else str(_("somebody who is not here"))

    def fit(self, mentee: int, mentor: int) -> int:
        matching = self.pool.matching
        return points(
            matching.mentees[matching.mentee_at[mentee]],
            matching.mentors[matching.mentor_at[mentor]],
            matching.criteria,
        )

    def broken(self, mentee: int, mentor: int) -> list[Must]:
        matching = self.pool.matching
        return list(
            Musts(matching).broken(
                matching.mentees[matching.mentee_at[mentee]], matching.mentors[matching.mentor_at[mentor]]
            )
        )

    def if_moved(self, mentee: int, mentor: int | None) -> Effect:
        return moved(self.proposal, mentee, mentor)

    def if_swapped(self, one: int, other: int) -> Effect:
        return swapped(self.proposal, one, other)

    def check_move(self, mentee: int, mentor: int | None) -> None:
        """Raises Refused where this mentee cannot be put with this mentor, or with nobody."""
        if mentor is None:
            if mentee not in self.rows:
                raise Refused(_("%(name)s is without a match already.") % {"name": self.name(mentee)})
            return
        if self.mentor_of(mentee) == mentor:
            raise Refused(_("These two are together already."))
        self._check_pair(mentee, mentor)
        if mentor in self.if_moved(mentee, mentor).overfull:
            raise Refused(_("%(name)s has no room for another mentee now.") % {"name": self.name(mentor)})

    def check_swap(self, one: int, other: int) -> None:
        """Raises Refused where these two mentees cannot have each other's mentor."""
        mine, theirs = self.mentor_of(one), self.mentor_of(other)
        if theirs is None or mine == theirs:
            raise Refused(_("There is nothing to swap between these two."))
        self._check_pair(one, theirs)
        if mine is not None:
            self._check_pair(other, mine)

    def _check_pair(self, mentee: int, mentor: int) -> None:
        places = self.pool.places
        own, theirs = places.get(mentee), places.get(mentor)
        if own is None or not rules.seeks_mentor(own):
            raise Refused(_("%(name)s is not here as a mentee now.") % {"name": self.name(mentee)})
        if theirs is None or not rules.takes_mentees(theirs):
            raise Refused(_("%(name)s takes no mentees now.") % {"name": self.name(mentor)})
        if self.of_mentees[mentee] >= self.run.program.pairings_per_mentee:
            raise Refused(_("%(name)s has a mentor by now.") % {"name": self.name(mentee)})
        if any(must.kind in NEVER for must in self.broken(mentee, mentor)):
            raise Refused(_("These two cannot be a pair in this program."))


def situation(
    run: MatchingRun, now: datetime, *, mentees: Collection[int] = (), mentors: Collection[int] = ()
) -> Situation:
    """Of these people, of whom the run has them with, and of the others with those mentors."""
    drafts = ProposedPair.objects.filter(run=run).draft()
    asked = set(mentees)
    theirs = set(mentors) | set(drafts.filter(mentee__in=asked).values_list("mentor", flat=True))
    rows = {row.mentee_id: row for row in drafts.filter(Q(mentor__in=theirs) | Q(mentee__in=asked))}
    asked |= set(rows)
    places = places_of(run, asked | theirs)
    holding, of_mentees = held(run, theirs), held_by_mentees(run, asked)
    room = {
        mentor: max(0, places[mentor].capacity - holding[mentor]) for mentor in theirs if mentor in places
    }
    locked = [Pair(row.mentee_id, row.mentor_id) for row in rows.values() if row.is_locked]
    pool = pool_of(
        run.program,
        [places[person] for person in sorted(asked) if person in places],
        [places[person] for person in sorted(theirs) if person in places],
        now,
        room=room,
        locked=locked,
    )
    proposal = as_it_is(pool.matching, (Pair(row.mentee_id, row.mentor_id) for row in rows.values()))
    return Situation(run, pool, proposal, rows, holding, of_mentees)


def places_of(run: MatchingRun, people: Collection[int]) -> dict[int, Enrollment]:
    rows = Enrollment.objects.filter(program=run.program_id, person__in=people)
    return {place.person_id: place for place in rows.select_related("person")}


def held(run: MatchingRun, mentors: Collection[int]) -> Counter[int]:
    """How many of the places of each are taken by pairings, those that this run told among them."""
    rows = Pairing.objects.filter(program=run.program_id, mentor__in=mentors).holding().order_by()
    return Counter(dict(rows.values("mentor").annotate(number=Count("pk")).values_list("mentor", "number")))


def held_by_mentees(run: MatchingRun, mentees: Collection[int]) -> Counter[int]:
    rows = Pairing.objects.filter(program=run.program_id, mentee__in=mentees).holding().order_by()
    return Counter(dict(rows.values("mentee").annotate(number=Count("pk")).values_list("mentee", "number")))
