"""A reply by each door: what the envelope says counts, and only the server before that door says whom it is from."""

import pytest
from pytest_django import Settings

from accounts.mail.models import Message
from accounts.models import User
from reflections.models import Answer, IncomingMail, Round
from tests.accounts.mail.inbound.test_listening import running, to_lmtp, to_smtp
from tests.accounts.mail.inbound.test_webhooks import (
    SECRET,
    SIGNING_KEY,
    from_mailgun,
    from_postmark,
    postmark_mail,
)
from tests.reflections.mailing import LINE, MAILBOX, OURS, asked, mail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("now", "pairing")]


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.INBOUND_ADDRESS = MAILBOX
    settings.ANYMAIL_PROVIDERS = ["postmark", "mailgun"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}
    settings.ANYMAIL_AUTHSERV_IDS = {}


@pytest.mark.parametrize("speaks_lmtp", [True, False])
def test_what_a_machine_sent_has_no_sender_in_the_envelope(
    mentee: User, quarter_round: Round, speaks_lmtp: bool
) -> None:
    address = asked(mentee, quarter_round)
    with (
        running(speaks_lmtp=speaks_lmtp) as listener,
        (to_lmtp if speaks_lmtp else to_smtp)(listener) as client,
    ):
        client.sendmail("", [address], mail(mentee.email))
        assert not IncomingMail.objects.exists()
        assert not Message.objects.filter(kind="reply_receipt").exists()
        client.sendmail(mentee.email, [address], mail(mentee.email))
    assert Answer.objects.get().text == LINE


def test_a_provider_says_it_too(mentee: User, quarter_round: Round, settings: Settings) -> None:
    settings.ANYMAIL_AUTHSERV_IDS = {"postmark": OURS, "mailgun": OURS}
    address = asked(mentee, quarter_round)
    event = postmark_mail(address, mail(mentee.email))
    null = event | {"Headers": [{"Name": "Return-Path", "Value": "<>"}]}
    assert from_postmark("inbound", null).status_code == 200
    assert from_mailgun("inbound_mime", _to_mailgun(address, mentee, sender="")).status_code == 200
    assert not IncomingMail.objects.exists()
    assert from_postmark("inbound", event).status_code == 200
    assert Answer.objects.get().text == LINE


def test_a_stranger_cannot_write_what_our_server_would_where_a_provider_writes_nothing(
    mentee: User, quarter_round: Round, settings: Settings
) -> None:
    """Our own server's name is in every e-mail that it ever passed on."""
    settings.ANYMAIL_AUTHSERV_IDS = {"mailgun": "mx.mailgun.example"}
    address = asked(mentee, quarter_round)
    assert from_postmark("inbound", postmark_mail(address, mail(mentee.email))).status_code == 200
    assert from_mailgun("inbound_mime", _to_mailgun(address, mentee)).status_code == 200
    (held,) = IncomingMail.objects.all()
    assert (held.state, held.because) == ("held", "not_shown")
    assert not Answer.objects.exists()

    theirs = mail(
        mentee.email,
        results="mx.mailgun.example; dmarc=pass header.from=harbor.example",
        Message_ID="<two@mail.example>",
    )
    by_mailgun = _to_mailgun(address, mentee) | {"body-mime": theirs.decode()}
    assert from_mailgun("inbound_mime", by_mailgun).status_code == 200
    assert Answer.objects.get().text == LINE
    # And that name is believed at no other door.
    again = theirs.replace(b"<two@", b"<three@")
    from_postmark("inbound", postmark_mail(address, again))
    with running() as listener, to_lmtp(listener) as client:
        client.sendmail(mentee.email, [address], theirs.replace(b"<two@", b"<four@"))
    assert IncomingMail.objects.held().count() == 3


def _to_mailgun(address: str, person: User, **changes: str) -> dict[str, str]:
    said = {"recipient": address, "sender": person.email, "body-mime": mail(person.email).decode()} | changes
    return said
