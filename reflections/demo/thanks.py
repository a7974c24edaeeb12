"""Whom the demo program's people call their mentors, and the notes that they wrote. All of it invented."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.models import User
from mentoring.models import Pairing
from reflections.models import OwnMentor, Thanks

from .calendar import DAY, Times
from .pairs import Pair

MENTORS = (
    ("hanne", "Frau Petersen", "Taught me to read a drawing from the back. I still turn each one over once."),
    ("hanne", "Old Mads at the yard", "He let me be wrong for a whole week and only asked how it was going."),
    ("callum", "My aunt Isobel", "“Say the number, then drink your tea.”"),
    ("devika", "Professor Rao", "She answered letters from people she had never met. I was one of them."),
)
# Who, to whom, what, how many days ago, and whether it was read.
HERE = (
    (
        "devika",
        "hanne",
        "The question you asked in September and then did not answer for me: I have asked it four people since. "
        "Thank you for leaving it open.",
        4,
        False,
    ),
    (
        "hanne",
        "devika",
        "You told the client what you did not know before she asked. I have worked for thirty years and learned it "
        "from you on a Tuesday.",
        19,
        True,
    ),
)
BEGUN = (
    ("hanne", "Frau Petersen", "Dear Frau Petersen, you will not remember the drawing of the boathouse."),
)


def make(pairs: Sequence[Pair], users: Mapping[str, User], times: Times) -> int:
    """How many notes there are, sent and begun."""
    named = {}
    for key, name, kept in MENTORS:
        mentor = OwnMentor(person=_user(users, key), created_at=times.at(times.today - 30 * DAY, 20))
        mentor.name, mentor.kept = name, kept
        mentor.save()
        named[key, name] = mentor
    for writer, reader, text, ago, is_read in HERE:
        at = times.at(times.today - ago * DAY, 18, 20)
        two = _pairing(pairs, writer, reader)
        _note(
            text,
            at,
            writer=_user(users, writer),
            recipient=_user(users, reader),
            pairing=two,
            program=two.program,
            way=Thanks.Way.HERE,
            sent_at=at,
            read_at=times.at(times.today - ago * DAY + DAY, 8) if is_read else None,
        )
    for writer, name, text in BEGUN:
        _note(
            text,
            times.at(times.today - 2 * DAY, 21),
            writer=_user(users, writer),
            mentor=named[writer, name],
        )
    return len(HERE) + len(BEGUN)


def _note(text: str, at: datetime, **values: object) -> None:
    note = Thanks(created_at=at, saved_at=at, **values)
    note.text = text
    note.save()


def _user(users: Mapping[str, User], key: str) -> User:
    return users[f"{key}@harbor.example"]


def _pairing(pairs: Sequence[Pair], *keys: str) -> Pairing:
    return next(pair.saved for pair in pairs if {pair.mentor.key, pair.mentee.key} == set(keys))
