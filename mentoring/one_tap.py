"""Links in e-mails by which somebody says one thing of their pairing without signing in.

Their tokens say which row and which person, signed with SECRET_KEY; nothing of them is kept. Whoever has one may answer
that one question in that person's name, and nothing else (as with `answer_links`, which is about becoming a pair).
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

# How it is with a pair of which nothing was heard (a Silence), and no postcards any more (a Pairing).
SILENCE = "mentoring.one_tap.silence"
MUTE = "mentoring.one_tap.mute"
LIVES = {SILENCE: timedelta(days=60), MUTE: timedelta(days=366)}


class Link(NamedTuple):
    subject_id: int
    person_id: int
    is_late: bool  # Older than it lives.


def token_for(about: str, subject_id: int, person_id: int) -> str:
    """`about` is SILENCE or MUTE."""
    return signing.dumps([subject_id, person_id], salt=about)


def read(about: str, token: str) -> Link | None:
    """What a token is about; None for one that we did not make for this."""
    for lives in (LIVES[about], None):
        try:
            subject_id, person_id = signing.loads(token, salt=about, max_age=lives)
        except signing.SignatureExpired:
            continue
        except (signing.BadSignature, ValueError):
            return None
        return Link(subject_id, person_id, is_late=lives is None)
    return None
