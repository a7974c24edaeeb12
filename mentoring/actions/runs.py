"""A matching run is asked for, and put away. What it finds is the worker's (mentoring/runs/)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import places, rules
from mentoring.models import MatchingRun, Program

from .refused import Refused

State = MatchingRun.State


@transaction.atomic
def start_run(program: Program, *, by: User, now: datetime, after: MatchingRun | None = None) -> MatchingRun:
    """A run that is to be made; the pairs that are locked in `after` stay. Whoever asks has it made by
    `mentoring.runs.queue.begin`, once this transaction is over.

    Raises Refused for a program that is over, and while another run of it is being made.
    """
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program do this."))
    if program.status in Program.OVER:
        raise Refused(_("This program is closed."))
    if after is not None and after.program_id != program.pk:
        raise Refused(_("That run is one of another program."))
    program = places.locked(program)
    if MatchingRun.objects.filter(program=program, state=State.MAKING).exists():
        raise Refused(_("Another run of this program is being made."))
    return MatchingRun.objects.create(program=program, created_by=by, created_at=now, after=after)


@transaction.atomic
def leave_run(run: MatchingRun, *, by: User, now: datetime) -> None:
    """Put a run away: it stays to be looked at, and nothing more is published of it."""
    if not rules.may_administer(by, run.program):
        raise Refused(_("Only those who run a program do this."))
    waiting = MatchingRun.objects.filter(pk=run.pk, state__in=[State.MAKING, State.MADE])
    if not waiting.update(state=State.LEFT, finished_at=now, claim=None, claimed_until=None):
        raise Refused(_("This run is put away already."))
