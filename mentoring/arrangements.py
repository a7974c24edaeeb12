"""Meetings come to stand in people's calendars, are moved there, and are called off.

Whoever calls this has checked what may be done, and holds the rows of the pairings concerned (`hold`). Rows are locked
in one order by all: people, pairings, then arrangements, each by number. What calendars are told is one version for
each change (`calendars.tell`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import User

from . import calendars, open_requests
from .invites import meeting as invites
from .models import Arrangement, Attendance, Meeting, MeetingProposal, Pairing
from .models.arrangement import MOST_TIMES
from .models.meeting import MeetingQuerySet
from .models.pairing import PairingQuerySet
from .models.proposal import MeetingProposalQuerySet

Answer = Attendance.Answer
EVERY = {
    Arrangement.Every.WEEK: invites.Every.WEEK,
    Arrangement.Every.TWO_WEEKS: invites.Every.TWO_WEEKS,
    Arrangement.Every.MONTH: invites.Every.MONTH,
}


@dataclass(frozen=True, kw_only=True)
class When:
    """A time and a place, once or as a series of `times` meetings in all."""

    starts_at: datetime
    minutes: int
    place: str = ""
    every: str = ""
    times: int = 1

    def starts(self, zone: ZoneInfo) -> list[datetime]:
        """Of each of its meetings, by the clock of that zone. Raises ValueError for a series that cannot be."""
        if not self.every:
            return [self.starts_at]
        if not 2 <= self.times <= MOST_TIMES:
            raise ValueError("a series is of two meetings at least, and of so many at most")
        if self.starts_at.astimezone(zone).fold:
            raise ValueError("a series begins in an hour that comes once")
        series = invites.Series(every=EVERY[Arrangement.Every(self.every)], times=self.times)
        return sorted(invites.occurrences(self.starts_at, zone, series))


def hold(pairings: Iterable[Pairing]) -> list[Pairing]:
    """These as they are now, held until the transaction ends, and the people in them kept."""
    known = list(pairings)
    open_requests.keep_people(key for each in known for key in (each.mentor_id, each.mentee_id))
    rows = Pairing.objects.filter(pk__in=[each.pk for each in known]).order_by("pk").with_people()
    return list(rows.select_for_update(no_key=True, of=("self",)))


def pairings_of(meeting: Meeting) -> PairingQuerySet:
    """Those for which it is arranged, as it stands: its own, and of a meeting for several the others."""
    if meeting.arrangement_id is None:
        return Pairing.objects.filter(pk=meeting.pairing_id)
    others = Meeting.objects.planned().filter(
        arrangement=meeting.arrangement_id, original_at=meeting.original_at
    )
    return Pairing.objects.filter(pk__in=others.order_by().values("pairing"))


def arrange(
    pairings: Collection[Pairing], when: When, *, by: User, accepted: Collection[int], now: datetime
) -> Arrangement:
    """One meeting for all of these pairings, or a series, by the clock of whoever arranges it. `accepted` are the
    people who have said already that they come. Raises ValueError as `When.starts` does."""
    zone = by.zone
    starts = when.starts(zone)
    arrangement = Arrangement.objects.create(
        arranged_by=by,
        zone=zone.key,
        starts_at=when.starts_at,
        minutes=when.minutes,
        place=when.place,
        every=when.every,
        times=when.times,
        created_at=now,
    )
    Meeting.objects.bulk_create(
        Meeting(
            pairing=pairing,
            arrangement=arrangement,
            starts_at=start,
            original_at=start,
            minutes=when.minutes,
            place=when.place,
            created_at=now,
        )
        for pairing in sorted(pairings, key=lambda each: each.pk)
        for start in starts
    )
    _ask(arrangement, _people(pairings), accepted, now)
    calendars.tell(arrangement, now, asks_again=True)
    return arrangement


def move(
    meeting: Meeting,
    pairings: Collection[Pairing],
    when: When,
    *,
    by: User,
    accepted: Collection[int],
    now: datetime,
) -> None:
    """This meeting is at another time, of another length or somewhere else, for all of its pairings; of a series, this
    one alone. As it is already: nothing happens. One that was only written down stands in calendars from now on.
    What was proposed instead of it lapses."""
    is_later = (when.starts_at, when.minutes) != (meeting.starts_at, meeting.minutes)
    if not is_later and when.place == meeting.place:
        return
    new = {"starts_at": when.starts_at, "minutes": when.minutes, "place": when.place}
    if meeting.arrangement_id is None:
        arrangement = Arrangement.objects.create(arranged_by=by, zone=by.zone.key, created_at=now, **new)
        _pk(meeting).update(arrangement=arrangement, original_at=when.starts_at, **new)
        _ask(arrangement, _people(pairings), accepted, now)
        calendars.tell(arrangement, now, asks_again=True)
        _lapse(MeetingProposal.objects.filter(moves=meeting), now)
        return
    (arrangement,) = _held([meeting.arrangement_id])
    rows = Meeting.objects.planned().filter(arrangement=arrangement, original_at=meeting.original_at)
    _lapse(MeetingProposal.objects.filter(moves__in=list(rows)), now)
    if arrangement.is_series:
        if is_later:
            for row in rows.order_by("pk").select_related("pairing"):
                _ask(arrangement, _people([row.pairing]), accepted, now, meeting=row)
        rows.update(**new)
        calendars.tell(arrangement, now, asks_again=is_later, occurrence=meeting.original_at)
        return
    rows.update(original_at=when.starts_at, **new)
    for name, value in new.items():
        setattr(arrangement, name, value)
    arrangement.save(update_fields=list(new))
    if is_later:
        _ask(arrangement, _people(pairings), accepted, now)
    calendars.tell(arrangement, now, asks_again=is_later)


def cancel(rows: MeetingQuerySet, now: datetime) -> int:
    """These do not take place, as far as they stand: how many. What was proposed instead of them lapses. Of each
    arrangement calendars get one version, whatever became of it."""
    keys = dict(rows.planned().order_by().values_list("pk", "arrangement"))
    held = _held(key for key in set(keys.values()) if key is not None)
    going = Meeting.objects.planned().filter(pk__in=keys)
    of_each = {arrangement.pk: set() for arrangement in held}  # type: dict[int, set[datetime]]
    for key, original in going.filter(arrangement__isnull=False).values_list("arrangement", "original_at"):
        if key is not None and original is not None:
            of_each[key].add(original)
    count = going.update(cancelled_at=now)
    _lapse(MeetingProposal.objects.filter(moves__in=list(keys)), now)
    for arrangement in held:
        if of_each[arrangement.pk]:
            _tell_of_cancelled(arrangement, of_each[arrangement.pk], now)
    return count


def _tell_of_cancelled(arrangement: Arrangement, originals: set[datetime], now: datetime) -> None:
    left = Meeting.objects.planned().filter(arrangement=arrangement)
    if not left.exists():
        arrangement.cancelled_at = now
        arrangement.save(update_fields=["cancelled_at"])
        calendars.tell(arrangement, now, asks_again=False, is_cancelled=True)
    elif len(originals) == 1 and not left.filter(original_at__in=originals).exists():
        (only,) = originals
        calendars.tell(arrangement, now, asks_again=False, is_cancelled=True, occurrence=only)
    else:
        # Several of a series, or one of several people is out of it: each calendar gets what is left for it.
        calendars.tell(arrangement, now, asks_again=False)


def call_off(pairings: PairingQuerySet, now: datetime, *, until: datetime | None = None) -> int:
    """All that is to come of these pairings, before `until` if it is given, does not take place, and what is proposed
    there lapses: how many meetings.

    For whoever brings a pairing to rest or to an end, in their transaction. What has been stays, of a series too.
    """
    found = list(pairings.order_by("pk").values_list("pk", "mentor", "mentee"))
    coming = Meeting.objects.planned().filter(pairing__in=[each[0] for each in found], starts_at__gt=now)
    if until is not None:
        coming = coming.filter(starts_at__lt=until)
    several = Meeting.objects.filter(arrangement__in=coming.order_by().values("arrangement"))
    people = [key for _pk, *two in found for key in two]
    people += several.order_by().values_list("pairing__mentee", flat=True)
    open_requests.keep_people(people)
    _lapse(MeetingProposal.objects.filter(pairing__in=[each[0] for each in found]), now)
    return cancel(coming, now)


def lapse_past(now: datetime) -> int:
    """Proposals of which all times have gone by: how many lapsed."""
    to_come = MeetingProposal.objects.filter(times__starts_at__gt=now).order_by().values("pk")
    return _lapse(MeetingProposal.objects.open().exclude(pk__in=to_come), now)


def _lapse(rows: MeetingProposalQuerySet, now: datetime) -> int:
    # By their numbers: a condition on what they belong to would not be looked at again behind a lock.
    keys = list(rows.open().order_by().values_list("pk", flat=True))
    found = MeetingProposal.objects.open().filter(pk__in=keys)
    return found.update(state=MeetingProposal.State.LAPSED, closed_at=now)


def _held(keys: Iterable[int]) -> list[Arrangement]:
    rows = Arrangement.objects.filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _pk(meeting: Meeting) -> MeetingQuerySet:
    return Meeting.objects.planned().filter(pk=meeting.pk)


def _people(pairings: Iterable[Pairing]) -> list[int]:
    return sorted({key for each in pairings for key in (each.mentor_id, each.mentee_id)})


def _ask(
    arrangement: Arrangement,
    people: Iterable[int],
    accepted: Collection[int],
    now: datetime,
    *,
    meeting: Meeting | None = None,
) -> None:
    """What these people answered before is forgotten; those who have said that they come have answered."""
    for person_id in people:
        says = person_id in accepted
        values = {
            "answer": Answer.ACCEPTED if says else Answer.NEEDS_ACTION,
            "answered_at": now if says else None,
        }
        Attendance.objects.update_or_create(
            arrangement=arrangement, meeting=meeting, person_id=person_id, defaults=values
        )
