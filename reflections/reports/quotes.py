"""Words that their writers let a program quote: as they stand, and nothing that says whose they are or from when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.vault import data_keys
from accounts.vault.errors import Unreadable
from mentoring.models import Program
from reflections.models import Answer, Moment

# What a report has at most, and what an admin chooses from.
MOST_QUOTES = 12
OFFERED = 100


@dataclass(frozen=True)
class Quote:
    """`key` is random, and says nothing of the row that it finds again."""

    key: UUID
    words: str


def to_choose_from(programs: Collection[Program]) -> Sequence[Quote]:
    """What may be quoted from the walls of these programs, in no order that means anything; by three queries."""
    return _read(
        [
            *Moment.objects.to_be_quoted().filter(program__in=programs).order_by("seal_id")[:OFFERED],
            *Answer.objects.to_be_quoted()
            .filter(reflection__round__program__in=programs)
            .select_related("reflection")
            .order_by("seal_id")[:OFFERED],
        ]
    )


def chosen_from(programs: Collection[Program], keys: Iterable[str]) -> Sequence[Quote]:
    """Those of them that were chosen, as far as they still may be quoted now."""
    wanted = set(keys)
    return [quote for quote in to_choose_from(programs) if str(quote.key) in wanted]


def _read(rows: Sequence[Moment | Answer]) -> Sequence[Quote]:
    """Without what cannot be opened any more."""
    data_keys.prepare(row.sealed_for for row in rows)
    found = []
    for row in rows:
        words = _words(row)
        if words:
            found.append(Quote(row.seal_id, words))
    return sorted(found, key=lambda quote: quote.key)[:OFFERED]


def _words(row: Moment | Answer) -> str:
    names = ("text", "after") if isinstance(row, Answer) else ("text",)
    try:
        return "\n".join(filter(None, (str(getattr(row, name)) for name in names)))
    except Unreadable:
        return ""
