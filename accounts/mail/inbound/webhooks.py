"""The door for a provider that takes mail in for us, or tells what became of mail: their POSTs, read by Anymail.

Anymail checks that a POST is theirs and says in one form what all of them say in their own. What came in goes the way
of all mail; what they tell of a message is noted, by a key that is the same when they tell it again.
"""

import base64
import logging
import traceback
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import (
    AnymailInboundEvent,
    AnymailTrackingEvent,
    EventType,
    RejectReason,
    inbound,
    tracking,
)
from anymail.webhooks import brevo, mailgun, mailjet, postmark, sendgrid, sparkpost
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.clock import now
from accounts.mail import events
from accounts.mail.events import Heard
from accounts.mail.models import MailEvent, Message
from accounts.mail.models.event import key_of
from accounts.models import User

from . import addresses, delivery, marks, reading

log = logging.getLogger(__name__)
Kind = MailEvent.Kind


class BrevoInbound(brevo.BrevoInboundWebhookView):  # type: ignore[misc]
    """Brevo keeps what is attached, to be fetched with the key of its API. Without one it stays there: words come in
    all the same."""

    def __init__(self, **kwargs: Any) -> None:
        self._has_key = bool(settings.ANYMAIL.get("BREVO_API_KEY"))
        super().__init__(**{"api_key": settings.ANYMAIL.get("BREVO_API_KEY") or "none"} | kwargs)

    def esp_to_anymail_event(self, esp_event: dict[str, Any]) -> Any:
        return super().esp_to_anymail_event(esp_event if self._has_key else {**esp_event, "Attachments": []})


class SparkPostInbound(sparkpost.SparkPostInboundWebhookView):  # type: ignore[misc]
    """SparkPost hands over bytes of any charset; Anymail would stumble over all but UTF-8. We read them ourselves."""

    def esp_to_anymail_event(self, event_class: str, event: dict[str, Any], raw_event: Any) -> Any:
        if event_class == "relay_message" and (raw := _of_sparkpost(raw_event)):
            content = {"email_rfc822": raw.decode("utf-8", "replace"), "email_rfc822_is_base64": False}
            event = {**event, "content": {**event["content"], **content}}
        return super().esp_to_anymail_event(event_class, event, raw_event)


VIEWS: dict[tuple[str, str], Any] = {
    ("brevo", "inbound"): BrevoInbound,
    ("brevo", "tracking"): brevo.BrevoTrackingWebhookView,
    ("mailgun", "inbound"): mailgun.MailgunInboundWebhookView,
    # With "mime" in its address Mailgun hands over the e-mail as it came.
    ("mailgun", "inbound_mime"): mailgun.MailgunInboundWebhookView,
    ("mailgun", "tracking"): mailgun.MailgunTrackingWebhookView,
    ("mailjet", "inbound"): mailjet.MailjetInboundWebhookView,
    ("mailjet", "tracking"): mailjet.MailjetTrackingWebhookView,
    ("postmark", "inbound"): postmark.PostmarkInboundWebhookView,
    ("postmark", "tracking"): postmark.PostmarkTrackingWebhookView,
    ("sendgrid", "inbound"): sendgrid.SendGridInboundWebhookView,
    ("sendgrid", "tracking"): sendgrid.SendGridTrackingWebhookView,
    ("sparkpost", "inbound"): SparkPostInbound,
    ("sparkpost", "tracking"): sparkpost.SparkPostTrackingWebhookView,
}
PROVIDERS = frozenset(provider for provider, _what in VIEWS)

# Fields in which providers put the e-mail as it came.
AS_IT_CAME = ("RawEmail", "body-mime", "email")

# "Opened" and "clicked" are no business of ours, and unsubscribing has its own way.
OF_EVENT = {
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DELAYED,
    EventType.COMPLAINED: Kind.COMPLAINT,
    EventType.BOUNCED: Kind.HARD,
    EventType.REJECTED: Kind.HARD,
}
# What makes a bounce or a refusal one about the address. Anything else may be about us, or about what we sent.
OF_THE_ADDRESS = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})
SOFT = frozenset({"softbounce", "soft_bounce", "temporary", "soft"})
# SparkPost's classes of bounces: "invalid recipient" and "no recipient". Of all others it says that they may pass.
HARD_CLASSES = frozenset({"10", "30"})


# Nothing rides on a cookie here: who it is from is shown by a password or a signature in the request itself.
@csrf_exempt
@login_not_required
@never_cache
@transaction.non_atomic_requests
@require_http_methods(["POST", "HEAD"])
def hook(request: HttpRequest, provider: str, what: str) -> HttpResponse:
    """Their POST: 200 once what it says is committed, 503 where they shall try again, 404 where none is set up."""
    view = VIEWS.get((provider, what))
    if (
        view is None
        or provider not in settings.ANYMAIL_PROVIDERS
        or not settings.ANYMAIL.get("WEBHOOK_SECRET")
    ):
        raise Http404
    try:
        response: HttpResponse = view.as_view()(request)
        return response
    except AnymailWebhookValidationFailure:
        log.warning("hook: a POST that is not from %s", provider)
        return HttpResponse(status=403)
    except RequestDataTooBig:
        log.warning("hook: too big, from %s", provider)
        return HttpResponse(status=413)
    except (delivery.TryAgain, OperationalError, InterfaceError):
        if not connection.in_atomic_block:
            connection.close()
        return HttpResponse(status=503, headers={"Retry-After": "300"})
    except Exception as defect:
        # What they sent may be in the exception's own words, so those are not logged.
        where = traceback.extract_tb(defect.__traceback__)[-1]
        log.error("hook: %s in %s line %s", type(defect).__name__, where.filename, where.lineno)
        return HttpResponse(status=500)


