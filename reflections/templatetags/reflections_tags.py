"""What other pages show of moments and reflections. Load with `{% load reflections_tags %}`.

{% timeline pairing %}          section "Moments you share" of a pairing that has begun; nothing for any other
{% facing_pages pairing %}      section "Your reflections, side by side", the same
{% moment_card moment %}        one moment as its reader sees it; sheet=True, kept=True, edit=True
{% shared_now user as shared %} what they let others read now, by who reads it
{{ day|said_on }}               June 22; June 22, 2025 where it was another year
{{ answer|whole }}              all that was written to one question, as one text
{{ note|note_words }}           a note that somebody sent, as far as it can be read
{{ value|value_name }}          a value by its name, the same; {{ shown|shown_words }} what shows it
{{ when|said_when:now }}        today at 14:41; yesterday at 21:10; on Tuesday, June 16 at 21:10
"""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.models import User
from accounts.vault import reading
from mentoring.models import Pairing
from reflections import facing, rules, sharing, wording
from reflections.forms.moment import KIND_ICONS
from reflections.models import Audience, Moment, ValueShown
from reflections.timeline import items, moments_in, shared_in

register = template.Library()

ON_THE_PAIR_PAGE = 2
ROUNDS_ON_THE_PAIR_PAGE = 2
FOR_WHOM: dict[str, str | Promise] = {
    Moment.Whom.COLLEAGUE: gettext_lazy("For a colleague"),
    Moment.Whom.CLIENT: gettext_lazy("For a client"),
    Moment.Whom.MYSELF: gettext_lazy("For myself"),
    Moment.Whom.MENTEE: gettext_lazy("For my mentee"),
    Moment.Whom.MENTOR: gettext_lazy("For my mentor"),
}

register.filter("said_when", wording.said_when)
register.filter("said_on", lambda day: wording.said_on(day, clock.now()))
register.simple_tag(sharing.shared_now)
register.filter("whole", wording.whole)
register.filter("note_words", lambda note: reading.words(note, "text"))
register.filter("value_name", lambda value: reading.words(value, "name"))


@register.filter
def shown_words(shown: ValueShown) -> str:
    """The quote, or all of what shows the value where none was chosen."""
    thing = shown.moment or shown.answer
    return reading.words(shown, "quote") or (reading.words(thing, "text") if thing else "")


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


@register.inclusion_tag("components/moment.html", takes_context=True)
def moment_card(
    context: template.Context, moment: Moment, *, edit: bool = False, sheet: bool = False, kept: bool = False
) -> dict[str, Any]:
    """A moment with what its reader is told of it: on a page of one's own whom it was for, else whose it is."""
    reader: User = context["request"].user
    is_mine = moment.person_id == reader.pk
    kind = Moment.Kind(moment.kind) if moment.kind else None
    return {
        "text": moment.text,
        "kind": kind.label if kind else "",
        "kind_icon": KIND_ICONS.get(kind) if kind else "",
        "whom": FOR_WHOM.get(moment.for_whom, "") if is_mine else _whose(moment),
        "on": moment.happened_on,
        "dated": wording.said_on(moment.happened_on, clock.now()),
        "audience": moment.audience,
        "label": _label(moment, reader),
        "url": reverse("moments:edit", args=[moment.pk]) if edit and is_mine else "",
        "action": _("Change it"),
        "sheet": sheet,
        "kept": kept,
    }


def _whose(moment: Moment) -> str:
    """In a pair the first name will do; before a whole program, whole names."""
    if moment.audience == Audience.PAIRING:
        return moment.person.first_name
    return moment.person.name or moment.person.first_name


def _label(moment: Moment, reader: User) -> str:
    if moment.pairing is not None:
        return _("%(name)s and me") % {"name": moment.pairing.partner_of(reader).first_name}
    if moment.program is not None:
        return _("Everyone in %(program)s") % {"program": moment.program}
    return _("Only me")
