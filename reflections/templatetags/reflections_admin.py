"""What the first page of the admin shows of rounds and e-mails. Load with `{% load reflections_admin %}`.

{% latest_rounds as rounds %}         the newest round of each of one's programs that is not archived, with its totals
{{ round|dates_in_words }}            when its quarter ends and how long people are asked
{{ round|reflected }}                 "One of two people has reflected": the state of a round in a sentence
{% may_open_words as may_open %}      whether they may ask to open somebody's words in an emergency
{% messages_to_look_at as number %}   e-mails of one's programs that did not go out, or may not have
{% mail_waits as mail %}              for how long the oldest e-mail that is owed has waited, and whether that is late
{% mails_held as number %}            for superusers: how many e-mails that came in wait for their people's word
"""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from accounts import clock
from accounts.mail import waiting
from accounts.models import User
from accounts.templatetags.best import in_words, month_day, weekday_date
from mentoring.models import Program
from reflections.admin.messages import IN_NEED, messages_administered_by
from reflections.models import IncomingMail, Round
from reflections.progress import with_totals

if TYPE_CHECKING:
    from reflections.progress import RoundWithTotals

register = template.Library()

PROGRAMS_AT_A_GLANCE = 50


@register.simple_tag(takes_context=True)
def latest_rounds(context: template.Context) -> "list[RoundWithTotals]":
    newest = (
        Round.objects.administered_by(_person(context))
        .exclude(program__status=Program.Status.ARCHIVED)
        .order_by("program_id", "-quarter_start")
        .distinct("program_id")
        .values("pk")
    )
    rounds = with_totals(Round.objects.filter(pk__in=newest)).select_related("program")
    return list(rounds.order_by("-closes_on", "program__name")[:PROGRAMS_AT_A_GLANCE])


class MailWaits(NamedTuple):
    how_long: str
    is_late: bool


@register.simple_tag
def mail_waits() -> MailWaits:
    """Of the whole installation: there is one mail server, and it serves all programs."""
    oldest, now = waiting.oldest_owed(), clock.now()
    words = timesince(now - oldest, now) if oldest >= timedelta(minutes=1) else ""
    return MailWaits(words, oldest > waiting.LATE)


@register.simple_tag(takes_context=True)
def may_open_words(context: template.Context) -> bool:
    return settings.BREAK_GLASS and _person(context).is_superuser


@register.simple_tag(takes_context=True)
def mails_held(context: template.Context) -> int:
    """Whose they are is nobody's business: whoever answers, and whoever does not, is on no page of an admin."""
    if not _person(context).is_superuser:
        return 0
    return IncomingMail.objects.held().count()


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


@register.filter
def reflected(row: "RoundWithTotals") -> str:
    """A sentence about `finished` of `asked`."""
    if not row.asked:
        return gettext("Nobody is asked to reflect yet: there is no pair.")
    if row.asked == 1:
        return (
            gettext("The one person asked has reflected.")
            if row.finished
            else gettext("One person is asked.")
        )
    if not row.finished:
        return gettext("None of %(asked)s people has reflected yet.") % {"asked": in_words(row.asked)}
    sentence = ngettext(
        "%(finished)s of %(asked)s people has reflected.",
        "%(finished)s of %(asked)s people have reflected.",
        row.finished,
    )
    return capfirst(sentence % {"finished": in_words(row.finished), "asked": in_words(row.asked)})


@register.simple_tag(takes_context=True)
def messages_to_look_at(context: template.Context) -> int:
    return messages_administered_by(_person(context)).filter(IN_NEED).count()


def _person(context: template.Context) -> User:
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        raise TypeError("The admin shows nothing to somebody who is not signed in.")
    return request.user
