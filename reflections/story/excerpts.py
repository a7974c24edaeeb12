"""Sentences of a text, and the words in it that show something. It asks no database."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# How long what is shown of one thing may be, in characters. The last two are of the year that fits on one sheet.
PULL, BESIDE, COLUMN, LINE = 280, 200, 160, 110
SHORTEST = 12
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|\n+|$")


@dataclass(frozen=True)
class Piece:
    """Some of the text; `mark` is the class of what underlines it, "" for none."""

    text: str
    mark: str = ""


def sentences(text: str) -> list[str]:
    """Each as it stands in the text."""
    return [text[start:end] for start, end in _spans(text)]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        found = _END.search(text, start)
        end = found.end() if found else len(text)
        kept = text[start:end]
        left, right = start + len(kept) - len(kept.lstrip()), start + len(kept.rstrip())
        if left < right:
            yield left, right
        start = max(end, start + 1)


def excerpt(text: str, quotes: Iterable[tuple[str, str]] = (), *, limit: int) -> list[Piece]:
    """All of it, where it is short; else the sentences that hold the quotes, or those it begins with.

    `quotes` are words of the text, each with the class of its mark; one that does not stand there marks nothing.
    """
    marks = _found(text, quotes)
    fits = len(text) <= limit
    kept = [(0, len(text))] if fits else _within(text, _sentences_with(text, marks, limit), limit)
    pieces: list[Piece] = []
    end_before = 0
    for start, end in kept:
        if text[end_before:start].strip():
            pieces.append(Piece(" … " if end_before else "… "))
        elif start:
            pieces.append(Piece(text[end_before:start]))
        pieces += _marked(text, start, end, marks)
        end_before = end
    if text[end_before:].strip():
        pieces.append(Piece(" …"))
    return pieces


def _sentences_with(text: str, marks: list[tuple[int, int, str]], limit: int) -> list[tuple[int, int]]:
    """Those that hold a mark, and what follows them as far as there is room; all of them, where none does."""
    spans = list(_spans(text))
    kept = [
        number
        for number, (start, end) in enumerate(spans)
        if any(start < stop and begin < end for begin, stop, _mark in marks)
    ]
    if not kept:
        return spans
    room = limit - sum(spans[number][1] - spans[number][0] + 1 for number in kept)
    for following in range(kept[-1] + 1, len(spans)):
        room -= spans[following][1] - spans[following][0] + 1
        if room < 0:
            break
        kept.append(following)
    return [spans[number] for number in kept]


def _found(text: str, quotes: Iterable[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where they stand; of two that share a word the first."""
    found: list[tuple[int, int, str]] = []
    places = [(text.find(quote), len(quote), mark) for quote, mark in quotes if quote]
    for at, length, mark in sorted(place for place in places if place[0] >= 0):
        if not found or at >= found[-1][1]:
            found.append((at, at + length, mark))
    return found


def _within(text: str, spans: list[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    """The first of them that fit, the last one cut after a word."""
    kept: list[tuple[int, int]] = []
    room = limit
    for start, end in spans:
        if end - start <= room:
            kept.append((start, end))
            room -= end - start + 1
            continue
        if not kept or room > limit // 2:
            cut = text.rfind(" ", start + SHORTEST, start + room)
            kept.append((start, cut if cut > start else start + room))
        break
    return kept


def _marked(text: str, start: int, end: int, marks: list[tuple[int, int, str]]) -> Iterator[Piece]:
    at = start
    for begin, stop, mark in marks:
        begin, stop = max(begin, at), min(stop, end)
        if begin >= stop:
            continue
        if at < begin:
            yield Piece(text[at:begin])
        yield Piece(text[begin:stop], mark)
        at = stop
    if at < end:
        yield Piece(text[at:end])
