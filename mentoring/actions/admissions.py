"""What becomes of those who ask for a place: yes, no, not now; and the places that fall free.

Whoever counts places stands behind `places.locked`, so that two answers at one moment come one after the other.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import places, rules
from mentoring.admission_emails import KIND_OF, OFFER_REMINDER
from mentoring.days_off import DaysOff
from mentoring.models import Enrollment, Holiday, Notice, Program
from mentoring.models.enrollment import UNDER_WAY, EnrollmentQuerySet
from mentoring.models.notice import LONGEST_NOTE

from .refused import Refused

Status = Enrollment.Status
OPEN = Program.JoinPolicy.OPEN
# Those who asked, and have neither a place nor a no.
ASKING = (Status.APPLIED, Status.WAITLISTED)
ANSWERED = _("This is answered already, or they have thought better of it.")
NO_ROOM = _("There is no free place. Put them on the waitlist, or give the program more places first.")
AN_INVITATION_WAITS = _("An invitation waits for their answer, and lets them in. Take that back first.")

# An answer that could not go out for so long would only puzzle: the program's page says it all by then.
NOTICE_LIVES = timedelta(days=14)
# Shorter offers need no reminder.
REMINDED_FROM = 3  # days
REMINDED_AT = time(9, 0)
# How often the clock offers a place to one person by itself, and how long it leaves them alone in between.
OFFERS_BY_ITSELF = 2
REST = timedelta(days=14)


# --- Answers -------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve(place: Enrollment, *, by: User, now: datetime, note: str = "") -> None:
    """Whoever asked, or waits, has a place from today, and is told. Raises Refused where none is free."""
    program = _locked_by_admin(place, by)
    if not rules.takes_people(program, now):
        raise Refused(_("This program is over, so nobody comes in any more."))
    asking = _rows(place, ASKING).first()
    if asking is None:
        raise Refused(ANSWERED)
    if not places.has_room(program, asking.role, without=asking.person):
        raise Refused(NO_ROOM)
    _answer(
        asking, ASKING, Notice.Kind.APPROVED, note, now,
        status=Status.ACTIVE, joined_on=program.today(now), **UNDER_WAY,
    )  # fmt: skip


@transaction.atomic
def waitlist(place: Enrollment, *, by: User, now: datetime, note: str = "") -> None:
    """Whoever asked goes to the end of the waitlist, and is told."""
    _locked_by_admin(place, by)
    _answer(
        place, (Status.APPLIED,), Notice.Kind.WAITLISTED, note, now,
        status=Status.WAITLISTED, waitlisted_at=now,
    )  # fmt: skip


@transaction.atomic
def decline(place: Enrollment, *, by: User, now: datetime, note: str = "") -> None:
    """Whoever asked, or waits, gets no place, and is told."""
    _locked_by_admin(place, by)
    if rules.is_invited(place, now):
        raise Refused(AN_INVITATION_WAITS)
    _answer(place, ASKING, Notice.Kind.DECLINED, note, now, status=Status.DECLINED, **UNDER_WAY)


def change_note(place: Enrollment, note: str, *, by: User) -> None:
    """What they read with the answer on the program's page; an e-mail that went out keeps what it said."""
    check_admin(place.program, by)
    Enrollment.objects.filter(pk=place.pk, decided_at__isnull=False).update(decision_note=_clean(note))


# --- The waitlist --------------------------------------------------------------------------------------------------


@transaction.atomic
def offer_place(place: Enrollment, *, by: User, now: datetime, note: str = "") -> None:
    """Whoever waits is offered a place, held for them until the deadline. Raises Refused where none is free."""
    program = _locked_by_admin(place, by)
    if not rules.offers_places(program, now):
        raise Refused(_("Only a program that is active offers places."))
    waiting = _rows(place, (Status.WAITLISTED,)).first()
    if waiting is None:
        raise Refused(_("They are not on the waitlist."))
    if waiting.offered_at is not None:
        raise Refused(_("They have been offered a place, and may still answer."))
    if not places.has_room(program, waiting.role):
        raise Refused(_("There is no free place. Give the program more places first."))
    _offer(program, waiting, now, _clean(note))


def expire_offers(now: datetime) -> int:
    """Offers whose deadline is past end: their people are told, and wait at the end of the list. Returns how many.

    Not on a program's holidays, and not while it rests. Any number of clocks may call it at once: whoever moves the row
    writes the letter.
    """
    over = Enrollment.objects.filter(offer_expires_at__lte=now, program__status=Program.Status.ACTIVE)
    rows = list(over.select_related("program").order_by("waitlisted_at", "pk"))
    off = Holiday.objects.days_off({row.program for row in rows}, now)
    ending = [row for row in rows if not off[row.program_id].cover(now, row.program.zone)]
    # Those that end at one moment keep their order among themselves.
    return sum(_expire(row, now + n * timedelta.resolution) for n, row in enumerate(ending))


@transaction.atomic
def _expire(place: Enrollment, now: datetime) -> bool:
    # The status is read behind the lock. In the statement it would stand in a query of its own, and what that finds is
    # not looked at again by whoever waits for the row.
    if places.locked(place.program).status != Program.Status.ACTIVE:
        return False
    over = Enrollment.objects.filter(pk=place.pk, offer_expires_at__lte=now)
    if not over.update(waitlisted_at=now, offered_at=None, offer_expires_at=None):
        return False
    _tell(place, Notice.Kind.OFFER_ENDED, "", now)
    return True


