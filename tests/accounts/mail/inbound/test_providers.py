"""Each provider in its own shape, as it documents it: what came in, what came back, forged, and told twice."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.mail import letters
from accounts.mail.inbound import marks, reading, webhooks
from accounts.mail.models import MailEvent, Message, Stopped, Suppression
from accounts.models import User

from .conftest import mail
from .test_webhooks import SECRET, SIGNING_KEY, basic, postmark_bounce, postmark_mail, signature

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Anymail says of SendGrid that it can no longer try it out against the real one.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid"),
]
AT = 1782215912
Event = dict[str, Any]


@pytest.fixture(autouse=True)
def providers(settings: Settings) -> None:
    settings.ANYMAIL_PROVIDERS = sorted(webhooks.PROVIDERS)
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def put(provider: str, what: str, body: Any, **headers: str) -> int:
    """Their POST, without cookies: JSON, or a form where it is a dictionary of a form's fields."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    url = f"/mail/hooks/{provider}/{what}/"
    headers = headers or basic()
    if isinstance(body, Form):
        return browser.post(url, body.fields, **headers).status_code
    return browser.post(url, json.dumps(body), "application/json", **headers).status_code


@dataclass(frozen=True)
class Form:
    fields: dict[str, Any]


# --- What became of a message --------------------------------------------------------------------------------------


# https://developers.brevo.com/docs/transactional-webhooks
def brevo(event: str, message: Message) -> Any:
    return {
        "event": event, "email": message.person.email, "id": 26224, "date": "2026-06-23 13:58:32", "ts": AT,
        "message-id": f"<{message.message_id}>", "ts_event": AT, "subject": "The tea", "sending_ip": "185.41.28.109",
        "template_id": 0, "tags": [], "reason": "550 5.1.1 no such user", "ts_epoch": AT * 1000,
    }  # fmt: skip


# https://dev.mailjet.com/email/guides/webhooks/
def mailjet(event: str, message: Message, **more: Any) -> Any:
    return [
        {
            "event": event, "time": AT, "MessageID": 13792286917004336,
            "Message_GUID": "1ab23cd4-e567-8901-2345-6789f0gh1i2j", "email": message.person.email,
            "mj_campaign_id": 0, "mj_contact_id": 1, "customcampaign": "", "CustomID": "",
            "Payload": json.dumps({"message": message.message_id.partition("@")[0]}), **more,
        }
    ]  # fmt: skip


def mailjet_bounce(message: Message, error: str, *, is_hard: bool) -> Any:
    more = {
        "blocked": is_hard,
        "hard_bounce": is_hard,
        "error_related_to": "recipient",
        "error": error,
        "comment": "",
    }
    return mailjet("bounce", message, **more)


# https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
def sendgrid(event: str, message: Message, **more: Any) -> Any:
    return [
        {
            "email": message.person.email, "timestamp": AT, "smtp-id": f"<{message.message_id}>", "event": event,
            "category": ["cat facts"], "sg_event_id": f"sendgrid-{event}-1",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0", **more,
        }
    ]  # fmt: skip


# https://developers.sparkpost.com/api/webhooks/
def sparkpost(kind: str, message: Message, *, within: str = "message_event", **more: Any) -> Any:
    return [
        {
            "msys": {
                within: {
                    "type": kind, "campaign_id": "", "customer_id": "1", "event_id": f"92356927693813{kind}",
                    "friendly_from": "reflect@harbor.example", "message_id": "000443ee14578172be22",
                    "msg_from": "msprvs1=17827RA6TC8Pz=bounces-1@bounces.harbor.example",
                    "raw_rcpt_to": message.person.email, "rcpt_to": message.person.email.lower(),
                    "rcpt_meta": {"message": message.message_id.partition("@")[0]}, "rcpt_tags": [],
                    "subject": "The tea", "template_id": "smtp_1", "timestamp": str(AT),
                    "transmission_id": "65832150921904138", **more,
                }
            }
        }
    ]  # fmt: skip


def sparkpost_bounce(message: Message, bounce_class: str) -> Any:
    more = {"bounce_class": bounce_class, "error_code": "550", "reason": "550 no", "raw_reason": "550 no"}
    return sparkpost("bounce", message, **more)


