"""The page on which the two find a time, and what it shares with the page of one meeting that is to be moved."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.templatetags.best import place
from mentoring import rules, suggestions
from mentoring.actions.meetings import pairings_together
from mentoring.forms import PlanForm, TimesForm
from mentoring.forms.meeting import LONGEST, SHORTEST, lengths_with
from mentoring.models import Pairing
from mentoring.room import coming
from mentoring.room.planning import habit, new_times_form
from mentoring.suggestions import Found

from .pairings import visible_pairing


@require_safe
def plan(request: AuthedRequest, pk: int) -> HttpResponse:
    """Times that suit both, for `?minutes=`, from the day `?from=` on."""
    return plan_page(request, visible_pairing(request.user, pk))


def plan_page(
    request: AuthedRequest,
    pairing: Pairing,
    *,
    times_form: TimesForm | None = None,
    found: Found | None = None,
    plan_form: PlanForm | None = None,
) -> HttpResponse:
    """With the form that was sent as it stands, if one was; proposed times with those that were `found` for it."""
    user, now = request.user, clock.now()
    may_plan = rules.may_plan_meeting(user, pairing)
    context: dict[str, Any] = {
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "now": now,
        "waiting": coming.waiting(pairing, user, now),
        "may_plan": may_plan,
        "form": times_form or plan_form,  # What the title says "Error:" about.
    }
    if may_plan:
        usual = habit(pairing)
        minutes = asked_minutes(request.GET if times_form is None else request.POST, usual["minutes"])
        if times_form is None or found is None:
            found = suggestions.find([pairing], user, minutes=minutes, first=asked_day(request.GET), now=now)
            times_form = new_times_form(pairing, user, found, usual | {"minutes": minutes}, now)
        context |= {
            "found": found,
            "later": found.last + timedelta(days=1),
            "times_form": times_form,
            "plan_form": plan_form or new_plan_form(user, initial=usual),
            "lengths": lengths_with(minutes),
            "minutes": minutes,
            "is_plan_sent": plan_form is not None,
            "may_meet_together": pairing.is_mentor(user) and pairings_together(pairing).count() > 1,
        }
    return render(request, "mentoring/room/times_plan.html", context)


def new_plan_form(user: User, data: Any = None, *, initial: dict[str, Any] | None = None) -> PlanForm:
    return PlanForm(data, zone=user.zone, place_name=place(user), initial=initial, auto_id="agreed_%s")


def asked_minutes(asked: QueryDict, otherwise: int, name: str = "minutes") -> int:
    """For how long times are looked for; `otherwise` for what no meeting lasts."""
    known = {str(minutes): minutes for minutes in range(SHORTEST, LONGEST + 1)}
    return known.get(asked.get(name, ""), otherwise)


def asked_day(asked: QueryDict) -> date | None:
    """From when on times are looked for; None for today, and for what is no day within reach."""
    try:
        day = date.fromisoformat(asked.get("from", ""))
    except ValueError:
        return None
    today = clock.now().date()
    return day if today <= day <= today + timedelta(days=700) else None
