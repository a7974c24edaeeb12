"""The question how it is going, until it is answered."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring import rules
from mentoring.models import FitCheck, Pairing

from .waits import Due


def fit_due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    check = FitCheck.objects.visible_to(user).open().filter(pairing=pairing, answer="").first()
    if check is None:
        return []
    check.pairing = pairing
    if not rules.may_answer_fit_check(user, check):
        return []
    name = pairing.partner_of(user).first_name
    said = _("Only those who run %(program)s read it, never %(name)s.")
    return [
        Due(
            _("How is it going with %(name)s?") % {"name": name},
            _("Say how it is"),
            reverse("pairings:fit", args=[pairing.pk]),
            since=check.asked_at,
            note=said % {"program": pairing.program.name, "name": name},
        )
    ]
