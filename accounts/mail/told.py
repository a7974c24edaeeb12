"""What a person reads of the e-mails that we owed them: what each was, when, how it went, and why they get such."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import clock, weekday_date

from . import kinds, manners, suppression
from .kinds import Stream
from .models import Message, MessageQuerySet

A_YEAR = timedelta(days=365)
State = Message.State
WAITING = (State.QUEUED, State.CLAIMED)


@dataclass(frozen=True)
class Told:
    """One e-mail; `pk` is its message’s. `at` is when it went; None for one that waits, whose `state` says when it
    comes. `stream` is what stops it, if anything does."""

    pk: int
    label: str | Promise
    at: datetime | None
    state: str
    why: str | Promise
    stream: Stream | None


def rows_of(person: User, now: datetime) -> MessageQuerySet:
    """Theirs of the last year, what waits included; without what was theirs to send, and what was not needed any more
    before it was sent, of which there is nothing to tell."""
    ours = [name for name in kinds.names() if not kinds.get(name).to_others]
    idle = Q(state=State.CANCELLED) & ~Q(last_error=Message.IN_THE_WEEKLY) & ~Q(kind__in=_calendar())
    rows = Message.objects.visible_to(person).of(*ours).filter(due_at__gt=now - A_YEAR)
    return rows.exclude(idle).order_by("-due_at", "-pk")


def _calendar() -> list[str]:
    return [name for name in kinds.names() if kinds.get(name).rank is not None]


def tell(message: Message) -> Told:
    """In plain words, in the reader's zone."""
    kind = kinds.get(message.kind)
    stream = kind.stream
    if stream is not None:
        why = stream.description
    else:
        why = (kind.always.why if kind.always else "") or _(
            "It is about something that you began, or that is only yours to decide."
        )
    at = None if message.state in WAITING else message.sent_at or message.sending_at or message.due_at
    return Told(message.pk, message.kind_label, at, _state(message), why, stream)


def _state(message: Message) -> str:
    if message.state == State.QUEUED:
        return _waits(message)
    if message.has_gone and message.state == State.CANCELLED:
        return _("in your weekly e-mail")
    if message.state == State.SUPPRESSED and message.last_error == suppression.NOT_WORKING:
        return _("not sent: mail to your address had come back")
    return {
        State.CLAIMED: _("on its way"),
        State.SENDING: _("on its way"),
        State.SENT: _("sent"),
        State.BOUNCED: _("came back: your address did not take it"),
        State.FAILED: _("not sent: your address did not take it"),
        State.CANCELLED: _("not sent: it was not needed any more"),
        State.SUPPRESSED: _("not sent: you had stopped these"),
        State.EXPIRED: _("not sent: it would have come too late"),
        State.UNCERTAIN: _("perhaps sent: the connection broke off"),
    }[State(message.state)]


def _waits(message: Message) -> str:
    if message.last_error == manners.WEEKLY:
        return _("waits for your weekly e-mail")
    when = {"day": weekday_date(message.next_attempt_at), "time": clock(message.next_attempt_at)}
    if message.last_error == manners.SNOOZED:
        return _("waits until %(day)s at %(time)s, since you want none before") % when
    if message.last_error == manners.CALM:
        return _("waits until %(day)s at %(time)s, after your calm hours") % when
    if message.last_error == manners.DAILY:
        return _("waits until %(day)s at %(time)s: one of these a day") % when
    return _("will come on %(day)s at %(time)s") % when
