"""What other pages show of moments and reflections. Load with `{% load reflections_tags %}`.

{% timeline pairing %}          section "Moments you share" of a pairing that has begun; nothing for any other
{% facing_pages pairing %}      section "Your reflections, side by side", the same
{% swap_of pairing %}           section "A swap" of the quarter that it would be of now; nothing before there is one
{% tell_moment moment %}        a link to tell somebody about a moment of one's own; nothing once it was told or left
{% carried_into round %}        what they carry into that round, for its opening page; nothing where they carry nothing
{% carried_now %}               the same for the home page, from the last page that they finished
{% moment_card moment %}        one moment as its reader sees it; sheet=True, kept=True, edit=True
{% shared_now user as shared %} what they let others read now, by who reads it
{{ answer|named_in }}           who is named in something of one's own and has not agreed, as a sentence; else nothing
{% words_of thing as words %}    the words of a moment or an answer; {% after_of thing as after %} its second half
{% gave_of moment as gave %}     what a moment gave its owner; {% reason_of row as reason %} why words were opened
{% opened_words user %}         each time that their words were asked for in an emergency
{% values_of moment %}          section "What it shows" of a moment of one's own: its values, and a form for another
{% other_years quarter %}       a quiet card with something of the same months in another year; nothing where there is
{% menu_of user as menu %}       what stands in their menu only where there is something behind it
{% whom_in_words code %}        For a colleague, in the words of their reader's program
{{ day|said_on }}               June 22; June 22, 2025 where it was another year
{% kept_moment message as pk %}   the moment that a message is about, where one was kept just now
{% keeps_by_mail as is_on %}     whether moments can be kept by mail here; {% takes_replies as is_on %} of replies
{% mail_that_waits %}           one line on the home page while e-mails wait for their person's word; nothing else
{% left_out_of answer %}        a line with a link where something was left out of a reply that stands in it
{{ row|mail_text }}             of an e-mail that came in: its words; |mail_sender, |mail_left_out
{{ answer|whole }}              all that was written to one question, as one text
{{ note|note_words }}           a note that somebody sent, as far as it can be read
{{ value|value_name }}          a value by its name, the same; {{ shown|shown_words }} what shows it
{{ names|listed }}              Tomasz, Ayo and Greta
{{ when|said_when:now }}        today at 14:41; yesterday at 21:10; on Tuesday, June 16 at 21:10
"""

import re
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.mail.inbound import addresses
from accounts.models import User
from accounts.vault import reading
from mentoring.models import Pairing
from mentoring.quarter import Quarter
from reflections import (
    carry,
    facing,
    keep_by_mail,
    rules,
    sharing,
    swapping,
    telling,
    who_reads,
    whom,
    wording,
)
from reflections.forms.moment import KIND_ICONS
from reflections.forms.value import ShowForm
from reflections.menu import menu_of
from reflections.models import Answer, Audience, BreakGlass, IncomingMail, Moment, Round, ValueShown
from reflections.story.beside import of_another_year
from reflections.story.entries import entry_of
from reflections.story.words import Words
from reflections.timeline import items, moments_in, shared_in

register = template.Library()

ON_THE_PAIR_PAGE = 2
ROUNDS_ON_THE_PAIR_PAGE = 2
KEPT = re.compile(r"\bmoment-([0-9]+)\b")

register.filter("said_when", wording.said_when)
register.filter("named_in", who_reads.said_of)
register.filter("said_on", lambda day: wording.said_on(day, clock.now()))
register.filter("listed", wording.listed)
register.simple_tag(sharing.shared_now)
register.simple_tag(menu_of)
register.filter("whole", wording.whole)
register.filter("note_words", lambda note: reading.words(note, "text"))
register.filter("value_name", lambda value: reading.words(value, "name"))


@register.filter
def shown_words(shown: ValueShown) -> str:
    """The quote, or all of what shows the value where none was chosen."""
    thing = shown.moment or shown.answer
    return reading.words(shown, "quote") or (reading.words(thing, "text") if thing else "")


@register.simple_tag
def words_of(thing: Moment | Answer) -> str:
    return reading.words(thing, "text")