# https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks/
def mailgun(event: str, message: Message, **more: Any) -> Any:
    return {
        "signature": signature(),
        "event-data": {
            "event": event, "timestamp": AT + 0.5, "id": f"mailgun-{event}", "recipient": message.person.email,
            "tags": [], "user-variables": {}, "message": {"headers": {"message-id": message.message_id}}, **more,
        },
    }  # fmt: skip


# https://postmarkapp.com/developer/webhooks/webhooks-overview
def postmark(record: str, message: Message, **more: Any) -> Any:
    mark = {"message": message.message_id.partition("@")[0]}
    return {
        "RecordType": record, "MessageStream": "outbound", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23, "Tag": "", "Metadata": mark, "Recipient": message.person.email, **more,
    }  # fmt: skip


def postmark_back(message: Message, kind: str) -> Any:
    return postmark_bounce(
        message.person.email, kind, Metadata={"message": message.message_id.partition("@")[0]}
    )


TOLD: list[tuple[str, Callable[[Message], Any], str | None]] = [
    ("brevo", lambda m: brevo("hard_bounce", m), "hard"),
    ("brevo", lambda m: brevo("invalid_email", m), "hard"),
    ("brevo", lambda m: brevo("soft_bounce", m), "soft"),
    ("brevo", lambda m: brevo("blocked", m), "soft"),
    ("brevo", lambda m: brevo("deferred", m), "delayed"),
    ("brevo", lambda m: brevo("spam", m), "complaint"),
    ("brevo", lambda m: brevo("delivered", m), "delivered"),
    ("brevo", lambda m: brevo("unsubscribed", m), None),
    ("brevo", lambda m: brevo("unique_opened", m), None),
    ("mailjet", lambda m: mailjet_bounce(m, "user unknown", is_hard=True), "hard"),
    ("mailjet", lambda m: mailjet_bounce(m, "quota exceeded", is_hard=False), "soft"),
    ("mailjet", lambda m: mailjet_bounce(m, "policy issue", is_hard=True), "soft"),
    ("mailjet", lambda m: mailjet("blocked", m, error="preblocked", error_related_to="mailjet"), "soft"),
    ("mailjet", lambda m: mailjet("spam", m, source="JMRPP"), "complaint"),
    ("mailjet", lambda m: mailjet("sent", m, smtp_reply="sent (250 2.0.0 OK)"), "delivered"),
    ("mailjet", lambda m: mailjet("unsub", m, mj_list_id=1), None),
    ("mailjet", lambda m: mailjet("open", m, ip="127.0.0.1"), None),
    ("sendgrid", lambda m: sendgrid("bounce", m, type="bounce", status="5.1.1", reason="550 no"), "hard"),
    ("sendgrid", lambda m: sendgrid("bounce", m, type="blocked", status="4.0.0", reason="spam"), "soft"),
    ("sendgrid", lambda m: sendgrid("dropped", m, reason="Bounced Address"), "hard"),
    ("sendgrid", lambda m: sendgrid("dropped", m, reason="Spam Reporting Address"), "soft"),
    ("sendgrid", lambda m: sendgrid("deferred", m, response="400 try again", attempt="5"), "delayed"),
    ("sendgrid", lambda m: sendgrid("spamreport", m), "complaint"),
    ("sendgrid", lambda m: sendgrid("delivered", m, response="250 OK"), "delivered"),
    ("sendgrid", lambda m: sendgrid("unsubscribe", m), None),
    ("sendgrid", lambda m: sendgrid("group_unsubscribe", m, asm_group_id=1), None),
    ("sparkpost", lambda m: sparkpost_bounce(m, "10"), "hard"),
    ("sparkpost", lambda m: sparkpost_bounce(m, "30"), "hard"),
    ("sparkpost", lambda m: sparkpost("out_of_band", m, bounce_class="10"), "hard"),
    *(("sparkpost", lambda m, c=c: sparkpost_bounce(m, c), "soft") for c in ("1", "20", "22", "25", "40", "51", "70")),
    ("sparkpost", lambda m: sparkpost_bounce(m, "60"), None),
    ("sparkpost", lambda m: sparkpost("delay", m), "delayed"),
    ("sparkpost", lambda m: sparkpost("policy_rejection", m), "soft"),
    ("sparkpost", lambda m: sparkpost("spam_complaint", m, fbtype="abuse"), "complaint"),
    ("sparkpost", lambda m: sparkpost("delivery", m), "delivered"),
    ("sparkpost", lambda m: sparkpost("list_unsubscribe", m, within="unsubscribe_event"), None),
    ("sparkpost", lambda m: [{"msys": {}}], None),
    ("mailgun", lambda m: mailgun("failed", m, severity="permanent", reason="bounce"), "hard"),
    ("mailgun", lambda m: mailgun("failed", m, severity="permanent", reason="suppress-bounce"), "hard"),
    ("mailgun", lambda m: mailgun("failed", m, severity="temporary", reason="generic"), "delayed"),
    ("mailgun", lambda m: mailgun("complained", m), "complaint"),
    ("mailgun", lambda m: mailgun("delivered", m), "delivered"),
    ("mailgun", lambda m: mailgun("unsubscribed", m), None),
    ("postmark", lambda m: postmark_back(m, "HardBounce"), "hard"),
    ("postmark", lambda m: postmark_back(m, "SoftBounce"), "soft"),
    ("postmark", lambda m: postmark_back(m, "SpamNotification"), "complaint"),
    ("postmark", lambda m: postmark("Delivery", m, DeliveredAt="2026-06-23T11:58:32Z", Details="250 OK"), "delivered"),
    ("postmark", lambda m: postmark("SubscriptionChange", m, SuppressSending=True, Origin="Recipient",
                                    SuppressionReason="ManualSuppression"), None),
]  # fmt: skip


