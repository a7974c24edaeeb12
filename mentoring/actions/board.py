"""What those who run a program change in a run's draft, before anybody is told.

All of it happens behind the program's lock, so that of two who move somebody into one place at one moment the second
sees what the first did. A pair that is changed is a new row: whoever approves a pair approves the two people whom they
saw. What was told is not changed here, and a locked pair is unlocked first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import open_requests, places, rules
from mentoring.board.situation import Situation, situation
from mentoring.board.without import LIVE
from mentoring.models import MatchingRun, Program, ProposedPair, RuledOut, WithoutMatch
from mentoring.models.run import ProposedPairQuerySet

from .refused import Refused

Side = WithoutMatch.Side
# Whom each mentee was with on the page that was confirmed: nobody acts on what somebody else has changed since.
Seen = Mapping[int, int | None]


@transaction.atomic
def lock_pair(pair: ProposedPair, *, by: User) -> None:
    """It is kept as it is when the run is proposed again."""
    _hold(pair.run, by)
    if not _draft(pair).update(is_locked=True):
        raise Refused(_("This pair is no longer in the draft."))


@transaction.atomic
def unlock_pair(pair: ProposedPair, *, by: User) -> None:
    _hold(pair.run, by)
    if not _draft(pair).update(is_locked=False):
        raise Refused(_("This pair is no longer in the draft."))


@transaction.atomic
def move_mentee(
    run: MatchingRun, mentee: User, mentor: User | None, *, by: User, now: datetime, seen: Seen | None = None
) -> None:
    """A mentee of the run gets this mentor, or none; everybody else stays as they are.

    Raises Refused for a pair that is told or locked, where one of the two is not there in that role, where the mentor
    has no room (pairings and drafts of this run counted), and where the two can never be a pair. Other must-haves may
    be broken by hand.
    """
    run = _hold(run, by)
    _keep_people(run, [mentee.pk], mentor)
    now_is = situation(run, now, mentees=[mentee.pk], mentors=[mentor.pk] if mentor else [])
    _check_seen(now_is, seen)
    _check_in_draft(now_is, mentee)
    now_is.check_move(mentee.pk, mentor.pk if mentor else None)
    before = now_is.mentor_of(mentee.pk)
    _take_apart(now_is, mentee.pk)
    if mentor is not None:
        _put_together(now_is, mentee.pk, mentor.pk)
    _keep_sides(run, mentees=[mentee.pk], mentors=[before, mentor.pk if mentor else None])


@transaction.atomic
def swap_mentees(
    run: MatchingRun, one: User, other: User, *, by: User, now: datetime, seen: Seen | None = None
) -> None:
    """Two mentees of the run, each with the other one's mentor; or the second without, where the first had none.

    Raises Refused as `move_mentee` does, for either.
    """
    run = _hold(run, by)
    _keep_people(run, [one.pk, other.pk])
    now_is = situation(run, now, mentees=[one.pk, other.pk])
    _check_seen(now_is, seen)
    for mentee in (one, other):
        _check_in_draft(now_is, mentee)
    now_is.check_swap(one.pk, other.pk)
    mine, theirs = now_is.mentor_of(one.pk), now_is.mentor_of(other.pk)
    _take_apart(now_is, one.pk)
    _take_apart(now_is, other.pk)
    for person, mentor in ((one, theirs), (other, mine)):
        if mentor is not None:
            _put_together(now_is, person.pk, mentor)
    _keep_sides(run, mentees=[one.pk, other.pk], mentors=[mine, theirs])


@transaction.atomic
def rule_out(pair: ProposedPair, *, by: User, now: datetime) -> RuledOut:
    """These two are never proposed to each other again in this program, in either direction; their pair leaves the
    draft, and what is asked between them ends. Raises Refused for a pair that is told or locked."""
    run = _hold(pair.run, by)
    _keep_people(run, [pair.mentee_id], pair.mentor)
    open_requests.lock_places(run.program, [pair.mentor_id, pair.mentee_id])
    now_is = situation(run, now, mentees=[pair.mentee_id])
    _check_seen(now_is, {pair.mentee_id: pair.mentor_id})
    _check_in_draft(now_is, pair.mentee)
    _take_apart(now_is, pair.mentee_id)
    _keep_sides(run, mentees=[pair.mentee_id], mentors=[pair.mentor_id])
    open_requests.end_between(run.program, pair.mentor, pair.mentee, now)
    row, _made = RuledOut.objects.get_or_create(
        program=run.program,
        mentor=pair.mentor,
        mentee=pair.mentee,
        because=RuledOut.Because.ADMINS,
        defaults={"created_by": by, "created_at": now},
    )
    return row


@transaction.atomic
def allow_again(ruled_out: RuledOut, *, by: User) -> None:
    """What those who run the program ruled out, they may propose again; what the two found themselves stands."""
    if not rules.may_administer(by, ruled_out.program):
        raise Refused(_("Only those who run a program do this."))
    theirs = RuledOut.objects.filter(pk=ruled_out.pk, because=RuledOut.Because.ADMINS)
    if not theirs.delete()[0]:
        raise Refused(_("These two are no longer ruled out by you, or the two said so themselves."))


def _hold(run: MatchingRun, by: User) -> MatchingRun:
    """The run as it is behind its program's lock. Raises Refused where its draft is not to be changed."""
    if not rules.may_administer(by, run.program):
        raise Refused(_("Only those who run a program do this."))
    program = places.locked(run.program)
    if program.status in Program.OVER:
        raise Refused(_("This program is closed."))
    found = MatchingRun.objects.filter(pk=run.pk, program=program).made().first()
    if found is None:
        raise Refused(_("This run is put away, or not made yet: nothing is changed in it."))
    found.program = program
    return found


