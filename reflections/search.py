"""A search through one's own words, and the notes that one was given. They are sealed, so it opens them all, one after
the other, and looks.

Capitals and accents make no difference, nor does whether an apostrophe is a straight one. Each word that is looked for
has to stand somewhere in the text, alone or as a part of a longer word. Nothing of it is kept: neither what was looked
for nor what was found.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from accounts.vault import data_keys, reading
from mentoring.models import Note

from .desk import url_of_answer
from .models import Answer, Moment, Thanks

# Of what was found this much is shown around the first word.
AROUND = 140
LONGEST_QUERY = 200
MOST_WORDS = 12
# Letters with a stroke or of two in one, which Unicode does not take apart.
APART = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
MARKS = re.compile("[\u0300-\u036f]+")
# Anything but ASCII and the quotes, dashes and dots of print, of which there are some in most texts.
OTHER = re.compile("[^\x00-\x7f\u2010-\u2027]")


def fold(text: str) -> str:
    """As texts are compared: without capitals and accents."""
    text = text.casefold()
    if text.isascii():
        return text
    text = text.replace("’", "'").replace("‘", "'")
    if not OTHER.search(text):
        return text
    apart = unicodedata.normalize("NFD", text)
    if MARKS.search(apart):
        apart = MARKS.sub("", apart)
    for letter, plain in APART.items():
        if letter in apart:
            apart = apart.replace(letter, plain)
    return apart


def words_of(query: str) -> list[str]:
    """What is looked for, folded; the longest first, since it is the rarest."""
    words = fold(query[:LONGEST_QUERY]).split()
    return sorted(dict.fromkeys(words), key=len, reverse=True)[:MOST_WORDS]


@dataclass(frozen=True)
class Source:
    """Where somebody's words are: the rows of theirs, the fields with words, and the day that a row is about."""

    what: str
    rows: Callable[[User], QuerySet[Any]]
    fields: Sequence[str]
    day: str
    # For the page: with all that `told` needs.
    full: Callable[[QuerySet[Any]], QuerySet[Any]]
    told: Callable[[Any], tuple[str | Promise, str]]
    # The field that names who wrote, where that is somebody else: the keys of all are asked for at once.
    writer: str = ""


def _moment(row: Moment) -> tuple[str | Promise, str]:
    return _("A moment"), reverse("moments:edit", args=[row.pk])


def _answer(row: Answer) -> tuple[str | Promise, str]:
    return row.question.asked, url_of_answer(row)


def _note(row: Note) -> tuple[str | Promise, str]:
    return _("A note in a pairing’s room"), reverse("pairings:note", args=[row.pairing_id, row.pk])


def _thanks(row: Thanks) -> tuple[str | Promise, str]:
    return _("A note of thanks"), reverse("thanks:note", args=[row.pk])


def _received(row: Thanks) -> tuple[str | Promise, str]:
    name = row.writer.name or row.writer.first_name
    return _("A note to you, from %(name)s") % {"name": name}, reverse("thanks:received_note", args=[row.pk])


SOURCES = (
    Source("moment", lambda person: Moment.objects.of(person), ("text", "gave"), "happened_on",
           lambda rows: rows, _moment),
    Source("answer", lambda person: Answer.objects.filter(reflection__person=person), ("text", "after"), "saved_at",
           lambda rows: rows.select_related("reflection__round", "question"), _answer),
    Source("note", lambda person: Note.objects.filter(author=person), ("text",), "changed_at",
           lambda rows: rows.select_related("pairing"), _note),
    Source("thanks", lambda person: Thanks.objects.written_by(person), ("text",), "saved_at",
           lambda rows: rows, _thanks),
    Source("received", lambda person: Thanks.objects.to(person), ("text",), "sent_at",
           lambda rows: rows.select_related("writer"), _received, "writer"),
)  # fmt: skip
BY_NAME = {source.what: source for source in SOURCES}


@dataclass(frozen=True)
class Found:
    """A row in which all of it stands."""

    what: str
    pk: int
    on: date


@dataclass(frozen=True)
class Hit:
    """The row as the page shows it."""

    what: str
    told: str | Promise
    url: str
    on: date
    snippet: SafeString


