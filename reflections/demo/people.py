"""Who is in the demo program. Nothing here touches Django, so that whatever starts a demo can read it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .cities import AREAS, CITIES, DEPARTMENTS, City

PASSWORD = "low-tide-at-noon"  # noqa: S105 (printed on purpose: the key to a house in which nobody lives)

ADMIN_EMAIL = "teresa@harbor.example"
MENTOR_EMAIL = "hanne@harbor.example"
MENTEE_EMAIL = "devika@harbor.example"
BOTH_EMAIL = "callum@harbor.example"
SUPERUSER_EMAIL = "ruth@harbor.example"
OTHER_ADMIN_EMAIL = "ilse@hill.example"

# What somebody who tries the demo may sign in as: (what they are, e-mail address, password).
SIGN_INS: tuple[tuple[str, str, str], ...] = (
    ("program admin", ADMIN_EMAIL, PASSWORD),
    ("mentor", MENTOR_EMAIL, PASSWORD),
    ("mentee", MENTEE_EMAIL, PASSWORD),
    ("both mentor and mentee", BOTH_EMAIL, PASSWORD),
    ("admin of another program", OTHER_ADMIN_EMAIL, PASSWORD),
    ("superuser", SUPERUSER_EMAIL, PASSWORD),
)


@dataclass
class Person:
    """One member of a program, before the database knows them. `key` names the few whose texts are written for them."""

    name: str
    email: str
    city: City
    area: str
    department: str
    role: str
    status: str = "active"
    language: str = "en-us"
    preferred_name: str = ""
    offers: str = ""
    seeks: str = ""
    key: str = ""
    joined_on: date | None = None
    told: set[str] = field(default_factory=set)

    @property
    def is_mentor(self) -> bool:
        return self.role in {"mentor", "both"}

    @property
    def is_mentee(self) -> bool:
        return self.role in {"mentee", "both"}

    @property
    def first_name(self) -> str:
        return self.preferred_name or self.name.split(" ", 1)[0]


OFFERS = {
    "eng": (
        "reading a site, talking to contractors, saying no early, Working with contractors",
        "load paths, design reviews, calm on a bad day",
        "tides and what they do to a timetable; drawing by hand, Planning a project",
        "leading a first crew, and being led by it, Leading for the first time",
    ),
    "med": (
        "night shifts, hard conversations, asking for a second look, Conflict in a team",
        "handovers that leave nothing out; starting on a new ward, First months in a new place",
        "coming back after a long leave; looking after oneself, Coming back after a break",
        "teaching at the bedside, and families in waiting rooms, Teaching",
    ),
    "uni": (
        "finishing a thesis, and life with one, Research and practice",
        "teaching large rooms; writing so that people answer, Public speaking",
        "grants, refusals, and second tries, Technical writing",
        "going from research into practice, in either direction, Career changes",
    ),
    "city": (
        "public meetings, plain letters, patience with forms, Difficult letters",
        "budgets for people who do not like numbers, Budgets",
        "working between departments; knowing who to ask, Negotiating",
        "chairing, minute-taking, and handing things over, Chairing meetings",
    ),
}
SEEKS = {
    "eng": (
        "speaking up in design reviews",
        "a first site of one’s own, and how not to be afraid of it",
        "whether to stay technical or to lead",
        "writing reports that somebody reads",
    ),
    "med": (
        "confidence in front of consultants",
        "how people last in this work",
        "a way into research beside the ward",
        "leading a shift for the first time",
    ),
    "uni": (
        "the way from a thesis to a first job",
        "finding a question of one’s own",
        "how industry decides things",
        "teaching without a script",
    ),
    "city": (
        "leading people with more years behind them",
        "how to stay friendly at a counter",
        "saying difficult things in public meetings",
        "seeing a project through from map to street",
    ),
}

# One in so many of the people outside the cast has another status than active.
_STATUSES = {
    3: "invited",
    7: "applied",
    11: "waitlisted",
    14: "paused",
    17: "declined",
    20: "withdrawn",
    23: "completed",
}
_EVERY = 26
SMALLEST = 34  # with fewer people not every state would be there

_CAST = (
    (
        "hanne",
        "Hanne Lüders",
        "hamburg",
        "eng",
        "Quay walls",
        "mentor",
        "load paths, design reviews, calm on a bad day",
    ),
    (
        "devika",
        "Devika Menon",
        "kochi",
        "eng",
        "Bridges",
        "mentee",
        "saying what one thinks in a design review, design reviews",
    ),
    (
        "callum",
        "Callum MacAskill",
        "halifax",
        "city",
        "Water",
        "both",
        "leading people with more years behind them",
    ),
    (
        "laila",
        "ليلى منصور",
        "alexandria",
        "uni",
        "Hydrology",
        "mentee",
        "the way from a thesis to a first job",
    ),
    ("jonas", "Jonas Wiebe", "hamburg", "eng", "Test yard", "mentee", "the first year on site"),
    (
        "ines",
        "Inês Carvalho",
        "lisbon",
        "city",
        "Streets",
        "mentee",
        "seeing a project through from map to street",
    ),
    (
        "beatriz",
        "Beatriz Antunes",
        "lisbon",
        "eng",
        "Survey",
        "mentee",
        "whether to stay technical or to lead, design reviews",
    ),
)


_NEWCOMERS = (
    (
        "greer",
        "Greer MacNeil",
        "halifax",
        "city",
        "Housing",
        "mentee",
        "waitlisted",
        "",
        "Difficult letters, Saying no",
    ),
    (
        "samir",
        "Samir Fahmy",
        "alexandria",
        "med",
        "Radiology",
        "mentee",
        "waitlisted",
        "",
        "Research and practice",
    ),
    ("liv", "Liv Petersen", "hamburg", "uni", "Law", "mentee", "waitlisted", "", "Public speaking, Teaching"),
    (
        "odete",
        "Odete Salgado",
        "lisbon",
        "med",
        "Night wards",
        "mentee",
        "applied",
        "",
        "Time for oneself, Delegating",
    ),
    (
        "svea",
        "Svea Harms",
        "hamburg",
        "eng",
        "Survey",
        "mentor",
        "applied",
        "Negotiating, Planning a project",
        "",
    ),
    (
        "nikhil",
        "Nikhil Varma",
        "kochi",
        "uni",
        "Education",
        "both",
        "applied",
        "Teaching",
        "Budgets, Chairing meetings",
    ),
    (
        "mara",
        "Mara Quaresma",
        "lisbon",
        "city",
        "Archive",
        "mentee",
        "applied",
        "",
        "First months in a new place",
    ),
)


def cast() -> list[Person]:
    """Those whose texts are written for them: the mentor, the mentee and the one who is both, and their partners."""
    people = []
    for key, name, city, area, room, role, about in _CAST:
        home = CITIES[city]
        person = Person(name, f"{key}@harbor.example", home, area, home.department(area, room), role, key=key)
        if key == "jonas":
            person.status = "completed"
        if person.is_mentee:
            person.seeks = about
        if person.is_mentor:
            person.offers = (
                "public meetings, plain letters, patience, Difficult letters" if person.is_mentee else about
            )
        people.append(person)
    return people


def teachers() -> list[Person]:
    """Everybody in the second, small program."""
    people = [
        Person(name, f"{key}@hill.example", CITIES["halifax"], "uni", "Hill School", role)
        for key, name, role in (
            ("agnes", "Agnes Thorburn", "mentor"),
            ("malik", "Malik Beaton", "mentee"),
            ("rosalie", "Rosalie Comeau", "mentor"),
            ("wendell", "Wendell Cho", "mentee"),
            ("zoe", "Zoë Sampson", "mentee"),
            ("tierney", "Tierney Walsh", "both"),
        )
    ]
    for person in people:
        person.offers = "the first parents’ evening, and the second" if person.is_mentor else ""
        person.seeks = "a quiet room, quietly" if person.is_mentee else ""
    return people


def newcomers() -> list[Person]:
    """Those who have asked for a place in the demo program: the first of the waitlist first."""
    return [
        Person(
            name,
            f"{key}@harbor.example",
            CITIES[city],
            area,
            CITIES[city].department(area, room),
            role,
            status,
            language="de" if city == "hamburg" else "en-us",
            offers=offers,
            seeks=seeks,
        )
        for key, name, city, area, room, role, status, offers, seeks in _NEWCOMERS
    ]


def invent(count: int, rng: random.Random) -> Iterator[Person]:
    """So many more people, no two with the same address, of every role and every status."""
    taken: set[str] = set()
    cities = list(CITIES.values())
    for number in range(count):
        city = cities[number % len(cities)]
        first, last = city.name(number // len(cities), rng)
        area = AREAS[(number // 2) % len(AREAS)]
        role = "both" if number % 9 == 8 else "mentor" if (number + number // 5) % 5 in {0, 3} else "mentee"
        status = _STATUSES.get(number % _EVERY, "active")
        if status in {"waitlisted", "paused", "withdrawn", "completed"}:
            role = "mentee"  # these have a pairing that shares their fate, or wait for a place, which mentors need not
        person = Person(
            f"{first.text} {last.text}",
            _address(f"{first.plain}.{last.plain}", taken),
            city,
            area,
            city.department(area, rng.choice(DEPARTMENTS[area])),
            role,
            status,
            language="de" if city.language == "de" and rng.random() < 0.4 else "en-us",
        )
        if person.is_mentor:
            person.offers = rng.choice(OFFERS[area])
        if person.is_mentee:
            person.seeks = rng.choice(SEEKS[area])
        yield person


def _address(local: str, taken: set[str]) -> str:
    address, number = f"{local}@harbor.example", 1
    while address in taken:
        number += 1
        address = f"{local}{number}@harbor.example"
    taken.add(address)
    return address
