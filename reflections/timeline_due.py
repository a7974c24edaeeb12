"""What waits for one of a pair: a question that the other one asked on their timeline, a swap that they suggest."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring.models import Pairing
from mentoring.room.waits import Due

from . import rules
from .models import Response, Swap
from .timeline import MOMENT, PAGE


def questions(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """The oldest first. One question to the database."""
    if not rules.may_respond(user, pairing):
        return []
    asked = Response.objects.filter(pairing=pairing).exclude(reader=user).asking().still_shared()
    said = _("%(name)s asks you one thing about what you shared.")
    return [
        Due(
            said % {"name": pairing.partner_of(user).first_name},
            _("Read the question"),
            reverse(
                "reflections:shared_thing",
                args=[pairing.pk, MOMENT if row.moment_id else PAGE, row.moment_id or row.reflection_id],
            ),
            row.asked_at,
        )
        for row in asked.order_by("asked_at", "pk")[:3]
    ]


def swaps(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """One question to the database."""
    if not rules.may_respond(user, pairing):
        return []
    suggested = Swap.objects.shut().filter(
        pairing=pairing, agreed_at__isnull=True, opens_on__gte=pairing.program.today(now)
    )
    said = _("%(name)s suggests a swap.")
    return [
        Due(
            said % {"name": pairing.partner_of(user).first_name},
            _("Have a look"),
            reverse("reflections:swap", args=[pairing.pk, swap.round_id]),
            swap.created_at,
        )
        for swap in suggested.exclude(proposed_by=user).order_by("created_at")[:1]
    ]
