"""The link in an e-mail by which one of the two says whether they met, without signing in.

Its token says which meeting and which person, signed with SECRET_KEY; nothing of it is kept. Whoever has it may say yes
or no to this one question in that person's name, and nothing else.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from accounts.models import User

from .models import Meeting

SALT = "mentoring.met_links"
LIVES = timedelta(days=14)


class Asked(NamedTuple):
    meeting_id: int
    person_id: int
    is_late: bool  # The link is older than `LIVES`.


def token_for(meeting: Meeting, person: User) -> str:
    """For this one of the two, who may answer by it for `LIVES`."""
    return signing.dumps([meeting.pk, person.pk], salt=SALT)


def read(token: str) -> Asked | None:
    """What a token is about; None for one that we did not make."""
    for lives in (LIVES, None):
        try:
            meeting_id, person_id = signing.loads(token, salt=SALT, max_age=lives)
        except signing.SignatureExpired:
            continue
        except (signing.BadSignature, ValueError):
            return None
        return Asked(meeting_id, person_id, is_late=lives is None)
    return None