@pytest.fixture
def ours(sent: Message) -> Message:
    """Sent, and known by a Message-ID as ours are; perhaps, so that whatever is heard of it can be seen."""
    message_id = letters.id_for("tea_note/1")
    Message.objects.filter(pk=sent.pk).update(state="uncertain", sent_at=None, message_id=message_id)
    sent.refresh_from_db()
    return sent


@pytest.mark.parametrize(("provider", "tells", "kind"), TOLD)
def test_what_a_provider_tells_is_taken_once_and_by_message(
    ours: Message, provider: str, tells: Callable[[Message], Any], kind: str | None
) -> None:
    for _ in range(3):
        assert put(provider, "tracking", tells(ours)) == 200
    rows = MailEvent.objects.values_list("provider", "kind", "person", "message")
    assert list(rows) == ([(provider, kind, ours.person_id, ours.pk)] if kind else [])
    ours.refresh_from_db()
    came_back = {"hard": "bounced", "soft": "bounced", None: "uncertain"}
    assert ours.state == came_back.get(kind, "sent")
    suppressed = {"hard": "bounced", "complaint": "complaint"}.get(kind or "")
    assert list(Suppression.objects.values_list("reason", flat=True)) == ([suppressed] if suppressed else [])
    # Who unsubscribes at the provider has not told us which kind they mean.
    assert not Stopped.objects.exists()


@pytest.mark.parametrize(("provider", "tells", "kind"), [told for told in TOLD if told[2]])
def test_nobody_without_the_secret_is_believed(
    ours: Message, provider: str, tells: Callable[[Message], Any], kind: str
) -> None:
    for headers in ({"HTTP_X": "y"}, basic("best-stuff:wrong"), basic("")):
        if provider != "mailgun":  # which is believed by its signature
            assert put(provider, "tracking", tells(ours), **headers) == 403
    forged = mailgun("complained", ours)
    forged["signature"]["signature"] = "0" * 64
    assert put("mailgun", "tracking", forged) == 403
    ours.refresh_from_db()
    assert (ours.state, MailEvent.objects.count(), Suppression.objects.count()) == ("uncertain", 0, 0)


def test_every_provider_stands_in_the_table() -> None:
    assert {provider for provider, _tells, _kind in TOLD} == webhooks.PROVIDERS
    assert {provider for provider, _way, _body in CAME} == webhooks.PROVIDERS


def test_three_soft_bounces_suppress_an_address_and_one_told_three_times_does_not(ours: Message) -> None:
    for number in (1, 1, 1, 2, 2):
        put("sendgrid", "tracking", sendgrid("bounce", ours, type="blocked", sg_event_id=f"soft-{number}"))
    assert not Suppression.objects.exists()
    put("sendgrid", "tracking", sendgrid("bounce", ours, type="blocked", sg_event_id="soft-3"))
    assert Suppression.objects.get().person_id == ours.person_id


