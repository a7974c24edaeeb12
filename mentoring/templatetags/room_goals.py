"""What two people work towards, on their page and beside what one of them writes. Load with `{% load room_goals %}`.

{% room_goals pairing %}             sections "Goals", "Things we said we would do" and "What could be"; nothing where
                                     the two have no room yet, and where it is over and nothing was written
{% goals_beside pairings since %}    what the reader works towards in these pairings, to be read and not changed
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import template

from accounts import clock
from accounts.models import User
from mentoring import rules
from mentoring.forms import ActionForm, GoalForm, PossibilityForm
from mentoring.models import Action, Goal, Pairing, Possibility
from mentoring.room import goals as room

register = template.Library()

GOALS, STEPS, POSSIBILITIES = 5, 8, 3


@register.inclusion_tag("mentoring/room/goals_section.html", takes_context=True)
def room_goals(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """The newest goals that are open, the steps that come next and those that were ticked lately, and the newest
    possibilities, for one of the two."""
    request = context["request"]
    reader: User = request.user
    if pairing.status not in (*Pairing.MADE, *Pairing.OVER):
        return {}
    now = clock.now()
    goals = Goal.objects.visible_to(reader).filter(pairing=pairing)
    newest = room.with_next_step(goals.open()).order_by("-created_at", "-pk")[: GOALS + 1]
    steps = Action.objects.visible_to(reader).filter(pairing=pairing).select_related("goal")
    coming = room.first_first(steps.open() | steps.filter(done_at__gte=now - room.LATELY))[: STEPS + 1]
    shelf = Possibility.objects.visible_to(reader).filter(pairing=pairing)[: POSSIBILITIES + 1]
    shown: dict[str, list[Any]] = {
        "goals": room.shown_goals(newest, pairing, reader),
        "steps": room.shown_actions(coming, pairing, reader, now),
        "possibilities": room.shown_possibilities(shelf, pairing, reader),
    }
    may_write = rules.may_write_goals(reader, pairing)
    if not may_write and not any(shown.values()) and not goals.exists() and not steps.exists():
        return {}
    to_choose = [(str(goal.row.pk), goal.text) for goal in shown["goals"]]
    most = {"goals": GOALS, "steps": STEPS, "possibilities": POSSIBILITIES}
    return {
        **{name: rows[: most[name]] for name, rows in shown.items()},
        "has_more": any(len(rows) > most[name] for name, rows in shown.items()),
        "is_there": True,
        "csrf_token": context.get("csrf_token"),
        "request": request,
        "user": reader,
        "pairing": pairing,
        "partner": pairing.partner_of(reader),
        "may_write": may_write,
        "here": request.path,
        "goal_form": GoalForm(pairing=pairing),
        "action_form": ActionForm(pairing=pairing, user=reader, now=now, goals=to_choose),
        "possibility_form": PossibilityForm(),
    }


@register.inclusion_tag("mentoring/room/goals_beside.html", takes_context=True)
def goals_beside(context: template.Context, pairings: Collection[Pairing], since: datetime) -> dict[str, Any]:
    """Goals that are open, and those that were until after `since`: as words, without what became of them."""
    return {"groups": room.goals_beside(context["request"].user, pairings, since)}
