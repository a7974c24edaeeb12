"""The page on which the two find a time, and what it shares with the page of one meeting that is to be moved."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.templatetags.best import place
from mentoring import rules, suggestions
from mentoring.actions.meetings import pairings_together
from mentoring.forms import PlanForm, TimesForm
from mentoring.forms.meeting import LENGTHS
from mentoring.models import Pairing
from mentoring.room import coming
from mentoring.room.planning import habit, new_times_form

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
    plan_form: PlanForm | None = None,
) -> HttpResponse:
    """With the form that was sent as it stands, if one was."""
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
        if times_form is None:
            minutes = asked_minutes(request, usual["minutes"])
            found = suggestions.find([pairing], user, minutes=minutes, first=asked_day(request), now=now)
            times_form = new_times_form(pairing, user, found, usual | {"minutes": minutes})
            context |= {"found": found, "later": found.last + timedelta(days=1)}
        context |= {
            "times_form": times_form,
            "plan_form": plan_form or new_plan_form(user, initial=usual),
            "lengths": LENGTHS,
            "minutes": times_form["minutes"].value(),
            "is_plan_sent": plan_form is not None,
            "may_meet_together": pairing.is_mentor(user) and pairings_together(pairing).count() > 1,
        }
    return render(request, "mentoring/room/times_plan.html", context)


def new_plan_form(user: User, data: Any = None, *, initial: dict[str, Any] | None = None) -> PlanForm:
    return PlanForm(data, zone=user.zone, place_name=place(user), initial=initial, auto_id="agreed_%s")


def asked_minutes(request: AuthedRequest, otherwise: int) -> int:
    asked = request.GET.get("minutes", "")
    known = {str(minutes): minutes for minutes, _label in LENGTHS}
    return known.get(asked, otherwise)


def asked_day(request: AuthedRequest) -> date | None:
    """From when on times are looked for; None for today, and for what is no day within reach."""
    try:
        day = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return None
    today = clock.now().date()
    return day if today <= day <= today + timedelta(days=700) else None
