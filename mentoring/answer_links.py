"""The link in an e-mail by which one of two people answers whether they want to be paired, without signing in.

Its token says which pairing and which person, signed with SECRET_KEY; nothing of it is kept. Whoever has it may say
yes or no to this one question in that person's name, and nothing else.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from accounts.models import User

from .models import Pairing
from .models.request import EXPIRES_AFTER

SALT = "mentoring.answer_links"
LIVES: timedelta = EXPIRES_AFTER


class Asked(NamedTuple):
    pairing_id: int
    person_id: int
    is_late: bool  # The link is older than `LIVES`.


def token_for(pairing: Pairing, person: User) -> str:
    """For this one of the two. It opens something for `LIVES`, and only while the question is open."""
    return signing.dumps([pairing.pk, person.pk], salt=SALT)


def read(token: str) -> Asked | None:
    """What a token is about; None for one that we did not make."""
    for lives in (LIVES, None):
        try:
            pairing_id, person_id = signing.loads(token, salt=SALT, max_age=lives)
        except signing.SignatureExpired:
            continue
        except (signing.BadSignature, ValueError):
            return None
        return Asked(pairing_id, person_id, is_late=lives is None)
    return None
