"""One sender's run: claim, make the letter, offer it, pass the fence, hand it over, write down what was said."""

import logging
import time
import traceback
from collections import Counter
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from accounts.clock import now

from . import claims, events, kinds, letters, manners, relay
from .claims import Ending, LeaseLost
from .events import Heard
from .inbound.reports import NO_MAILBOX
from .kinds import NotYet, Unrenderable
from .models import MailEvent, Message
from .models.event import key_of
from .smtp import Courier, HungUp, Phase, Reply, Unreachable

log = logging.getLogger(__name__)
State = Message.State

DEFECTS_BEFORE_WE_STOP = 5
RECORD_FOR = 600.0
STEP = 0.2

NOT_SIGNED_IN = {530, 534, 535, 538}  # RFC 4954: said of us, not of the message.
TOO_BIG = 552
AILING = {421, 454}
TOO_FAST = {421, 432, 452}


class Sender:
    """Sends what is due until nothing is, `stop()` says so, or a limit is reached."""

    def __init__(self, *, limit: int | None, seconds: float | None, stop: Callable[[], bool]) -> None:
        self._limit = limit
        self._ends_at = None if seconds is None else time.monotonic() + seconds
        self._stop = stop
        self._counts: Counter[str] = Counter()
        self._defects: Counter[str] = Counter()
        self._turn: relay.Turn | None = None

    def run(self) -> Counter[str]:
        """How many messages came to which end; "lost" are those that somebody else had taken over."""
        with Courier() as courier:
            while not self._is_over():
                names = [n for n in kinds.names() if self._defects[n] < DEFECTS_BEFORE_WE_STOP]
                if not claims.is_due(names):
                    break
                if self._turn is None:
                    self._turn = relay.take_turn()
                if self._turn is None or not self._wait(self._turn.wait):
                    break
                self._turn.wait = 0.0
                message = claims.claim(names)
                if message is None:
                    break
                self._counts[self._send(message, courier)] += 1
        return self._counts

    def _is_over(self) -> bool:
        return (
            self._stop()
            or (self._limit is not None and self._counts.total() >= self._limit)
            or (self._ends_at is not None and time.monotonic() >= self._ends_at)
        )

    def _wait(self, seconds: float) -> bool:
        """Until our turn; False when the run is to end before that."""
        until = time.monotonic() + seconds
        if self._ends_at is not None and until > self._ends_at:
            return False
        while (left := until - time.monotonic()) > 0:
            if self._stop():
                return False
            time.sleep(min(left, STEP))
        return True

    def _send(self, message: Message, courier: Courier) -> str:
        if ending := claims.why_not(message):
            claims.settle(message, ending)
            return ending.state
        if wait := manners.wait_for(message):
            return claims.hold_back(message, wait)
        try:
            post = letters.post(message)
        except Unrenderable as nothing:
            claims.settle(message, Ending(State.CANCELLED, nothing.reason))
            return State.CANCELLED
        except NotYet as busy:
            return claims.try_later(message, busy.reason, counts=False)
        except (
            Exception
        ) as defect:  # a template, a kind, a name: whatever it is, it must not hold up the others
            return self._defect(message, defect)
        self._defects[message.kind] = 0

        is_probe = self._turn is not None and self._turn.is_probe
        self._turn = None
        try:
            reply = courier.offer(post.sender, post.recipient, len(post.content))
        except Unreachable as fault:
            relay.was_at_fault(probe=is_probe)
            log.warning("mail server: not reached (%s %s)", fault, fault.code or "")
            return claims.try_later(message, f"not reached: {fault}", code=fault.code, counts=False)
        except HungUp:
            relay.was_at_fault(probe=is_probe)
            return claims.try_later(message, "the server hung up")
        self._heed(reply, is_probe)
        if not reply.is_yes:
            return self._refused(message, reply)

        try:
            ending = claims.pass_fence(
                message,
                stop_token=post.stop_token,
                link_token=post.link_token,
                reply_token=post.reply_token,
                reply_until=post.reply_until,
                gathers=post.gathers,
            )
        except LeaseLost:
            courier.withdraw()
            return "lost"
        except (OperationalError, InterfaceError):
            courier.close()
            raise
        if ending:
            courier.withdraw()
            return ending.state

        answer = courier.hand_over(post.content)
        if answer is None or not (answer.code == 250 or answer.is_for_now or answer.is_for_good):
            # It may have been taken. Nobody sends it again; after 15 minutes it is UNCERTAIN, and a person looks.
            log.error("message %s: no answer after DATA", message.pk)
            return State.SENDING
        state = self._record(message, answer)
        self._heed(answer, is_probe)
        return state

    def _defect(self, message: Message, defect: Exception) -> str:
        # The exception's own words may be a person's, so they are not logged; where it happened is.
        where = traceback.extract_tb(defect.__traceback__)[-1]
        log.error(
            "message %s (%s): no letter, %s in %s line %s",
            message.pk, message.kind, type(defect).__name__, where.filename, where.lineno,
        )  # fmt: skip
        self._defects[message.kind] += 1
        if self._defects[message.kind] == DEFECTS_BEFORE_WE_STOP:
            log.critical(
                "%s: %s in a row could not be made, leaving this kind alone for now",
                message.kind,
                DEFECTS_BEFORE_WE_STOP,
            )
        return claims.try_later(message, f"no letter: {type(defect).__name__}")

    def _refused(self, message: Message, reply: Reply) -> str:
        """A no before the fence, or after it: nothing was taken."""
        said = f"{reply.phase.value}: {reply.text}"
        if reply.phase is Phase.MAIL and reply.code in NOT_SIGNED_IN:
            return claims.try_later(message, said, code=reply.code, counts=False)
        if reply.is_for_good:
            claims.settle(message, Ending(State.FAILED, said), code=reply.code)
            if reply.phase is Phase.RCPT and (no_mailbox := NO_MAILBOX.search(reply.text)):
                self._hear_of_no_mailbox(message, no_mailbox[0])
            return State.FAILED
        return claims.try_later(message, said, code=max(reply.code, 0))

    def _hear_of_no_mailbox(self, message: Message, status: str) -> None:
        """The mail server says that nobody reads there: no more is sent to that address."""
        events.note(
            Heard(
                provider="mail server",
                key=key_of(message.pk, message.attempts),
                kind=MailEvent.Kind.HARD,
                person_id=message.person_id,
                message=message,
                went_to=lambda address: address == message.person.email,
                said=status,
            ),
            now=now(),
        )

    def _heed(self, reply: Reply, is_probe: bool) -> None:
        """What the reply says about the server itself, or about how it sees us."""
        if reply.code in TOO_FAST:
            relay.slow_down()
        # Who refuses our own address (and not the size) refuses it for each message: better that we rest and log it.
        refuses_us = reply.phase is Phase.MAIL and reply.is_for_good and reply.code != TOO_BIG
        if reply.code in AILING or refuses_us:
            relay.was_at_fault(probe=is_probe)
        else:
            relay.was_well()

    def _record(self, message: Message, answer: Reply) -> str:
        """Write down the answer, for ten minutes if need be: it exists nowhere else."""
        gives_up_at = time.monotonic() + RECORD_FOR
        pause = 0.5
        while True:
            try:
                if answer.code == 250:
                    claims.record_sent(message, answer)
                    return State.SENT
                return self._refused(message, answer)
            except (OperationalError, InterfaceError):
                log.error("message %s: %s not written down yet", message.pk, answer.code)
                if time.monotonic() + pause > gives_up_at:
                    raise
            connection.close()
            time.sleep(pause)
            pause = min(pause * 2, 10.0)
