"""What waits for one of the two about when they meet: times to choose from, and a meeting to say yes or no to."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from accounts.templatetags.best import weekday_date
from mentoring import rules
from mentoring.models import Attendance, Meeting, Pairing

from . import coming as to_come
from .waits import Due


def times_proposed(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """One query."""
    found = to_come.waiting(pairing, user, now)
    if found is None or found.is_mine:
        return []
    name = pairing.partner_of(user).first_name
    words = ngettext(
        "%(name)s proposes a time to meet.", "%(name)s proposes times to meet.", len(found.times)
    )
    url = reverse("pairings:meeting_plan", args=[pairing.pk])
    label = ngettext("Say whether it suits", "Choose one", len(found.times))
    return [Due(words % {"name": name}, label, url, found.proposal.created_at, section="next")]


def meeting_unanswered(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """The next one that the other has arranged, as long as nobody has said whether they come. One query, and
    another where there is one."""
    if not rules.may_plan_meeting(user, pairing):
        return []
    said = Attendance.objects.filter(person=user)
    unsaid = said.filter(answer=Attendance.Answer.NEEDS_ACTION)
    own = unsaid.filter(meeting__isnull=False).values("meeting")
    of_all = unsaid.for_all().values("arrangement")
    said_of_one = said.exclude(answer=Attendance.Answer.NEEDS_ACTION).filter(meeting__isnull=False)
    coming = Meeting.objects.planned().filter(pairing=pairing, starts_at__gt=now).order_by("starts_at")
    unanswered = coming.filter(pk__in=own) | coming.filter(arrangement__in=of_all)
    meeting = unanswered.exclude(pk__in=said_of_one.values("meeting")).first()
    if meeting is None:
        return []
    words = gettext("%(name)s has planned a meeting on %(day)s.") % {
        "name": pairing.partner_of(user).first_name,
        "day": weekday_date(meeting.starts_at),
    }
    section = "next" if meeting in to_come.rows(pairing, now)[: to_come.SHOWN] else ""
    url = reverse("pairings:meeting_coming", args=[pairing.pk])
    return [
        Due(
            words, gettext("Say whether you come"), url, meeting.created_at, section=section, about=meeting.pk
        )
    ]
