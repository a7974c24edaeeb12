"""What people of the demo program wrote, read from the text files beside this one."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
ANY = "any"


@dataclass(frozen=True)
class MomentText:
    who: str  # mentor, mentee or any
    area: str
    kind: str
    for_whom: str
    language: str
    text: str

    def suits(self, what: str, *, who: str, language: str) -> bool:
        """`what` is an area, "any" for none in particular, or "about" for what is about one's partner."""
        is_about_partner = self.for_whom in {"mentor", "mentee"}
        if what == "about" or is_about_partner:
            return what == "about" and is_about_partner and self.who == who
        # There are few texts in other languages, so these need not be of the very area.
        areas = {what, ANY} if language else {what}
        return self.who in {who, ANY} and self.area in areas and self.language == language


@dataclass(frozen=True)
class CastMoment:
    key: str
    quarters_ago: int
    days: int
    kind: str
    for_whom: str
    audience: str
    text: str


@dataclass(frozen=True)
class CastAnswer:
    key: str
    quarters_ago: int
    code: str
    audience: str
    text: str


@dataclass(frozen=True)
class CastValue:
    """Words of a moment or an answer of theirs, and the value that they show."""

    key: str
    value: str
    quote: str


@dataclass(frozen=True)
class EarlierMoment:
    key: str
    days: int
    kind: str
    for_whom: str
    text: str


def blocks(name: str) -> Iterator[tuple[list[str], str]]:
    """Each block's header words and its text. Lines before the first header are the file's own remarks."""
    for block in (FOLDER / name).read_text(encoding="utf-8").split("\n== ")[1:]:
        header, _, text = block.partition("\n")
        yield header.split(), text.strip()


def _open(word: str) -> str:
    return "" if word == "-" else word


@cache
def moments() -> tuple[MomentText, ...]:
    return tuple(
        MomentText(who, area, _open(kind), _open(whom), language[0] if language else "", text)
        for (who, area, kind, whom, *language), text in blocks("moments.txt")
    )


@cache
def moments_by_text() -> dict[str, MomentText]:
    return {one.text: one for one in moments()}


@cache
def answers() -> dict[tuple[str, str], tuple[str, ...]]:
    """The texts for each question, by its code and by who would answer so: mentor, mentee or any."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for words, text in blocks("answers.txt"):
        who = words.pop() if words[-1] in {"mentor", "mentee"} else ANY
        for code in words:
            found[code, who] = (*found.get((code, who), ()), text)
    return found


@cache
def cast_moments() -> tuple[CastMoment, ...]:
    return tuple(
        CastMoment(words[1], int(words[2]), int(words[3]), _open(words[4]), _open(words[5]), words[6], text)
        for words, text in blocks("cast.txt")
        if words[0] == "moment"
    )


@cache
def cast_answers() -> tuple[CastAnswer, ...]:
    return tuple(
        CastAnswer(words[1], int(words[2]), words[3], words[4], text)
        for words, text in blocks("cast.txt")
        if words[0] == "answer"
    )


@cache
def cast_values() -> tuple[CastValue, ...]:
    return tuple(
        CastValue(words[0], " ".join(words[1:]), text)
        for words, text in blocks("values.txt")
        if words[0] != "earlier"
    )


@cache
def earlier_moments() -> tuple[EarlierMoment, ...]:
    return tuple(
        EarlierMoment(words[1], int(words[2]), _open(words[3]), _open(words[4]), text)
        for words, text in blocks("values.txt")
        if words[0] == "earlier"
    )


class Deck:
    """Deals texts in a shuffled order, and none again before all others had their turn."""

    def __init__(self, texts: Sequence[str], rng: random.Random) -> None:
        self._texts = list(texts)
        rng.shuffle(self._texts)
        self._next = 0

    def deal(self, not_these: set[str]) -> str | None:
        """The next text that is not among `not_these`, if there is one."""
        for _ in range(len(self._texts)):
            text = self._texts[self._next % len(self._texts)]
            self._next += 1
            if text not in not_these:
                return text
        return None
