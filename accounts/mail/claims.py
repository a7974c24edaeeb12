"""The states of a message, each step one statement by the database's clock (docs/mail.md has the picture).

A sender holds a message by a lease. Whoever wakes late finds that the lease is no longer theirs, and lets go.
Leases run by the database's own clock, without the rehearsal's offset.
"""

import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    UUIDField,
)
from django.db.models.functions import Coalesce

from accounts.clock import ClockTimestamp, database_now, now
from accounts.models import User

from . import caps, gathering, home, kinds, manners, suppression
from .manners import Wait
from .models import Home, MailLink, Message, MessageQuerySet, Stopped
from .models.link import Issue
from .smtp import Reply
from .statements import Given, Statement, Statements

State = Message.State

LEASE = timedelta(seconds=300)
# Longer than the server's ten minutes to answer after the dot: then nobody is listening any more.
SILENCE = timedelta(minutes=15)
MOST_ATTEMPTS = 8
MOST_TIME = timedelta(hours=48)
# The wait after each attempt; the eighth is the last.
BACKOFF = [timedelta(minutes=m) for m in (1, 5, 20, 60, 180, 360, 720)]
# A quarter's question is open for about five weeks from the first e-mail about it.
LINK_LIVES = timedelta(days=36)
# In the list of messages; whoever keeps their account gets after all what is not too late (mydata/leaving.py).
WHILE_LEAVING = "not now"
ADDRESS = re.compile(r"\S+@\S+")

THIS, LEASE_TOKEN = Given("message", BigIntegerField()), Given("lease", UUIDField())
_statements = Statements()


class Ending(NamedTuple):
    state: Message.State
    reason: str


class Overtaken(Exception):
    """What a letter gathers is not as it was when the letter was made."""


class LeaseLost(Exception):
    """Somebody else has the message by now, or it was settled: nothing more is done with it here."""


def sweep() -> Counter[str]:
    """Put right what senders left behind, and what came too late: how many went into which state."""
    over = Q(lease_until__lte=ClockTimestamp())
    let_go = {"lease_token": None, "lease_until": None}
    with transaction.atomic(durable=True):
        moved = {
            State.UNCERTAIN: Message.objects.filter(over, state=State.SENDING).update(
                state=State.UNCERTAIN, last_error="no answer after DATA", **let_go
            ),
            State.FAILED: Message.objects.filter(
                over, state=State.CLAIMED, attempts__gte=MOST_ATTEMPTS
            ).update(state=State.FAILED, last_error="its sender ended each time", **let_go),
            # Nothing was sent: the fence stands between a claim and the first byte of content.
            State.QUEUED: Message.objects.filter(over, state=State.CLAIMED).update(
                state=State.QUEUED, next_attempt_at=database_now(), last_error="its sender ended", **let_go
            ),
            State.EXPIRED: Message.objects.waiting()
            .filter(expires_at__lte=database_now())
            .update_in_order(state=State.EXPIRED),
        }
    return Counter({str(state): count for state, count in moved.items() if count})


def is_due(names: Collection[str]) -> bool:
    """Whether there is something to claim."""
    due = Message.objects.due().filter(_at_home(home.PLACE), kind__in=names)
    return _statement(f"due {sorted(names)}", lambda: Statement.exists(due)).finds(place=home.here())


