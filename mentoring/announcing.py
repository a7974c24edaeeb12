"""Whom an announcement reaches, when, and who is left out; and its words, filled in for each reader. It only looks:
actions/announcements.py owes what comes out of it.

That somebody stopped such e-mails, wants none just now or is about to leave is theirs. It is told of nobody by name:
they are among the readers, since they find it on the program's page.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.localtime import by_day, first_valid, known_zone
from accounts.mail import suppression
from accounts.mail.manners import Manners
from accounts.mail.models import Stopped, Suppression
from accounts.models import User

from . import rules
from .days_off import DaysOff
from .models import Addressee, Announcement, Enrollment, Holiday, Meeting, Pairing, Program
from .models.enrollment import EnrollmentQuerySet
from .models.pairing import PairingQuerySet
from .pair_letters import filled_in, problem_with_variables

Segment, Status = Announcement.Segment, Enrollment.Status
# The name of the stream that a person stops to get none of them by e-mail.
STREAM = "announcements"
# It reaches nobody at night: neither at once nor by the clock, nor late.
HOURS = OPENS, SHUTS = time(7, 0), time(20, 0)
# The zone in which each day begins first.
EARLIEST = ZoneInfo("Pacific/Kiritimati")
# Somebody who had another one so lately is counted beside the button.
LATELY = timedelta(days=7)
# Whose place it may go to; who pauses is left alone.
WRITTEN_TO = (Status.APPLIED, Status.WAITLISTED, Status.ACTIVE)

VARIABLES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "first_name": gettext_lazy("the first name of whoever reads it"),
        "program": gettext_lazy("the program’s name"),
        "partner": gettext_lazy("the first name of the other one of their pair, of whoever has one pairing"),
        "sender": gettext_lazy("the name of whoever writes it"),
    }
)
PARTNER = "{partner}"

PAUSING = gettext_lazy("they are pausing")
NOT_IN = gettext_lazy("they are not in the program")
NO_ACCOUNT = gettext_lazy("they have no account any more")


@dataclass(frozen=True)
class Reader:
    """`due_at` by their own clock. `is_dead`: mail to their address came back. `waits` and `reads_only_here` are theirs
    to know: of them there are totals only."""

    person_id: int
    name: str
    first_name: str
    zone: ZoneInfo
    due_at: datetime
    is_dead: bool
    waits: bool
    reads_only_here: bool

    @property
    def local(self) -> datetime:
        return self.due_at.astimezone(self.zone)


@dataclass
class Audience:
    """The readers by the instant and by name, and those who are left out, by a reason that is plain to see anyway."""

    readers: list[Reader] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    @property
    def unreached(self) -> list[Reader]:
        """Those who find it on the program's page alone, since their address does not work."""
        return [reader for reader in self.readers if reader.is_dead]

    @property
    def ways(self) -> Mapping[str, int]:
        """How many of the others have it by e-mail at their time (`now`), later (`later`), or on the page only
        (`page`)."""
        counted: Counter[str] = Counter({"now": 0, "later": 0, "page": 0})
        for reader in self.readers:
            if not reader.is_dead:
                counted["page" if reader.reads_only_here else "later" if reader.waits else "now"] += 1
        return counted


# --- Who is meant --------------------------------------------------------------------------------------------------


def places_of(announcement: Announcement, now: datetime) -> EnrollmentQuerySet:
    """The places of whoever is meant, in whatever state; in four of the segments, of those who are in or pause."""
    places = Enrollment.objects.filter(program=announcement.program_id)
    inside = places.filter(status__in=Enrollment.IN)
    pairings = Pairing.objects.filter(program=announcement.program_id)
    match announcement.segment:
        case Segment.EVERYBODY:
            return inside
        case Segment.MENTORS:
            return inside.mentors()
        case Segment.MENTEES:
            return inside.mentees()
        case Segment.MENTORS_UNPAIRED:
            return inside.mentors_unpaired()
        case Segment.MENTEES_UNPAIRED:
            return inside.mentees_unpaired()
        case Segment.WAITLIST:
            return places.filter(status=Status.WAITLISTED)
        case Segment.NOT_MET:
            return inside.filter(Exists(_not_met(pairings, now)))
        case Segment.PAIR:
            two = pairings.filter(announcements=announcement)
            return places.filter(Q(person__in=two.values("mentor")) | Q(person__in=two.values("mentee")))
        case _:
            return places.filter(pk__in=announcement.chosen)


