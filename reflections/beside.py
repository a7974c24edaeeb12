"""What lies beside the page of the quarter: one's own moments, meetings, and notes that others sent. One's own material
and nothing else: nothing here looks at what a partner wrote for themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.vault import data_keys
from mentoring.models import Meeting, Pairing
from mentoring.quarter import plus_months

from .desk import BESIDE, Desk
from .models import Answer, Moment, Question, Thanks
from .naming import named_in
from .wording import partner_names

# Of the quarter's material so much is looked through for a cue, and so many people are asked after.
LOOKED_THROUGH = 60
PEOPLE = 6
# To these questions an older moment may lie beside: "which old problem turned out to be a new one?", and one's own way.
OLD_PROBLEM, OWN_WAY = "M9", "W1"


@dataclass(frozen=True)
class Met:
    """A meeting with a partner."""

    name: str
    on: date
    came_along: bool
    pairing: int


@dataclass(frozen=True)
class Cue:
    """One way in for a second look, with what one has of one's own there."""

    key: str
    words: str
    moments: list[Moment]
    meetings: list[Met]
    notes: list[Thanks]

    @property
    def has_something(self) -> bool:
        return bool(self.moments or self.meetings or self.notes)


@dataclass
class Beside:
    """Asks the database for each part once, when needed. `now`: meetings to come are not remembered yet."""

    desk: Desk
    now: datetime

    @cached_property
    def moments(self) -> list[Moment]:
        return self._moments[:BESIDE]

    @cached_property
    def _moments(self) -> list[Moment]:
        found = Moment.objects.of(self.desk.person).within(self.desk.round.quarter).newest_first()
        return list(found.select_related("person")[:LOOKED_THROUGH])

    @cached_property
    def pairings(self) -> list[Pairing]:
        """Whom they were a pair with in this quarter, in this program; the newest first."""
        round = self.desk.round
        found = Pairing.objects.of(self.desk.person).begun().with_people()
        there = found.filter(program=round.program_id, starts_on__lte=round.due_on)
        return list(there.exclude(ended_on__lt=round.quarter_start).order_by("-starts_on", "-pk"))

    @cached_property
    def names(self) -> dict[int, str]:
        return partner_names(self.desk.person, self.pairings)

    @cached_property
    def meetings(self) -> list[Met]:
        """Those of the quarter that are over, the newest first. Whether they took place is for the two to say; one of
        which they said it did not is left out."""
        until = min(self.desk.began_at + timedelta(days=self._days), self.now)
        rows = (
            Meeting.objects.visible_to(self.desk.person)
            .past(until)
            .filter(pairing__in=[pairing.pk for pairing in self.pairings], starts_at__gte=self.desk.began_at)
            .exclude(took_place=False)[:LOOKED_THROUGH]
        )
        return [
            Met(
                name=self.names[row.pairing_id],
                on=timezone.localdate(row.starts_at),
                came_along=row.kind == Meeting.Kind.CAME_ALONG,
                pairing=row.pairing_id,
            )
            for row in rows
        ]

    @property
    def _days(self) -> int:
        quarter = self.desk.round.quarter
        return (quarter.end - quarter.start).days + 1

    @cached_property
    def notes(self) -> list[Thanks]:
        """What others sent them in this quarter, to read here."""
        began_at = self.desk.began_at
        rows = Thanks.objects.to(self.desk.person).filter(
            sent_at__gte=began_at, sent_at__lt=began_at + timedelta(days=self._days)
        )
        found = list(rows.select_related("writer").order_by("-sent_at", "-pk")[:LOOKED_THROUGH])
        data_keys.prepare([note.writer_id for note in found])
        return found

    # --- Looking again ---

    def cues(self) -> list[Cue]:
        """By month, the middle one first, since it is the one that is forgotten; by person; by kind."""
        return [*self._by_month(), *self._by_person(), *self._by_whom(), *self._by_kind()]

    def cue(self, key: str | None) -> Cue:
        """The one of that key, and the first for any other key."""
        cues = self.cues()
        return next((cue for cue in cues if cue.key == key), cues[0])

    def cue_after(self, key: str | None) -> Cue:
        """The next one, and after the last the first again."""
        cues = self.cues()
        keys = [cue.key for cue in cues]
        return cues[(keys.index(key) + 1) % len(cues)] if key in keys else cues[min(1, len(cues) - 1)]

    def _by_month(self) -> Iterator[Cue]:
        quarter = self.desk.round.quarter
        asked = {
            1: _("Begin in the middle, with %(month)s. Where were you, and who was there?"),
            0: _("Now the first month, %(month)s. What had just begun?"),
            2: _("And the last one, %(month)s. What is still fresh?"),
        }
        for number, words in asked.items():
            first, end = plus_months(quarter.start, number), plus_months(quarter.start, number + 1)
            yield Cue(
                key=f"month-{number + 1}",
                words=words % {"month": quarter.months[number]},
                moments=[each for each in self._moments if first <= each.happened_on < end][:BESIDE],
                meetings=[each for each in self.meetings if first <= each.on < end][:BESIDE],
                notes=[each for each in self.notes if first <= _day(each) < end][:BESIDE],
            )

    def _by_person(self) -> Iterator[Cue]:
        for pairing in self.pairings[:PEOPLE]:
            partner = pairing.partner_of(self.desk.person)
            yield Cue(
                key=f"with-{pairing.pk}",
                words=_("Think of %(name)s. What comes back?") % {"name": self.names[pairing.pk]},
                moments=[
                    each
                    for each in self._moments
                    if pairing.pk in (each.pairing_id, each.mentoring_in_id) or named_in(each.text, [partner])
                ][:BESIDE],
                meetings=[each for each in self.meetings if each.pairing == pairing.pk][:BESIDE],
                notes=[each for each in self.notes if each.writer_id == partner.pk][:BESIDE],
            )

    def _by_whom(self) -> Iterator[Cue]:
        asked = {
            Moment.Whom.COLLEAGUE: _("Somebody you work with. Whose day was easier for something you did?"),
            Moment.Whom.CLIENT: _("Somebody you serve. When were you straight with them, or patient?"),
            Moment.Whom.MYSELF: _("And yourself. What did you do for you?"),
        }
        for whom, words in asked.items():
            found = [each for each in self._moments if each.for_whom == whom]
            yield Cue(f"for-{whom}", words, found[:BESIDE], [], [])

    def _by_kind(self) -> Iterator[Cue]:
        """Only kinds of which they kept a moment: what a program calls a kind of moment is no task to have had one."""
        for kind in Moment.Kind:
            found = [each for each in self._moments if each.kind == kind]
            if found:
                words = _("You kept something as “%(kind)s”. What happened around it?") % {"kind": kind.label}
                yield Cue(f"kind-{kind}", words, found[:BESIDE], [], [])

    # --- Older ones ---

    def older(self, current: Question) -> list[Moment]:
        """Beside the question about an old problem one moment from before this quarter, another one each quarter;
        beside the one about their own way what they kept of mentoring in the year that ends with this quarter."""
        round = self.desk.round
        earlier = Moment.objects.of(self.desk.person).filter(happened_on__lt=round.quarter_start)
        if current.code == OLD_PROBLEM:
            place = round.quarter_start.toordinal()
            kept = earlier.filter(kind__in=[Moment.Kind.LEARNED, Moment.Kind.HARD_CALL, Moment.Kind.AHA])
            keys = list(kept.newest_first().values_list("pk", flat=True)[:LOOKED_THROUGH])
            chosen = keys[place % len(keys)] if keys else 0
            return list(Moment.objects.of(self.desk.person).filter(pk=chosen).select_related("person"))
        if current.code == OWN_WAY:
            since = plus_months(round.quarter_start, -9)
            kept = earlier.filter(happened_on__gte=since)
            return [each for each in kept.select_related("person").newest_first() if _is_of_mentoring(each)][
                :BESIDE
            ]
        return []


def _day(note: Thanks) -> date:
    return timezone.localdate(note.sent_at)


def _is_of_mentoring(moment: Moment) -> bool:
    return moment.mentoring_in_id is not None or moment.for_whom in (Moment.Whom.MENTEE, Moment.Whom.MENTOR)


def things_to_show(moments: Iterable[Moment], desk: Desk) -> dict[str, "Moment | Answer"]:
    """What a value may stand beside: moments of the quarter and what was written on this page, by a name for a form."""
    things: dict[str, Moment | Answer] = {f"moment-{moment.pk}": moment for moment in moments}
    for answer in desk.written:
        if not answer.is_locked:
            things[f"answer-{answer.pk}"] = answer
    return things
