"""What the first page of the admin shows of rounds and e-mails. Load with `{% load reflections_admin %}`.

{% round_of program now as round %}   its newest round: what is told of how it goes, its e-mails, and both drawn
{{ round|dates_in_words }}            when its quarter ends and how long people are asked
{{ told|finished_in_words }}          "At least thirty of 48 people have finished": the state of a round in a sentence
{% messages_to_look_at as number %}   e-mails of one's programs that did not go out, or may not have
{% mail_waits as mail %}              for how long the oldest e-mail that is owed has waited, and whether that is late
{% mails_held as number %}            for superusers: how many e-mails that came in wait for their people's word
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django import template
from django.http import HttpRequest
from django.utils.timesince import timesince
from django.utils.translation import gettext

from accounts import clock
from accounts.mail import home, waiting
from accounts.models import User
from accounts.templatetags.best import month_day, weekday_date
from mentoring.charts import Bar, Bars, Column, Columns
from mentoring.models import Program
from reflections.admin.messages import IN_NEED, messages_administered_by
from reflections.models import IncomingMail, Round
from reflections.nudges import LABELS
from reflections.round_told import Sent, Told, in_a_sentence, sent_of, told_of
from reflections.schedule import Nudge

LONGEST_PICTURE = timedelta(days=120)

register = template.Library()


@dataclass(frozen=True)
class RoundToday:
    """The newest round of a program as its page tells of it."""

    told: Told
    sent: list[Sent]
    bars: Bars | None
    columns: Columns | None

    @property
    def round(self) -> Round:
        return self.told.round


@register.simple_tag
def round_of(program: Program, now: datetime) -> RoundToday | None:
    """None before the first one has opened."""
    newest = (
        Round.objects.filter(program=program).select_related("program").order_by("-quarter_start").first()
    )
    if newest is None:
        return None
    told = told_of(newest, now)
    return RoundToday(told, sent_of(newest), _bars(told), _columns(told))


def _bars(told: Told) -> Bars | None:
    if told.last is None:
        return None
    finished = told.last.at_least
    said = gettext("At least %(finished)s of %(asked)s have finished.") % {
        "finished": finished,
        "asked": told.asked,
    }
    # The third color is that of what is still open.
    bars = [Bar(gettext("Everybody"), [finished, 0, told.asked - finished])]
    return Bars(said, [gettext("Finished, at least"), "", gettext("The others")], bars)


def _columns(told: Told) -> Columns | None:
    """How many at least had finished at the start of each day, in the steps in which that is told."""
    if not told.steps:
        return None
    row, at, so_far = told.round, 0, 0
    last = min(max(told.today, row.due_on), row.opens_on + LONGEST_PICTURE)
    columns = []
    for number in range((last - row.opens_on).days + 1):
        day = row.opens_on + timedelta(days=number)
        while at < len(told.steps) and told.steps[at].as_of <= day:
            so_far, at = told.steps[at].at_least, at + 1
        total = so_far if day <= told.today else None
        is_today = day == told.today
        label = gettext("Today") if is_today else month_day(day)
        columns.append(Column(label, total, is_marked=is_today))
    said = gettext("How many had finished, from %(first)s on: at least %(number)s.")
    return Columns(said % {"first": month_day(row.opens_on), "number": told.steps[-1].at_least}, columns)


class MailWaits(NamedTuple):
    """`elsewhere` is set where the database was copied from another server."""

    how_long: str
    is_late: bool
    elsewhere: home.Standing | None


@register.simple_tag
def mail_waits() -> MailWaits:
    """Of the whole installation: there is one mail server, and it serves all programs."""
    oldest, now = waiting.oldest_owed(), clock.now()
    words = timesince(now - oldest, now) if oldest >= timedelta(minutes=1) else ""
    return MailWaits(words, oldest > waiting.LATE, home.waits())


@register.simple_tag(takes_context=True)
def mails_held(context: template.Context) -> int:
    """Whose they are is nobody's business: whoever answers, and whoever does not, is on no page of an admin."""
    if not _person(context).is_superuser:
        return 0
    return IncomingMail.objects.held().count()


@register.filter
def nudge_label(sent: Sent) -> str:
    return str(LABELS[sent.nudge])


@register.filter
def not_begun(today: RoundToday, sent: Sent) -> str:
    """To whom an e-mail goes, or went, of which nothing is counted."""
    told = today.told
    is_over = told.today > told.round.closes_on
    if sent.nudge is not Nudge.ASK:
        if is_over:
            return gettext("Went to those who had not answered by then")
        return gettext("Goes to those who have not answered by then")
    if is_over:
        return gettext("Went to nobody")
    return gettext("Goes to about %(number)d people") % {"number": told.asked}


@register.filter
def dates_in_words(row: Round) -> str:
    """Whether the quarter ends or has ended, on the program's own calendar, and until when its people are asked."""
    today = row.program.today(clock.now())
    said = {
        "quarter": row.quarter.label,
        "ends": weekday_date(row.due_on),
        "until": month_day(row.closes_on),
    }
    if today <= row.due_on:
        return (
            gettext("%(quarter)s ends on %(ends)s. People are asked until %(until)s, and late is fine.")
            % said
        )
    if today <= row.closes_on:
        return (
            gettext("%(quarter)s ended on %(ends)s. People are asked until %(until)s, and late is fine.")
            % said
        )
    return gettext("%(quarter)s ended on %(ends)s. Nobody is asked any more, and late is fine.") % said


register.filter("finished_in_words", in_a_sentence)


@register.simple_tag(takes_context=True)
def messages_to_look_at(context: template.Context) -> int:
    return messages_administered_by(_person(context)).filter(IN_NEED).count()


def _person(context: template.Context) -> User:
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        raise TypeError("The admin shows nothing to somebody who is not signed in.")
    return request.user