def _not_met(pairings: PairingQuerySet, now: datetime) -> PairingQuerySet:
    """As the list of meetings has it, which those who run the program read. Whether somebody said that nothing came of
    a meeting is theirs."""
    held = Meeting.objects.past(now).filter(pairing=OuterRef("pk")).order_by()
    theirs = Q(mentor=OuterRef("person")) | Q(mentee=OuterRef("person"))
    return pairings.active().filter(~Exists(held)).filter(theirs)


def begins_at(announcement: Announcement, now: datetime) -> datetime | None:
    """When the first of those who are meant has it, by their own clock. Without anybody by the program's. None where it
    goes at once. Two queries; none, as long as its day has begun nowhere."""
    if announcement.send_on is None or announcement.send_at is None:
        return None
    earliest = first_valid(announcement.send_on, announcement.send_at, EARLIEST)
    if earliest > now:
        return earliest
    off = Holiday.objects.days_off([announcement.program], now)[announcement.program_id]
    names = places_of(announcement, now).order_by().values_list("person__time_zone", flat=True).distinct()
    zones = [known_zone(name) for name in names] or [announcement.program.zone]
    return min(_by_the_clock(announcement.send_on, announcement.send_at, zone, off) for zone in zones)


def look(announcement: Announcement, now: datetime) -> Audience:
    """As it would go now. Three queries, however many they are."""
    off = Holiday.objects.days_off([announcement.program], now)[announcement.program_id]
    stopped = set(Stopped.objects.filter(stream=STREAM).values_list("person", flat=True))
    standing = Suppression.objects.standing()
    complained = Exists(standing.filter(person=OuterRef("person"), reason=suppression.Reason.COMPLAINT))
    came_back = Exists(standing.filter(person=OuterRef("person"), reason=suppression.Reason.BOUNCED))
    places: Any = places_of(announcement, now).annotate(complained=complained, came_back=came_back)
    found, left_out = Audience(), defaultdict(list)
    for place in places.select_related("person"):
        person = place.person
        if why := _why_not(place):
            left_out[str(why)].append(place.known_as)
            continue
        zone = known_zone(person.time_zone)
        at = due_at(announcement, zone, off, now)
        manners = Manners.of(person.time_zone, person.snoozed_until, person.calm_from, person.calm_until)
        is_theirs = place.complained or person.pk in stopped or person.erasure_due_at is not None
        found.readers.append(
            Reader(
                person.pk,
                str(person),
                person.first_name,
                zone,
                at,
                is_dead=place.came_back,
                waits=person.wants_weekly_mail or manners.wait(at) is not None,
                reads_only_here=is_theirs,
            )
        )
    found.readers.sort(key=lambda reader: (reader.due_at, reader.name, reader.person_id))
    found.left_out = {why: sorted(names) for why, names in sorted(left_out.items())}
    return found


def _why_not(place: Enrollment) -> str | Promise:
    if place.status == Status.PAUSED:
        return PAUSING
    if place.status not in WRITTEN_TO:
        return NOT_IN
    return "" if place.person.is_active and place.person.erased_at is None else NO_ACCOUNT


# --- When ----------------------------------------------------------------------------------------------------------


def due_at(announcement: Announcement, zone: ZoneInfo, off: DaysOff, now: datetime) -> datetime:
    """At its day and hour in this zone, on the next day where that is a holiday; where that has gone by, or without
    any, as soon as it is day there (UTC)."""
    if announcement.send_on is None or announcement.send_at is None:
        return by_day(now, zone, *HOURS)
    at = _by_the_clock(announcement.send_on, announcement.send_at, zone, off)
    return at if at >= now else by_day(now, zone, *HOURS)