def test_of_several_events_in_one_post_each_is_taken(ours: Message) -> None:
    told = [*sendgrid("delivered", ours), *sendgrid("spamreport", ours), *sendgrid("open", ours)]
    assert put("sendgrid", "tracking", told) == 200
    assert list(MailEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["delivered", "complaint"]


def test_a_signature_of_sendgrids_is_checked_where_its_key_is_set(ours: Message, settings: Settings) -> None:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    settings.ANYMAIL |= {"SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": base64.b64encode(public).decode()}
    body = json.dumps(sendgrid("spamreport", ours)).encode()

    def signed(by: ec.EllipticCurvePrivateKey) -> int:
        said = by.sign(str(AT).encode() + body, ec.ECDSA(hashes.SHA256()))
        return (
            Client()
            .post(
                "/mail/hooks/sendgrid/tracking/",
                body,
                "application/json",
                **basic(),
                HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_SIGNATURE=base64.b64encode(said).decode(),
                HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_TIMESTAMP=str(AT),
            )
            .status_code
        )

    assert put("sendgrid", "tracking", sendgrid("spamreport", ours)) == 403
    assert signed(other) == 403
    assert not MailEvent.objects.exists()
    assert signed(key) == 200
    assert MailEvent.objects.get().kind == "complaint"


# --- What came in --------------------------------------------------------------------------------------------------


# https://developers.brevo.com/docs/inbound-parse-webhooks
def brevo_mail(to: str) -> Any:
    headers = {"From": "Otto <otto@elsewhere.example>", "To": to, "Delivered-To": to, "Subject": "a private subject",
               "Message-ID": "<one@elsewhere.example>", "Return-Path": "otto%40elsewhere.example",
               "Received": ["from a by b", "from b by c"]}  # fmt: skip
    return {
        "items": [
            {
                "Uuid": ["8d79f2b1-20ae-4939-8d0b-d2517331a9e5"], "MessageId": "<one@elsewhere.example>",
                "InReplyTo": None,
                "From": {"Name": "Otto", "Address": "otto@elsewhere.example"}, "To": [{"Name": None, "Address": to}],
                "Cc": [], "ReplyTo": None, "SentAtDate": "Tue, 23 Jun 2026 13:58:32 +0200",
                "Subject": "a private subject", "Headers": headers, "SpamScore": 2.8, "RawTextBody": "private words",
                "RawHtmlBody": None,
                "ExtractedMarkdownMessage": "private words", "ExtractedMarkdownSignature": None,
                "Attachments": [{"Name": "a.pdf", "ContentType": "application/pdf", "ContentLength": 9,
                                 "ContentID": "a", "DownloadToken": "eyJmb2xkZXIiOiIyMDI2"}],
            }
        ]
    }  # fmt: skip


# https://dev.mailjet.com/email/guides/parse-api/
def mailjet_mail(to: str) -> Any:
    headers = {"From": "Otto <otto@elsewhere.example>", "To": to, "Subject": "a private subject",
               "Message-ID": "<one@elsewhere.example>", "Received": ["by 1", "by 2"],
               "Content-Type": 'text/plain; charset="utf-8"'}  # fmt: skip
    return {
        "Sender": "otto@elsewhere.example", "Recipient": to, "Date": "20260623T115832",
        "From": "Otto <otto@elsewhere.example>", "Subject": "a private subject", "Headers": headers,
        "Parts": [{"Headers": {"Content-Type": "text/plain; charset=utf-8"}, "ContentRef": "Text-part"}],
        "Text-part": "private words", "Html-part": "", "SpamAssassinScore": "0.602",
    }  # fmt: skip


# https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
def sendgrid_mail(to: str, *, is_raw: bool) -> Any:
    envelope = json.dumps({"to": [to], "from": "otto@elsewhere.example"})
    common = {"to": to, "from": "Otto <otto@elsewhere.example>", "subject": "a private subject", "envelope": envelope,
              "charsets": json.dumps({"to": "UTF-8", "from": "UTF-8", "subject": "UTF-8", "text": "utf-8"}),
              "sender_ip": "10.10.1.1", "SPF": "pass", "dkim": "{@elsewhere.example : pass}",
              "spam_score": "0.1"}  # fmt: skip
    if is_raw:
        return Form(common | {"email": mail(to).decode()})
    head = mail(to).decode().partition("\n\n")[0]
    return Form(common | {"headers": head, "text": "private words", "attachments": "0"})


# https://developers.sparkpost.com/api/relay-webhooks/
def sparkpost_mail(to: str, *, is_base64: bool, came: bytes = b"") -> Any:
    came = came or mail(to)
    raw = base64.b64encode(came).decode() if is_base64 else came.decode()
    content = {"email_rfc822": raw, "email_rfc822_is_base64": is_base64, "headers": [{"To": to}], "html": "",
               "subject": "a private subject", "text": "private words", "to": [to]}  # fmt: skip
    return [
        {
            "msys": {
                "relay_message": {
                    "content": content, "customer_id": "1337", "friendly_from": "otto@elsewhere.example",
                    "msg_from": "otto@elsewhere.example", "rcpt_to": to, "webhook_id": "4839201967643219",
                    "protocol": "smtp",
                }
            }
        }
    ]  # fmt: skip


def mailgun_mail(to: str) -> Any:
    return Form(
        {"recipient": to, "sender": "otto@elsewhere.example", "body-mime": mail(to).decode()} | signature()
    )


CAME: list[tuple[str, str, Callable[[str], Any]]] = [
    ("brevo", "inbound", brevo_mail),
    ("mailjet", "inbound", mailjet_mail),
    ("sendgrid", "inbound", lambda to: sendgrid_mail(to, is_raw=True)),
    ("sendgrid", "inbound", lambda to: sendgrid_mail(to, is_raw=False)),
    ("sparkpost", "inbound", lambda to: sparkpost_mail(to, is_base64=True)),
    ("sparkpost", "inbound", lambda to: sparkpost_mail(to, is_base64=False)),
    ("mailgun", "inbound_mime", mailgun_mail),
    ("postmark", "inbound", lambda to: postmark_mail(to, mail(to))),
]


@pytest.mark.parametrize(("provider", "way", "body"), CAME)
def test_what_a_provider_takes_in_comes_in_with_its_words(
    stop_address: str, outsider: User, inbox: Any, provider: str, way: str, body: Callable[[str], Any]
) -> None:
    came: list[tuple[bytes, str]] = []
    inbox(lambda content, recipient, now: came.append((content, recipient)))
    assert put(provider, way, body(stop_address)) == 200
    ((content, recipient),) = came
    assert recipient == stop_address
    assert reading.read(reading.parse(content)).text == "private words"
    assert b"<one@elsewhere.example>" in content
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert put(provider, way, body(stop_address)) == 200
    assert Stopped.objects.count() == 1


def test_what_is_written_in_an_old_charset_comes_in_by_sparkpost_as_it_is(
    stop_address: str, inbox: Any
) -> None:
    came: list[bytes] = []
    inbox(lambda content, recipient, now: came.append(content))
    old = mail(stop_address).replace(b'charset="utf-8"', b'charset="iso-8859-1"')
    old = old.replace(b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: 8bit")
    old = old.replace(b"private words", "Übermütig grüßt der Häuptling".encode("latin-1"))
    assert put("sparkpost", "inbound", sparkpost_mail(stop_address, is_base64=True, came=old)) == 200
    assert came == [old]
    assert reading.read(reading.parse(came[0])).text == "Übermütig grüßt der Häuptling"


@pytest.mark.parametrize(("provider", "way", "body"), CAME)
def test_what_a_stranger_hands_over_does_not_come_in(
    stop_address: str, provider: str, way: str, body: Callable[[str], Any]
) -> None:
    forged = body(stop_address)
    if provider == "mailgun":
        forged = Form(forged.fields | signature("a key that is not ours"))
        assert put(provider, way, forged) == 403
    for headers in ({"HTTP_X": "y"}, basic("best-stuff:wrong")):
        if provider != "mailgun":
            assert put(provider, way, forged, **headers) == 403
    assert not Stopped.objects.exists()


def test_each_provider_is_given_our_mark_by_the_header_that_it_documents() -> None:
    """Postmark's is X-PM-Metadata- and the name; it is out of the e-mail when it arrives."""
    mark = "0b9d1c4e-7a53-5d2e-9f10-2c3d4e5f6a7b"
    said = marks.headers(f"{mark}@harbor.example", sorted(webhooks.PROVIDERS))
    assert said == {
        "X-PM-Metadata-message": mark,
        "X-MJ-EventPayload": json.dumps({"message": mark}),
        "X-MSYS-API": json.dumps({"metadata": {"message": mark}}),
    }
