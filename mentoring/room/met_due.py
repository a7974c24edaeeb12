"""What is due after a meeting: to say whether it took place."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import weekday_date
from mentoring import rules
from mentoring.models import Pairing
from mentoring.room.waits import Due

from .met import last_unsaid


def whether_met(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    if not rules.may_write_in_room(user, pairing):
        return []
    meeting = last_unsaid(pairing, now)
    if meeting is None:
        return []
    day = weekday_date(meeting.starts_at.astimezone(user.zone).date())
    return [
        Due(
            words=_("Did you meet on %(day)s?") % {"day": day},
            label=_("Say whether you met"),
            url=reverse("pairings:past_one", args=[pairing.pk, meeting.pk]),
            since=meeting.ends_at,
            section="met",
            about=meeting.pk,
        )
    ]
