"""How a pairing rests and ends, on the page of the two. Load with `{% load room_endings %}`.

{% room_ending pairing %}      section "Pausing or ending"; "After a pairing" once it is over
{% room_pause pairing %}       the button with which whoever paused it lets it go on
{% room_farewell pairing %}    what the two keep of it and said to each other, once one of them has; nothing before
{{ row|words:"hear" }}         the words of a sealed field, or the sentence that they cannot be read any more
"""

from typing import Any

from django import template

from accounts import clock
from accounts.models import User
from accounts.vault import data_keys, reading
from accounts.vault.fields import Sealed
from mentoring import rules
from mentoring.endings import is_near, last_day
from mentoring.models import Farewell, Pairing, Step
from mentoring.room.waits import Due

register = template.Library()


@register.filter
def words(row: Sealed | None, name: str) -> str:
    return reading.words(row, name) if row is not None else ""


@register.inclusion_tag("mentoring/pairing_exit.html", takes_context=True)
def room_ending(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """For one of the two."""
    user, now = _reader(context), clock.now()
    may_look_back = pairing.status in Pairing.OVER and rules.may_say_farewell(user, pairing, None)
    return {
        **_about(context, pairing),
        "may_end": rules.may_end_pairing(user, pairing),
        "may_pause": rules.may_pause_pairing(user, pairing),
        "may_extend": rules.may_extend_pairing(user, pairing, now),
        # Once: the card at the top, or what was said, leads there as well.
        "may_look_back": may_look_back and not _looks_back(context) and not _was_said(pairing, user),
        "ends_on": last_day(pairing) if pairing.status in Pairing.MADE else None,
    }


@register.inclusion_tag("mentoring/room/ending_pause.html", takes_context=True)
def room_pause(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """For one of the two."""
    if pairing.status != Pairing.Status.PAUSED:
        return {}
    user = _reader(context)
    step = Step.objects.last_pause(pairing) if pairing.paused_until else None
    return {**_about(context, pairing), "may_resume": rules.may_resume_pairing(user, pairing, step)}


@register.inclusion_tag("mentoring/room/ending_words.html", takes_context=True)
def room_farewell(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """For one of the two."""
    user = _reader(context)
    theirs: Farewell | None = None
    mine: Farewell | None = None
    if is_near(pairing, clock.now()):
        mine = Farewell.objects.visible_to(user).filter(pairing=pairing, answered_at__isnull=False).first()
        theirs = Farewell.objects.heard_by(user).filter(pairing=pairing).defer("keep").first()
        data_keys.prepare([row.person_id for row in (mine, theirs) if row is not None])
    return {
        **_about(context, pairing),
        "mine": mine,
        "theirs": theirs,
        "is_due": _looks_back(context),
    }


def _looks_back(context: template.Context) -> bool:
    """Whether the card at the top leads to what one keeps."""
    due: Due | None = context.get("due")
    return due is not None and due.section == "farewell"


def _was_said(pairing: Pairing, user: User) -> bool:
    """Whether there is anything in the section of `room_farewell`."""
    mine = Farewell.objects.visible_to(user).filter(pairing=pairing, keep__is_empty=False)
    return mine.exists() or Farewell.objects.heard_by(user).filter(pairing=pairing).exists()


def _reader(context: template.Context) -> User:
    user: User = context["request"].user
    return user


def _about(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    user = _reader(context)
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "user": user,
        "pairing": pairing,
        "partner": pairing.partner_of(user),
    }
