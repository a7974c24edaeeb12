"""The mail catcher: what a program sends over SMTP is kept as it came, and shown without doing anything."""

import http.client
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from dev.mailcatcher import MailCatcher


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "mail", web_port=0) as running:
        yield running


def letter(
    subject: str = "What was your best stuff?", text: str = "Tell it: https://example.org/r/7.\n"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Best Stuff <reflect@example.org>"
    message["To"] = "noor@example.org"
    message["Subject"] = subject
    message.set_content(text)
    message.add_alternative('<p>Tell it <a href="https://example.org/r/7">here</a></p>', subtype="html")
    return message


def send(catcher: MailCatcher, message: EmailMessage, to: list[str] | None = None) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port) as client:
        client.send_message(message, "bounce+7@example.org", to or ["noor@example.org"])


def get(catcher: MailCatcher, path: str, host: str = "localhost") -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection("127.0.0.1", catcher.web_port)
    connection.request("GET", path, headers={"Host": f"{host}:{catcher.web_port}"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text


def test_a_mail_is_kept_with_its_envelope_and_its_parts(catcher: MailCatcher) -> None:
    send(catcher, letter(), ["noor@example.org", "kim@example.org"])
    [caught] = catcher.messages()
    assert caught.envelope_from == "bounce+7@example.org"
    assert caught.recipients == ["noor@example.org", "kim@example.org"]
    assert caught.message["Subject"] == "What was your best stuff?"
    assert caught.body("plain") == "Tell it: https://example.org/r/7.\n"
    assert "<a href=" in (caught.body("html") or "")
    assert caught.path.parent.stat().st_mode & 0o077 == 0  # Nobody else on the machine reads it.


def test_mails_stand_in_the_order_in_which_they_came_and_outlive_the_catcher(tmp_path: Path) -> None:
    for number in range(3):
        with MailCatcher(tmp_path / "mail") as catcher:
            send(catcher, letter(f"Number {number}"))
    assert [str(caught.message["Subject"]) for caught in catcher.messages()] == [
        "Number 0",
        "Number 1",
        "Number 2",
    ]


def test_a_refused_mail_is_not_kept(tmp_path: Path) -> None:
    def answer(envelope: Envelope) -> str:
        return "451 Try later" if "noor@example.org" in envelope.rcpt_tos else "250 OK"

    with MailCatcher(tmp_path / "mail", answer=answer) as catcher:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            send(catcher, letter())
        send(catcher, letter(), ["kim@example.org"])
        assert refusal.value.smtp_code == 451
        assert [caught.recipients for caught in catcher.messages()] == [["kim@example.org"]]


def test_the_list_and_the_mail_are_shown_with_links_that_can_be_followed(catcher: MailCatcher) -> None:
    assert "None was sent yet" in get(catcher, "/")[1]
    send(catcher, letter())
    [caught] = catcher.messages()
    assert f'href="/mail/{caught.key}"' in get(catcher, "/")[1]
    page = get(catcher, f"/mail/{caught.key}")[1]
    assert 'href="https://example.org/r/7"' in page  # The full stop after the address is not part of it.
    assert "bounce+7@example.org" in page
    assert get(catcher, f"/mail/{caught.key}/source")[1].startswith("Return-Path: <bounce+7@example.org>")


def test_a_hostile_mail_runs_nothing(catcher: MailCatcher) -> None:
    hostile = letter("<script>alert(1)</script>", "<script>alert(2)</script> https://example.org/?a=%22onx=1")
    send(catcher, hostile)
    [caught] = catcher.messages()
    for path in ("/", f"/mail/{caught.key}"):
        response, page = get(catcher, path)
        assert "<script" not in page
        assert "script-src" not in (policy := response.headers["Content-Security-Policy"])
        assert "default-src 'none'" in policy
    response, _ = get(catcher, f"/mail/{caught.key}/html")
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    response, _ = get(catcher, f"/mail/{caught.key}/source")
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/mail/0-1", "/mail/../secret", "/elsewhere"])
def test_what_is_not_there_is_said(catcher: MailCatcher, path: str) -> None:
    assert get(catcher, path)[0].status == 404


def test_a_page_under_another_name_reads_no_mail(catcher: MailCatcher) -> None:
    send(catcher, letter())
    response, page = get(catcher, "/", host="mail.example")
    assert response.status == 421
    assert "best stuff" not in page


def test_a_list_of_many_is_paged(catcher: MailCatcher) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.port) as client:
        for number in range(51):
            client.send_message(letter(f"Number {number:02}"), "a@example.org", ["b@example.org"])
    first, second = get(catcher, "/")[1], get(catcher, "/?page=2")[1]
    assert first.count("<li>") == 50
    assert "Number 50" in first
    assert second.count("<li>") == 1
    assert "Number 00" in second
    assert get(catcher, "/?page=x")[1] == first