def claim(names: Collection[str]) -> Message | None:
    """The message of these kinds that has been due longest is ours for five minutes; None when nothing is due.

    Any number of senders may claim at once: each row goes to one of them, and nobody waits.
    """
    token = uuid.uuid4()
    with transaction.atomic(durable=True):
        message = (
            Message.objects.due()
            .filter(_at_home(home.here()), kind__in=names)
            .order_by("next_attempt_at", "id")
            .select_related("person")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if message is None:
            return None
        _statement("claim", _claimed).changes(message=message.pk, lease=token)
    message.state, message.lease_token, message.attempts = State.CLAIMED, token, message.attempts + 1
    return message


def why_not(message: Message) -> Ending | None:
    """How the message ends unsent, as things stand now; None when it may go out."""
    if _statement(message.kind, lambda: _is_wanted(message)).finds(message=message.pk):
        return None
    rows = Message.objects.filter(pk=message.pk)
    rules = _rules(message)
    return next((ending for ending, wanted in rules if not rows.filter(wanted).exists()), None)


def pass_fence(
    message: Message,
    *,
    stop_token: str,
    link_token: str = "",
    reply_token: str = "",
    reply_until: datetime | None = None,
    gathers: Collection[int] = (),
) -> Ending | None:
    """Commit, before a byte of content goes out, that it may be going out: from here it is never sent again by itself.

    None when the way is free. An Ending when the person does not want or need it, now or any more: it waits or is
    settled, and is not sent. Raises LeaseLost when the message is not ours any more. What it `gathers` goes out with
    it, and is over; where that is not as it was, it waits a minute and is made anew.
    """
    try:
        return _pass_fence(message, stop_token, link_token, reply_token, reply_until, gathers)
    except Overtaken:
        try_later(message, "what it gathers has changed", counts=False)
        return Ending(State.QUEUED, "what it gathers has changed")


def _pass_fence(
    message: Message,
    stop_token: str,
    link_token: str,
    reply_token: str,
    reply_until: datetime | None,
    gathers: Collection[int],
) -> Ending | None:
    with transaction.atomic(durable=True):
        caps.take_turns(kinds.get(message.kind), message.person_id)
        # The locks make the next statement see whatever was committed while we waited for the rows.
        gathering.lock_all([message.pk, *gathers])
        ours = {"message": message.pk, "lease": message.lease_token}
        if not _statement("ours", lambda: Statement.exists(_ours())).finds(**ours):
            raise LeaseLost
        if wait := manners.wait_for(message):
            return Ending(hold_back(message, wait), wait.reason)
        if _statement(f"fence {message.kind}", lambda: _passing(message)).changes(**ours, place=home.here()):
            _gather(message, gathers)
            _write_links(message, stop_token, link_token, reply_token, reply_until)
            message.state = State.SENDING
            return None
        ending = why_not(message)
        if ending is None or not settle(message, ending):
            raise LeaseLost
        return ending


def _write_links(
    message: Message, stop_token: str, link_token: str, reply_token: str, reply_until: datetime | None
) -> None:
    """The links that are in its letter, with its going out and not before."""
    at = now()
    links = []
    if link_token:
        links.append(Issue(link_token, kinds.get(message.kind).link, LINK_LIVES))
    if stop_token:
        links.append(Issue(stop_token, MailLink.Purpose.STOP))
    if reply_token and reply_until and reply_until > at:
        links.append(Issue(reply_token, MailLink.Purpose.REPLY, reply_until - at))
    MailLink.objects.issue_all(links, message.person_id, message_id=message.pk, now=at)


def _gather(message: Message, gathers: Collection[int]) -> None:
    """What goes out with this one is over in the same moment. Raises Overtaken where one of it is not wanted as it
    was, or is in other hands: then none of it is over, and this one has not passed."""
    rows = Message.objects.waiting().filter(pk__in=gathers, person=message.person_id)
    held = list(rows)
    if len(held) != len(set(gathers)) or any(why_not(one) for one in held):
        raise Overtaken
    gathering.take_along(rows, message.pk)


def settle(message: Message, ending: Ending, *, code: int | None = None) -> bool:
    """The message in our hands ends in this state; False when it is no longer in our hands."""
    return _let_go(message, state=ending.state, last_code=code, last_error=redacted(ending.reason))


def try_later(
    message: Message, problem: str, *, code: int | None = None, counts: bool = True
) -> Message.State:
    """Back into the line, for longer each time, or FAILED when it was tried often or long enough.

    `counts=False` gives the attempt back: what went wrong had nothing to do with the message.
    """
    problem = redacted(problem)
    is_last = Q(attempts__gte=MOST_ATTEMPTS) | Q(first_attempt_at__lte=database_now() - MOST_TIME)
    if counts and _let_go(message, is_last, state=State.FAILED, last_code=code, last_error=problem):
        return State.FAILED
    wait = BACKOFF[min(message.attempts, len(BACKOFF)) - 1] if counts else BACKOFF[0]
    _let_go(
        message,
        state=State.QUEUED,
        sending_at=None,
        next_attempt_at=database_now() + wait * random.uniform(0.8, 1.2),  # noqa: S311  so that they do not all come at once
        attempts=F("attempts") - (0 if counts else 1),
        last_code=code,
        last_error=problem,
    )
    return State.QUEUED


def hold_back(message: Message, wait: Wait) -> Message.State:
    """It waits until its person may be written to, as if nobody had tried; EXPIRED when that is too late for it."""
    if wait.until >= message.expires_at:
        settle(message, Ending(State.EXPIRED, f"{wait.reason}, until after its time"))
        return State.EXPIRED
    # What counts against a message, its attempts and the hours since the first, stands still meanwhile.
    tried_before = message.attempts > 1
    _let_go(
        message,
        state=State.QUEUED,
        next_attempt_at=wait.until,
        attempts=F("attempts") - 1,
        first_attempt_at=F("first_attempt_at") + (wait.until - wait.since) if tried_before else None,
        # What the server said is over: beside it, in the list of messages, would stand what the person wishes.
        last_code=None,
        last_error=wait.reason,
    )
    return State.QUEUED


def record_sent(message: Message, reply: Reply) -> bool:
    """The server said 250. A row that was given up for uncertain meanwhile is certain again."""
    changed = _statement("sent", _sent).changes(
        message=message.pk, lease=message.lease_token, attempts=message.attempts, code=reply.code
    )
    return changed == 1


def record_answered(message_id: int) -> bool:
    """Its person has answered it, so it arrived: what was given up for uncertain is certain. False for any other."""
    given_up = Message.objects.filter(pk=message_id, state=State.UNCERTAIN)
    return given_up.update(state=State.SENT, sent_at=F("sending_at"), last_error="") == 1


def redacted(text: str) -> str:
    """What may be kept of what a server said: no addresses, no controls, 200 characters."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return ADDRESS.sub("…", " ".join(plain.split()))[:200]


def _statement(name: str, make: Callable[[], Statement]) -> Statement:
    """Made anew where a kind was registered since, or the rehearsal's clock was set."""
    return _statements.get(name, (settings.REHEARSAL_OFFSET, *kinds.registered()), make)


def _claimed() -> Statement:
    return Statement.update(
        Message.objects.filter(pk=THIS),
        state=State.CLAIMED,
        lease_token=LEASE_TOKEN,
        lease_until=ClockTimestamp() + LEASE,
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", database_now()),
    )


def _is_wanted(message: Message) -> Statement:
    return Statement.exists(Message.objects.filter(*(wanted for _, wanted in _rules(message)), pk=THIS))


def _passing(message: Message) -> Statement:
    return Statement.update(
        _ours().filter(_at_home(home.PLACE), *(wanted for _, wanted in _rules(message))),
        state=State.SENDING,
        sending_at=database_now(),
        lease_until=ClockTimestamp() + SILENCE,
    )


def _sent() -> Statement:
    ours = Q(state=State.SENDING, lease_token=LEASE_TOKEN)
    given_up = Q(state=State.UNCERTAIN, attempts=Given("attempts", PositiveSmallIntegerField()))
    return Statement.update(
        Message.objects.filter(ours | given_up, pk=THIS),
        state=State.SENT,
        sent_at=database_now(),
        last_code=Given("code", PositiveSmallIntegerField()),
        last_error="",
        lease_token=None,
        lease_until=None,
    )


def _at_home(place: object) -> Q:
    """Whether mail may go out of this database at all: asked with each message, since a connection that broke may be
    replaced by one to a copy."""
    return ~Q(Exists(Home.objects.closed_to(place)))


def _ours() -> MessageQuerySet:
    return Message.objects.filter(
        pk=THIS, state=State.CLAIMED, lease_token=LEASE_TOKEN, lease_until__gt=ClockTimestamp()
    )


def _let_go(message: Message, *only_if: Q, **changes: object) -> bool:
    held = Message.objects.filter(
        *only_if, pk=message.pk, state__in=Message.HELD, lease_token=message.lease_token
    )
    with transaction.atomic():
        gathering.lock_with_gathered(message.pk)
        if not held.update(lease_token=None, lease_until=None, **changes):
            return False
        # It was not taken, so neither was what it gathered.
        gathering.put_back(message.pk)
    return True


def _rules(message: Message) -> list[tuple[Ending, Q]]:
    """What must hold for the message to go out, each with how it ends where that does not hold."""
    kind = kinds.get(message.kind)
    person = User.objects.active().filter(pk=OuterRef("person_id"))
    rules = [(Ending(State.CANCELLED, "inactive"), Q(Exists(person)))]
    if kind.stream:
        stopped = Stopped.objects.filter(person_id=OuterRef("person_id"), stream=kind.stream.name)
        rules.append((Ending(State.SUPPRESSED, "stopped"), ~Q(Exists(stopped))))
        for reason, word in (
            (suppression.Reason.BOUNCED, suppression.NOT_WORKING),
            (suppression.Reason.COMPLAINT, suppression.COMPLAINED),
        ):
            rules.append((Ending(State.SUPPRESSED, word), ~Q(suppression.stands(reason))))
        # Whoever is about to leave is reminded of nothing; what says so to them has no stream, and reaches them. The
        # reason is for the list of messages, and whether somebody is leaving is theirs to tell.
        leaving = User.objects.leaving().filter(pk=OuterRef("person_id"))
        rules.append((Ending(State.CANCELLED, WHILE_LEAVING), ~Q(Exists(leaving))))
    rules.append((Ending(State.EXPIRED, "too late"), Q(expires_at__gt=database_now())))
    rules += [(Ending(State.CANCELLED, reason), wanted) for reason, wanted in kind.conditions]
    if kind.rank is not None:
        alone = caps.alone_that_week(kind)
        rules.append((Ending(State.CANCELLED, caps.ANOTHER_THAT_WEEK), alone))
    return rules
