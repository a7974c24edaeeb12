"""Times that one of the two proposes, and of which the other takes one. One truth for both: each verb holds the row of
their pairing, and looks again behind it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import arrangements, rules
from mentoring.arrangements import When
from mentoring.models import Meeting, MeetingProposal, Pairing, ProposedTime
from mentoring.models.proposal import MOST_PROPOSED
from mentoring.times_emails import NONE_SUITS, PROPOSED

from .meetings import IS_OVER, NOT_NOW, check_free, check_time
from .refused import Refused

State = MeetingProposal.State
LETTER_LIVES = timedelta(days=14)


@transaction.atomic
def propose_times(
    pairing: Pairing,
    *,
    by: User,
    starts: Sequence[datetime],
    minutes: int,
    place: str = "",
    moves: Meeting | None = None,
    now: datetime,
) -> MeetingProposal:
    """The other one is asked to take one of up to three times, for a new meeting or instead of `moves`, and hears of it
    by e-mail. The same proposed twice is one proposal.

    Raises Refused for a pairing that does not meet now, while another proposal waits for an answer, for no times or too
    many, for times that have gone by, and for a meeting that is not to be moved (any more).
    """
    (pairing,) = arrangements.hold([pairing])
    if not rules.may_plan_meeting(by, pairing):
        raise Refused(NOT_NOW)
    wanted = sorted(set(starts))
    if not 1 <= len(wanted) <= MOST_PROPOSED:
        raise Refused(_("Propose one, two or three times."))
    for starts_at in wanted:
        if starts_at <= now:
            raise Refused(_("Choose a time that is still to come."))
        check_time(When(starts_at=starts_at, minutes=minutes), by, now)
    if moves is not None:
        moves = Meeting.objects.get(pk=moves.pk)
        moves.pairing = pairing
        is_for_several = arrangements.pairings_of(moves).count() > 1
        if is_for_several or not rules.may_move_meeting(by, moves, now, is_for_several=False):
            raise Refused(IS_OVER)
    _make_way(pairing, by, wanted, now)
    already = MeetingProposal.objects.open().filter(pairing=pairing).first()
    if already is not None:
        return already
    made = MeetingProposal.objects.create(
        pairing=pairing, proposed_by=by, moves=moves, minutes=minutes, place=place, created_at=now
    )
    ProposedTime.objects.bulk_create(ProposedTime(proposal=made, starts_at=each) for each in wanted)
    outbox.owe(PROPOSED, pairing.partner_key(by), made.pk, due_at=now, expires_at=wanted[-1])
    return made


def _make_way(pairing: Pairing, by: User, wanted: Sequence[datetime], now: datetime) -> None:
    """One proposal is open at a time: the last one lapses where its times have gone by. Raises Refused for one that
    still waits, unless it is the same."""
    for each in MeetingProposal.objects.open().filter(pairing=pairing):
        times = list(each.times.values_list("starts_at", flat=True))
        if times and max(times) <= now:
            _close(each, State.LAPSED, now)
        elif each.proposed_by_id != by.pk:
            other = pairing.partner_of(by)
            said = _("%(name)s has proposed times already. Take one of them, or say that none suits.")
            raise Refused(said % {"name": other.first_name})
        elif sorted(times) != list(wanted):
            raise Refused(_("You have proposed times already. Take them back to propose others."))


@transaction.atomic
def take_time(time: ProposedTime, *, by: User, now: datetime) -> Meeting:
    """The other one takes this time, by the page or by the link in the e-mail: it becomes a meeting of the two, or the
    one that was to be moved is at this time. Taken twice, it is one meeting.

    Raises Refused once something else became of the proposal, once the time has gone by, and for anybody but the one
    of the two who was asked.
    """
    proposal = _hold(time.proposal)
    pairing = proposal.pairing
    _check_asked(proposal, by)
    if proposal.state == State.TAKEN:
        meeting = Meeting.objects.filter(was_proposed=time.pk).first()
        if meeting is not None:
            return meeting
        raise Refused(_("Another of these times is taken already."))
    if proposal.state != State.OPEN:
        raise Refused(no_longer(proposal))
    if not rules.may_plan_meeting(by, pairing):
        raise Refused(NOT_NOW)
    if time.starts_at <= now:
        raise Refused(_("This time has gone by."))
    when = When(starts_at=time.starts_at, minutes=proposal.minutes, place=proposal.place)
    both = {pairing.mentor_id, pairing.mentee_id}
    _close(proposal, State.TAKEN, now)
    if proposal.moves is not None:
        meeting = _moved(proposal.moves, proposal, when, by, now)
    else:
        meeting = Meeting.objects.planned().filter(pairing=pairing, starts_at=when.starts_at).first()
    if meeting is None:
        arranged = arrangements.arrange([pairing], when, by=proposal.proposed_by, accepted=both, now=now)
        meeting = arranged.meetings.get()
    ProposedTime.objects.filter(meeting=meeting).update(meeting=None)
    ProposedTime.objects.filter(pk=time.pk).update(meeting=meeting)
    return meeting


def _moved(moves: Meeting, proposal: MeetingProposal, when: When, by: User, now: datetime) -> Meeting:
    moves.pairing = pairing = proposal.pairing
    if not rules.may_move_meeting(by, moves, now, is_for_several=False):
        raise Refused(IS_OVER)
    check_free(moves, when.starts_at, pairing)
    both = {pairing.mentor_id, pairing.mentee_id}
    arrangements.move(moves, [pairing], when, by=by, accepted=both, now=now)
    # It is moved in the database alone; whoever asks is told when the two meet now.
    return Meeting.objects.get(pk=moves.pk)


@transaction.atomic
def none_suits(proposal: MeetingProposal, *, by: User, now: datetime) -> None:
    """None of the times suits the other one, who needs no reason; whoever proposed them hears of it. Said twice, it is
    said once. Raises Refused once something else became of the proposal."""
    proposal = _hold(proposal)
    _check_asked(proposal, by)
    if proposal.state == State.NONE_SUITS:
        return
    if proposal.state != State.OPEN:
        raise Refused(no_longer(proposal))
    _close(proposal, State.NONE_SUITS, now)
    outbox.owe(NONE_SUITS, proposal.proposed_by_id, proposal.pk, due_at=now, expires_at=now + LETTER_LIVES)


@transaction.atomic
def take_back_times(proposal: MeetingProposal, *, by: User, now: datetime) -> None:
    """Whoever proposed the times takes them back. Raises Refused once one of them is taken, or none suited."""
    proposal = _hold(proposal)
    if proposal.proposed_by_id != by.pk or not rules.is_one_of_the_two(by, proposal.pairing):
        raise Refused(_("Only the one who proposed times takes them back."))
    if proposal.state == State.WITHDRAWN:
        return
    if proposal.state != State.OPEN:
        raise Refused(no_longer(proposal))
    _close(proposal, State.WITHDRAWN, now)


@transaction.atomic
def lapse_proposals(now: datetime) -> int:
    """Those of which all times have gone by are over: how many. Any number of clocks may call it at once."""
    return arrangements.lapse_past(now)


def no_longer(proposal: MeetingProposal) -> str:
    """Why nothing can be done about it any more."""
    said = {
        State.TAKEN: _("One of these times is taken already."),
        State.NONE_SUITS: _("It was said already that none of these times suits."),
        State.WITHDRAWN: _("These times were taken back."),
        State.LAPSED: _("These times are no longer open."),
    }
    return str(said[State(proposal.state)])


def _hold(proposal: MeetingProposal) -> MeetingProposal:
    """As it is now, behind its pairing, which is held."""
    (pairing,) = arrangements.hold([proposal.pairing])
    fresh = MeetingProposal.objects.select_related("proposed_by", "moves").get(pk=proposal.pk)
    fresh.pairing = pairing
    return fresh


def _check_asked(proposal: MeetingProposal, by: User) -> None:
    if not rules.is_asked_for_time(by, proposal):
        raise Refused(_("Only the one who was asked answers this."))


def _close(proposal: MeetingProposal, state: State, now: datetime) -> None:
    rows = MeetingProposal.objects.open().filter(pk=proposal.pk)
    if not rows.update(state=state, closed_at=now):
        raise Refused(_("These times are no longer open."))
    outbox.cancel(PROPOSED, subject_id=proposal.pk, reason="answered")
