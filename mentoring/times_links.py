"""The link in an e-mail by which somebody takes one of the times that were proposed to them, without signing in.

As `answer_links`: its token says which proposal and which person, signed with SECRET_KEY; nothing of it is kept.
Whoever has it may answer this one proposal in that person's name, and nothing else.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from accounts.models import User

from .models import MeetingProposal

SALT = "mentoring.times_links"
LIVES = timedelta(days=60)


class Asked(NamedTuple):
    proposal_id: int
    person_id: int
    is_late: bool  # The link is older than `LIVES`.


def token_for(proposal: MeetingProposal, person: User) -> str:
    """For the one who was asked. It opens something for `LIVES`, and only while the proposal is open."""
    return signing.dumps([proposal.pk, person.pk], salt=SALT)


def read(token: str) -> Asked | None:
    """What a token is about; None for one that we did not make."""
    for lives in (LIVES, None):
        try:
            proposal_id, person_id = signing.loads(token, salt=SALT, max_age=lives)
        except signing.SignatureExpired:
            continue
        except (signing.BadSignature, ValueError):
            return None
        return Asked(proposal_id, person_id, is_late=lives is None)
    return None
