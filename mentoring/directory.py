"""The mentors of a program, as those see them who look for one there.

A program chooses which parts of a profile its directory shows. What is not shown is not read here at all: not searched,
not offered as a filter, not used for the order and not named in a reason, so that nobody learns by trying what they may
not see. The number of questions to the database does not depend on how many mentors there are.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Count
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import hours as clocks
from accounts import languages
from accounts.models import Profile, User, UsualHours
from accounts.templatetags.best import place as city_of

from . import rules, search
from .matching.fit import Must, Musts
from .matching.hours import week
from .matching.people import Mentee, Mentor, Pair
from .matching.reasons import reasons
from .matching.words import Reader
from .models import Enrollment, EnrollmentSkill, Pairing, PairingRequest, Program, RoomWatch
from .models.enrollment import EnrollmentQuerySet
from .people import pronouns_in_directory
from .pool import Pool, never_with, pool_of
from .why import in_directory, sentences

Part = Program.DirectoryPart
Side = EnrollmentSkill.Side
# A must-have that two people do not meet, and the part that must be shown for it to be named.
LEFT_OUT_BY = {
    "language": (Part.LANGUAGES, _("You have no language in common, and this program asks for one.")),
    "hours": (Part.HOURS, _("You have fewer hours in common than this program asks for.")),
    "zone": (Part.PLACE, _("Your clocks are further apart than this program allows.")),
    "department": (
        Part.DEPARTMENT,
        _("You work in the same department, and this program asks for another one."),
    ),
}
# Must-haves that stand for a person, not for something that two people share.
ABOUT_A_PERSON = frozenset({"blocked", "never", "self", "earlier", "line"})
NOON, LATE = 24, 44  # half hours after midnight: 12:00 and 22:00


@dataclass(frozen=True)
class Time:
    """A part of the week: weekday (Monday is 0), from and until in half hours after midnight."""

    label: str | Promise
    spans: tuple[tuple[int, int, int], ...]


TIMES = {
    "mornings": Time(_("Weekday mornings"), tuple((day, 12, NOON) for day in range(5))),
    "evenings": Time(_("Weekday evenings"), tuple((day, 34, LATE) for day in range(5))),
    "weekends": Time(_("Weekends"), tuple((day, 16, LATE) for day in (5, 6))),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. Nothing ticked means everything; what a page does not offer is as if not asked."""

    text: str = ""
    languages: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    only_with_room: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        text = "".join(each if each.isprintable() else " " for each in query.get("q", ""))
        return cls(
            text=" ".join(text.split())[: search.LONGEST],
            languages=frozenset(query.getlist("lang")) & languages.CODES,
            times=frozenset(query.getlist("when")) & TIMES.keys(),
            only_with_room="room" in query,
        )

    @property
    def is_something(self) -> bool:
        return bool(self.text or self.languages or self.times or self.only_with_room)


@dataclass
class Card:
    """One mentor, in the parts that the program shows. `leaves_out`: a must-have of the program is against the two."""

    place: Enrollment
    room: int
    offers: Sequence[str] = ()
    seeks: Sequence[str] = ()
    pronouns: str = ""
    headline: str = ""
    about: str = ""
    help_with: str = ""
    languages: Sequence[str] = ()
    hours: Sequence[str] = ()
    city: str = ""
    department: str = ""
    shows_photo: bool = False
    speaks_for: list[str] = field(default_factory=list)
    speaks_against: list[str] = field(default_factory=list)
    leaves_out: bool = False
    # Which one it is, where what the directory shows says so already.
    left_out_by: list[str] = field(default_factory=list)
    request: PairingRequest | None = None
    pairing: Pairing | None = None
    is_watched: bool = False
    may_ask: bool = False
    may_watch: bool = False

    @property
    def person(self) -> User:
        return self.place.person

    @property
    def name(self) -> str:
        """Never the address of somebody who gave no name."""
        return self.person.name or self.person.first_name