def _by_the_clock(day: date, at: time, zone: ZoneInfo, off: DaysOff) -> datetime:
    instant = first_valid(day, at, zone)
    while off.cover(instant, zone):
        day += timedelta(days=1)
        instant = first_valid(day, at, zone)
    return instant


# --- Its words -----------------------------------------------------------------------------------------------------


def problem_in(words: str) -> str:
    """What is wrong with the variables; nothing, where it can be sent."""
    return problem_with_variables(words, VARIABLES)


def names_partner(announcement: Announcement) -> bool:
    return PARTNER in announcement.subject or PARTNER in announcement.body


def partners(program: Program, people: Collection[int]) -> dict[int, str]:
    """The first name of the other one, of those of them who are in exactly one pairing. One query."""
    there: dict[int, list[User]] = defaultdict(list)
    rows = Pairing.objects.made().filter(Q(mentor__in=people) | Q(mentee__in=people), program=program)
    for pairing in rows.select_related("mentor", "mentee"):
        there[pairing.mentor_id].append(pairing.mentee)
        there[pairing.mentee_id].append(pairing.mentor)
    return {pk: there[pk][0].first_name for pk in people if len(there.get(pk, ())) == 1}


def sender_of(announcement: Announcement) -> User | None:
    """Whoever wrote it, as long as they run the program: theirs are the name under it and the address for answers."""
    author = announcement.author
    return author if author is not None and rules.may_administer(author, announcement.program) else None


def is_overdue(announcement: Announcement, now: datetime) -> bool:
    """Whether it is a draft whose hour has gone by, on the program's clock."""
    day, at = announcement.send_on, announcement.send_at
    if announcement.state != Announcement.State.DRAFT or day is None or at is None:
        return False
    return first_valid(day, at, announcement.program.zone) <= now


def why_it_came_back(announcement: Announcement, now: datetime) -> str:
    """Of a draft whose hour has gone by: what its page says of that. "" of any other."""
    if not is_overdue(announcement, now):
        return ""
    if sender_of(announcement) is None:
        return _("Whoever wrote it does not run the program any more, so it did not go out in their name.")
    return _(
        "Its hour has gone by, and it was not sent: either it was a draft still, or it could not go out within three "
        "days, for instance because the program was paused."
    )


def signed_by(announcement: Announcement) -> str:
    """Whose name stands under it: nobody's who does not run the program any more."""
    program, author = announcement.program, sender_of(announcement)
    if author is not None and author.erased_at is None:
        return str(author)
    return program.contact_name or _("those who run %(program)s") % {"program": program.name}


@dataclass(frozen=True)
class Read:
    """An announcement as one person reads it."""

    announcement: Announcement
    subject: str
    words: str
    signed_by: str


def read_by(person: User, announcement: Announcement) -> Read:
    return as_read_by(person, [announcement])[0]


def as_read_by(person: User, announcements: Iterable[Announcement]) -> list[Read]:
    """Those of one program, with the variables filled in. Whoever is in no pairing, or in several, reads so. Two
    queries for each of their authors, and one besides at most, where they come with their authors."""
    rows = list(announcements)
    names: dict[int | None, str] = {}
    partner = ""
    if any(names_partner(row) for row in rows):
        partner = partners(rows[0].program, [person.pk]).get(person.pk) or _("whoever you are paired with")
    found = []
    for row in rows:
        if row.author_id not in names:
            names[row.author_id] = signed_by(row)
        name = names[row.author_id]
        values = {
            "first_name": person.first_name,
            "program": row.program.name,
            "sender": name,
            "partner": partner,
        }
        found.append(Read(row, filled_in(row.subject, values), filled_in(row.body, values), name))
    return found


def had_another_lately(announcement: Announcement, readers: Iterable[Reader], now: datetime) -> int:
    """How many of them were written to by this program within a week."""
    pks = {reader.person_id for reader in readers}
    rows = Addressee.objects.filter(
        announcement__program=announcement.program_id, due_at__gt=now - LATELY, due_at__lte=now + LATELY
    ).exclude(announcement=announcement.pk)
    return len(pks & set(rows.values_list("person", flat=True)))