def listen() -> None:
    """Called once, when the app starts."""
    inbound.connect(take_mail, dispatch_uid="take mail")
    tracking.connect(take_event, dispatch_uid="take event")


def take_mail(sender: Any, event: AnymailInboundEvent, esp_name: str, **more: Any) -> None:
    """An e-mail that they took in for us. What our own server would write of its sender, they may let a stranger write:
    only under the name that was told us for them it counts."""
    message = event.message
    content = _as_it_came(event.esp_event) or message.as_bytes()
    named = str(message.envelope_recipient or "")
    found = [named] if addresses.is_ours(named) else addresses.found_in(reading.headers_of(content))
    for recipient in found or [""]:
        delivery.deliver_for_good(
            content,
            recipient,
            now(),
            sender=message.envelope_sender,
            authserv_id=settings.ANYMAIL_AUTHSERV_IDS.get(esp_name.lower(), ""),
        )


def _as_it_came(esp_event: Any) -> bytes:
    """Read by us, as through every other door; a provider that takes it apart first has it put together by Anymail."""
    if whole := _of_sparkpost(esp_event):
        return whole
    fields = esp_event.POST if isinstance(esp_event, HttpRequest) else esp_event
    for name in AS_IT_CAME:
        raw = fields.get(name) if hasattr(fields, "get") else None
        if isinstance(raw, str) and raw:
            return raw.encode("utf-8", "surrogateescape")
    return b""


def _of_sparkpost(esp_event: Any) -> bytes:
    """The e-mail in what SparkPost posts; nothing for any other's."""
    wrapped = esp_event.get("msys") if isinstance(esp_event, dict) else None
    if not isinstance(wrapped, dict) or "relay_message" not in wrapped:
        return b""
    content = wrapped["relay_message"]["content"]
    raw: str = content["email_rfc822"]
    return (
        base64.b64decode(raw) if content["email_rfc822_is_base64"] else raw.encode("utf-8", "surrogateescape")
    )


def take_event(sender: Any, event: AnymailTrackingEvent, esp_name: str, **more: Any) -> None:
    """What became of a message, where it is about one of ours or somebody whom we write to."""
    kind = _kind(event)
    recipient = User.objects.normalize_email(event.recipient)
    message = _message(event)
    person = User.objects.filter(email=recipient).first() if recipient else None
    person_id = message.person_id if message is not None else (person.pk if person is not None else None)
    if kind is None or person_id is None:
        return
    told = event.event_id or (event.message_id, recipient, event.timestamp)
    heard = Heard(
        provider=esp_name.lower()[:20],
        key=key_of(told, kind),
        kind=kind,
        person_id=person_id,
        message=message,
        went_to=lambda address: address == recipient,
    )
    is_new = events.note(heard, now=now())
    log.info("hook: %s, %s", esp_name, kind.value if is_new else "known")


def _kind(event: AnymailTrackingEvent) -> MailEvent.Kind | None:
    kind = OF_EVENT.get(event.event_type)
    if kind is Kind.HARD and not _is_of_the_address(event):
        return Kind.SOFT
    return kind


def _is_of_the_address(event: AnymailTrackingEvent) -> bool:
    """Whether it says that nobody reads there. Anymail calls a bounce a bounce; which of the two it is stands in the
    provider's own words."""
    fields = event.esp_event if isinstance(event.esp_event, dict) else {}
    if isinstance(wrapped := fields.get("msys"), dict):  # SparkPost
        return any(str(inner.get("bounce_class")) in HARD_CLASSES for inner in wrapped.values())
    if "sg_event_id" in fields and fields.get("event") == "bounce":  # SendGrid: the other one is "blocked"
        return fields.get("type") == "bounce"
    fields = fields.get("event-data", fields)
    words = (fields.get("Type"), fields.get("severity"), fields.get("event"), fields.get("type"))
    is_soft = any(str(word).lower().replace(" ", "") in SOFT for word in words)
    return event.reject_reason in OF_THE_ADDRESS and not is_soft and fields.get("hard_bounce") is not False


def _message(event: AnymailTrackingEvent) -> Message | None:
    """By its Message-ID, where they keep ours; else by the mark that we put into it for them."""
    message_id = str(event.message_id or "").strip().strip("<>")
    found = Message.objects.filter(message_id=message_id).first() if message_id else None
    return found or marks.find(event.metadata if isinstance(event.metadata, dict) else None)