@sensitive_variables("query", "wanted")
def search(person: User, query: str) -> list[Found]:
    """All of this person's own words, and the notes that they were given, in which each word of the query stands; the
    newest first."""
    wanted = words_of(query)
    if not wanted:
        return []
    found: list[Found] = []
    for source in SOURCES:
        rows = source.rows(person)
        if source.writer:
            data_keys.prepare(rows.order_by().values_list(source.writer, flat=True).distinct())
        keys = set(_matching(rows, source.fields, wanted))
        if keys:
            days = rows.filter(pk__in=keys).values_list("pk", source.day)
            found += [Found(source.what, pk, _day(at)) for pk, at in days]
    return sorted(found, key=lambda each: (each.on, each.what, each.pk), reverse=True)


@sensitive_variables("wanted", "text", "folded")
def _matching(rows: QuerySet[Any], fields: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    """The words may stand in different fields of one row."""
    if len(fields) == 1:
        yield from (pk for pk, text in _texts(rows, fields[0]) if _stands(wanted, fold(text)))
        return
    main, other = fields
    besides = dict(_texts(rows, other))
    for pk, text in _texts(rows, main):
        more = besides.pop(pk, "") if besides else ""
        if _stands(wanted, fold(f"{text}\n{more}" if more else text)):
            yield pk
    yield from (pk for pk, text in besides.items() if _stands(wanted, fold(text)))


def _texts(rows: QuerySet[Any], field: str) -> Iterator[tuple[int, str]]:
    """What cannot be read any more is not found."""
    written = rows.exclude(**{f"{field}__is_empty": True})
    return ((pk, text) for pk, text in reading.each(written, field) if text)


def _stands(wanted: Iterable[str], folded: str) -> bool:
    return all(word in folded for word in wanted)


def _day(at: date | datetime) -> date:
    return timezone.localdate(at) if isinstance(at, datetime) else at


# --- What the page shows of it -------------------------------------------------------------------------------------


@sensitive_variables("query", "wanted")
def hits(person: User, found: Sequence[Found], query: str) -> list[Hit]:
    """One page of what was found, with its words."""
    wanted = words_of(query)
    rows: dict[tuple[str, int], Any] = {}
    for source in SOURCES:
        keys = [each.pk for each in found if each.what == source.what]
        for row in source.full(source.rows(person).filter(pk__in=keys)) if keys else ():
            rows[source.what, row.pk] = row
    return [_hit(each, rows[each.what, each.pk], wanted) for each in found if (each.what, each.pk) in rows]


def _hit(found: Found, row: Any, wanted: Sequence[str]) -> Hit:
    source = BY_NAME[found.what]
    text = "\n".join(filter(None, (reading.words(row, field) for field in source.fields)))
    told, url = source.told(row)
    return Hit(found.what, told, url, found.on, snippet(text, wanted))


def snippet(text: str, wanted: Sequence[str]) -> SafeString:
    """The text around the first word that was looked for, each of them marked."""
    folded, place = _with_places(text)
    spans = sorted((place[at], place[at + len(word)]) for word in wanted for at in _all_places(folded, word))
    first = spans[0][0] if spans else 0
    begin = _word_border(text, max(0, first - AROUND))
    end = _word_border(text, min(len(text), begin + 2 * AROUND), back=True)
    parts: list[tuple[SafeString | str]] = [("… ",)] if begin else []
    at = begin
    for start, stop in spans:
        start, stop = max(start, at), min(stop, end)
        if start >= stop:
            continue
        parts += [(text[at:start],), (format_html("<mark>{}</mark>", text[start:stop]),)]
        at = stop
    parts += [(text[at:end],)]
    parts += [(" …",)] if end < len(text) else []
    return format_html_join("", "{}", parts)


def _with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters where it came from."""
    folded: list[str] = []
    place: list[int] = []
    for at, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            place.append(at)
    return "".join(folded), [*place, len(text)]


def _all_places(folded: str, word: str) -> Iterator[int]:
    at = folded.find(word)
    while at >= 0:
        yield at
        at = folded.find(word, at + len(word))


def _word_border(text: str, at: int, *, back: bool = False) -> int:
    """The place at or near `at` where no word is cut, if one is near."""
    if at in (0, len(text)):
        return at
    found = text.rfind(" ", max(0, at - 30), at) if back else text.find(" ", at, at + 30)
    return at if found < 0 else found + (not back)
