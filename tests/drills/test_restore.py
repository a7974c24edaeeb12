"""A backup that is made while e-mail goes out is restored on another server, and nobody gets anything twice (P44, F10).

This is the form of each commit; `make drills` runs `restore_drill.py`, with web, worker and beat, ten times.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from signal import SIGTERM
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.models import Home, MailLink, Message
from accounts.models import User
from accounts.vault import remembered
from accounts.vault.errors import Unreadable
from dev.postgres import start_postgres
from dev.processes import Household
from reflections.actions.moments import keep_moment
from reflections.models import Moment
from tests.accounts.mail.conftest import TEA_NOTE, people
from tests.accounts.mail.smtp_server import SmtpServer
from tests.conftest import NOW, TODAY, make_person, signed_in
from tests.databases import programs, reached_at
from tests.faults.senders import Nursery, Senders

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

MESSAGES = 150
CANARY = "curlew in the reeds"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    monkeypatch.setattr(kinds, "_kinds", {**kinds._kinds, TEA_NOTE.name: TEA_NOTE})
    with SmtpServer(tmp_path / "taken") as server:
        yield server


@pytest.fixture
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database on a server that was not there before."""
    folder = tmp_path_factory.mktemp("server")
    folder.chmod(0o711)
    with Household() as house:
        house.throw_away(folder)
        yield start_postgres(house, folder, throwaway=True)


def taken(server: SmtpServer) -> Counter[str]:
    return Counter(each.message_id.strip("<>") for each in server.taken())


def run(command: str, *words: str | Path) -> str:
    out = StringIO()
    call_command(command, *map(str, words), stdout=out)
    return out.getvalue()


def send_for_a_while(database: str, port: int, *, at: str = "", seconds: float = 1.5) -> None:
    """With two sender processes that look twenty times a second."""
    nursery = Nursery(database, 2, server=at)
    try:
        with Senders(nursery, port) as senders:
            senders.start()
            senders.start()
            time.sleep(seconds)
            for process in list(senders.alive):
                senders.end(process, SIGTERM)
    finally:
        nursery.close()


def back_up_while_they_send(server: SmtpServer, tmp_path: Path) -> tuple[Path, Path]:
    """The original: senders are at it, a backup is made meanwhile, and they go on until nothing is left."""
    server.script.delay = 0.01
    nursery = Nursery(str(connection.settings_dict["NAME"]), 2)
    try:
        with Senders(nursery, server.port) as senders:
            senders.start()
            senders.start()
            ends_at = time.monotonic() + 60
            while len(server.taken()) < MESSAGES // 10:
                assert time.monotonic() < ends_at
                time.sleep(0.01)
            run("backup", tmp_path / "backups", "--keys", tmp_path / "keys", *programs())
            while Message.objects.filter(state__in=["queued", "claimed", "sending"]).exists():
                assert time.monotonic() < ends_at
                time.sleep(0.05)
            for process in list(senders.alive):
                senders.end(process, SIGTERM)
    finally:
        nursery.close()
    return next((tmp_path / "backups").iterdir()), next((tmp_path / "keys").iterdir())


def test_a_backup_made_while_mail_goes_out_sends_nothing_twice_where_it_is_restored(
    server: SmtpServer, new_server: str, tmp_path: Path
) -> None:
    due_at = now() - timedelta(minutes=1)
    there = people(MESSAGES)
    outbox.owe_many(
        outbox.Owed("tea_note", person.pk, 1, due_at, due_at + timedelta(days=14)) for person in there
    )
    noor = make_person("noor@harbor.example", "Noor Haddad")
    keep_moment(noor, text=CANARY, happened_on=TODAY, now=NOW)
    signed_in(noor)
    token = MailLink.objects.issue(noor.pk, MailLink.Purpose.REPLY, now=now())
    backup, keys = back_up_while_they_send(server, tmp_path)
    sent = taken(server)
    assert sent.total() == MESSAGES
    connection.close()

    name = urlsplit(new_server).path.lstrip("/")
    with reached_at(new_server):
        remembered.forget()
        assert "all as they were in the backup" in run("restore", backup, *programs())
        waiting = Message.objects.filter(state__in=["queued", "claimed", "sending"]).count()
        assert 0 < waiting < MESSAGES, "the backup was not made while mail went out"
        assert not Session.objects.exists()
        assert MailLink.objects.find(token, MailLink.Purpose.REPLY, now=now()) is None

        # Without their keys the words open to nobody, and with them they do.
        with pytest.raises(Unreadable):
            str(Moment.objects.get().text)
        run("keys", "restore", keys)
        remembered.forget()
        assert Moment.objects.get().text == CANARY

        send_for_a_while(name, server.port, at=new_server)
        assert taken(server) == sent
        assert f"{waiting} e-mails were due before" in run("mail", "release", "--restored")
        ines = make_person("ines@harbor.example", "Ines Duarte")
        outbox.owe("tea_note", ines.pk, 1, due_at=now(), expires_at=now() + timedelta(days=1))
        send_for_a_while(name, server.port, at=new_server, seconds=3)
        new = taken(server) - sent
        assert new.total() == 1
        assert max(taken(server).values()) == 1
        states = Counter(Message.objects.values_list("state", flat=True))
        assert states == {"sent": MESSAGES - waiting + 1, "uncertain": waiting}
        assert Home.objects.get().waits_since is None
        assert User.objects.filter(name="Ines Duarte").exists()
    remembered.forget()


def test_without_the_pause_the_restored_one_sends_again_what_the_original_has_sent(
    server: SmtpServer, new_server: str, tmp_path: Path
) -> None:
    """What the test above would see, were it not for the pause."""
    due_at = now() - timedelta(minutes=1)
    outbox.owe_many(
        outbox.Owed("tea_note", person.pk, 1, due_at, due_at + timedelta(days=14))
        for person in people(MESSAGES)
    )
    backup, _keys = back_up_while_they_send(server, tmp_path)
    connection.close()
    with reached_at(new_server):
        run("restore", backup, *programs())
        run("mail", "release", "--moved")
        send_for_a_while(urlsplit(new_server).path.lstrip("/"), server.port, at=new_server)
    assert max(taken(server).values()) == 2