class Directory:
    """The mentors of one program for one reader, who has `place` there. See `rules.may_look`."""

    def __init__(self, place: Enrollment, now: datetime) -> None:
        self.place, self.now = place, now
        self.program: Program = place.program
        self.reader: User = place.person
        self.parts = frozenset(self.program.directory_shows)
        self.is_mentee = rules.seeks_mentor(place)

    def shows(self, part: Part) -> bool:
        return part in self.parts

    # --- Who is in it ---

    @cached_property
    def _mentors(self) -> dict[int, int]:
        """For how many each mentor has room, by person: of those who are here now, but oneself and those with whom it
        can never be. Whoever the reader has a pairing with stays: else they would see by it that somebody, the other
        one perhaps, has said that they are no fit."""
        never = never_with(self.program, self.reader.pk) - self._open_pairings.keys() | {self.reader.pk}
        rows = self._places.order_by().values_list("person", "capacity")
        return {person: capacity for person, capacity in rows if person not in never}

    @property
    def _places(self) -> EnrollmentQuerySet:
        mentors = Enrollment.objects.filter(program=self.program).active().mentors()
        return mentors.filter(person__in=User.objects.staying())

    @cached_property
    def _taken(self) -> dict[int, int]:
        """How many mentees each mentor has, or is asked about by those who run the program."""
        holding = Pairing.objects.filter(program=self.program).holding().order_by()
        return dict(holding.values("mentor").annotate(number=Count("pk")).values_list("mentor", "number"))

    def _room(self, person: int) -> int:
        return max(0, self._mentors[person] - self._taken.get(person, 0))

    @cached_property
    def _spoken(self) -> dict[int, set[str]]:
        """By person, where the directory shows it."""
        if not self.shows(Part.LANGUAGES):
            return {}
        rows = Profile.objects.filter(person__in=self._places.values("person")).values_list(
            "person", "languages"
        )
        return {person: set(spoken) for person, spoken in rows if person in self._mentors}

    @cached_property
    def _own_languages(self) -> set[str]:
        return set(Profile.objects.of(self.reader).languages)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Those that can be asked for, one's own first: only what somebody here speaks."""
        spoken = set().union(*self._spoken.values())
        named = [(code, languages.name_of(code)) for code in spoken]
        return sorted(named, key=lambda each: (each[0] not in self._own_languages, each[1].casefold()))

    def _free(self, times: Collection[str]) -> set[int]:
        """Those who can usually be met at one of these times by the reader's clock, in this week."""
        today = self.program.today(self.now)
        wanted = 0
        for name in times:
            wanted |= week(TIMES[name].spans, self.reader.zone.key, today)
        rows = UsualHours.objects.filter(person__in=self._places.values("person"))
        known: dict[tuple[str, tuple[int, int, int]], int] = {}
        free: set[int] = set()
        for person, zone, *span in rows.values_list(
            "person", "person__time_zone", "weekday", "begins", "ends"
        ):
            key = (zone or "UTC", (span[0], span[1], span[2]))
            if key not in known:
                known[key] = week([key[1]], key[0], today)
            if known[key] & wanted:
                free.add(person)
        return free

    # --- Looking ---

    def look(self, wanted: Wanted) -> tuple[list[int], search.Found | None]:
        """The people who are found, those first who match more of what was asked; and what became of the words."""
        people: Iterable[int] = self._mentors
        if chosen := wanted.languages & self._offered_languages:
            people = [person for person in people if self._spoken.get(person, set()) & chosen]
        if wanted.times and self.shows(Part.HOURS):
            free = self._free(wanted.times)
            people = [person for person in people if person in free]
        if wanted.only_with_room:
            people = [person for person in people if self._room(person)]
        found = None
        if wanted.text:
            # Among all who are listed: what a word means does not depend on what else is ticked.
            language = get_language() or ""
            found = search.search(self.program, wanted.text, self.parts, self._mentors, language)
        if found and found.is_about_something:
            people = [person for person in people if person in found.people]
        return self._in_order(people, found), found

    @property
    def _offered_languages(self) -> set[str]:
        return set().union(*self._spoken.values())

    def _in_order(self, people: Iterable[int], found: search.Found | None) -> list[int]:
        matches = found.people if found else {}
        sought = self._sought

        def order(person: int) -> tuple[int, int, int, bool, bytes]:
            matched, worth = matches.get(person, (0, 0))
            shares_language = bool(self._spoken.get(person, set()) & self._own_languages)
            return -matched, -worth, -sought[person], not shares_language, self._chance(person)

        return sorted(people, key=order)

    @cached_property
    def _sought(self) -> Counter[int]:
        """How many of the skills that the reader seeks each person offers."""
        own = EnrollmentSkill.objects.filter(enrollment=self.place, side=Side.SEEKS).values("skill")
        offered = EnrollmentSkill.objects.filter(
            enrollment__program=self.program, side=Side.OFFERS, skill__in=own
        )
        return Counter(offered.order_by().values_list("enrollment__person", flat=True))

    def _chance(self, person: int) -> bytes:
        """Another order for each reader, the same each time: nobody is first for all because of their name."""
        return hashlib.blake2b(f"{self.reader.pk}/{person}".encode(), digest_size=8).digest()

    # --- What is shown of those on a page ---

    def cards(self, people: Sequence[int]) -> list[Card]:
        places = {
            place.person_id: place
            for place in Enrollment.objects.filter(program=self.program, person__in=people).select_related(
                "person"
            )
        }
        cards = [
            Card(places[person], self._room(person))
            for person in people
            if person in places and person in self._mentors
        ]
        self._say_skills(cards)
        self._say_profiles(cards)
        self._say_how_it_stands(cards)
        if self.is_mentee:
            self._say_why(cards)
        for card in cards:
            is_open = self.may_ask and not (card.leaves_out or card.request or card.pairing)
            card.may_ask = is_open and card.room > 0
            card.may_watch = is_open and card.room == 0
        return cards

    def card(self, person: int) -> Card | None:
        """Of one mentor; None for whoever is not in the directory."""
        return next(iter(self.cards([person] if person in self._mentors else [])), None)

    def _say_skills(self, cards: list[Card]) -> None:
        said: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        rows = EnrollmentSkill.objects.filter(enrollment__in=[card.place for card in cards]).order_by("pk")
        for place, side, name in rows.values_list("enrollment", "side", "skill__name"):
            said[(place, side)].append(name)
        for card in cards:
            card.offers = said[(card.place.pk, Side.OFFERS)]
            card.seeks = said[(card.place.pk, Side.SEEKS)] if self.shows(Part.SEEKS) else []

    def _say_profiles(self, cards: list[Card]) -> None:
        people = [card.person.pk for card in cards]
        profiles = {profile.person_id: profile for profile in Profile.objects.filter(person__in=people)}
        usual: defaultdict[int, list[UsualHours]] = defaultdict(list)
        if self.shows(Part.HOURS):
            for row in UsualHours.objects.filter(person__in=people).order_by("weekday"):
                usual[row.person_id].append(row)
        for card in cards:
            person = card.person
            profile = profiles.get(person.pk) or Profile(person=person)
            pairing = self._open_pairings.get(person.pk)
            are_paired = pairing is not None and rules.may_read_partner(self.reader, pairing)
            card.pronouns = pronouns_in_directory(profile, are_paired=are_paired)
            card.shows_photo = self.shows(Part.PHOTO)
            for part in (Part.HEADLINE, Part.ABOUT, Part.HELP_WITH):
                if self.shows(part):
                    setattr(card, part, getattr(profile, part))
            if self.shows(Part.LANGUAGES):
                card.languages = languages.names_of(profile.languages)
            if self.shows(Part.PLACE) and person.time_zone:
                card.city = city_of(person)
            if self.shows(Part.DEPARTMENT):
                card.department = card.place.department
            reader = self.reader.zone if person.time_zone else person.zone
            card.hours = clocks.in_words(clocks.on_clock(usual[person.pk], person.zone, reader, self.now))

    # --- How it stands between the reader and each of them ---

    @cached_property
    def _open_pairings(self) -> dict[int, Pairing]:
        """With whom the reader is paired here, or asked whether they would like to be: by the other one."""
        own = Pairing.objects.filter(program=self.program).open().of(self.reader)
        return {pairing.partner_key(self.reader): pairing for pairing in own}

    @cached_property
    def requests(self) -> dict[int, PairingRequest]:
        """The reader's open ones, by mentor."""
        own = PairingRequest.objects.filter(program=self.program).made_by(self.reader).open()
        return {request.mentor_id: request for request in own}

    @cached_property
    def _watched(self) -> set[int]:
        own = RoomWatch.objects.filter(program=self.program, mentee=self.reader)
        return set(own.values_list("mentor", flat=True))

    @cached_property
    def has_as_many_as_allowed(self) -> bool:
        """Whether the reader has a mentor here, or as many as a mentee may have."""
        own = [pairing for pairing in self._open_pairings.values() if pairing.mentee_id == self.reader.pk]
        holding = [pairing for pairing in own if pairing.status in Pairing.HOLDING]
        return len(holding) >= self.program.pairings_per_mentee

    @property
    def may_ask(self) -> bool:
        """As far as it is not about a certain mentor."""
        return self.is_mentee and not self.has_as_many_as_allowed

    @property
    def asked_comes_next(self) -> bool:
        """Whether somebody who is asked now is only asked once another has answered."""
        counted = [one for one in self.requests.values() if one.state in PairingRequest.COUNTED]
        return len(counted) >= self.program.open_requests

    def _say_how_it_stands(self, cards: list[Card]) -> None:
        for card in cards:
            card.request = self.requests.get(card.person.pk)
            pairing = self._open_pairings.get(card.person.pk)
            card.pairing = pairing if pairing and not card.request else None
            card.is_watched = card.person.pk in self._watched

    def _say_why(self, cards: list[Card]) -> None:
        """What speaks for each of them and what does not, addressed to the reader, and what is against it."""
        if not cards:
            return
        room = {card.person.pk: card.room for card in cards}
        pool = pool_of(self.program, [self.place], [card.place for card in cards], self.now, room=room)
        musts = Musts(pool.matching)
        (mentee,) = pool.matching.mentees
        mentors = {mentor.key: mentor for mentor in pool.matching.mentors}
        for card in cards:
            broken = list(musts.broken(mentee, mentors[card.person.pk]))
            card.leaves_out = any(must.kind not in ABOUT_A_PERSON for must in broken)
            card.left_out_by = self._left_out_by(broken, mentee, mentors[card.person.pk])
            for speaks_for, said in self._reasons(pool, card):
                (card.speaks_for if speaks_for else card.speaks_against).append(said)

    def _left_out_by(self, broken: Sequence[Must], mentee: Mentee, mentor: Mentor) -> list[str]:
        """In words, as far as it is shown anyway; of whoever has not said where they live, no clock is known."""
        kinds = [must.kind for must in broken if must.kind in LEFT_OUT_BY]
        if mentee.zone is None or mentor.zone is None:
            kinds = [kind for kind in kinds if kind != "zone"]
        found = [LEFT_OUT_BY[kind] for kind in kinds]
        return [str(said) for part, said in found if part in self.parts]

    def _reasons(self, pool: Pool, card: Card) -> list[tuple[bool, str]]:
        told = in_directory(reasons(pool.matching, Pair(self.reader.pk, card.person.pk)), self.parts)
        names = (self.reader.first_name, card.person.first_name)
        return sentences(told, Reader.MENTEE, *names, pool.questions)


def shown_in_words(program: Program) -> list[str]:
    """What a program's directory shows of a mentor, for the mentor: their name and skills are always among it."""
    parts = [str(part.label) for part in Part if part in program.directory_shows]
    return [gettext("Name"), gettext("What they can help with"), gettext("Whether they have room"), *parts]