def offer_freed_places(now: datetime) -> int:
    """Free places of programs that have a number of them are offered to those who wait, in their order. How many.

    The order is that of the list, for each role on its own: whoever needs a place on either side waits for both, and
    holds up nobody. Whoever let an offer go is left alone for two weeks, and is offered one by the clock once more;
    after that by somebody's hand only. Any number of clocks may call it at once.
    """
    counted = Q(places_for_mentors__isnull=False) | Q(places_for_mentees__isnull=False)
    is_open = Q(join_policy=Program.JoinPolicy.OPEN)
    waiting = Enrollment.objects.filter(status=Status.WAITLISTED, offered_at__isnull=True)
    programs = Program.objects.filter(counted | is_open, status=Program.Status.ACTIVE)
    return sum(
        _offer_freed(program, now)
        for program in programs.filter(pk__in=waiting.order_by().values("program")).order_by("pk")
    )


@transaction.atomic
def _offer_freed(program: Program, now: datetime) -> int:
    program = places.locked(program)
    if not rules.offers_places(program, now) or _days_off(program, now).cover(now, program.zone):
        return 0
    offered = 0
    free: dict[str, int | None] = {}
    for place in next_in_line(program, now).select_related("person"):
        if place.role not in free:
            free[place.role] = places.free(program, place.role)
        # Where any number may come in, the waitlist is somebody's decision and not a want of places; but for a program
        # that lets in whoever asks.
        room = free[place.role] if free[place.role] is not None else program.join_policy == OPEN
        if room and _offer(program, place, now):
            offered += 1
            free.clear()
    return offered


def next_in_line(program: Program, now: datetime) -> EnrollmentQuerySet:
    """Those whom the clock would offer a place by itself, in their order."""
    since = Coalesce(F("applied_at"), F("created_at"))
    offers = Count("notices", filter=Q(notices__kind=Notice.Kind.OFFERED, notices__made_at__gte=since))
    waiting = Enrollment.objects.filter(program=program).waitlist().filter(offered_at__isnull=True)
    rested = Q(offers=0) | Q(offers__lt=OFFERS_BY_ITSELF, waitlisted_at__lte=now - REST)
    staying = waiting.filter(person__in=User.objects.staying()).annotate(offers=offers)
    return staying.filter(rested)


def _offer(program: Program, place: Enrollment, now: datetime, note: str = "") -> bool:
    """Held until the end of a day on the program's calendar. False when somebody else has moved the row."""
    ends = places.offer_ends(program, now)
    waiting = Enrollment.objects.filter(pk=place.pk, status=Status.WAITLISTED, offered_at__isnull=True)
    said = {"decision_note": note} if note else {}
    if not waiting.update(offered_at=now, offer_expires_at=ends, **said):
        return False
    notice = _tell(place, Notice.Kind.OFFERED, note, now, until=ends)
    if program.offer_days >= REMINDED_FROM and (due := _reminder_of(program, place, now, ends)):
        outbox.owe(OFFER_REMINDER, place.person_id, notice.pk, due_at=due, expires_at=ends)
    return True


def _reminder_of(program: Program, place: Enrollment, now: datetime, ends: datetime) -> datetime | None:
    """In the morning of the last day but one, or of an earlier one that is no holiday; None where there is none."""
    theirs = ZoneInfo(place.person.time_zone or program.time_zone)
    off = _days_off(program, now)
    day = ends.date() - timedelta(days=1)
    while (due := datetime.combine(day, REMINDED_AT, tzinfo=theirs)) > now:
        if not off.cover(due, theirs):
            return due
        day -= timedelta(days=1)
    return None


def _days_off(program: Program, now: datetime) -> DaysOff:
    return Holiday.objects.days_off([program], now)[program.pk]


# --- What all of these share ---------------------------------------------------------------------------------------


def _locked_by_admin(place: Enrollment, by: User) -> Program:
    check_admin(place.program, by)
    program = places.locked(place.program)
    # Whoever is erased at this moment is held by that, before their places are.
    User.objects.select_for_update(no_key=True).get(pk=place.person_id)
    return program


def check_admin(program: Program, by: User) -> None:
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program do this."))


def _rows(place: Enrollment, states: tuple[Enrollment.Status, ...]) -> EnrollmentQuerySet:
    """The place as it is now, if it is in one of these states."""
    rows = Enrollment.objects.filter(pk=place.pk, status__in=states)
    return rows.select_related("person").select_for_update(of=("self",))


def _answer(
    place: Enrollment,
    states: tuple[Enrollment.Status, ...],
    kind: Notice.Kind,
    note: str,
    now: datetime,
    **changes: object,
) -> None:
    """Out of one of `states` in one statement: of two admins at one moment one answers, and one e-mail goes."""
    note = _clean(note)
    asking = Enrollment.objects.filter(pk=place.pk, status__in=states)
    if not asking.update(decided_at=now, decision_note=note, **changes):
        raise Refused(ANSWERED)
    _tell(place, kind, note, now)


def _tell(
    place: Enrollment, kind: Notice.Kind, note: str, now: datetime, until: datetime | None = None
) -> Notice:
    notice = Notice.objects.create(enrollment=place, kind=kind, note=note, made_at=now)
    outbox.owe(KIND_OF[kind], place.person_id, notice.pk, due_at=now, expires_at=until or now + NOTICE_LIVES)
    return notice


def _clean(note: str) -> str:
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(_("Keep the note to %(number)d characters.") % {"number": LONGEST_NOTE})
    return note
