"""The proposed pairs of one page of the board, each with why, with the hours of the two, and with whom else there is.

Everything is read for the people of the page, and for the mentors who could take one of its mentees, in a fixed number
of queries.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext, ngettext

from accounts.models import User
from mentoring import rules
from mentoring.matching.fit import Musts
from mentoring.matching.people import Pair
from mentoring.matching.reasons import Kind, reasons
from mentoring.matching.scores import ProgramScores
from mentoring.matching.words import Reader
from mentoring.models import Enrollment, MatchingRun, ProposedPair
from mentoring.pool import pool_of
from mentoring.why import sentences, words

from .hours import Hours, drawn
from .situation import NEVER, held, held_by_mentees, places_of
from .strength import Scale, Strength

# Up to so many mentors of a program, the best for each mentee are named beside the pair; of more, on their own page.
MOST_MENTORS = 1000
# Of those who have room, and of those who would have to be swapped for.
WITH_ROOM, FULL = 5, 3


@dataclass(frozen=True)
class Option:
    """Another mentor for a mentee. `value` is what the address of a change says: "m" and the mentor, or "s" and the
    mentee whose mentor it is."""

    value: str
    words: str
    is_full: bool


@dataclass(frozen=True)
class Card:
    pair: ProposedPair
    mentee_place: Enrollment | None
    mentor_place: Enrollment | None
    strength: Strength
    reasons: list[tuple[bool, str]]
    hours: Hours | None
    seeks: str
    room: str
    options: list[Option]
    # Why the two cannot be told any more; empty where they can.
    gone: str

    @property
    def is_told(self) -> bool:
        return self.pair.publication_id is not None


def cards(run: MatchingRun, pairs: Sequence[ProposedPair], now: datetime) -> list[Card]:
    """`pairs` come with their people and their pairings."""
    return _Page(run, pairs, now).cards() if pairs else []


class _Page:
    def __init__(self, run: MatchingRun, pairs: Sequence[ProposedPair], now: datetime) -> None:
        self.run, self.pairs, self.now = run, pairs, now
        mentees = {pair.mentee_id for pair in pairs}
        mentors = {pair.mentor_id for pair in pairs}
        self.places = places_of(run, mentees | mentors)
        others = self._others() if run.state == MatchingRun.State.MADE else {}
        theirs = {**{one: self.places[one] for one in mentors if one in self.places}, **others}
        self.holding = held(run, theirs)
        self.of_mentees = held_by_mentees(run, mentees)
        self.drafts = _drafts(run, theirs)
        self.room = {
            one: max(0, place.capacity - self.holding[one] - len(self.drafts[one]))
            for one, place in theirs.items()
        }
        self.pool = pool_of(
            run.program,
            [self.places[one] for one in sorted(mentees) if one in self.places],
            [theirs[one] for one in sorted(theirs)],
            now,
        )
        self.others = list(others)
        self.scale = Scale(run.best_fit)
        self.words = words(self.pool.questions)

    def _others(self) -> dict[int, Enrollment]:
        """All mentors of the program, where they are not too many to be named."""
        rows = mentors_of(self.run)[: MOST_MENTORS + 1]
        found = {place.person_id: place for place in rows}
        return found if len(found) <= MOST_MENTORS else {}

    def cards(self) -> list[Card]:
        options = self._options()
        return [self._card(pair, options) for pair in self.pairs]

    def _card(self, pair: ProposedPair, options: Mapping[int, list[Option]]) -> Card:
        own, theirs = self.places.get(pair.mentee_id), self.places.get(pair.mentor_id)
        found, hours, seeks = [], None, ""
        if own is not None and theirs is not None:
            matching = self.pool.matching
            mentee = matching.mentees[matching.mentee_at[pair.mentee_id]]
            mentor = matching.mentors[matching.mentor_at[pair.mentor_id]]
            hours = drawn(mentee.hours, mentor.hours)
            seeks = self.words.listed(sorted(mentee.seeks))
            facts = reasons(matching, Pair(mentee.key, mentor.key))
            # The hours stand beside their picture.
            told = [reason for reason in facts if hours is None or reason.kind is not Kind.HOURS]
            found = sentences(
                told, Reader.ADMIN, pair.mentee.first_name, pair.mentor.first_name, self.pool.questions
            )
        is_open = pair.publication_id is None and not pair.is_locked
        return Card(
            pair=pair,
            mentee_place=own,
            mentor_place=theirs,
            strength=self.scale.of(pair.fit),
            reasons=[(speaks_for, said) for speaks_for, said in found if said],
            hours=hours,
            seeks=seeks,
            room=self._room_taken(theirs),
            options=options.get(pair.mentee_id, []) if is_open else [],
            gone="" if pair.publication_id else self._gone(pair, own, theirs),
        )

    def _room_taken(self, place: Enrollment | None) -> str:
        if place is None:
            return ""
        taken = self.holding[place.person_id] + len(self.drafts[place.person_id])
        said = ngettext(
            "%(taken)d of %(all)d place taken", "%(taken)d of %(all)d places taken", place.capacity
        )
        return said % {"taken": taken, "all": place.capacity}

    def _gone(self, pair: ProposedPair, own: Enrollment | None, theirs: Enrollment | None) -> str:
        if own is None or not rules.seeks_mentor(own) or not is_here(own.person):
            return gettext("%(name)s is not here as a mentee any more.") % {"name": pair.mentee.first_name}
        if theirs is None or not rules.takes_mentees(theirs):
            return gettext("%(name)s takes no mentees any more.") % {"name": pair.mentor.first_name}
        if self.of_mentees[pair.mentee_id] >= self.run.program.pairings_per_mentee:
            return gettext("%(name)s has a mentor by now.") % {"name": pair.mentee.first_name}
        if self.holding[pair.mentor_id] + len(self.drafts[pair.mentor_id]) > theirs.capacity:
            return gettext("%(name)s has less room by now than this run gives away.") % {
                "name": pair.mentor.first_name
            }
        return ""

    # --- Whom else there is

    def _options(self) -> dict[int, list[Option]]:
        matching = self.pool.matching
        open_ones = [
            pair
            for pair in self.pairs
            if pair.publication_id is None and not pair.is_locked and pair.mentee_id in matching.mentee_at
        ]
        if not open_ones or not self.others:
            return {}
        columns = np.array([matching.mentor_at[one] for one in self.others])
        rows = np.array([matching.mentee_at[pair.mentee_id] for pair in open_ones])
        fits = ProgramScores(matching).block(rows, columns)
        found = {
            pair.mentee_id: self._of_one(pair, row)
            for pair, row in zip(open_ones, fits.tolist(), strict=True)
        }
        return self._with_musts(open_ones, found)

    def _with_musts(
        self, pairs: Sequence[ProposedPair], found: dict[int, list[Option]]
    ) -> dict[int, list[Option]]:
        """The same, where a swap says so if the other mentee's new pair would go against a must-have, and is not there
        if the two can never be one."""
        others = {int(option.value[1:]) for options in found.values() for option in options if option.is_full}
        places = places_of(self.run, others)
        theirs = [self.places[pair.mentor_id] for pair in pairs if pair.mentor_id in self.places]
        pool = pool_of(
            self.run.program,
            [places[one] for one in sorted(places)],
            list(dict.fromkeys(theirs)),
            self.now,
        )
        matching, musts = pool.matching, Musts(pool.matching)

        def said(option: Option, mentor: int) -> Option | None:
            other = int(option.value[1:])
            if not option.is_full or other not in matching.mentee_at or mentor not in matching.mentor_at:
                return option
            mentee = matching.mentees[matching.mentee_at[other]]
            broken = {
                must.kind for must in musts.broken(mentee, matching.mentors[matching.mentor_at[mentor]])
            }
            if broken & NEVER:
                return None
            if not broken:
                return option
            return replace(
                option, words=gettext("%(option)s, against a must-have") % {"option": option.words}
            )

        return {
            pair.mentee_id: [
                each for option in found[pair.mentee_id] if (each := said(option, pair.mentor_id)) is not None
            ]
            for pair in pairs
        }

    def _of_one(self, pair: ProposedPair, fits: Sequence[int]) -> list[Option]:
        # They are in the order of their names, which decides between those who fit as well.
        found = sorted(
            (-fit, at) for at, fit in enumerate(fits) if fit >= 0 and self.others[at] != pair.mentor_id
        )
        options: list[Option] = []
        for fit, at in found:
            if len(options) < WITH_ROOM and self.room[self.others[at]]:
                options.append(self._has_room(-fit, self.others[at]))
        most = len(options) + FULL
        for fit, at in found:
            drafts = self.drafts[self.others[at]]
            swap = next((each for each in drafts if not each["is_locked"]), None)
            if swap is not None and not self.room[self.others[at]] and len(options) < most:
                options.append(self._is_full(-fit, self.others[at], swap))
        return options

    def _has_room(self, fit: int, mentor: int) -> Option:
        said = gettext("%(name)s: %(fit)s, room for %(number)s")
        number = gettext("one") if self.room[mentor] == 1 else self.words.counted(self.room[mentor])
        return Option(f"m{mentor}", said % {**self._of(fit, mentor), "number": number}, is_full=False)

    def _is_full(self, fit: int, mentor: int, swap: Mapping[str, Any]) -> Option:
        said = gettext("%(name)s: %(fit)s, a swap with %(other)s")
        words = said % {**self._of(fit, mentor), "other": swap["mentee__name"]}
        return Option(f"s{swap['mentee']}", words, is_full=True)

    def _of(self, fit: int, mentor: int) -> dict[str, str]:
        name = str(self.pool.places[mentor].person)
        return {"name": name, "fit": str(self.scale.of(fit).in_a_sentence)}


def is_here(person: User) -> bool:
    return person.is_active and person.erasure_due_at is None


def mentors_of(run: MatchingRun) -> Any:
    """Those who could take somebody, with room or without."""
    rows = Enrollment.objects.filter(program=run.program_id, person__in=User.objects.staying())
    return rows.active().mentors().select_related("person").order_by("person__name", "pk")


def _drafts(run: MatchingRun, mentors: Collection[int]) -> "defaultdict[int, list[dict[str, Any]]]":
    """The run's drafts of each, by the mentees' names."""
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = (
        ProposedPair.objects.filter(run=run).draft().filter(mentor__in=mentors).order_by("mentee__name", "pk")
    )
    for row in rows.values("mentor", "mentee", "mentee__name", "is_locked"):
        found[row["mentor"]].append(dict(row))
    return found


def drafts_of(run: MatchingRun, mentors: Collection[int]) -> Counter[int]:
    rows = (
        ProposedPair.objects.filter(run=run)
        .draft()
        .filter(mentor__in=mentors)
        .order_by()
        .values("mentor")
        .annotate(number=Count("pk"))
    )
    return Counter(dict(rows.values_list("mentor", "number")))
