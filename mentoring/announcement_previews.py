"""An announcement as one of its readers would get it, made by what makes those that go out."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.discretion import TOKEN
from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User

from .announcement_emails import ANNOUNCEMENT
from .models import Announcement


@dataclass(frozen=True)
class Shown:
    """`html` is a whole page. The links that are their reader's own lead nowhere, and are cut in the text."""

    subject: str
    sender: str
    answers_to: str
    text: str
    html: str


def as_it_goes(announcement: Announcement, person_id: int) -> Shown:
    """Raises User.DoesNotExist for nobody. It writes nothing."""
    message = Message(
        kind=ANNOUNCEMENT,
        person=User.objects.get(pk=person_id),
        subject_id=announcement.pk,
        due_at=timezone.now(),
        message_id=letters.id_for(f"{ANNOUNCEMENT}/{person_id}/{announcement.pk}"),
    )
    email = letters.compose(message)
    html = next(str(content) for content, kind in email.alternatives if kind == "text/html")
    return Shown(
        str(email.subject),
        str(email.from_email),
        str(email.extra_headers.get("Reply-To", "")),
        TOKEN.sub(r"\1…", str(email.body)),
        html,
    )
