"""An invitation that somebody is about to answer, kept in their session while they sign up or in.

The session holds the invitation's number, never the token of its link: neither the session's table nor an address that
one is sent back to (`next`) opens a door.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from . import actions, rules
from .models import Enrollment, Invitation

KEY = "joining"
WELCOME = _("You are in. This page is about the program, and about your place in it.")


def remember(request: HttpRequest, invitation: Invitation, *, as_email: str = "") -> None:
    """`as_email`: they have said yes to it in this browser, for the account of that address."""
    request.session[KEY] = {"invitation": invitation.pk, "as": User.objects.normalize_email(as_email)}


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def remembered(request: HttpRequest) -> Invitation | None:
    """The invitation that waits in this browser, whatever has become of it since."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None:
        return None
    rows = Invitation.objects.select_related("program", "person", "created_by")
    return rows.filter(pk=kept["invitation"]).first()


def is_open(invitation: Invitation, now: datetime) -> bool:
    return invitation.state(now) == Invitation.State.OPEN and rules.takes_people(invitation.program, now)


def lets_sign_up(request: HttpRequest, now: datetime) -> bool:
    """Whether whoever sits at this browser may make an account, where that takes an invitation."""
    invitation = remembered(request)
    return invitation is not None and not invitation.is_personal and is_open(invitation, now)


def finish(request: HttpRequest, person: User, now: datetime) -> Enrollment | None:
    """The place of somebody who said yes before they were signed in, now that they are; None where that is not so.

    Where the door has shut meanwhile the invitation stays remembered, so that its page can say so.
    """
    invitation = remembered(request)
    if invitation is None or request.session[KEY].get("as") != person.email:
        return None
    try:
        place = actions.join_by_invitation(invitation, person, now=now)
    except actions.Refused:
        return None
    forget(request)
    return place
