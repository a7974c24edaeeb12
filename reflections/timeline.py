"""One line of time for the two of a pairing: the moments that they share, and the pages of their reflections, with what
the other one said to each. Nothing here tells what somebody wrote and shared with nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from accounts.models import User
from accounts.vault import data_keys, reading
from mentoring.models import Pairing

from .facing import readable_in
from .models import Answer, Audience, Moment, Reflection, Response
from .models.reflection import AnswerQuerySet

MOMENT, PAGE = "moments", "pages"


@dataclass(frozen=True)
class Said:
    """What the other one of the two said to a thing, as its two people read it."""

    row: Response

    @property
    def thanks(self) -> str:
        return reading.words(self.row, "thanks")

    @property
    def question(self) -> str:
        return reading.words(self.row, "question")

    @property
    def reply(self) -> str:
        return reading.words(self.row.reply, "text") if self.has_reply else ""

    @property
    def has_reply(self) -> bool:
        return hasattr(self.row, "reply")

    @property
    def is_only_read(self) -> bool:
        return self.row.thanked_at is None and self.row.asked_at is None


@dataclass(frozen=True)
class Shared:
    """One thing that one of the two let the other read. `said`: by the one whose it is not."""

    on: date
    writer: User
    is_mine: bool
    moment: Moment | None = None
    reflection: Reflection | None = None
    answers: list[Answer] = field(default_factory=list)
    said: Said | None = None

    @property
    def what(self) -> str:
        return MOMENT if self.moment else PAGE

    @property
    def thing(self) -> int:
        one = self.moment or self.reflection
        if one is None:
            raise ValueError("Nothing was shared.")
        return one.pk

    @property
    def waits_for_me(self) -> bool:
        """Whether the other one asked, and has no answer yet."""
        return (
            self.is_mine
            and self.said is not None
            and self.said.row.asked_at is not None
            and not self.said.has_reply
        )


def shared_in(pairing: Pairing, reader: User) -> QuerySet[Any, dict[str, Any]]:
    """What there is, the newest first: for `items`, which wants a page of it. Raises ValueError for a third person."""
    moments = _dated_moments(pairing, reader)
    pages = (
        Reflection.objects.filter(pk__in=_answers(pairing, reader).order_by().values("reflection"))
        .annotate(on=TruncDate("submitted_at", output_field=DateField()), what=Value(PAGE), thing=F("pk"))
        .values("on", "what", "thing")
    )
    found: QuerySet[Any, dict[str, Any]] = moments.order_by().union(pages.order_by(), all=True)
    return found.order_by("-on", "what", "-thing")


def moments_in(pairing: Pairing, reader: User) -> QuerySet[Any, dict[str, Any]]:
    """Of the same the moments alone."""
    found: QuerySet[Any, dict[str, Any]] = _dated_moments(pairing, reader).order_by("-on", "-thing")
    return found


def items(pairing: Pairing, reader: User, rows: Iterable[Mapping[str, Any]]) -> list[Shared]:
    """Those, with their words and what was said to them, by five queries at most."""
    rows = list(rows)
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    things = {what: [row["thing"] for row in rows if row["what"] == what] for what in (MOMENT, PAGE)}
    moments = _moments(pairing, reader).with_writers().with_readers().in_bulk(things[MOMENT])
    answers: defaultdict[int, list[Answer]] = defaultdict(list)
    if things[PAGE]:
        readable = _answers(pairing, reader).filter(reflection__in=things[PAGE])
        for answer in readable.select_related("reflection__person", "reflection__round__program"):
            answers[answer.reflection_id].append(answer)
    said = _said(pairing, things)
    found = []
    for row in rows:
        what, thing = row["what"], row["thing"]
        more = {"on": row["on"], "said": said.get((what, thing))}
        if what == MOMENT and thing in moments:
            moment = moments[thing]
            found.append(
                Shared(writer=moment.person, is_mine=moment.person_id == reader.pk, moment=moment, **more)
            )
        elif what == PAGE and answers[thing]:
            page = answers[thing][0].reflection
            mine = page.person_id == reader.pk
            found.append(
                Shared(writer=page.person, is_mine=mine, reflection=page, answers=answers[thing], **more)
            )
    return found


def item(pairing: Pairing, reader: User, what: str, thing: int) -> Shared | None:
    """One of them; None where this person cannot read it, or it is not shared with the two any more."""
    rows: list[dict[str, Any]] = []
    if what == MOMENT:
        rows = [
            {"on": on, "what": what, "thing": thing}
            for on in _moments(pairing, reader).filter(pk=thing).values_list("happened_on", flat=True)
        ]
    elif what == PAGE:
        there = _answers(pairing, reader).filter(reflection=thing).order_by()
        dated = Reflection.objects.filter(pk__in=there.values("reflection"))
        rows = [
            {"on": on, "what": what, "thing": thing}
            for on in dated.values_list(TruncDate("submitted_at", output_field=DateField()), flat=True)
        ]
    return next(iter(items(pairing, reader, rows)), None) if rows else None


def _moments(pairing: Pairing, reader: User) -> Any:
    pairing.partner_of(reader)
    return Moment.objects.visible_to(reader).shared_in(pairing)


def _dated_moments(pairing: Pairing, reader: User) -> Any:
    dated = _moments(pairing, reader).annotate(on=F("happened_on"), what=Value(MOMENT), thing=F("pk"))
    return dated.values("on", "what", "thing")


def _answers(pairing: Pairing, reader: User) -> AnswerQuerySet:
    """What was shared with the two; and of what was shared with the whole program, the quarters that they were a pair
    in, for what came before and after has nothing to do with them."""
    program, round = Q(audience=Audience.PROGRAM), "reflection__round__"
    theirs = Q(**{f"{round}program": pairing.program_id, f"{round}due_on__gte": pairing.starts_on})
    if pairing.ended_on:
        theirs &= Q(**{f"{round}quarter_start__lte": pairing.ended_on})
    return readable_in(pairing, reader).filter(~program | theirs)


def _said(pairing: Pairing, things: Mapping[str, list[int]]) -> dict[tuple[str, int], Said]:
    about = Response.objects.filter(pairing=pairing).select_related("reply")
    found: dict[tuple[str, int], Said] = {}
    for row in about.filter(moment__in=things[MOMENT]) | about.filter(reflection__in=things[PAGE]):
        key = (MOMENT, row.moment_id) if row.moment_id else (PAGE, row.reflection_id or 0)
        found[key] = Said(row)
    return found
