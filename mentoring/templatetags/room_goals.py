"""What two people work towards, on their page and beside what one of them writes. Load with `{% load room_goals %}`.

{% room_goals pairing %}             sections "Goals" and "Things we said we would do"; nothing where the two have no
                                     room yet, and where it is over and nothing was written
{% room_possibilities pairing %}     section "What could be", the same
{% goals_beside pairings since %}    what the reader works towards in these pairings, to be read and not changed
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse

from accounts import clock
from accounts.models import User
from mentoring import rules
from mentoring.forms import ActionForm, GoalForm
from mentoring.models import Action, Goal, Pairing, Possibility
from mentoring.room import goals as room

register = template.Library()

GOALS, STEPS, POSSIBILITIES = 3, 4, 2


@register.inclusion_tag("mentoring/room/goals_section.html", takes_context=True)
def room_goals(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """For one of the two: the newest open goals, the steps that come next, and those that were ticked lately."""
    reader: User = context["request"].user
    if pairing.status not in (*Pairing.MADE, *Pairing.OVER):
        return {}
    now = clock.now()
    all_goals = Goal.objects.visible_to(reader).filter(pairing=pairing)
    newest = room.with_next_step(all_goals.open()).order_by("-created_at", "-pk")[:GOALS]
    all_steps = Action.objects.visible_to(reader).filter(pairing=pairing).select_related("goal")
    coming = room.first_first(all_steps.open() | all_steps.filter(done_at__gte=now - room.LATELY))
    goals = room.shown_goals(newest, pairing, reader)
    steps = room.shown_actions(coming[:STEPS], pairing, reader, now)
    may_write = rules.may_write_in_room(reader, pairing)
    if not (may_write or goals or steps or all_goals.exists() or all_steps.exists()):
        return {}
    to_choose = [(str(goal.row.pk), goal.text) for goal in goals]
    return {
        **_on_its_page(context, pairing, may_write),
        "goals": goals,
        "steps": steps,
        "goal_form": GoalForm(pairing=pairing, user=reader),
        "action_form": ActionForm(pairing=pairing, user=reader, now=now, goals=to_choose),
    }


@register.inclusion_tag("mentoring/room/goals_possibilities.html", takes_context=True)
def room_possibilities(context: template.Context, pairing: Pairing) -> dict[str, Any]:
    """The newest of the shelf."""
    reader: User = context["request"].user
    if pairing.status not in (*Pairing.MADE, *Pairing.OVER):
        return {}
    rows = Possibility.objects.visible_to(reader).with_withdrawn().filter(pairing=pairing)[:POSSIBILITIES]
    found = room.shown_possibilities(rows, pairing, reader)
    may_write = rules.may_write_in_room(reader, pairing)
    if not (may_write or found):
        return {}
    return {
        **_on_its_page(context, pairing, may_write),
        "possibilities": found,
    }


def _on_its_page(context: template.Context, pairing: Pairing, may_write: bool) -> dict[str, Any]:
    request = context["request"]
    return {
        "is_there": True,
        "csrf_token": context.get("csrf_token"),
        "request": request,
        "user": request.user,
        "pairing": pairing,
        "may_write": may_write,
        # The page that a form stands on, whatever address it has after something was wrong with another one.
        "here": reverse("pairings:detail", args=[pairing.pk]),
    }


@register.inclusion_tag("mentoring/room/goals_beside.html", takes_context=True)
def goals_beside(context: template.Context, pairings: Collection[Pairing], since: datetime) -> dict[str, Any]:
    """Goals that are open, and those that were until after `since`: as words, without what became of them."""
    return {"groups": room.goals_beside(context["request"].user, pairings, since)}
