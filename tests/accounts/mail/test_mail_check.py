"""`manage.py mail_check` against a mail server and a DNS server of ours: what is missing is said, and makes it fail."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests.accounts.mail.smtp_server import DROP, SmtpServer

Zone = Mapping[tuple[str, str], list[str]]
WELL: Zone = {
    ("best.example", "MX"): ["10 mail.best.example."],
    ("best.example", "TXT"): ['"some other text"', '"v=spf1 include:_spf.best.example -all"'],
    ("_dmarc.best.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("s1._domainkey.best.example", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIGf"'],
    ("in.best.example", "MX"): ["10 mail.best.example."],
}


class _Answers(socketserver.BaseRequestHandler):
    server: "DnsServer"

    def handle(self) -> None:
        data, channel = self.request
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        (question,) = asked.question
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        records = self.server.zone.get((name, kind))
        if records:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif name not in {known for known, _kind in self.server.zone}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        channel.sendto(answer.to_wire(), self.client_address)


class DnsServer(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, zone: Zone) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.zone = dict(zone)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer(WELL) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def well_set(settings: Settings, server: SmtpServer) -> None:
    settings.MAIL_FROM_ADDRESS = settings.CALENDAR_ADDRESS = "reflect@best.example"
    settings.DEFAULT_FROM_EMAIL = "Best Stuff <signin@best.example>"
    settings.INBOUND_ADDRESS = "post@in.best.example"
    settings.INBOUND_AUTHSERV_ID = "mail.best.example"
    settings.MAIL_DKIM_SELECTOR = "s1"


def checked(names: DnsServer, **options: Any) -> tuple[str, bool]:
    """What it says, and whether it ended well."""
    said = StringIO()
    code: object = 0
    try:
        call_command("mail_check", resolver=names.address, stdout=said, **options)
    except SystemExit as end:
        code = end.code
    assert code in (0, 1)
    return said.getvalue(), code == 0


def test_where_all_is_well_nothing_is_missing(names: DnsServer) -> None:
    said, is_well = checked(names)
    assert is_well
    assert {line[:4] for line in said.splitlines()} == {"ok  "}, said
    assert "DMARC of best.example says “p=reject”" in said
    assert "DKIM key at s1._domainkey.best.example" in said


@pytest.mark.parametrize(
    ("where", "records", "words"),
    [
        (("best.example", "TXT"), ['"hello"'], "no SPF record"),
        (("best.example", "TXT"), ['"v=spf1 -all"', '"v=spf1 mx -all"'], "has 2 SPF records"),
        (("best.example", "TXT"), ['"v=spf1 +all"'], "allows everybody"),
        (("best.example", "TXT"), ['"v=spf1 ' + "include:a.example " * 11 + '-all"'], "11 look-ups"),
        (("best.example", "MX"), ["0 ."], "takes no mail"),
        (("_dmarc.best.example", "TXT"), [], "no DMARC record"),
        (("_dmarc.best.example", "TXT"), ['"v=DMARC1; rua=mailto:a@b.example"'], "has no policy"),
        (("s1._domainkey.best.example", "TXT"), [], "no DKIM key"),
        (("s1._domainkey.best.example", "TXT"), ['"v=DKIM1; p="'], "has been withdrawn"),
        (("in.best.example", "MX"), [], "replies go nowhere"),
    ],
)
def test_a_record_that_is_missing_or_wrong_makes_it_fail(
    names: DnsServer, where: tuple[str, str], records: list[str], words: str
) -> None:
    names.zone[where] = records
    said, is_well = checked(names)
    assert not is_well
    assert [line for line in said.splitlines() if line.startswith("BAD ") and words in line], said


def test_what_could_be_better_is_said_and_does_not_fail(names: DnsServer, settings: Settings) -> None:
    names.zone["_dmarc.best.example", "TXT"] = ['"v=DMARC1; p=none"']
    settings.DEFAULT_FROM_EMAIL = "signin@other.example"
    names.zone |= {
        ("other.example", "MX"): ["10 mail.best.example."],
        ("other.example", "TXT"): ['"v=spf1 mx ~all"'],
        ("_dmarc.other.example", "TXT"): ['"v=DMARC1; p=quarantine"'],
        ("s1._domainkey.other.example", "TXT"): ['"p=MIGf"'],
    }
    said, is_well = checked(names)
    assert is_well
    assert "only watches" in said
    assert "two domains, best.example and other.example" in said


def test_a_domain_below_has_the_policy_of_the_one_above(names: DnsServer, settings: Settings) -> None:
    below = "reflect@mail.best.example"
    settings.MAIL_FROM_ADDRESS = settings.CALENDAR_ADDRESS = settings.DEFAULT_FROM_EMAIL = below
    names.zone |= {
        ("mail.best.example", "A"): ["192.0.2.1"],
        ("mail.best.example", "TXT"): ['"v=spf1 a -all"'],
        ("s1._domainkey.mail.best.example", "TXT"): ['"p=MIGf"'],
    }
    said, is_well = checked(names)
    assert is_well, said


def test_without_a_resolver_it_says_that_it_could_not_ask(settings: Settings, names: DnsServer) -> None:
    silent = socketserver.ThreadingUDPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    with silent:
        said = StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("accounts.mail.checkup.DNS_SECONDS", 0.2)
            call_command("mail_check", resolver=f"127.0.0.1:{silent.server_address[1]}", stdout=said)
    assert "Could not ask DNS about best.example" in said.getvalue()
    assert "BAD" not in said.getvalue()


def test_an_address_of_no_domain_and_replies_that_nobody_could_trust_are_told(
    names: DnsServer, settings: Settings
) -> None:
    settings.MAIL_FROM_ADDRESS = "reflect@localhost"
    settings.INBOUND_AUTHSERV_ID = ""
    said, is_well = checked(names)
    assert not is_well
    assert "MAIL_FROM_ADDRESS is reflect@localhost" in said
    assert "INBOUND_AUTHSERV_ID is not" in said


def test_a_server_that_is_not_there_or_does_not_let_us_in_is_told(
    names: DnsServer, settings: Settings, server: SmtpServer
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "secret-of-ours"
    said, is_well = checked(names)
    assert not is_well
    assert "takes no sign-in" in said
    assert "secret-of-ours" not in said
    settings.EMAIL_HOST_USER = ""
    settings.EMAIL_USE_TLS = True
    said, _ = checked(names)
    assert "offers no STARTTLS" in said
    settings.EMAIL_USE_TLS = False
    server.script.hello = DROP
    said, is_well = checked(names)
    assert not is_well
    assert "No mail server answers" in said


def test_a_test_message_is_sent_and_what_the_server_says_is_said(
    names: DnsServer, server: SmtpServer
) -> None:
    said, is_well = checked(names, to="otto@elsewhere.example")
    assert is_well
    assert "took the test message" in said
    (taken,) = server.taken()
    assert (taken.recipient, taken.sender) == ("otto@elsewhere.example", "reflect@best.example")
    assert taken.message["Auto-Submitted"] == "auto-generated"
    server.script.rcpt = "550 nobody here"
    said, is_well = checked(names, to="otto@elsewhere.example")
    assert not is_well
    assert "was refused: 550 nobody here" in said


def test_a_server_that_speaks_no_tls_where_it_should_is_told(names: DnsServer, settings: Settings) -> None:
    settings.EMAIL_USE_SSL = True
    said, is_well = checked(names)  # It speaks no TLS at all.
    assert not is_well
    assert "BAD" in said.splitlines()[0]
