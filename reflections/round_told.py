"""What those who run a program are told of how its round goes: totals that tell of nobody, now or by comparison.

Of who has finished it reads only what was written down to be told (`round_counting`): nothing that somebody writes
changes what is told of a day, or how many are asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from accounts.mail.models import Message
from accounts.templatetags.best import in_words
from mentoring.small_counts import FEWEST

from .models import Round, RoundFigure
from .progress import asked_in
from .schedule import Nudge

State = Message.State


@dataclass(frozen=True)
class Sent:
    """The quarter's first e-mail, once it went out; of reminders nothing is counted, for whoever is reminded has not
    answered, and of what waits neither: it goes down when somebody answers early."""

    nudge: Nudge
    sent: int = 0
    arrived: int = 0
    failed: int = 0
    has_begun: bool = False


@dataclass(frozen=True)
class Told:
    """`steps` are what is told of those who finished, the oldest first; `asked` is as of the last of them."""

    round: Round
    today: date
    asked: int
    steps: list[RoundFigure]

    @property
    def last(self) -> RoundFigure | None:
        return self.steps[-1] if self.steps else None


def told_of(round: Round, now: datetime) -> Told:
    """Two queries at most, however many people there are. Fetch the round with its program."""
    steps = list(RoundFigure.objects.filter(round=round).order_by("as_of"))
    asked = steps[-1].asked if steps else asked_in(round).count()
    return Told(round, round.program.today(now), asked, steps)


def sent_of(round: Round) -> list[Sent]:
    """What became of the quarter's e-mails, in one query."""
    went = Q(pk__in=Message.objects.went().filter(subject_id=round.pk, kind=Nudge.ASK).values("pk"))
    rows = Message.objects.of(Nudge.ASK, subject_id=round.pk).aggregate(
        rows=Count("pk"),
        went=Count("pk", filter=went),
        lost=Count("pk", filter=Q(state__in=(State.BOUNCED, State.UNCERTAIN))),
        refused=Count("pk", filter=Q(state=State.FAILED)),
    )
    return [_asked(rows), Sent(Nudge.REMINDER), Sent(Nudge.LAST_CALL)]


def _asked(row: Mapping[str, Any]) -> Sent:
    return Sent(
        Nudge.ASK,
        sent=row["went"] + row["refused"],
        arrived=row["went"] - row["lost"],
        failed=row["lost"] + row["refused"],
        has_begun=row["rows"] > 0,
    )


def in_a_sentence(told: Told) -> str:
    """A sentence about how many have finished, as far as that is told."""
    if not told.asked:
        return gettext("Nobody is asked to reflect yet: there is no pair.")
    if told.asked < FEWEST:
        return ngettext(
            "%(asked)s person is asked to reflect.", "%(asked)s people are asked to reflect.", told.asked
        ) % {"asked": capfirst(in_words(told.asked))}
    if told.last is None:
        return gettext("%(asked)s people are asked to reflect.") % {"asked": capfirst(in_words(told.asked))}
    return gettext("At least %(finished)s of %(asked)s people have finished their reflection.") % {
        "finished": in_words(told.last.at_least),
        "asked": in_words(told.asked),
    }
