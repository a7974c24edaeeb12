"""What stands in a keepsake book: somebody's own words by year, and what they were thanked for. Nothing is counted.

The whole book is held in memory once, since a page of a book can only be set when the one before it is.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import long_date
from accounts.vault import data_keys
from accounts.vault.reading import words
from mentoring.models import Enrollment, Farewell, Note, Pairing, Postcard
from mentoring.quarter import Quarter
from reflections import whom
from reflections.models import (
    Answer,
    Keepsake,
    Moment,
    OwnMentor,
    Reflection,
    Reply,
    Response,
    RoleSet,
    Thanks,
    Value,
    ValueShown,
)
from reflections.rounds import POSITIONS
from reflections.whom import WhomWords

Part = Keepsake.Part
PIECES = Answer.Piece.values
LAST = 1_000_000
ROOM = 200


@dataclass(frozen=True)
class More:
    """Words that belong to a piece, under a word of ours: `After`, `What it gave you`."""

    label: str
    text: str


@dataclass(frozen=True)
class Piece:
    """Some words. `kind` is for machines; `heading` is what they answer, or to whom they went; `notes` say when."""

    kind: str
    on: date | None
    text: str
    heading: str = ""
    more: tuple[More, ...] = ()
    notes: tuple[str, ...] = ()
    is_by_others: bool = False


@dataclass(frozen=True)
class Section:
    title: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Chapter:
    title: str
    sections: list[Section]


@dataclass(frozen=True)
class Book:
    name: str
    made_on: date
    # The years that were chosen, or in which something stands: none for a book without any.
    first: int | None
    last: int | None
    chapters: list[Chapter] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.chapters

    @property
    def weight(self) -> int:
        """How much there is to set, in letters: a piece takes its lines and some room besides."""
        return sum(
            ROOM + len(piece.heading) + len(piece.text) + sum(len(more.text) for more in piece.more)
            for piece in self.pieces()
        )

    def pieces(self) -> Iterator[Piece]:
        for chapter in self.chapters:
            for section in chapter.sections:
                yield from section.pieces


@dataclass(frozen=True)
class _Found:
    """A section with its day, which lies in its year, and its place among those of one day."""

    on: date
    order: int
    section: Section


def years_of(person: User) -> list[int]:
    """The years in which there is something that a book could hold, the newest first."""
    found: set[int] = set()
    sources: tuple[tuple[QuerySet[Any], str], ...] = (
        (Moment.objects.of(person), "happened_on"),
        (_answered(person), "round__due_on"),
        (_notes(person), "noted_at"),
        (Note.objects.filter(author=person), "created_at"),
        (Farewell.objects.visible_to(person).exclude(answered_at=None), "answered_at"),
        (Postcard.objects.filter(person=person).exclude(sent_at=None), "sent_at"),
        (Response.objects.filter(reader=person).exclude(asked_at=None, thanked_at=None), "read_at"),
        (Reply.objects.filter(person=person), "created_at"),
    )
    for rows, path in sources:
        in_years = rows.annotate(in_year=ExtractYear(path)).order_by()
        found |= set(in_years.values_list("in_year", flat=True).distinct())
    return sorted(found, reverse=True)


def gather(person: User, parts: Collection[str], years: Collection[int], *, now: datetime) -> Book:
    """The book in the language and the zone that are active. No `years`: all of them.

    Words that cannot be opened any more stand there as the sentence that says so.
    """
    data_keys.prepare([person.pk])
    first_month = _first_month(person)
    found: list[_Found] = []
    if Part.REFLECTIONS in parts:
        found += _reflections(person, with_locked=Part.LOCKED in parts)
    if Part.MOMENTS in parts:
        found += _moments(person, first_month, with_values=Part.VALUES in parts)
    if Part.THANKS in parts:
        found += _thanks(person)
    if Part.ROOMS in parts:
        found += _rooms(person)
    wanted = [each for each in found if not years or each.on.year in years]
    wanted.sort(key=lambda each: (each.on, each.order))
    chapters = [
        Chapter(str(year), [each.section for each in group])
        for year, group in groupby(wanted, key=lambda each: each.on.year)
    ]
    if Part.VALUES in parts:
        chapters += _values(person, years, with_locked=Part.LOCKED in parts)
    if Part.THANKS in parts:
        chapters += _mentors(person)
    inside = sorted(years) or [each.on.year for each in wanted]
    return Book(
        name=person.name or person.first_name,
        made_on=timezone.localdate(now),
        first=inside[0] if inside else None,
        last=inside[-1] if inside else None,
        chapters=chapters,
    )


def _first_month(person: User) -> int:
    place = (
        Enrollment.objects.visible_to(person).select_related("program").order_by("joined_on", "pk").first()
    )
    return place.program.fiscal_first_month if place else 1


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _partner(pairing: Pairing, person: User) -> str:
    partner = pairing.partner_of(person)
    return partner.name or partner.first_name


# --- By year -------------------------------------------------------------------------------------------------------


def _answered(person: User) -> QuerySet[Reflection]:
    return Reflection.objects.visible_to(person).filter(
        Q(answers__text__is_empty=False) | Q(answers__after__is_empty=False)
    )


def _notes(person: User) -> QuerySet[Thanks]:
    """Written by them, sent or not, and sent to them here; `noted_at` is when."""
    notes = Thanks.objects.visible_to(person).filter(text__is_empty=False)
    return notes.annotate(noted_at=Coalesce("sent_at", "saved_at"))


def _reflections(person: User, *, with_locked: bool) -> Iterator[_Found]:
    answers = Answer.objects.filter(Q(text__is_empty=False) | Q(after__is_empty=False)).select_related(
        "question", "reflection"
    )
    if not with_locked:
        answers = answers.filter(is_locked=False, question__is_locked=False)
    mine = (
        Reflection.objects.visible_to(person)
        .select_related("round__program")
        .prefetch_related(Prefetch("answers", answers), "round__questions")
        .order_by("round__due_on", "pk")
    )
    for reflection in mine:
        written = _in_order(reflection)
        if written:
            title = f"{reflection.round.program}, {reflection.round.quarter.label}"
            pieces = [_answer(answer) for answer in written]
            yield _Found(reflection.round.due_on, 2, Section(title, pieces))


def _in_order(reflection: Reflection) -> list[Answer]:
    """As they were asked; what was answered to a question of another set stands last."""
    place = POSITIONS[RoleSet(reflection.role)]
    places = {question.pk: getattr(question, place) or LAST for question in reflection.round.questions.all()}

    def order(answer: Answer) -> tuple[int, int, int]:
        return places[answer.question_id], answer.question_id, PIECES.index(answer.piece)

    return sorted(reflection.answers.all(), key=order)


def _answer(answer: Answer) -> Piece:
    after = words(answer, "after")
    return Piece(
        kind="answer",
        on=_day(answer.saved_at),
        heading=answer.question.asked,
        text=words(answer, "text"),
        more=(More(_("And after"), after),) if after else (),
        notes=(long_date(answer.saved_at),),
    )


def _moments(person: User, first_month: int, *, with_values: bool) -> Iterator[_Found]:
    moments = Moment.objects.of(person).select_related("mentoring_in__mentor", "mentoring_in__mentee")
    shows = _names_by_moment(person) if with_values else {}
    whom_words = whom.of_person(person)
    kept = moments.order_by("happened_on", "pk").iterator(chunk_size=500)
    for quarter, group in groupby(kept, key=lambda each: Quarter.containing(each.happened_on, first_month)):
        # A fiscal quarter can lie in two years.
        for year, in_one in groupby(group, key=lambda each: each.happened_on.year):
            pieces = [_moment(moment, person, shows.get(moment.pk, []), whom_words) for moment in in_one]
            title = _("Moments of %(quarter)s") % {"quarter": quarter.label}
            yield _Found(max(quarter.start, date(year, 1, 1)), 1, Section(title, pieces))


def _names_by_moment(person: User) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    shown = ValueShown.objects.of(person).filter(moment__isnull=False).select_related("value")
    for row in shown.order_by("value__created_at", "value"):
        names.setdefault(row.moment_id or 0, []).append(words(row.value, "name"))
    return names


def _moment(moment: Moment, person: User, shows: list[str], whom_words: WhomWords) -> Piece:
    gave = words(moment, "gave")
    mentoring = ""
    if moment.mentoring_in is not None:
        mentoring = _("mentoring, with %(name)s") % {"name": _partner(moment.mentoring_in, person)}
    about = (
        long_date(moment.happened_on),
        moment.get_kind_display() if moment.kind else "",
        whom_words.said(moment.for_whom),
        mentoring,
        ", ".join(shows),
    )
    return Piece(
        kind="moment",
        on=moment.happened_on,
        text=words(moment, "text"),
        more=(More(_("What it gave you"), gave),) if gave else (),
        notes=tuple(filter(None, about)),
    )


def _thanks(person: User) -> Iterator[_Found]:
    notes = sorted(_notes(person).select_related("writer", "recipient", "mentor"), key=_noted)
    data_keys.prepare(note.writer_id for note in notes)
    for year, group in groupby(notes, key=lambda note: _day(_noted(note)).year):
        of_year = list(group)
        for title, is_mine in ((_("Notes you wrote"), True), (_("Notes to you"), False)):
            pieces = [_note(note, person) for note in of_year if (note.writer_id == person.pk) is is_mine]
            if pieces:
                yield _Found(date(year, 12, 31), 3, Section(title, pieces))


def _noted(note: Thanks) -> datetime:
    return note.sent_at or note.saved_at


def _note(note: Thanks, person: User) -> Piece:
    by_me = note.writer_id == person.pk
    if not by_me:
        heading = _("From %(name)s") % {"name": note.writer.name or note.writer.first_name}
    elif note.recipient is not None:
        heading = _("To %(name)s") % {"name": note.recipient.name or note.recipient.first_name}
    elif note.mentor is not None:
        heading = _("To %(name)s") % {"name": words(note.mentor, "name")}
    else:
        heading = ""
    about = (long_date(_noted(note)), "" if note.sent_at else _("not sent"))
    return Piece(
        kind="note_written" if by_me else "note_received",
        on=_day(_noted(note)),
        heading=heading,
        text=words(note, "text"),
        notes=tuple(filter(None, about)),
        is_by_others=not by_me,
    )


def _rooms(person: User) -> Iterator[_Found]:
    """Own notes, farewells and postcards, and what they said to what was shared with them: a section for each pairing
    and year."""
    pieces: list[tuple[Pairing, date, Piece]] = []
    people = ("pairing__mentor", "pairing__mentee", "pairing__program")
    for note in Note.objects.filter(author=person).select_related(*people):
        on = _day(note.created_at)
        pieces.append((note.pairing, on, Piece("room_note", on, words(note, "text"), notes=(long_date(on),))))
    for farewell in Farewell.objects.visible_to(person).exclude(answered_at=None).select_related(*people):
        on = _day(farewell.answered_at or farewell.asked_at)
        for name, heading in (("keep", _("What I will keep")), ("hear", _("What they should hear"))):
            if said := words(farewell, name):
                piece = Piece("farewell", on, said, heading=heading, notes=(long_date(on),))
                pieces.append((farewell.pairing, on, piece))
    for card in Postcard.objects.filter(person=person).exclude(sent_at=None).select_related(*people):
        on = _day(card.sent_at or card.asked_at)
        piece = Piece("postcard", on, words(card, "text"), heading=_("A postcard"), notes=(long_date(on),))
        pieces.append((card.pairing, on, piece))
    for response in Response.objects.filter(reader=person).select_related(*people):
        for name, at, heading in (
            ("thanks", response.thanked_at, _("You thanked")),
            ("question", response.asked_at, _("You asked")),
        ):
            if at is not None and (said := words(response, name)):
                piece = Piece(name, _day(at), said, heading=heading, notes=(long_date(at),))
                pieces.append((response.pairing, _day(at), piece))
    replies = Reply.objects.filter(person=person).select_related(*(f"response__{name}" for name in people))
    for reply in replies:
        on = _day(reply.created_at)
        piece = Piece("reply", on, words(reply, "text"), heading=_("You answered"), notes=(long_date(on),))
        pieces.append((reply.response.pairing, on, piece))
    pieces = [each for each in pieces if each[2].text]
    pieces.sort(key=lambda each: (each[1].year, each[0].pk, each[1]))
    for (year, _pk), group in groupby(pieces, key=lambda each: (each[1].year, each[0].pk)):
        in_one = list(group)
        title = _("With %(name)s, in %(program)s") % {
            "name": _partner(in_one[0][0], person),
            "program": in_one[0][0].program,
        }
        yield _Found(date(year, 12, 31), 4, Section(title, [piece for _p, _d, piece in in_one]))


# --- Across the years ----------------------------------------------------------------------------------------------


def _values(person: User, years: Collection[int], *, with_locked: bool) -> Iterator[Chapter]:
    shown = Prefetch(
        "shown",
        ValueShown.objects.select_related(
            "value", "moment", "answer__reflection__round__program", "answer__question"
        ).order_by("created_at", "pk"),
    )
    sections = []
    for value in Value.objects.of(person).prefetch_related(shown):
        pieces = [piece for row in value.shown.all() if (piece := _sentence(row, years, with_locked))]
        if pieces or not years:
            sections.append(Section(words(value, "name"), pieces))
    if sections:
        yield Chapter(_("What you care about"), sections)


def _sentence(row: ValueShown, years: Collection[int], with_locked: bool) -> Piece | None:
    """The words that show it; None where they are of another year, or locked and not to be in the book."""
    said = words(row, "quote")
    if row.moment is not None:
        on = row.moment.happened_on
        return _of_year(
            years, Piece("sentence", on, said or words(row.moment, "text"), notes=(long_date(on),))
        )
    if row.answer is None or (row.answer.is_locked and not with_locked):
        return None
    round = row.answer.reflection.round
    where = f"{round.program}, {round.quarter.label}"
    return _of_year(years, Piece("sentence", round.due_on, said or words(row.answer, "text"), notes=(where,)))


def _of_year(years: Collection[int], piece: Piece) -> Piece | None:
    return piece if not years or (piece.on is not None and piece.on.year in years) else None


def _mentors(person: User) -> Iterator[Chapter]:
    pieces = []
    for mentor in OwnMentor.objects.of(person):
        kept = words(mentor, "kept")
        pieces.append(Piece("mentor", None, kept, heading=words(mentor, "name")))
    if pieces:
        yield Chapter(_("Who your mentors are"), [Section("", pieces)])
