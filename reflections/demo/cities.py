"""The cities of the demo program: who might live there, and where they work."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .words import blocks

AREAS = ("eng", "med", "uni", "city")
DEPARTMENTS = {
    "eng": ("Quay walls", "Bridges", "Test yard", "Survey"),
    "med": ("Night wards", "Theater nursing", "Children", "Radiology"),
    "uni": ("Hydrology", "Mathematics", "Law", "Education"),
    "city": ("Water", "Housing", "Archive", "Streets"),
}
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "’": None})


@dataclass(frozen=True)
class Name:
    """As it is written, and the letters that an e-mail address has for it."""

    text: str
    plain: str

    @classmethod
    def read(cls, word: str) -> "Name":
        text, _, plain = word.partition("=")
        bare = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
        return cls(text, plain or bare.encode("ascii", "ignore").decode())

    @property
    def is_spelled(self) -> bool:
        """Whether it is in another script than an address."""
        return self.text.isalpha() and unicodedata.bidirectional(self.text[0]) == "AL"


@dataclass(frozen=True)
class City:
    """`language` is the one of its texts that are not in English, "" for none."""

    zone: str
    language: str
    houses: dict[str, str]
    first_names: Sequence[Name]
    last_names: Sequence[Name]

    def department(self, area: str, room: str) -> str:
        return f"{self.houses[area]} · {room}"

    def name(self, turn: int, rng: random.Random) -> tuple[Name, Name]:
        """A first name that comes round only after the others, and a last name in the same script."""
        first = self.first_names[(turn * 5 + 2) % len(self.first_names)]
        return first, rng.choice([last for last in self.last_names if last.is_spelled == first.is_spelled])


def _cities() -> dict[str, City]:
    found = {}
    for (key, zone, *language), text in blocks("cities.txt"):
        rows = dict(line.split(": ", 1) for line in text.splitlines())
        first, last = ([Name.read(word) for word in rows.pop(what).split()] for what in ("first", "last"))
        found[key] = City(zone, "".join(language), {**rows, "city": "City office"}, first, last)
    return found


CITIES = _cities()
