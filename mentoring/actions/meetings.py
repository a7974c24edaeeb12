"""When a pair meets: arranged at once, because the two agreed on it elsewhere, moved, and called off. Times of which
the other takes one are proposed (times.py)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import arrangements, calendar_events, calendars, rules
from mentoring.arrangements import When
from mentoring.models import Arrangement, Attendance, Meeting, Pairing
from mentoring.models.pairing import PairingQuerySet

from .refused import Refused

NOT_NOW = _("Meetings are planned while the pairing is under way.")
IS_OVER = _("This meeting is canceled, or has begun.")
MEET_THEN = _("The two of you meet at this time already.")
Answer = Attendance.Answer


@transaction.atomic
def plan_meeting(
    pairing: Pairing,
    *,
    by: User,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    every: str = "",
    times: int = 1,
    now: datetime,
) -> Meeting:
    """The meeting of the two at that instant, or the first of a series (`every` is one of `Arrangement.Every`), which
    goes to both calendars. Asked for twice, it is still one meeting.

    Raises Refused for a pairing that does not meet now, for a time that has gone by, and for a series of which the two
    meet at one of the times already.
    """
    (pairing,) = arrangements.hold([pairing])
    if not rules.may_plan_meeting(by, pairing):
        raise Refused(NOT_NOW)
    when = When(starts_at=starts_at, minutes=minutes, place=place, every=every, times=times)
    check_time(when, by, now)
    planned = Meeting.objects.planned().filter(pairing=pairing, starts_at=starts_at)
    found = planned.select_related("arrangement").order_by("pk").first()
    if found is not None and (not every or _is_planned_so(found, when)):
        return found
    _check_all_free([pairing], when, by)
    arrangement = arrangements.arrange([pairing], when, by=by, accepted={by.pk}, now=now)
    return arrangement.meetings.earliest("starts_at")


@transaction.atomic
def plan_together(
    pairing: Pairing,
    *,
    by: User,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    every: str = "",
    times: int = 1,
    now: datetime,
) -> Meeting:
    """One meeting of a mentor with all their mentees in the program of this pairing: it stands on the page of each.

    Asked for twice, it is one. Raises Refused for anybody but the mentor, for a mentor with one mentee, and as
    `plan_meeting` does.
    """
    together = [
        each for each in arrangements.hold(pairings_together(pairing)) if rules.may_plan_meeting(by, each)
    ]
    if pairing.mentor_id != by.pk or pairing.pk not in [each.pk for each in together]:
        raise Refused(NOT_NOW)
    if len(together) < 2:
        raise Refused(_("There is nobody else to meet with: plan it on the page of the two of you."))
    when = When(starts_at=starts_at, minutes=minutes, place=place, every=every, times=times)
    check_time(when, by, now)
    planned = Meeting.objects.planned().filter(starts_at=starts_at, arrangement__isnull=False)
    found = planned.filter(pairing=together[0]).select_related("arrangement").order_by("pk").first()
    if (
        found is not None
        and (not every or _is_planned_so(found, when))
        and set(arrangements.pairings_of(found)) == set(together)
    ):
        return planned.get(pairing=pairing, arrangement=found.arrangement_id)
    _check_all_free(together, when, by)
    arrangement = arrangements.arrange(together, when, by=by, accepted={by.pk}, now=now)
    return arrangement.meetings.filter(pairing=pairing).earliest("starts_at")


def pairings_together(pairing: Pairing) -> PairingQuerySet:
    """All in which the mentor of this one meets with somebody now, in the same program."""
    return Pairing.objects.filter(
        program=pairing.program_id, mentor=pairing.mentor_id, status__in=rules.MEETS
    ).order_by("pk")


@transaction.atomic
def move_meeting(
    meeting: Meeting, *, by: User, starts_at: datetime, minutes: int, place: str = "", now: datetime
) -> None:
    """It is at that time, and everybody's calendar says so; of a series, this one alone. Whoever had said that they
    come is asked again where the time is another one.

    Raises Refused for one that is canceled or has begun, for a time that has gone by, and for one of several mentees.
    """
    meeting, pairings = hold_meeting(meeting)
    if not rules.may_move_meeting(by, meeting, now, is_for_several=len(pairings) > 1):
        raise Refused(IS_OVER if rules.is_one_of_the_two(by, meeting.pairing) else NOT_NOW)
    when = When(starts_at=starts_at, minutes=minutes, place=place)
    if starts_at != meeting.starts_at:
        check_time(when, by, now)
    for each in pairings:
        check_free(meeting, starts_at, each)
    arrangements.move(meeting, pairings, when, by=by, accepted={by.pk}, now=now)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, rest: bool = False, now: datetime) -> None:
    """It does not take place; with `rest`, nor does what follows in its series. A mentor cancels what is for several
    of their mentees for all of them; a mentee is out of it, and the others meet.

    Raises Refused for a meeting that has begun. One that is canceled already stays so.
    """
    meeting, _pairings = hold_meeting(meeting)
    if meeting.cancelled_at is not None and rules.is_one_of_the_two(by, meeting.pairing):
        return
    if not rules.may_cancel_meeting(by, meeting, now):
        raise Refused(_("This meeting can no longer be canceled."))
    if meeting.arrangement_id is None:
        arrangements.cancel(Meeting.objects.filter(pk=meeting.pk), now)
        return
    rows = Meeting.objects.filter(arrangement=meeting.arrangement_id)
    if rest:
        rows = rows.filter(original_at__gte=meeting.original_at, starts_at__gt=now)
    else:
        rows = rows.filter(original_at=meeting.original_at)
    if not meeting.pairing.is_mentor(by):
        rows = rows.filter(pairing=meeting.pairing_id)
    arrangements.cancel(rows, now)


@transaction.atomic
def answer_meeting(meeting: Meeting, *, by: User, comes: bool, now: datetime) -> None:
    """One of the two says whether they come: to all of a series as long as they have not answered it, and to this one
    meeting otherwise. Of a no the other hears, once, as of one from a calendar; of a meeting for several, all do who
    would have met this person then. Raises Refused for one that is canceled or has begun, and for one that stands in no
    calendar."""
    meeting, _pairings = hold_meeting(meeting)
    if meeting.arrangement is None or not rules.may_answer_meeting(by, meeting, now):
        raise Refused(IS_OVER)
    # What calendars answer is written down behind this lock.
    arrangement = Arrangement.objects.select_for_update(no_key=True).get(pk=meeting.arrangement.pk)
    seen = calendar_events.seen_by(by, arrangement, now)
    if seen is None or meeting.original_at is None:
        raise Refused(IS_OVER)
    then = [row for row in seen.at(meeting.original_at) if row.cancelled_at is None]
    mine = {each.meeting_id: each.answer for each in seen.attendances if each.person_id == by.pk}
    to_all = mine.get(None, Answer.NEEDS_ACTION)
    was_no = all(mine.get(row.pk, to_all) == Answer.DECLINED for row in then)
    values = {"answer": Answer.ACCEPTED if comes else Answer.DECLINED, "answered_at": now}
    says_all = comes and to_all == Answer.NEEDS_ACTION
    is_alone = arrangement.is_series and not says_all
    everything: list[None] = [None]
    for row in then if is_alone else everything:
        Attendance.objects.update_or_create(arrangement=arrangement, meeting=row, person=by, defaults=values)
    if not is_alone:
        Attendance.objects.filter(meeting__in=then, person=by).update(**values)
    if not comes and not was_no:
        calendars.tell_of_no(seen, then if is_alone else [])


def hold_meeting(meeting: Meeting) -> tuple[Meeting, list[Pairing]]:
    """It and the pairings that it is for, as they are now, held until the transaction ends; its own among them."""
    concerned = Meeting.objects.filter(arrangement=meeting.arrangement_id) if meeting.arrangement_id else None
    known = {meeting.pairing_id: meeting.pairing}
    if concerned is not None:
        known |= Pairing.objects.in_bulk(set(concerned.values_list("pairing", flat=True)))
    held = {each.pk: each for each in arrangements.hold(known.values())}
    fresh = Meeting.objects.select_related("arrangement").get(pk=meeting.pk)
    fresh.pairing = held[fresh.pairing_id]
    still = set(arrangements.pairings_of(fresh).values_list("pk", flat=True)) | {fresh.pairing_id}
    return fresh, [each for each in held.values() if each.pk in still]


def check_time(when: When, by: User, now: datetime) -> None:
    """Raises Refused for what has gone by, what lies too far ahead, and a series that cannot be."""
    if when.starts_at < rules.earliest_meeting(now):
        raise Refused(_("Choose a time that is still to come."))
    if when.starts_at > rules.latest_meeting(now):
        raise Refused(_("Choose a day in the next two years."))
    try:
        when.starts(by.zone)
    except ValueError:
        raise Refused(_("Such a series cannot be planned. Choose another time, or fewer meetings.")) from None


def check_free(meeting: Meeting, starts_at: datetime, pairing: Pairing) -> None:
    """Raises Refused where the two of this pairing, for which `meeting` is, meet at that time already."""
    others = Meeting.objects.planned().filter(pairing=pairing, starts_at=starts_at).exclude(pk=meeting.pk)
    if meeting.arrangement_id is not None:
        others = others.exclude(arrangement=meeting.arrangement_id, original_at=meeting.original_at)
    if others.exists():
        raise Refused(MEET_THEN)


def _is_planned_so(meeting: Meeting, when: When) -> bool:
    """Whether it is the first of just this series, which was asked for before."""
    series = meeting.arrangement
    return series is not None and (series.every, series.times, series.starts_at) == (
        when.every,
        when.times,
        when.starts_at,
    )


def _check_all_free(pairings: Collection[Pairing], when: When, by: User) -> None:
    """Raises Refused where one of these pairs meets at one of the times already."""
    if Meeting.objects.planned().filter(pairing__in=pairings, starts_at__in=when.starts(by.zone)).exists():
        raise Refused(MEET_THEN)
