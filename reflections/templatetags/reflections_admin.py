"""What the first page of the admin shows of rounds and e-mails. Load with `{% load reflections_admin %}`.

{% latest_rounds as rounds %}         the newest round of each of one's programs that is not archived, with its totals
{{ round|dates_in_words }}            when its quarter ends and how long people are asked
{{ round|reflected }}                 "One of two people has reflected": the state of a round in a sentence
{% may_open_words as may_open %}      whether they may ask to open somebody's words in an emergency
{% messages_to_look_at as number %}   e-mails of one's programs that did not go out, or may not have
{% minutes_behind as minutes %}       for how long the oldest e-mail could have gone out; 0 where that is not long
"""

from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from accounts import clock
from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from accounts.templatetags.best import in_words, month_day, weekday_date
from mentoring.models import Program
from reflections.admin.messages import messages_administered_by
from reflections.models import Round
from reflections.progress import with_totals

if TYPE_CHECKING:
    from reflections.progress import RoundWithTotals

register = template.Library()
LATE_AFTER = 15  # Minutes.

PROGRAMS_AT_A_GLANCE = 50
TO_LOOK_AT = (Message.State.UNCERTAIN, Message.State.FAILED, Message.State.BOUNCED)


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


@register.simple_tag(takes_context=True)
def may_open_words(context: template.Context) -> bool:
    return settings.BREAK_GLASS and _person(context).is_superuser


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


@register.simple_tag
def minutes_behind() -> int:
    """Told once it is more than a passing rush."""
    behind = outbox.minutes_behind()
    return behind if behind >= LATE_AFTER else 0


@register.simple_tag(takes_context=True)
def messages_to_look_at(context: template.Context) -> int:
    return messages_administered_by(_person(context)).filter(state__in=TO_LOOK_AT).count()


def _person(context: template.Context) -> User:
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        raise TypeError("The admin shows nothing to somebody who is not signed in.")
    return request.user
