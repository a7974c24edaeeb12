"""What waits for one of the two because their pairing ends, or is to go on for longer."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import long_date
from mentoring.endings import is_near, last_day
from mentoring.models import Extension, Farewell, Pairing
from mentoring.room.waits import Due

# After the end; later it still can be said, and is not asked any more.
ASKED_FOR = timedelta(days=60)


def longer_due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """The other one has proposed a later last day."""
    if pairing.status not in Pairing.UNDER_WAY:
        return []
    found = Extension.objects.open().filter(pairing=pairing).exclude(proposed_by=user).first()
    if found is None:
        return []
    words = _("%(name)s would like your pairing to run until %(day)s.")
    return [
        Due(
            words % {"name": pairing.partner_of(user).first_name, "day": long_date(found.until)},
            _("Answer"),
            reverse("pairings:extend", args=[pairing.pk]),
            found.created_at,
        )
    ]


def farewell_due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """They were asked what they will keep, and have not said."""
    if not is_near(pairing, now):
        return []
    asked = Farewell.objects.visible_to(user).unanswered().filter(pairing=pairing)
    found = asked.filter(asked_at__gt=now - ASKED_FOR).only("pk", "asked_at").first()
    if found is None:
        return []
    ends_on = last_day(pairing)
    if pairing.status in Pairing.OVER:
        words = _("Your pairing has come to its end. What will you keep of it?")
    else:
        words = _("Your pairing ends on %(day)s. What will you keep of it?") % {"day": long_date(ends_on)}
    url = reverse("pairings:farewell", args=[pairing.pk])
    return [Due(words, _("Look back"), url, found.asked_at, section="farewell")]