@register.simple_tag
def gave_of(moment: Moment) -> str:
    return reading.words(moment, "gave")


@register.simple_tag
def reason_of(row: BreakGlass) -> str:
    """Why somebody's words were asked for."""
    return reading.words(row, "reason")


@register.inclusion_tag("reflections/tags/opened_words.html")
def opened_words(person: User) -> dict[str, Any]:
    """Each time that somebody's words were asked for in an emergency, for them; nothing where it cannot be and never
    was."""
    rows = BreakGlass.objects.of(person).with_people().select_related("moment")
    return {"openings": rows.prefetch_related("readings"), "has": settings.BREAK_GLASS, "now": clock.now()}


@register.simple_tag
def after_of(thing: Moment | Answer) -> str:
    """The second half of an answer to a question that asks for a before and an after."""
    return reading.words(thing, "after") if isinstance(thing, Answer) else ""


@register.inclusion_tag("reflections/tags/carried.html", takes_context=True)
def carried_into(context: template.Context, round: Round) -> dict[str, Any]:
    return {"answer": carry.carried_into(context["request"].user, round)}


@register.inclusion_tag("reflections/tags/carried.html", takes_context=True)
def carried_now(context: template.Context) -> dict[str, Any]:
    return {"answer": carry.carried_now(context["request"].user), "quiet": True}


