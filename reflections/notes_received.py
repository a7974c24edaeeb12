"""What others wrote to somebody in a quarter: notes, and thanks for what was shared. It stands beside one's own words
when the quarter is done."""

from dataclasses import dataclass
from datetime import datetime, time

from accounts.models import User
from accounts.vault import data_keys, reading

from .models import Response, Round, Thanks

SHOWN = 20


@dataclass(frozen=True)
class NoteReceived:
    writer: User
    text: str
    at: datetime


def notes_of_the_quarter(person: User, round: Round) -> list[NoteReceived]:
    """The newest first, by the program's clock; by two queries, and one for the keys of those who wrote.

    Thanks without words, and those for what is not shared any more, are not among them.
    """
    quarter, zone = round.quarter, round.program.zone
    within = (
        datetime.combine(quarter.start, time.min, zone),
        # What comes while the page is asked for belongs to it as well.
        datetime.combine(max(quarter.end, round.closes_on), time.max, zone),
    )
    notes = Thanks.objects.to(person).filter(sent_at__range=within).select_related("writer")
    thanks = (
        Response.objects.to(person)
        .still_shared()
        .filter(thanked_at__range=within, thanks__is_empty=False)
        .select_related("reader")
    )
    sent, said = list(notes.order_by("-sent_at")[:SHOWN]), list(thanks.order_by("-thanked_at")[:SHOWN])
    data_keys.prepare({note.writer_id for note in sent} | {row.reader_id for row in said})
    found = [
        NoteReceived(note.writer, reading.words(note, "text"), note.sent_at) for note in sent if note.sent_at
    ]
    found += [
        NoteReceived(row.reader, reading.words(row, "thanks"), row.thanked_at)
        for row in said
        if row.thanked_at
    ]
    return sorted(found, key=lambda note: note.at, reverse=True)[:SHOWN]
