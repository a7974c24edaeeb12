"""Around the meetings of the demo's pairs: whether they met, what they want to talk about, and what they noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db.models import F

from accounts.models import User
from accounts.vault import data_keys
from mentoring import starters
from mentoring.models import AgendaItem, Meeting, Note, Pairing, Program

from .calendar import Times
from .pairs import Pair
from .words import blocks

# However large the program is: each writer takes a key of their own.
MOST_PAIRS = 40
SAID_AFTER = timedelta(hours=5)


@dataclass(frozen=True)
class _Text:
    who: str
    side: str
    what: str
    text: str


def make(program: Program, pairs: Sequence[Pair], users: dict[str, User], times: Times) -> int:
    """How many things were written."""
    starters.give_suggested(program)
    _say_that_they_met(pairs, times)
    texts = [_read(header, text) for header, text in blocks("meet.txt")]
    begun = [pair for pair in pairs if pair.status in (Pairing.Status.ACTIVE, Pairing.Status.COMPLETED)]
    begun.sort(key=lambda pair: not _of_the_cast(pair, texts))
    written = [row for pair in begun[:MOST_PAIRS] for row in _rows(pair, texts, users, times)]
    _save(written)
    return len(written)


def _read(header: Sequence[str], text: str) -> _Text:
    who, side = header[0].split(".")
    return _Text(who, side, header[1], text)


def _say_that_they_met(pairs: Sequence[Pair], times: Times) -> None:
    """Of every meeting that was, but for the last one of a pair that somebody who signs in has to answer for."""
    past = Meeting.objects.filter(pairing__in=[pair.saved.pk for pair in pairs if pair.row]).past(times.now)
    past.update(took_place=True, said_at=F("starts_at") + SAID_AFTER)
    last = _last_meeting(next((pair for pair in pairs if pair.mentee.key == "devika"), None), times)
    if last is not None:
        not_long_ago = (times.now - timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
        starts_at = max(last.starts_at, not_long_ago)
        Meeting.objects.filter(pk=last.pk).update(took_place=None, said_at=None, starts_at=starts_at)
    came_along = _last_meeting(next((pair for pair in pairs if pair.mentee.key == "ines"), None), times)
    if came_along is not None:
        Meeting.objects.filter(pk=came_along.pk).update(kind=Meeting.Kind.CAME_ALONG)


def _last_meeting(pair: Pair | None, times: Times) -> Meeting | None:
    return Meeting.objects.filter(pairing=pair.saved).past(times.now).first() if pair else None


def _of_the_cast(pair: Pair, texts: Sequence[_Text]) -> bool:
    return any(text.who == pair.mentee.key for text in texts) and pair.mentor.key in ("hanne", "callum")


def _rows(
    pair: Pair, texts: Sequence[_Text], users: dict[str, User], times: Times
) -> Iterator[AgendaItem | Note]:
    met = _last_meeting(pair, times)
    if met is None:
        return
    who = pair.mentee.key if _of_the_cast(pair, texts) else "any"
    said = [text for text in texts if text.who == who]
    is_over = pair.status == Pairing.Status.COMPLETED
    for number, text in enumerate(said):
        author = users[(pair.mentor if text.side == "mentor" else pair.mentee).email]
        at = min(met.starts_at + timedelta(hours=2 + number), times.now - timedelta(minutes=30 - number))
        match text.what:
            case "open" if not is_over:
                yield AgendaItem(pairing=pair.saved, author=author, text=text.text, created_at=at)
            case "talked":
                before = met.starts_at - timedelta(days=3)
                yield AgendaItem(
                    pairing=pair.saved,
                    author=author,
                    text=text.text,
                    created_at=before,
                    talked_at=max(at, before),
                    meeting=met,
                )
            case "private" | "shared":
                yield Note(
                    pairing=pair.saved,
                    author=author,
                    meeting=met,
                    text=text.text,
                    is_shared=text.what == "shared",
                    created_at=at,
                    changed_at=at,
                )


def _save(rows: Sequence[AgendaItem | Note]) -> None:
    """Writer by writer, so that each key is looked up once."""
    for writer, theirs in groupby(sorted(rows, key=_writer), key=_writer):
        with data_keys.in_hand(writer):
            for row in theirs:
                row.save()


def _writer(row: AgendaItem | Note) -> int:
    return row.author_id
