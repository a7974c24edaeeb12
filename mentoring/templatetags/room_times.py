"""When the two meet, as a section of their page. Load with `{% load room_times %}`.

{% room_times pairing %}          the next meetings, times that wait for an answer, and where to plan
{{ time|until:minutes }}          when something that begins then and lasts so long ends
"""

from datetime import datetime, timedelta
from typing import Any

from django import template

from accounts import clock
from accounts.models import User
from mentoring import rules, suggestions
from mentoring.models import Pairing
from mentoring.room import coming
from mentoring.room.planning import habit, new_times_form

register = template.Library()


@register.inclusion_tag("mentoring/room/times_section.html", takes_context=True)
def room_times(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    user: User = context["user"]
    now = clock.now()
    may_plan = rules.may_plan_meeting(user, pairing)
    next_ones = list(coming.rows(pairing, now)[: coming.SHOWN + 1])
    waits = coming.waiting(pairing, user, now)
    seen = coming.seen_by(user, pairing, next_ones[: coming.SHOWN], now)
    shown: dict[str, Any] = {
        "user": user,
        "csrf_token": context.get("csrf_token"),
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "now": now,
        "coming": seen,
        "after": [each for each in seen[1:] if not each.waits_for_me],
        "has_more": len(next_ones) > coming.SHOWN,
        "waiting": waits,
        "may_plan": may_plan,
        "is_due": getattr(context.get("due"), "section", "") == "next",
    }
    if may_plan and not next_ones and waits is None:
        usual = habit(pairing)
        found = suggestions.find([pairing], user, minutes=usual["minutes"], now=now)
        shown |= {"found": found, "times_form": new_times_form(pairing, user, found, usual, now)}
    return shown


@register.filter
def until(starts_at: datetime, minutes: int) -> datetime:
    return starts_at + timedelta(minutes=minutes)
