"""Whether an e-mail that came in is from the person whose address it came to: asked for every kind of it alike."""

from email.message import Message
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.views.decorators.debug import sensitive_variables

from accounts.mail import authenticity
from accounts.models import User

from . import doors, reading

LONGEST_SENDER = 320


class Doubt(StrEnum):
    """Why we cannot know. Its values stand in the database."""

    NOT_SHOWN = "not_shown"
    ANOTHER = "another"
    UNVERIFIED = "unverified"
    LATE = "late"
    BY_ITSELF = "by_itself"


@sensitive_variables()
def doubt(email: Message, person: User) -> Doubt | None:
    """None where our own mail server has found that it comes from the verified address of this person."""
    try:
        sender = authenticity.sender_of(email, authserv_id=doors.authserv_id())
    except authenticity.NotShown:
        return Doubt.NOT_SHOWN
    if User.objects.normalize_email(sender) != person.email:
        return Doubt.ANOTHER
    if not EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists():
        return Doubt.UNVERIFIED
    return None


@sensitive_variables()
def named_sender(email: Message) -> str:
    """Whom it says that it is from, whether that is so or not: for its reader to judge, and for nothing else."""
    return reading.clean(str(email.get("From", ""))).replace("\n", " ").strip()[:LONGEST_SENDER]