def _keep_people(run: MatchingRun, mentees: Sequence[int], mentor: User | None = None) -> None:
    """Of these nobody is erased until the transaction ends: mentees, whom they are with now, and whom they get."""
    theirs = ProposedPair.objects.filter(run=run, mentee__in=mentees).order_by()
    mentors = [mentor.pk] if mentor else []
    open_requests.keep_people([*mentees, *mentors, *theirs.values_list("mentor", flat=True)])


def _draft(pair: ProposedPair) -> ProposedPairQuerySet:
    return ProposedPair.objects.filter(pk=pair.pk).draft()


def _check_seen(now_is: Situation, seen: Seen | None) -> None:
    if seen is not None and any(now_is.mentor_of(mentee) != mentor for mentee, mentor in seen.items()):
        raise Refused(_("This was changed meanwhile, by you or by somebody else. Look at it again."))


def _check_in_draft(now_is: Situation, mentee: User) -> None:
    row = now_is.rows.get(mentee.pk)
    if row is not None and row.is_locked:
        raise Refused(_("This pair is locked. Unlock it first."))
    if (
        row is None
        and not WithoutMatch.objects.filter(run=now_is.run, person=mentee, side=Side.MENTEE).exists()
    ):
        raise Refused(_("%(name)s is not in the draft of this run.") % {"name": mentee.first_name})


def _take_apart(now_is: Situation, mentee: int) -> None:
    row = now_is.rows.get(mentee)
    if row is not None and not _draft(row).filter(is_locked=False, mentor=row.mentor_id).delete()[0]:
        raise Refused(_("This was changed meanwhile, by you or by somebody else. Look at it again."))


def _put_together(now_is: Situation, mentee: int, mentor: int) -> None:
    ProposedPair.objects.create(
        run=now_is.run,
        mentee_id=mentee,
        mentor_id=mentor,
        fit=now_is.fit(mentee, mentor),
        is_by_hand=True,
    )


def _keep_sides(run: MatchingRun, *, mentees: list[int], mentors: list[int | None]) -> None:
    """Who of these is without a match now is in the list of those, and nobody else of them. Why, is asked anew when it
    is shown; in a run of few people of everybody, since a place that fell free may be what they needed."""
    for side, people in ((Side.MENTEE, mentees), (Side.MENTOR, [one for one in mentors if one is not None])):
        matched = set(run.pairs.filter(**{f"{side}__in": people}).values_list(side, flat=True))
        WithoutMatch.objects.filter(run=run, side=side, person__in=matched).delete()
        WithoutMatch.objects.bulk_create(
            (
                WithoutMatch(run=run, side=side, person_id=one)
                for one in dict.fromkeys(people)
                if one not in matched
            ),
            ignore_conflicts=True,
        )
    if run.mentees + run.mentors <= LIVE:
        WithoutMatch.objects.filter(run=run).update(why={})
