"""What somebody is to do by a day that is near, while their pairing is under way. Once the day has gone by, nothing is
said of it any more."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.reading import words
from mentoring import rules
from mentoring.models import Action, Pairing, Side
from mentoring.room.waits import Due

from .goals import by_when, side_of

SOON = timedelta(days=3)


def steps_due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """The step of this one of the two whose day comes first, from three days before until it is over."""
    if pairing.status != Pairing.Status.ACTIVE or not rules.may_write_in_room(user, pairing):
        return []
    today = now.astimezone(user.zone).date()
    mine = Action.objects.open().filter(pairing=pairing, owner__in=[side_of(user, pairing), Side.BOTH])
    near = mine.filter(by_on__gte=today, by_on__lte=today + SOON)
    step = near.order_by("by_on", "created_at", "pk").first()
    if step is None or step.by_on is None:
        return []
    # Either of the two may have written it down: that this one said so is not known.
    when = by_when(step.by_on, today)
    said = gettext("%(when)s: %(what)s") % {"when": when[:1].upper() + when[1:], "what": words(step, "text")}
    url = reverse("pairings:goals", args=[pairing.pk]) + "#actions"
    return [Due(said, _("To the list"), url, since=step.created_at)]
