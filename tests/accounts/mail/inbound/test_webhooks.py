"""Providers tell us by a POST what came in and what came back, in the shapes that they document."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.mail import letters
from accounts.mail.inbound import aside, webhooks
from accounts.mail.models import MailEvent, Message, Stopped, Suppression
from accounts.models import User
from mentoring import settings as settings_file

from .conftest import mail

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "best-stuff:a long password of the provider"
SIGNING_KEY = "key-0123456789"
Put = Callable[[Any], None]


@pytest.fixture(autouse=True)
def providers(settings: Settings) -> None:
    settings.ANYMAIL_PROVIDERS = ["postmark", "mailgun"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}


def from_postmark(what: str, event: dict[str, Any], **headers: str) -> Any:
    """Without cookies, and nobody is signed in."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False).post(
        f"/mail/hooks/postmark/{what}/", json.dumps(event), "application/json", **(headers or basic())
    )


def signature(key: str = SIGNING_KEY) -> dict[str, str]:
    token, timestamp = "c" * 50, "1782215912"
    signed = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "timestamp": timestamp, "signature": signed}


def from_mailgun(what: str, event: dict[str, Any], key: str = SIGNING_KEY) -> Any:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    url = f"/mail/hooks/mailgun/{what}/"
    if what == "tracking":
        body = json.dumps({"signature": signature(key), "event-data": event})
        return browser.post(url, body, "application/json", **basic())
    return browser.post(url, event | signature(key), **basic())


# https://postmarkapp.com/developer/webhooks/inbound-webhook
def postmark_mail(to: str, raw: bytes | None) -> dict[str, Any]:
    event = {
        "FromName": "Otto", "MessageStream": "inbound", "From": "otto@elsewhere.example",
        "FromFull": {"Email": "otto@elsewhere.example", "Name": "Otto", "MailboxHash": ""},
        "To": to, "ToFull": [{"Email": to, "Name": "", "MailboxHash": to.partition("+")[2].partition("@")[0]}],
        "Cc": "", "CcFull": [], "Bcc": "", "BccFull": [], "OriginalRecipient": to, "Subject": "a private subject",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90", "ReplyTo": "", "Date": "Thu, 5 Apr 2026 16:59:01 +0200",
        "MailboxHash": "", "TextBody": "private words", "HtmlBody": "", "StrippedTextReply": "private words", "Tag": "",
        "Headers": [{"Name": "Return-Path", "Value": "<otto@elsewhere.example>"}],
        "Attachments": [],
    }  # fmt: skip
    return event | ({"RawEmail": raw.decode()} if raw else {})


# https://postmarkapp.com/developer/webhooks/bounce-webhook
def postmark_bounce(to: str, kind: str = "HardBounce", **changes: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce", "MessageStream": "outbound", "ID": 4323372036854775807, "Type": kind, "TypeCode": 1,
        "Name": "Hard bounce", "Tag": "", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Metadata": {},
        "ServerID": 23, "Description": "The server was unable to deliver your message", "Details": "smtp;550 5.1.1",
        "Email": to, "From": "reflect@harbor.example", "BouncedAt": "2026-06-05T16:33:54.9070259Z",
        "DumpAvailable": True, "Inactive": True, "CanActivate": True, "Subject": "The tea is ready",
    } | changes  # fmt: skip


# https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks/
def mailgun_event(name: str, message: Message, **changes: Any) -> dict[str, Any]:
    return {
        "event": name, "timestamp": 1782215912.5, "id": "Ase7i2zsRYeDXztHGENqRA", "log-level": "error",
        "recipient": message.person.email, "recipient-domain": "elsewhere.example", "tags": [], "user-variables": {},
        "message": {"headers": {"to": message.person.email, "message-id": message.message_id, "subject": "The tea"}},
        "delivery-status": {"code": 550, "message": "5.1.1 no such user", "description": "", "attempt-no": 1},
    } | changes  # fmt: skip


