"""What one of the two does about their pairing: let it rest until a day, bring it to its end, or go on for longer; and
what the clock does. Of a pause or an end the other one learns that it is so. Why, nobody learns but who said it."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.outbox import Owed
from accounts.models import User
from mentoring import endings, rules
from mentoring.ending_emails import (
    ENDS_SOON,
    FAREWELL_SAID,
    LONGER_ANSWERED,
    LONGER_ASKED,
    PAUSED,
    RESUMED,
)
from mentoring.endings import ASKED_BEFORE_THE_END, LETTER_LIVES, is_near, last_day, locked
from mentoring.models import Extension, Farewell, Holiday, Pairing, Program, Step

from .refused import Refused

Kind, Next, State = Step.Kind, Step.Next, Extension.State
Status = Pairing.Status

# The next tick sees to the next ones.
AT_ONCE = 500
NOT_YOURS = _("Only the two people of a pairing do this.")
OVER_ALREADY = _("This pairing is over already.")
WHICH_DAY = _("Choose a day from tomorrow on, within a year and before the pairing ends.")
LATER_DAY = _("Choose a later day, within the program.")
CLOSED_QUESTION = _("This question is no longer open.")


class Aside(NamedTuple):
    """A reason that nobody else reads, and what should come next, which those who run the program do."""

    reason: str = ""
    next_step: str = Next.NOTHING


NO_WORDS = Aside()

# --- A pause --------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause_own_pairing(
    pairing: Pairing, *, by: User, until: date, said: Aside = NO_WORDS, now: datetime
) -> None:
    """It rests, and goes on by itself on that day of the program's calendar. What is planned before that day is called
    off; what is planned from then on stays.

    Raises Refused for a pairing that is not active, and for a day that has come or lies too far ahead.
    """
    pairing = locked(pairing)
    if not rules.may_pause_pairing(by, pairing):
        raise Refused(_("Only an active pairing can be paused."))
    if not pairing.program.today(now) < until <= rules.latest_pairing_pause(pairing, now):
        raise Refused(WHICH_DAY)
    _set(pairing, status=Status.PAUSED, paused_until=until)
    step = _note(pairing, by, Kind.PAUSE, said, now)
    goes_on = datetime.combine(until, time(), tzinfo=pairing.program.zone)
    endings.rest([pairing], now, until=goes_on)
    _owe(PAUSED, pairing.partner_key(by), step.pk, now)


@transaction.atomic
def resume_own_pairing(pairing: Pairing, *, by: User, now: datetime) -> None:
    """Whoever paused it lets it go on before its day. Done twice, or when it goes on already, it is done once.

    Raises Refused for the other one, for a pause by those who run the program, and once it is over.
    """
    pairing = locked(pairing)
    if rules.is_one_of_the_two(by, pairing) and pairing.status == Status.ACTIVE:
        return
    step = Step.objects.last_pause(pairing)
    if not rules.may_resume_pairing(by, pairing, step):
        raise Refused(_("Only whoever paused it lets it go on sooner."))
    _set(pairing, status=Status.ACTIVE, paused_until=None)
    if step is not None:
        _owe(RESUMED, pairing.partner_key(by), step.pk, now)


def resume_due_pairings(now: datetime) -> int:
    """Pairings whose pause is over, on their program's own calendar, go on, and both hear of it: how many.

    Any number of clocks may call it at once; a pause without a day ends by hand.
    """
    # No zone is more than 14 hours ahead of UTC, so these are all programs where it could be the day.
    soon = (now + timedelta(hours=14)).date()
    due = Pairing.objects.filter(status=Status.PAUSED, paused_until__lte=soon).order_by("pk")
    return sum(_resume_if_due(each, now) for each in due[:AT_ONCE])


@transaction.atomic
def _resume_if_due(pairing: Pairing, now: datetime) -> bool:
    pairing = locked(pairing)
    today = pairing.program.today(now)
    if pairing.status != Status.PAUSED or pairing.paused_until is None or pairing.paused_until > today:
        return False
    # A clock that stood still may not have noted that it rested, and nobody is asked why they were silent in a pause.
    _set(pairing, status=Status.ACTIVE, paused_until=None, rested_on=today)
    step = Step.objects.last_pause(pairing)
    if step is not None:
        for person in (pairing.mentor_id, pairing.mentee_id):
            _owe(RESUMED, person, step.pk, now)
    return True


# --- The end --------------------------------------------------------------------------------------------------------


def complete_own_pairing(pairing: Pairing, *, by: User, said: Aside = NO_WORDS, now: datetime) -> bool:
    """One of the two says that it has run its course. False where the other one was faster: it was over already, and
    what was said now is kept all the same. Raises Refused where there is nothing to end, and for a second time."""
    return _end_own(pairing, by, Kind.COMPLETE, said, now)


def end_own_pairing(pairing: Pairing, *, by: User, said: Aside = NO_WORDS, now: datetime) -> bool:
    """One of the two ends it before its time; one that has not begun comes to nothing. As `complete_own_pairing`."""
    return _end_own(pairing, by, Kind.END, said, now)


@transaction.atomic
def _end_own(pairing: Pairing, by: User, kind: str, said: Aside, now: datetime) -> bool:
    pairing = locked(pairing)
    if not rules.is_one_of_the_two(by, pairing):
        raise Refused(NOT_YOURS)
    if _was_faster(pairing, now) and not _has_ended(pairing, by):
        _note(pairing, by, kind, said, now)
        return False
    may = rules.may_complete_pairing if kind == Kind.COMPLETE else rules.may_end_pairing
    if not may(by, pairing):
        raise Refused(
            OVER_ALREADY if pairing.status in Pairing.OVER else _("This pairing cannot be ended now.")
        )
    rows = Pairing.objects.filter(pk=pairing.pk)
    _note(pairing, by, kind, said, now)
    if pairing.status == Status.ACCEPTED:
        endings.come_to_nothing(rows, now, by=by)
    else:
        endings.end(rows, Status.COMPLETED if kind == Kind.COMPLETE else Status.ENDED, now, by=by)
    return True


def _was_faster(pairing: Pairing, now: datetime) -> bool:
    """Whether somebody else ended it while this one read what it means."""
    yesterday = pairing.program.today(now) - timedelta(days=1)
    return pairing.ended_on is not None and pairing.ended_on >= yesterday


def _has_ended(pairing: Pairing, by: User) -> bool:
    return Step.objects.filter(pairing=pairing, person=by, kind__in=(Kind.COMPLETE, Kind.END)).exists()


def complete_due_pairings(now: datetime) -> int:
    """Pairings whose last day has gone by are completed on that day, in programs that are not at rest; and today what
    goes on in a program that is over, as when somebody said yes at the moment at which it closed: how many.

    Whoever should have heard of it long ago, as after a rest of the clock, gets no letter. Any number of clocks may
    call it at once.
    """
    under_way = Pairing.objects.under_way()
    past = under_way.past_their_last_day(now).filter(program__status=Program.Status.ACTIVE).order_by("pk")
    left_over = under_way.filter(program__status__in=Program.OVER).order_by("pk")
    due = [*past[:AT_ONCE], *left_over[:AT_ONCE]]
    return sum(_complete_if_due(each, now) for each in due)


@transaction.atomic
def _complete_if_due(pairing: Pairing, now: datetime) -> bool:
    pairing = locked(pairing)
    ends_on, today, program = last_day(pairing), pairing.program.today(now), pairing.program
    is_past = ends_on is not None and ends_on < today
    if pairing.status not in Pairing.UNDER_WAY:
        return False
    if program.status in Program.OVER:
        on, tells = (ends_on if is_past else today), False
    elif program.status == Program.Status.ACTIVE and ends_on is not None and is_past:
        on, tells = ends_on, ends_on > today - LETTER_LIVES
    else:
        return False
    endings.end(Pairing.objects.filter(pk=pairing.pk), Status.COMPLETED, now, on=on, tells=tells)
    return True


def ask_before_the_end(now: datetime) -> int:
    """Each of the two is asked two weeks before their last day what they will keep of it, and told that it ends: how
    many people. Not on a program's holidays. Whose end was put off since, and who has not answered, is asked anew
    before the later one. Any number of clocks may call it at once."""
    unsaid = Exists(Farewell.objects.unanswered().filter(pairing=OuterRef("pk")))
    later = Pairing.objects.under_way().put_off(now, ASKED_BEFORE_THE_END).filter(unsaid).order_by("pk")
    for each in later[:AT_ONCE]:
        _forget_put_off(each, now)
    programs = list(Program.objects.filter(status=Program.Status.ACTIVE))
    off = Holiday.objects.days_off(programs, now)
    ending = Pairing.objects.under_way().ending_by(now, ASKED_BEFORE_THE_END).filter(program__in=programs)
    waiting = Farewell.objects.all().without_one(ending).with_people().order_by("pk")
    due = (each for each in waiting if not off[each.program_id].cover(now, each.program.zone))
    return sum(_ask_before_the_end(each, now) for each in islice(due, AT_ONCE))


@transaction.atomic
def _forget_put_off(pairing: Pairing, now: datetime) -> None:
    """Behind its lock: its program may have a nearer last day again, or one of the two be answering."""
    pairing = locked(pairing)
    if pairing.status in Pairing.UNDER_WAY and not is_near(pairing, now):
        Farewell.objects.unanswered().filter(pairing=pairing).delete()


@transaction.atomic
def _ask_before_the_end(pairing: Pairing, now: datetime) -> int:
    pairing = locked(pairing)
    ends_on, today = last_day(pairing), pairing.program.today(now)
    if pairing.status in Pairing.OVER or ends_on is None or ends_on < today or not is_near(pairing, now):
        return 0
    endings.ask_farewells([pairing], now)
    unsaid = list(Farewell.objects.unanswered().filter(pairing=pairing))
    is_over_at = datetime.combine(ends_on + timedelta(days=1), datetime.min.time(), pairing.program.zone)
    return outbox.owe_many(Owed(ENDS_SOON, each.person_id, each.pk, now, is_over_at) for each in unsaid)


# --- A later last day -----------------------------------------------------------------------------------------------


@transaction.atomic
def propose_extension(pairing: Pairing, *, by: User, until: date, now: datetime) -> Extension:
    """One of the two would like it to run until that day, and the other one is asked. Where the other one has proposed
    the same day, that is their answer.

    Raises Refused for a day that is not later, or beyond the program; while another proposal is open; and where the
    pairing is not under way.
    """
    pairing = locked(pairing)
    if not rules.may_extend_pairing(by, pairing, now):
        raise Refused(_("The last day of this pairing cannot be changed now."))
    if not rules.earliest_extension(pairing, now) <= until <= rules.latest_extension(pairing, now):
        raise Refused(LATER_DAY)
    there = Extension.objects.open().filter(pairing=pairing).first()
    if there is not None and (there.proposed_by_id == by.pk or there.until != until):
        other = pairing.partner_of(by).first_name
        raise Refused(
            _("You have proposed a day already.")
            if there.proposed_by_id == by.pk
            else _("%(name)s has proposed another day. Answer that first.") % {"name": other}
        )
    if there is not None:
        _agree(there, pairing, now)
        return there
    found = Extension.objects.create(pairing=pairing, proposed_by=by, until=until, created_at=now)
    _owe(LONGER_ASKED, pairing.partner_key(by), found.pk, now)
    return found


@transaction.atomic
def answer_extension(extension: Extension, *, by: User, is_yes: bool, now: datetime) -> None:
    """The other one says yes, and that is the last day from now on, or no. An answer said twice is one answer.

    Raises Refused for whoever proposed it, and once the question is over.
    """
    pairing = locked(extension.pairing)
    found = Extension.objects.get(pk=extension.pk)
    if not rules.is_one_of_the_two(by, pairing) or found.proposed_by_id == by.pk:
        raise Refused(_("The other one of the two answers this."))
    if found.state == (State.AGREED if is_yes else State.DECLINED):
        return
    if found.state != State.PROPOSED or not rules.may_extend_pairing(by, pairing, now):
        raise Refused(CLOSED_QUESTION)
    if not is_yes:
        _close(found, State.DECLINED, now)
        _owe(LONGER_ANSWERED, found.proposed_by_id, found.pk, now)
        return
    if not rules.earliest_extension(pairing, now) <= found.until <= rules.latest_extension(pairing, now):
        raise Refused(LATER_DAY)
    _agree(found, pairing, now)


@transaction.atomic
def take_back_extension(extension: Extension, *, by: User, now: datetime) -> None:
    """Whoever proposed it does not any more. Raises Refused for the other one, and once it is answered."""
    locked(extension.pairing)
    found = Extension.objects.get(pk=extension.pk)
    if found.proposed_by_id != by.pk or found.state not in (State.PROPOSED, State.WITHDRAWN):
        raise Refused(CLOSED_QUESTION)
    if found.state == State.PROPOSED:
        _close(found, State.WITHDRAWN, now)


def _agree(extension: Extension, pairing: Pairing, now: datetime) -> None:
    """Who was asked about the end that is put off, and has not answered, is asked anew before the later one."""
    _close(extension, State.AGREED, now)
    _set(pairing, runs_until=extension.until)
    Farewell.objects.unanswered().filter(pairing=pairing).delete()
    _owe(LONGER_ANSWERED, extension.proposed_by_id, extension.pk, now)


def _close(extension: Extension, state: str, now: datetime) -> None:
    Extension.objects.open().filter(pk=extension.pk).update(state=state, closed_at=now)
    extension.state, extension.closed_at = State(state), now


# --- What stays -----------------------------------------------------------------------------------------------------


@transaction.atomic
def say_farewell(pairing: Pairing, *, by: User, keep: str, hear: str, now: datetime) -> None:
    """What one of the two will keep, for themselves, also said otherwise later; and what the other should hear, which
    goes to them at once, by page, and stays as it was said. Saying nothing is an answer, too.

    Raises Refused before the end is near, and where the other one's account is gone and there is something to hear.
    """
    pairing = locked(pairing)
    found = Farewell.objects.visible_to(by).filter(pairing=pairing).select_for_update().first()
    if not rules.may_say_farewell(by, pairing, found):
        raise Refused(_("This is asked when the pairing comes to its end."))
    found = found or Farewell(pairing=pairing, person=by, asked_at=now)
    other = pairing.partner_of(by)
    if hear and found.sent_at is None and not rules.is_there(other):
        raise Refused(_("%(name)s is not here any more.") % {"name": other.first_name})
    found.keep, found.answered_at = keep, found.answered_at or now
    says = bool(hear) and found.sent_at is None
    if says:
        found.hear, found.sent_at = hear, now
    found.save()
    if says:
        _owe(FAREWELL_SAID, other.pk, found.pk, now)


@transaction.atomic
def settle_step(step: Step, *, by: User, now: datetime) -> None:
    """Somebody who runs the program has seen to what should come next. Raises Refused where that was done before."""
    if not rules.may_administer(by, step.pairing.program):
        raise Refused(_("Only those who run a program do this."))
    if not Step.objects.to_see_to().filter(pk=step.pk).update(settled_at=now):
        raise Refused(_("Somebody has seen to it already."))


# --- Small parts ----------------------------------------------------------------------------------------------------


def _set(pairing: Pairing, **fields: object) -> None:
    """Behind the lock on its row."""
    Pairing.objects.filter(pk=pairing.pk).update(**fields)
    for name, value in fields.items():
        setattr(pairing, name, value)


def _note(pairing: Pairing, by: User, kind: str, said: Aside, now: datetime) -> Step:
    return Step.objects.create(
        pairing=pairing, person=by, kind=kind, reason=said.reason, next_step=said.next_step, created_at=now
    )


def _owe(kind: str, person_id: int, subject_id: int, now: datetime) -> None:
    outbox.owe(kind, person_id, subject_id, due_at=now, expires_at=now + LETTER_LIVES)
