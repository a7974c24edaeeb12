"""List-Unsubscribe: the link and the address do the same, whichever of them a mail program takes."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.clock import now
from accounts.mail import kinds, letters, outbox
from accounts.mail.inbound.delivery import deliver
from accounts.mail.kinds import Kind, Stream
from accounts.mail.models import MailLink, Stopped
from accounts.models import User
from tests.accounts.mail.conftest import owed, write
from tests.accounts.mail.smtp_server import SmtpServer

from .conftest import mail
from .test_bounces import server

__all__ = ["server"]
pytestmark = pytest.mark.django_db(transaction=True)
BOTH = r"<http://localhost:8000(/mail/stop/([a-z2-7]{32})/)>, <mailto:(post\+s-([a-z2-7]{32})@in\.harbor\.example)>"


@pytest.fixture
def ways(server: SmtpServer, outsider: User) -> tuple[str, str]:
    """The link's path and the address, as they stood in what was really sent."""
    owed(outsider)
    outbox.send_owed()
    raw = server.taken()[0].raw
    # On one line, the link first: so the header is read by whoever knows RFC 8058.
    (line,) = [line for line in raw.split("\n") if line.startswith("List-Unsubscribe:")]
    found = re.fullmatch(f"List-Unsubscribe: {BOTH}", line.strip())
    assert found
    assert found[2] == found[4]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    return found[1], found[3]


def test_an_e_mail_there_stops_the_stream_whoever_sends_it_and_however_often(
    ways: tuple[str, str], outsider: User
) -> None:
    _path, address = ways
    for to in (address, address.upper(), f"<{address}>"):
        content = mail(address, Auto_Submitted="auto-generated")
        assert deliver(content, to, now()) == ["a kind of e-mail is stopped"]
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_the_link_beside_it_goes_on_working(ways: tuple[str, str], outsider: User) -> None:
    path, address = ways
    deliver(mail(address), address, now())
    Client().post(path, {"again": "yes"})
    assert Stopped.objects.names_of(outsider.pk) == set()
    Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_it_stops_its_own_stream_alone(ways: tuple[str, str], outsider: User) -> None:
    milk = Stream("milk", "Notes about milk", "When it is cold.")
    kinds.register(Kind("milk_note", milk, "A note about milk", write))
    _path, address = ways
    deliver(mail(address), address, now())
    owed(outsider, 2)
    owed(outsider, kind="milk_note")
    assert outbox.send_owed() == {"suppressed": 1, "sent": 1}


def test_a_link_of_another_purpose_or_one_that_is_over_stops_nothing(
    ways: tuple[str, str], outsider: User
) -> None:
    _path, address = ways
    for changes in ({"purpose": "reply"}, {"purpose": "stop", "expires_at": now()}):
        MailLink.objects.update(created_at=now().replace(year=2020), **changes)
        assert deliver(mail(address), address, now()) == ["to an address that nobody has"]
    assert not Stopped.objects.exists()


def test_without_inbound_mail_there_is_the_link_alone(
    outsider: User, registry: dict[str, Kind], settings: Settings
) -> None:
    settings.INBOUND_ADDRESS = ""
    header = letters.compose(owed(outsider)).extra_headers["List-Unsubscribe"]
    assert header.startswith("<http://localhost:8000/mail/stop/")
    assert "mailto" not in header
