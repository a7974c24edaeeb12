"""What waits for one of the two of what they agree on."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring import rules
from mentoring.models import Agreement, Pairing

from .waits import Due

State = Agreement.State
# An offer, and no reminder: after that it stands at the side of the page only.
OFFERED_FOR = timedelta(days=30)


def agreement_due(pairing: Pairing, user: User, now: datetime) -> list[Due]:
    """The other's suggestion, until it is answered; before there is any, the offer to make one. Nothing in a pause."""
    if pairing.status not in rules.MEETS or not rules.may_write_in_room(user, pairing):
        return []
    name, url = pairing.partner_of(user).first_name, reverse("pairings:agreement", args=[pairing.pk])
    versions = Agreement.objects.filter(pairing=pairing)
    newest = versions.newest_first().values("state", "proposed_by", "proposed_at").first()
    if newest is None:
        is_new = pairing.program.today(now) < pairing.starts_on + OFFERED_FOR
        words = _("Before you begin: how would the two of you like to work together?")
        return [Due(words, _("Look at a suggestion"), url, section="agreed")] if is_new else []
    if newest["state"] != State.PROPOSED or newest["proposed_by"] == user.pk:
        return []
    words = _("%(name)s has suggested what the two of you could agree on.") % {"name": name}
    return [Due(words, _("Read it"), url, since=newest["proposed_at"], section="agreed")]
