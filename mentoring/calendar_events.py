"""Arrangements and meetings as calendars know them: rows in, `invites` values out, each as one person sees it.

Of a meeting that a mentor holds for several mentees, each mentee sees the mentor and themselves.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.mail import links
from accounts.models import User

from .invites import meeting as calendars
from .invites import messages
from .models import Arrangement, Attendance, Meeting, Pairing
from .models.meeting import MeetingQuerySet

log = logging.getLogger(__name__)
LANGUAGES = dict(settings.LANGUAGES)
EVERY = {
    Arrangement.Every.WEEK: calendars.Every.WEEK,
    Arrangement.Every.TWO_WEEKS: calendars.Every.TWO_WEEKS,
    Arrangement.Every.MONTH: calendars.Every.MONTH,
}
# What is older is in nobody's feed any more.
FEED_GOES_BACK = timedelta(days=366)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    """An arrangement as one of those who come sees it. `rows` are the meetings of their pairings in it, in the order
    of their starts, those that are called off among them; with their pairings, and these with their people."""

    arrangement: Arrangement
    person: User
    rows: list[Meeting]
    now: datetime
    attendances: list[Attendance] = field(default_factory=list)

    @property
    def standing(self) -> list[Meeting]:
        return [row for row in self.rows if row.cancelled_at is None]

    @property
    def coming(self) -> list[Meeting]:
        """Those that take place and are not over."""
        return [row for row in self.standing if row.ends_at > self.now]

    @property
    def to_come(self) -> list[Meeting]:
        """Of those one for each time."""
        by_start = {row.starts_at: row for row in reversed(self.coming)}
        return [by_start[start] for start in sorted(by_start)]

    @property
    def is_off(self) -> bool:
        """Whether there is nothing of it to come for them."""
        return self.arrangement.cancelled_at is not None or not self.coming

    @property
    def pairings(self) -> list[Pairing]:
        """Those that it is of, once each: who left it is not among them. Once nothing is to come, those of which it
        was; all of them, where it never took place."""
        found = {row.pairing_id: row.pairing for row in (self.coming or self.standing or self.rows)}
        return [found[key] for key in sorted(found)]

    def waits_for_answer(self, row: Meeting) -> bool:
        """Whether this person has yet to say if they come to it."""
        said = {each.meeting_id: each.answer for each in self.attendances if each.person_id == self.person.pk}
        return said.get(row.pk, said.get(None)) == Attendance.Answer.NEEDS_ACTION

    @property
    def page(self) -> str:
        """Where they find it."""
        return page_of(self.pairings)

    def called_off(self, since: datetime) -> list[Meeting]:
        """Those that were not over at that instant, and do not take place."""
        return [row for row in self.rows if row.cancelled_at is not None and row.ends_at > since]

    def pairings_at(self, meeting: Meeting) -> list[Pairing]:
        """Those for which this one takes place, or for which it was called off together, once each."""
        found = {
            row.pairing_id: row.pairing
            for row in self.rows
            if (row.original_at, row.cancelled_at) == (meeting.original_at, meeting.cancelled_at)
        }
        return [found[key] for key in sorted(found)]

    def at(self, original: datetime) -> list[Meeting]:
        """Of a series the one that would have begun then: a row for each of their pairings."""
        return [row for row in self.rows if row.original_at == original]

    def event(self) -> calendars.Meeting:
        """For a calendar. Of a series, rows that its rule does not name are left out, since no calendar could hold
        them. Raises ValueError for what no calendar can hold at all."""
        arrangement = self.arrangement
        rows = self.standing or self.rows
        first = min(rows, key=lambda row: (row.starts_at, row.pairing_id))
        program = first.pairing.program
        place = arrangement.place if arrangement.is_series else first.place
        # A link of the whole is a call; where single ones are somewhere else, each has its place in words.
        is_call = calendars.WEB_ADDRESS.fullmatch(place) is not None and all(
            row.place == place for row in self.standing
        )
        event = calendars.Meeting(
            uid=str(arrangement.uid),
            sequence=arrangement.sequence,
            starts=arrangement.starts_at if arrangement.is_series else first.starts_at,
            minutes=arrangement.minutes if arrangement.is_series else first.minutes,
            zone=arrangement.zone,
            summary=self._summary(),
            organizer=organizer(program.name),
            attendees=self._attendees(self.pairings),
            created=arrangement.created_at,
            changed=arrangement.changed_at,
            place="" if is_call else place,
            call=place if is_call else "",
            page=self.page,
            description=description(program.name, self.page),
            is_cancelled=not self.standing,
        )
        if not arrangement.is_series:
            return event
        series = calendars.Series(every=EVERY[Arrangement.Every(arrangement.every)], times=arrangement.times)
        return replace(event, series=self._as_it_became(replace(event, series=series), series))

    def _as_it_became(self, event: calendars.Meeting, series: calendars.Series) -> calendars.Series:
        without, moved = set(), []
        for original in event.occurrences():
            standing = [row for row in self.at(original) if row.cancelled_at is None]
            if not standing:
                without.add(original)
                continue
            row = standing[0]
            attendees = self._attendees([each.pairing for each in standing], standing)
            place = None if row.place == self.arrangement.place else row.place
            is_otherwise = place is not None or attendees != event.attendees
            if is_otherwise or (row.starts_at, row.minutes) != (original, event.minutes):
                moved.append(
                    calendars.Moved(
                        original=original,
                        starts=row.starts_at,
                        minutes=row.minutes,
                        place=place,
                        attendees=attendees,
                    )
                )
        return replace(series, without=frozenset(without), moved=tuple(moved))

    def _summary(self) -> str:
        mentor = self.pairings[0].mentor.first_name
        if len(self.pairings) == 1:
            return _("%(mentor)s and %(mentee)s") % {
                "mentor": mentor,
                "mentee": self.pairings[0].mentee.first_name,
            }
        count = len(self.pairings)
        return ngettext("%(mentor)s and %(count)s other", "%(mentor)s and %(count)s others", count) % {
            "mentor": mentor,
            "count": count,
        }

    def _attendees(
        self, pairings: Iterable[Pairing], rows: Iterable[Meeting] = ()
    ) -> tuple[calendars.Attendee, ...]:
        """With what each has said: to these rows alone, or else to all of it."""
        said = {each.person_id: each.answer for each in self.attendances if each.meeting_id is None}
        alone = {row.pk for row in rows}
        said |= {each.person_id: each.answer for each in self.attendances if each.meeting_id in alone}
        people: dict[int, User] = {}
        for pairing in sorted(pairings, key=lambda each: each.pk):
            people.setdefault(pairing.mentor_id, pairing.mentor)
            people.setdefault(pairing.mentee_id, pairing.mentee)
        return tuple(
            calendars.Attendee(
                str(person),
                person.email,
                calendars.Status(said.get(person.pk, calendars.Status.NEEDS_ACTION)),
            )
            for person in people.values()
            if may_be_asked(person)
        )


def page_of(pairings: Sequence[Pairing]) -> str:
    """The pair's page, or the list of their pairs where it is of several."""
    if len(pairings) == 1:
        return links.absolute("pairings:detail", pairings[0].pk)
    return links.absolute("pairings:list")


