"""Every kind of private words, each a canary, and who of the cast may find it (tests/test_pages_hygiene.py, where they
look at every address; tests/test_leaks.py)."""

import contextlib
from collections.abc import Mapping

import redis
from django.conf import settings

from accounts.models import User
from mentoring.models import Pairing
from reflections import actions
from reflections.models import Moment, OwnMentor

from . import world as words
from .conftest import NOW, TODAY

# Words of the mentee that have no place in tests/world.py.
GAVE = "linnet-what-it-gave-me"
VALUE = "twite-a-value"
QUOTE = "dunlin"
MENTOR_NAME = "Serin Outside"
MENTOR_ADDRESS = "serin-my-mentor@elsewhere.example"
MENTOR_KEPT = "brambling-what-i-kept-from-them"
DRAFT_NOTE = "redpoll-a-thank-you-not-sent"
SENT_NOTE = "crossbill-a-thank-you-for-you"
ON_THE_WALL = "hawfinch-for-all-of-us"

MINE = {"mentee"}
OURS = {"mentee", "mentor"}
# Whoever of the cast may find each of them. The programs' admins take part in nothing.
MAY_READ: Mapping[str, set[str]] = {
    words.ONLY_MINE: MINE,
    words.LOCKED: MINE,
    words.DRAFTED: MINE,
    words.CAUGHT: MINE,
    words.MAILED: MINE,
    words.NOTED: MINE,
    words.WHY: MINE,
    words.KEPT: MINE,
    words.SHARED: OURS,
    words.SHOWN: OURS,
    words.WONDERED: OURS,
    words.NOTED_FOR_TWO: OURS,
    words.ON_THE_AGENDA: OURS,
    words.GOAL: OURS,
    words.STEP: OURS,
    words.PICTURED: OURS,
    words.AGREED_ON: OURS,
    GAVE: MINE,
    VALUE: MINE,
    MENTOR_NAME: MINE,
    MENTOR_ADDRESS: MINE,
    MENTOR_KEPT: MINE,
    DRAFT_NOTE: MINE,
    SENT_NOTE: OURS,
    ON_THE_WALL: {*OURS, "member"},
}


def write_the_rest(pairing: Pairing, mentee: User) -> None:
    """What tests/world.py has not written: beside a moment, to mentors from outside, and for all of the program."""
    moment = Moment.objects.get(person=mentee, audience="me")
    moment.gave = GAVE
    moment.save()
    actions.show_value(mentee, VALUE, moment=moment, quote=QUOTE, now=NOW)
    outside = OwnMentor(person=mentee, created_at=NOW)
    outside.name, outside.address, outside.kept = MENTOR_NAME, MENTOR_ADDRESS, MENTOR_KEPT
    outside.save()
    actions.draft_note(mentee, text=DRAFT_NOTE, mentor=outside, now=NOW)
    sent = actions.draft_note(mentee, text=SENT_NOTE, recipient=pairing.mentor, pairing=pairing, now=NOW)
    actions.send_here(sent, by=mentee, now=NOW)
    Moment.objects.create(
        person=mentee, text=ON_THE_WALL, happened_on=TODAY, audience="program", program=pairing.program
    )


def nowhere(text: str, where: str) -> None:
    for each in MAY_READ:
        assert each not in text, f"{each} is in {where}"


def kept_in_redis() -> str:
    """Every key that is there, with its value."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    with contextlib.closing(client):
        return "\n".join(f"{key!r} {client.dump(key)!r}" for key in client.scan_iter("*"))
