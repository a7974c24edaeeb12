"""The tick: once a minute, look what time it is everywhere and write down what is owed. Workers send it."""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts import audit, clock, sessions
from accounts.defects import told
from accounts.house import records
from accounts.mail import home, suppression
from accounts.mail.digest import plan_weekly
from accounts.mail.inbound import aside
from accounts.mail.models import Message
from accounts.mail.tasks import ring
from accounts.media import tidying as media
from accounts.mydata import exports, leaving
from mentoring import retention
from mentoring.actions import (
    ask_before_the_end,
    ask_due_fit_checks,
    ask_for_postcards,
    ask_next_choices,
    ask_silent_pairs,
    ask_whether_they_met,
    close_silent_pairs,
    complete_due_pairings,
    end_pointless_requests,
    expire_offers,
    expire_questions,
    expire_requests,
    forget_those_who_never_came,
    lapse_proposals,
    note_rests,
    offer_freed_places,
    plan_announcements,
    remind_mentors,
    remind_the_silent,
    remind_the_undecided,
    resume_due_pairings,
    resume_due_places,
    start_due_pairings,
    tell_of_room,
)
from mentoring.imports import queue as imports
from mentoring.runs import queue as runs

from . import shared_texts
from .actions import forget_mails, note_pauses, open_due_swaps
from .asides import plan_asides
from .closings import plan_closings
from .house import noted
from .keepsake import making as keepsakes
from .naming_emails import take_up_namings
from .nudges import plan_nudges
from .reports.counting import count_due
from .response_emails import take_up_notes
from .round_counting import count_rounds
from .rounds import open_due_rounds
from .surveys import ask_due_surveys, tell_due_surveys
from .swap_emails import take_up_swaps

logger = logging.getLogger(__name__)


@shared_task(name="reflections.tasks.tick", ignore_result=True)
def tick() -> None:
    """What beat asks for. Run twice, or twice at once, it does nothing twice; after a rest it catches up."""
    now = clock.now()
    run(now)
    _part("ringing", _ring, now)


@shared_task(name=keepsakes.TASK, ignore_result=True)
def make_keepsake(pk: int) -> None:
    """Make the keepsake book of that number; run twice, or for one that is made or gone, it does nothing."""
    keepsakes.make(pk, now=clock.now())


def run(
    now: datetime,
    *,
    wanted: Callable[[datetime], int] = exports.ring_due,
    imported: Callable[[datetime], int] = imports.ring_due,
    matched: Callable[[datetime], int] = runs.ring_due,
    bound: Callable[[datetime], int] = keepsakes.ring_due,
) -> dict[str, object]:
    """Everything that the clock brings about, without sending: what each part did, by its name; None if it failed.

    The parts do not hold each other up: what one cannot do is logged, and the next tick tries again. `wanted` sees to
    the exports that nobody is making: a worker is called for them, or (`exports.make_due`) they are made here;
    `imported`, `matched` and `bound` to the imports, the matching runs and the keepsake books in the same way.
    """
    # A copy whose place nobody could look up must not delete the original's files: then this tick removes none.
    looked = _part("looking where this database is", lambda: home.look(now), now) is not None
    done = {
        name: _part(name, act, now)
        for name, act in {
            "accounts erased": lambda: leaving.erase_due(now),
            "retention": lambda: retention.tend(now),
            "places resumed": lambda: resume_due_places(now),
            "pairings begun": lambda: start_due_pairings(now),
            "pairings resumed": lambda: resume_due_pairings(now),
            "pairings completed": lambda: complete_due_pairings(now),
            "ends brought to mind": lambda: ask_before_the_end(now),
            "offers ended": lambda: expire_offers(now),
            "places offered": lambda: offer_freed_places(now),
            "requests without an aim": lambda: end_pointless_requests(now),
            "requests ended": lambda: expire_requests(now),
            "requests brought to mind": lambda: remind_mentors(now),
            "next choices asked": lambda: ask_next_choices(now),
            "invitations brought to mind": lambda: remind_the_silent(now),
            "never came, forgotten": lambda: forget_those_who_never_came(now),
            "fit checks asked": lambda: ask_due_fit_checks(now),
            "asked whether they met": lambda: ask_whether_they_met(now),
            "questions brought to mind": lambda: remind_the_undecided(now),
            "questions ended": lambda: expire_questions(now),
            "proposed times lapsed": lambda: lapse_proposals(now),
            "rests noted": lambda: note_rests(now),
            "silent pairs asked": lambda: ask_silent_pairs(now),
            "silent pairs closed": lambda: close_silent_pairs(now),
            "postcards asked": lambda: ask_for_postcards(now),
            "told of room": lambda: tell_of_room(now),
            "announcements": lambda: plan_announcements(now),
            "rounds opened": lambda: len(open_due_rounds(now)),
            "nudges": lambda: plan_nudges(now),
            "rests of the calendar": lambda: note_pauses(now),
            "surveys told": lambda: tell_due_surveys(now),
            "surveys asked": lambda: ask_due_surveys(now),
            "other e-mails of the calendar": lambda: plan_asides(now),
            "rounds counted": lambda: count_rounds(now),
            "quarters closed": lambda: plan_closings(now),
            "quarters counted": lambda: count_due(now),
            "weekly e-mails": lambda: plan_weekly(now),
            "swaps opened": lambda: open_due_swaps(now),
            "swaps taken up": lambda: take_up_swaps(now),
            "notes taken up": lambda: take_up_notes(now),
            "questions to the named taken up": lambda: take_up_namings(now),
            "mails that came in, forgotten": lambda: forget_mails(now),
            "mails put aside, forgotten": lambda: aside.forget(now),
            "files removed": lambda: media.tidy(now) if looked else 0,
            "shared texts forgotten": lambda: shared_texts.forget_old(now),
            "what was heard of mail, forgotten": lambda: suppression.tidy(now),
            "old audit entries deleted": audit.forget_old,
            "exports deleted": lambda: exports.tidy(now),
            "exports wanted": lambda: wanted(now),
            "keepsakes deleted": lambda: keepsakes.tidy(now),
            "keepsakes wanted": lambda: bound(now),
            "imports tidied": lambda: imports.tidy(now),
            "imports wanted": lambda: imported(now),
            "matching runs wanted": lambda: matched(now),
            # Django and allauth know no rehearsal: by its clock everybody's session would be over.
            "sessions ended": lambda: sessions.tidy(timezone.now()),
            "records of the house forgotten": lambda: records.tidy(now),
        }.items()
    }
    records.ran(noted(done), now)
    return done


def _part(name: str, act: Callable[[], object], now: datetime) -> object:
    try:
        return act()
    except Exception as error:
        records.failed(f"{tick.name}: {name}", error, now)
        logger.error("The tick could not do its part %r: %s", name, told(error))
        return None


def _ring() -> bool:
    """Wake as many workers as may send at once, when there is something to send, or to put right."""
    at = clock.database_now()
    due = Q(state=Message.State.QUEUED) & (Q(next_attempt_at__lte=at) | Q(expires_at__lte=at))
    is_owed = Message.objects.filter(due | Q(state__in=Message.HELD)).exists()
    for _ in range(settings.MAIL_WORKERS if is_owed else 0):
        ring()
    return is_owed