@register.inclusion_tag("reflections/tags/timeline.html", takes_context=True)
def timeline(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """The newest moments that the two share with this pairing, for one of the two. Pages stand side by side below, and
    in one line of time with the moments on a page of its own."""
    reader: User = context["request"].user
    partner = pairing.partner_of(reader)
    rows = list(moments_in(pairing, reader)[:ON_THE_PAIR_PAGE]) if pairing.is_begun else []
    return {
        "request": context["request"],
        "user": reader,
        "pairing": pairing,
        "partner": partner,
        "items": items(pairing, reader, rows),
        "has_any": bool(rows) or (pairing.is_begun and shared_in(pairing, reader).exists()),
        "may_respond": rules.may_respond(reader, pairing),
    }


@register.inclusion_tag("reflections/tags/facing_pages.html", takes_context=True)
def facing_pages(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """The latest round of this pairing and those of which something is shared, for one of the two."""
    reader: User = context["request"].user
    today = clock.now().astimezone(reader.zone).date()
    rounds = facing.rounds_of(pairing, today) if pairing.is_begun else []
    pages = facing.facing_pages(pairing, reader, rounds) if rounds else []
    pages = [page for page in pages if page.is_open or page.round == rounds[0]]
    return {
        "request": context["request"],
        "user": reader,
        "pairing": pairing,
        "partner": pairing.partner_of(reader),
        "pages": pages[:ROUNDS_ON_THE_PAIR_PAGE],
        "earlier": [page.round for page in pages[ROUNDS_ON_THE_PAIR_PAGE:]],
    }


@register.simple_tag
def kept_moment(message: Message) -> int | None:
    """The moment that a message says was kept just now, by its number."""
    found = KEPT.search(message.extra_tags or "")
    return int(found[1]) if found else None


@register.simple_tag
def keeps_by_mail() -> bool:
    return keep_by_mail.is_on()


@register.simple_tag
def takes_replies() -> bool:
    return addresses.is_on()


@register.inclusion_tag("reflections/tags/mail_that_waits.html", takes_context=True)
def mail_that_waits(context: template.Context) -> dict[str, Any]:
    if not settings.INBOUND_AUTHSERV_ID:
        return {"count": 0}
    return {"count": IncomingMail.objects.of(context["request"].user).held().count()}


@register.inclusion_tag("reflections/tags/left_out_of.html")
def left_out_of(answer: Answer | None) -> dict[str, Any]:
    if answer is None or not addresses.is_on():
        return {"is_so": False}
    return {"is_so": IncomingMail.objects.taken().to_look_at().filter(answer=answer).exists()}


@register.filter
def mail_text(row: IncomingMail) -> str:
    return reading.words(row, "text")


@register.filter
def mail_sender(row: IncomingMail) -> str:
    return reading.words(row, "sender")


@register.filter
def mail_left_out(row: IncomingMail) -> str:
    return reading.words(row, "left_out")


@register.inclusion_tag("reflections/tags/swap.html", takes_context=True)
def swap_of(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """For one of the two of a pairing that has begun."""
    reader, now = context["request"].user, clock.now()
    round = swapping.newest_round(pairing, pairing.program.today(now)) if pairing.is_begun else None
    return {"here": swapping.swapping(pairing, round, reader, now) if round else None}


@register.inclusion_tag("reflections/tags/tell_moment.html", takes_context=True)
def tell_moment(context: template.Context, moment: Moment) -> dict[str, Any]:
    return {"moment": moment, "may_offer": telling.may_offer(context["request"].user, moment)}


@register.inclusion_tag("components/moment.html", takes_context=True)
def moment_card(
    context: template.Context, moment: Moment, *, edit: bool = False, sheet: bool = False, kept: bool = False
) -> dict[str, Any]:
    """A moment with what its reader is told of it: on a page of one's own whom it was for, else whose it is."""
    reader: User = context["request"].user
    is_mine = moment.person_id == reader.pk
    kind = Moment.Kind(moment.kind) if moment.kind else None
    waits, named_url = "", ""
    # As `with_readers` has looked it up; where it has not, nothing is said.
    asked = [row for row in getattr(moment, "in_the_way", ()) if row.person_id == reader.pk]
    if is_mine:
        waits, named_url = who_reads.said_of(moment), reverse("named:thing", args=["moments", moment.pk])
    elif asked and asked[0].is_unanswered:
        waits = _("It names you. Nobody else reads it before you have said yes.")
        named_url = reverse("named:detail", args=[asked[0].pk])
    return {
        "text": reading.words(moment, "text"),
        "kind": kind.label if kind else "",
        "kind_icon": KIND_ICONS.get(kind) if kind else "",
        "whom": _for_whom(context, moment.for_whom) if is_mine else _whose(moment),
        "on": moment.happened_on,
        "dated": wording.said_on(moment.happened_on, clock.now()),
        "audience": moment.audience,
        "label": _label(moment, reader),
        "url": reverse("moments:edit", args=[moment.pk]) if edit and is_mine else "",
        "action": _("Change it"),
        "sheet": sheet,
        "kept": kept,
        "waits": waits,
        "named_url": named_url,
        "names_me": not is_mine,
    }


@register.simple_tag(takes_context=True, name="whom_in_words")
def _for_whom(context: template.Context, code: str) -> str:
    return whom.of_reader(context["request"]).said(code) if code else ""


@register.inclusion_tag("reflections/tags/values_of.html", takes_context=True)
def values_of(context: template.Context, moment: Moment) -> dict[str, Any]:
    """Outside of any other form."""
    person: User = context["request"].user
    words = Words(person, 1)
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "entry": entry_of(person, moment, words),
        "form": ShowForm(text=moment.text),
        "words": words.all,
    }


@register.inclusion_tag("reflections/tags/other_years.html", takes_context=True)
def other_years(context: template.Context, quarter: Quarter | None) -> dict[str, Any]:
    """One moment of one's own, another one each week. Without a quarter that of the calendar is meant."""
    person: User = context["request"].user
    today = clock.now().astimezone(person.zone).date()
    moment = of_another_year(person, quarter or Quarter.containing(today), today)
    return {"request": context["request"], "user": person, "moment": moment}


def _whose(moment: Moment) -> str:
    """In a pair the first name will do; before a whole program, whole names."""
    if moment.audience == Audience.PAIRING:
        return moment.person.first_name
    return moment.person.name or moment.person.first_name


def _label(moment: Moment, reader: User) -> str:
    if moment.pairing is not None and reader.pk in (moment.pairing.mentor_id, moment.pairing.mentee_id):
        return _("%(name)s and me") % {"name": moment.pairing.partner_of(reader).first_name}
    if moment.program is not None:
        return _("Everyone in %(program)s") % {"program": moment.program}
    return _("Only me")