# --- What comes in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_raw", [True, False])
def test_postmark_hands_over_an_e_mail(
    stop_address: str, outsider: User, is_raw: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    event = postmark_mail(stop_address, mail(stop_address) if is_raw else None)
    for _ in range(2):
        assert from_postmark("inbound", event).status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    for private in ("otto", "private", "post+s"):
        assert private not in caplog.text.lower()


def test_mailgun_hands_over_an_e_mail_as_it_came(stop_address: str, outsider: User, inbox: Put) -> None:
    came: list[bytes] = []

    def receive(content: bytes, recipient: str, now: datetime) -> None:
        came.append(content)

    inbox(receive)
    event = {
        "recipient": stop_address,
        "sender": "otto@elsewhere.example",
        "body-mime": mail(stop_address).decode(),
    }
    assert from_mailgun("inbound_mime", event).status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert came[0].replace(b"\r\n", b"\n") == mail(stop_address)


def test_mailgun_hands_over_an_e_mail_that_it_took_apart(stop_address: str, outsider: User) -> None:
    event = {
        "recipient": stop_address,
        "sender": "otto@elsewhere.example",
        "message-headers": json.dumps([["From", "otto@elsewhere.example"], ["To", stop_address]]),
        "body-plain": "private words",
    }
    assert from_mailgun("inbound", event).status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_a_recipient_that_is_not_ours_is_looked_for_in_the_headers(stop_address: str, outsider: User) -> None:
    event = postmark_mail("abc123@inbound.postmarkapp.com", mail(stop_address))
    assert from_postmark("inbound", event).status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_while_the_database_is_away_they_are_asked_to_try_again(
    stop_address: str, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = postmark_mail(stop_address, mail(stop_address))
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        away.setitem(connection.settings_dict, "PORT", "1")
        assert from_postmark("inbound", event).status_code == 503
    assert from_postmark("inbound", event).status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_what_we_trip_over_is_put_aside(inbox: Put, caplog: pytest.LogCaptureFixture) -> None:
    def fails(content: bytes, recipient: str, now: datetime) -> None:
        raise ValueError("private words")

    inbox(fails)
    assert from_postmark("inbound", postmark_mail("x@y.example", mail("x@y.example"))).status_code == 200
    (lies,) = aside.waiting()
    assert (lies.content, lies.authserv_id) == (mail("x@y.example"), "")
    assert "private" not in caplog.text


# --- What came back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "event", "suppressed"),
    [
        ("HardBounce", "hard", "bounced"),
        ("BadEmailAddress", "hard", "bounced"),
        ("SoftBounce", "soft", None),
        ("Transient", "delayed", None),
        ("DnsError", "delayed", None),
        ("SpamNotification", "complaint", "complaint"),
        ("AutoResponder", None, None),
        ("Unknown", None, None),
    ],
)
def test_postmark_tells_of_a_bounce(
    outsider: User, kind: str, event: str | None, suppressed: str | None
) -> None:
    for _ in range(3):
        assert from_postmark("tracking", postmark_bounce(outsider.email.upper(), kind)).status_code == 200
    found = MailEvent.objects.values_list("provider", "kind", "person", "message")
    assert list(found) == ([("postmark", event, outsider.pk, None)] if event else [])
    assert Suppression.objects.values_list("reason", flat=True).first() == suppressed


def test_postmark_tells_of_a_complaint_and_of_what_it_was_told_by_hand(outsider: User) -> None:
    event = postmark_bounce(outsider.email, "SpamComplaint", RecordType="SpamComplaint")
    assert from_postmark("tracking", event).status_code == 200
    assert Suppression.objects.get().reason == "complaint"


def test_mailgun_tells_of_a_bounce_by_our_message_id(sent: Message) -> None:
    event = mailgun_event("failed", sent, severity="permanent", reason="bounce")
    for _ in range(2):
        assert from_mailgun("tracking", event).status_code == 200
    sent.refresh_from_db()
    assert sent.state == "bounced"
    assert MailEvent.objects.get().message == sent
    assert Suppression.objects.get().reason == "bounced"


def test_mailgun_tells_of_what_is_delayed_arrived_and_complained_of(sent: Message) -> None:
    Message.objects.filter(pk=sent.pk).update(state="uncertain", sent_at=None)
    for number, (name, more) in enumerate(
        [("failed", {"severity": "temporary", "reason": "generic"}), ("delivered", {}), ("complained", {})]
    ):
        assert (
            from_mailgun("tracking", mailgun_event(name, sent, id=f"id-{number}", **more)).status_code == 200
        )
    assert list(MailEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "delayed",
        "delivered",
        "complaint",
    ]
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize("name", ["opened", "clicked", "unsubscribed"])
def test_what_somebody_opens_is_no_business_of_ours(sent: Message, name: str) -> None:
    assert from_mailgun("tracking", mailgun_event(name, sent)).status_code == 200
    assert not MailEvent.objects.exists()


def test_a_bounce_of_somebody_whom_we_do_not_know_is_not_kept(db: None) -> None:
    assert from_postmark("tracking", postmark_bounce("stranger@elsewhere.example")).status_code == 200
    assert not MailEvent.objects.exists()


def test_nothing_that_they_tell_is_kept_in_clear(outsider: User) -> None:
    from_postmark("tracking", postmark_bounce(outsider.email))
    row = MailEvent.objects.values().get()
    assert not {"@", "5.1.1", "4323372036854775807"} & {
        word for value in row.values() for word in str(value).split()
    }
    assert len(row["key"]) == 64


# --- Who they are --------------------------------------------------------------------------------------------------


def test_nobody_else_is_believed(stop_address: str, sent: Message) -> None:
    event, bounce = postmark_mail(stop_address, mail(stop_address)), postmark_bounce(sent.person.email)
    for headers in ({"HTTP_X": "y"}, basic("best-stuff:wrong"), basic("")):
        assert from_postmark("inbound", event, **headers).status_code == 403
        assert from_postmark("tracking", bounce, **headers).status_code == 403
    assert from_mailgun("tracking", mailgun_event("complained", sent), key="wrong").status_code == 403
    assert not Stopped.objects.exists()
    assert not MailEvent.objects.exists()


def test_the_password_alone_is_not_enough_where_there_is_a_signature(sent: Message) -> None:
    body = json.dumps({"event-data": mailgun_event("complained", sent)})
    answer = Client().post("/mail/hooks/mailgun/tracking/", body, "application/json", **basic())
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "changes",
    [{"ANYMAIL_PROVIDERS": []}, {"ANYMAIL_PROVIDERS": ["mailgun"]}, {"ANYMAIL": {"WEBHOOK_SECRET": ""}}],
)
def test_what_is_not_set_up_is_not_there(settings: Settings, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert from_postmark("inbound", postmark_mail("x", None)).status_code == 404


def test_what_is_unknown_is_not_there() -> None:
    assert Client().post("/mail/hooks/postmark/other/").status_code == 404
    assert Client().post("/mail/hooks/unknown/inbound/").status_code == 404


def test_looking_takes_nothing_and_head_says_that_somebody_is_there() -> None:
    assert Client().get("/mail/hooks/postmark/inbound/").status_code == 405
    assert Client().head("/mail/hooks/postmark/inbound/").status_code == 200


@pytest.mark.parametrize("body", ["", "{}", "[]", "private", '{"RecordType": "Open"}'])
def test_nonsense_does_no_harm(body: str, caplog: pytest.LogCaptureFixture) -> None:
    for what in ("inbound", "tracking"):
        browser = Client(raise_request_exception=False)
        answer = browser.post(f"/mail/hooks/postmark/{what}/", body, "application/json", **basic())
        assert answer.status_code in (200, 500)
    assert "private" not in caplog.text


def test_what_is_larger_than_a_form_may_be_is_refused(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert from_postmark("inbound", postmark_mail("x", b"x" * 2000)).status_code == 413


def test_the_settings_know_the_providers_that_the_door_knows() -> None:
    assert settings_file._known == webhooks.PROVIDERS


# --- Which message it was, where the provider has an id of its own -------------------------------------------------


def mark_of(message: Message, header: str) -> str:
    return str(letters.compose(message).extra_headers[header])


def test_postmark_gives_back_what_we_put_in_and_the_message_itself_is_known_to_have_come_back(
    sent: Message, outsider: User
) -> None:
    ours = letters.id_for("tea_note/1")
    Message.objects.filter(pk=sent.pk).update(message_id=ours)
    sent.refresh_from_db()
    mark = mark_of(sent, "X-PM-Metadata-message")
    assert ours.startswith(f"{mark}@")
    event = postmark_bounce(outsider.email, Metadata={"message": mark})
    for _ in range(2):
        assert from_postmark("tracking", event).status_code == 200
    sent.refresh_from_db()
    assert sent.state == "bounced"
    assert MailEvent.objects.get().message == sent
    assert Suppression.objects.standing().get().person == outsider


def test_a_mark_that_is_not_ours_is_nobodys(sent: Message, outsider: User) -> None:
    for mark in ("0" * 36, "%", sent.message_id, {"a": 1}, "00000000-0000-0000-0000-000000000000"):
        event = postmark_bounce(outsider.email, Metadata={"message": mark}, ID=len(str(mark)))
        assert from_postmark("tracking", event).status_code == 200
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_only_providers_that_are_set_up_get_a_mark_and_it_says_nothing_else(
    sent: Message, settings: Settings
) -> None:
    Message.objects.filter(pk=sent.pk).update(message_id=letters.id_for("tea_note/1"))
    sent.refresh_from_db()
    settings.ANYMAIL_PROVIDERS = ["mailgun", "sendgrid", "brevo"]
    assert not [name for name in letters.compose(sent).extra_headers if name.startswith("X-M")]
    settings.ANYMAIL_PROVIDERS = ["mailjet", "sparkpost"]
    said = sent.message_id.partition("@")[0]
    assert json.loads(mark_of(sent, "X-MJ-EventPayload")) == {"message": said}
    assert json.loads(mark_of(sent, "X-MSYS-API")) == {"metadata": {"message": said}}