def may_be_asked(person: User) -> bool:
    """Whether a calendar can name this person as somebody who comes. Our own address cannot be: whoever reads mail
    there would be asked by themselves, which Outlook throws away."""
    is_ours = person.email.casefold() == settings.CALENDAR_ADDRESS.casefold()
    return person.is_active and not is_ours and calendars.ADDRESS.fullmatch(person.email) is not None


def organizer(name: str) -> calendars.Organizer:
    return calendars.Organizer(name, settings.CALENDAR_ADDRESS)


def description(program: str, page: str) -> tuple[str, ...]:
    return (
        _("A meeting in %(program)s.") % {"program": program},
        _("To move it or cancel it, open its page: %(url)s") % {"url": page},
    )


def seen_by(person: User, arrangement: Arrangement, now: datetime, *, answers: bool = True) -> Seen | None:
    """None for somebody who has nothing to do with it. By two queries, one without the `answers`."""
    rows = list(_rows(person).filter(arrangement=arrangement))
    if not rows:
        return None
    attendances = list(arrangement.attendances.all()) if answers else []
    return Seen(arrangement, person, rows, now, attendances)


def fingerprint(seen: Seen) -> bytes:
    """The same as long as what the invitation shows this person is: without its number and what was answered."""
    with translation.override(language_of(seen.person)):
        event = seen.event()
    series = event.series
    if series is not None:
        moved = (
            replace(each, attendees=None if each.attendees is None else _unanswered(each.attendees))
            for each in series.moved
        )
        # What is left of one that was moved only in what was answered to it.
        kept = tuple(each for each in moved if _is_otherwise(each, event))
        series = replace(series, moved=kept)
    event = replace(
        event, sequence=0, changed=event.created, attendees=_unanswered(event.attendees), series=series
    )
    # Whoever comes is not in a file to open.
    alone = [(each.original, each.attendees) for each in series.moved] if series else []
    return hashlib.sha256(messages.download(event) + repr((event.attendees, alone)).encode()).digest()


