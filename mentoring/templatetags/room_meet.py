"""Sections of a pair's page around their meetings. Load with `{% load room_meet %}`.

{% room_agenda pairing %}     what the two will talk about; once it is over, what they did not get to
{% room_past pairing %}       when they met, and the way to write down a meeting that was
{% room_notes pairing %}      the newest notes that the reader may read, and the two ways of writing one
{{ note|words:"text" }}       sealed words, or the sentence that they cannot be read any more

Each is nothing for a pairing that has not come about, or is over with nothing of it there.
"""

from typing import Any

from django import template
from django.db.models import Case, Count, IntegerField, Q, Value, When

from accounts import clock
from accounts.models import User
from accounts.vault import data_keys, reading
from mentoring import rules
from mentoring.forms import TopicForm
from mentoring.models import AgendaItem, ConversationStarter, Meeting, Note, Pairing
from mentoring.room.met import SHOWN_WITHIN
from mentoring.room.waits import Due

register = template.Library()
register.filter("words", reading.words)

ITEMS = 4
NOTES = 1
MEETINGS = 2


@register.inclusion_tag("mentoring/room/meet_agenda.html", takes_context=True)
def room_agenda(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """What is open, oldest first, for one of the two."""
    said = _common(context, pairing)
    if not said["has_room"]:
        return said
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    items = AgendaItem.objects.visible_to(said["user"]).filter(pairing=pairing)
    # Those that are open first, and one more than is shown, to know whether there is more.
    done = Case(When(talked_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(items.order_by(done, "created_at", "pk")[: ITEMS + 1])
    opened = [item for item in found if item.talked_at is None]
    return said | {
        "is_there": said["may_write"] or bool(found),
        "items": opened[:ITEMS],
        "has_more": len(opened) > ITEMS,
        "has_talked": len(opened) < len(found),
        "form": TopicForm(auto_id="agenda_%s"),
        "has_starters": said["may_write"] and _has_starters(pairing),
    }


@register.inclusion_tag("mentoring/room/meet_past.html", takes_context=True)
def room_past(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """The newest of their meetings, for one of the two."""
    said = _common(context, pairing)
    if not said["has_room"]:
        return said
    user, now = said["user"], clock.now()
    theirs = Note.objects.visible_to(user).filter(pairing=pairing)
    past = Meeting.objects.filter(pairing=pairing).past(now)
    due: Due | None = context.get("due")
    if due is not None and due.section == "met" and due.about is not None:
        # The card at the top asks about it, until one of them has said whether they met.
        past = past.exclude(pk=due.about)
    rows = past.annotate(notes_there=Count("notes", filter=Q(notes__in=theirs)))
    found = list(rows[: MEETINGS + 1])
    return said | {
        "is_there": said["may_write"] or bool(found),
        "meetings": found[:MEETINGS],
        "has_more": len(found) > MEETINGS,
        "now": now,
        "asks_since": now - SHOWN_WITHIN,
    }


@register.inclusion_tag("mentoring/room/meet_notes.html", takes_context=True)
def room_notes(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """The newest notes, one's own private ones among them, for one of the two."""
    said = _common(context, pairing)
    if not said["has_room"]:
        return said
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    notes = list(
        Note.objects.visible_to(said["user"]).filter(pairing=pairing).select_related("meeting")[:NOTES]
    )
    return said | {"is_there": said["may_write"] or bool(notes), "notes": notes}


def _common(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    user: User = context["request"].user
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "user": user,
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "has_room": pairing.status in (*Pairing.MADE, *Pairing.OVER),
        "may_write": rules.may_write_in_room(user, pairing),
        "is_there": False,
    }


def _has_starters(pairing: Pairing) -> bool:
    return ConversationStarter.objects.offered().filter(program=pairing.program_id).exists()