def feed(person: User, now: datetime) -> bytes:
    """All that this person meets for, from a year back on, for a calendar that subscribes; by three queries."""
    rows = _rows(person).filter(pairing__in=Pairing.objects.of(person).made_or_over())
    since = now - FEED_GOES_BACK
    recent = Meeting.objects.filter(starts_at__gt=since, pairing__in=Pairing.objects.of(person))
    arranged: defaultdict[Arrangement, list[Meeting]] = defaultdict(list)
    for row in rows.filter(arrangement__in=recent.values("arrangement")).select_related("arrangement"):
        if row.arrangement is not None:
            arranged[row.arrangement].append(row)
    events = []
    with translation.override(language_of(person)):
        for arrangement, theirs in arranged.items():
            try:
                events.append(Seen(arrangement, person, theirs, now).event())
            except ValueError:
                # One that no calendar can hold must not take the others along.
                log.error("arrangement %s fits in no calendar", arrangement.pk)
        events += [written_down(row, person) for row in rows.filter(arrangement=None, starts_at__gt=since)]
        return messages.feed(events, name="Best Stuff")


def file(meeting: Meeting, person: User, now: datetime) -> bytes:
    """One meeting to open with a calendar, a series as a whole. Raises ValueError for what no calendar can hold."""
    with translation.override(language_of(person)):
        seen = seen_by(person, meeting.arrangement, now, answers=False) if meeting.arrangement else None
        return messages.download(seen.event() if seen else written_down(meeting, person))


def written_down(meeting: Meeting, person: User) -> calendars.Meeting:
    """One that was not arranged, and about which nobody gets an invitation."""
    pairing = meeting.pairing
    page = links.absolute("pairings:detail", pairing.pk)
    is_call = calendars.WEB_ADDRESS.fullmatch(meeting.place) is not None
    return calendars.Meeting(
        uid=f"meeting-{meeting.pk}@{settings.PUBLIC_HOST}",
        sequence=0 if meeting.cancelled_at is None else 1,
        starts=meeting.starts_at,
        minutes=meeting.minutes,
        zone=person.zone.key,
        summary=_("%(mentor)s and %(mentee)s")
        % {"mentor": pairing.mentor.first_name, "mentee": pairing.mentee.first_name},
        organizer=organizer(pairing.program.name),
        attendees=(),
        created=meeting.created_at,
        changed=meeting.cancelled_at or meeting.created_at,
        place="" if is_call else meeting.place,
        call=meeting.place if is_call else "",
        page=page,
        description=description(pairing.program.name, page),
        is_cancelled=meeting.cancelled_at is not None,
    )


def language_of(person: User) -> str:
    return person.language if person.language in LANGUAGES else settings.LANGUAGE_CODE


def _rows(person: User) -> MeetingQuerySet:
    """The meetings of their pairings, with whom and in which program."""
    return (
        Meeting.objects.filter(pairing__in=Pairing.objects.of(person))
        .select_related("pairing__program", "pairing__mentor", "pairing__mentee")
        .order_by("starts_at", "pairing_id")
    )


def _unanswered(attendees: Iterable[calendars.Attendee]) -> tuple[calendars.Attendee, ...]:
    return tuple(replace(each, status=calendars.Status.NEEDS_ACTION) for each in attendees)


def _is_otherwise(moved: calendars.Moved, event: calendars.Meeting) -> bool:
    return (moved.starts, moved.minutes, moved.place) != (
        moved.original,
        event.minutes,
        None,
    ) or moved.attendees not in (None, _unanswered(event.attendees))
