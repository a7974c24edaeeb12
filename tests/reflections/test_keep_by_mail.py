"""Moments by mail: only to one's own address, only from one's own mail, once, and for oneself alone."""

import io
import logging
import sys
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings

import accounts.actions
from accounts.mail.models import Message
from accounts.models import User
from reflections import keep_by_mail
from reflections.keep_by_mail import Outcome, forget_prints, receive, renew, words_in
from reflections.models import KeepAddress, KeptMail, Moment
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, TODAY, signed_in

OURS = "mx.harbor.example"
LINE = "Ayo found the mistake before I did."
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.KEEP_ADDRESS = "keep@harbor.example"


def mail(sender: str, body: str = LINE, *, results: str = "", html: str = "", **headers: str) -> bytes:
    email = EmailMessage()
    domain = sender.rpartition("@")[2]
    email["Authentication-Results"] = results or f"{OURS}; dmarc=pass header.from={domain}"
    email["From"] = sender
    email["Message-ID"] = "<one@mail.example>"
    for name, value in headers.items():
        del email[name.replace("_", "-")]
        email[name.replace("_", "-")] = value
    email.set_content(body)
    if html:
        email.add_alternative(html, subtype="html")
    return email.as_bytes()


def comes(person: User, content: bytes, recipient: str = "") -> Outcome:
    outcomes = receive(content, recipient or KeepAddress.objects.get(person=person).address, NOW)
    assert outcomes is not None
    return outcomes[0]


def test_a_line_from_ones_own_mail_becomes_a_moment_for_oneself(mentor: User) -> None:
    address = renew(mentor, NOW).address

    assert address.startswith("keep+")
    assert comes(mentor, mail(mentor.email)) == Outcome.KEPT
    moment = Moment.objects.get()
    assert (moment.person, moment.text, moment.audience, moment.happened_on) == (mentor, LINE, "me", TODAY)
    assert KeepAddress.objects.get().used_at == NOW
    assert not Message.objects.exists()


def test_the_case_of_an_address_makes_no_difference(mentor: User) -> None:
    address = renew(mentor, NOW).address

    assert comes(mentor, mail(mentor.email.upper()), address.upper()) == Outcome.KEPT


def test_the_same_mail_is_kept_once_and_another_one_is_another(mentor: User) -> None:
    renew(mentor, NOW)

    assert comes(mentor, mail(mentor.email)) == Outcome.KEPT
    assert comes(mentor, mail(mentor.email)) == Outcome.TWICE
    Moment.objects.all().delete()
    assert comes(mentor, mail(mentor.email)) == Outcome.TWICE
    assert comes(mentor, mail(mentor.email, Message_ID="<two@mail.example>")) == Outcome.KEPT


def test_what_was_kept_is_remembered_for_a_month_and_no_longer(mentor: User) -> None:
    renew(mentor, NOW)
    comes(mentor, mail(mentor.email))

    assert forget_prints(NOW + timedelta(days=29)) == 0
    assert forget_prints(NOW + timedelta(days=31)) == 1
    assert not KeptMail.objects.exists()


@pytest.mark.parametrize(
    "results",
    [
        "mx.other.example; dmarc=pass header.from=harbor.example",
        f"{OURS}; dmarc=fail header.from=harbor.example",
        f"{OURS}; spf=pass",
        f"{OURS}; dmarc=pass header.from=evil.example",
    ],
)
def test_who_is_not_shown_to_be_the_sender_keeps_nothing(mentor: User, results: str) -> None:
    renew(mentor, NOW)

    assert comes(mentor, mail(mentor.email, results=results)) == Outcome.NOT_SHOWN
    assert not Moment.objects.exists()


def test_somebody_elses_mail_keeps_nothing_even_with_the_address(mentor: User, mentee: User) -> None:
    renew(mentor, NOW)

    assert comes(mentor, mail(mentee.email)) == Outcome.ANOTHERS
    assert not Moment.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"List_Id": "<list.example>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_machine_sent_is_dropped(mentor: User, headers: dict[str, str]) -> None:
    renew(mentor, NOW)

    assert comes(mentor, mail(mentor.email, **headers)) == Outcome.BY_ITSELF


def test_a_new_address_ends_the_one_before_and_stopping_ends_it(mentor: User) -> None:
    old = renew(mentor, NOW).address
    new = renew(mentor, NOW).address

    assert comes(mentor, mail(mentor.email), old) == Outcome.UNKNOWN
    assert comes(mentor, mail(mentor.email), new) == Outcome.KEPT
    assert keep_by_mail.end(mentor)
    assert comes(mentor, mail(mentor.email, Message_ID="<2@x>"), new) == Outcome.UNKNOWN
    assert not keep_by_mail.end(mentor)


def test_of_a_closed_account_nothing_is_kept(mentor: User) -> None:
    renew(mentor, NOW)
    User.objects.filter(pk=mentor.pk).update(is_active=False)

    assert comes(mentor, mail(mentor.email)) == Outcome.UNKNOWN


def test_nothing_is_taken_in_where_inbound_mail_is_off(mentor: User, settings: Settings) -> None:
    renew(mentor, NOW)
    settings.INBOUND_AUTHSERV_ID = ""

    assert comes(mentor, mail(mentor.email)) == Outcome.OFF
    assert signed_in(mentor).get(reverse("moments:mail")).status_code == 404
    assert signed_in(mentor).post(reverse("moments:mail_renew")).status_code == 404
    assert reverse("moments:mail") not in signed_in(mentor).get(reverse("accounts:settings")).content.decode()


@pytest.mark.parametrize(
    "recipient", ["", "keep@harbor.example", "reflect@harbor.example", "keep+x@evil.example", "nonsense"]
)
def test_other_addresses_are_left_to_others(recipient: str, mentor: User) -> None:
    assert receive(mail(mentor.email), recipient, NOW) is None


def test_too_big_a_mail_is_not_read(mentor: User) -> None:
    renew(mentor, NOW)

    assert comes(mentor, b"x" * (1024 * 1024 + 1)) == Outcome.TOO_BIG


# --- Its words ---


def said(body: str = "", **headers: str) -> str:
    from email import message_from_bytes
    from email.policy import compat32

    return words_in(message_from_bytes(mail("a@b.example", body, **headers), policy=compat32))


@pytest.mark.parametrize(
    "below",
    [
        "\n-- \nNoor Haddad\nHead of everything",
        "\n> What was your best stuff?\n> One line is enough.",
        "\nOn Tue, Jun 23, 2026 at 9:00 AM Best Stuff <reflect@harbor.example> wrote:\n> x",
        "\nAm 23.06.2026 um 09:00 schrieb Best Stuff:\n> x",
        "\n-----Original Message-----\nFrom: somebody",
        "\n________________________________\nFrom: somebody@x.example",
    ],
)
def test_quotes_and_signatures_are_left_out(below: str) -> None:
    assert said(f"{LINE}\n{below}") == LINE


def test_a_mail_without_words_is_kept_by_its_subject() -> None:
    assert said("\n", Subject="=?utf-8?q?Z=C3=BCge_z=C3=A4hlen?=") == "Züge zählen"
    assert said("\n-- \nNoor") == ""


def test_a_mail_that_is_only_html_is_read_as_text() -> None:
    from email import message_from_bytes
    from email.policy import compat32

    email = EmailMessage()
    email["From"] = "a@b.example"
    email.set_content(
        "<head><title>t</title><style>p{}</style></head><p>Two &amp; <b>three</b></p><p>four</p>"
        "<blockquote>old</blockquote>",
        subtype="html",
    )
    assert words_in(message_from_bytes(email.as_bytes(), policy=compat32)) == "Two & three\n\nfour"


def test_an_attached_text_is_left_alone() -> None:
    from email import message_from_bytes
    from email.policy import compat32

    email = EmailMessage()
    email["From"] = "a@b.example"
    email.set_content(LINE)
    email.add_attachment("a secret file", filename="a.txt")
    assert words_in(message_from_bytes(email.as_bytes(), policy=compat32)) == LINE


def test_of_a_long_mail_the_beginning_is_kept_and_strange_characters_go() -> None:
    text = said("kittiwake " * 400)
    assert 1900 < len(text) <= 2000
    assert text.endswith("kittiwake…")
    assert said("a\u202eb\x07c") == "abc"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "x-unknown"])
def test_words_in_any_charset_are_read_or_said_as_well_as_can_be(mentor: User, charset: str) -> None:
    renew(mentor, NOW)
    content = mail(mentor.email, "Zuge").replace(b'charset="utf-8"', f'charset="{charset}"'.encode())

    assert comes(mentor, content) == Outcome.KEPT
    assert Moment.objects.get().text == "Zuge"


# --- The page, and the command ---


def test_the_page_shows_the_address_until_it_is_ended(mentor: User) -> None:
    client = lately_seen(mentor, signed_in(mentor))
    assert reverse("moments:mail") in client.get(reverse("accounts:settings")).content.decode()
    assert "You have no address yet" in client.get(reverse("moments:mail")).content.decode()
    client.post(reverse("moments:mail_renew"))
    address = KeepAddress.objects.get().address

    page = client.get(reverse("moments:mail"))
    assert address in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.get(reverse("moments:mail_stop")).status_code == 405
    client.post(reverse("moments:mail_stop"))
    assert not KeepAddress.objects.exists()


def test_an_address_is_made_for_whoever_has_just_shown_who_they_are(mentor: User) -> None:
    reply = signed_in(mentor).post(reverse("moments:mail_renew"))

    assert "reauthenticate" in reply["Location"]
    assert not KeepAddress.objects.exists()


def test_nobody_sees_somebody_elses_address(mentor: User, mentee: User) -> None:
    address = renew(mentor, NOW).address

    assert address not in signed_in(mentee).get(reverse("moments:mail")).content.decode()


def test_the_database_alone_does_not_say_the_address(mentor: User) -> None:
    token = renew(mentor, NOW).token
    row = KeepAddress.objects.values().get()

    assert not any(token in str(value) for value in row.values())


def test_a_key_that_is_gone_leaves_an_address_that_works_and_is_not_shown(mentor: User) -> None:
    address, client = renew(mentor, NOW).address, signed_in(mentor)
    KeepAddress.objects.update(nonce="made with a key that is gone")

    assert "cannot be shown any more" in client.get(reverse("moments:mail")).content.decode()
    assert comes(mentor, mail(mentor.email), address) == Outcome.KEPT


def test_another_password_or_address_ends_it(mentor: User) -> None:
    renew(mentor, NOW)
    accounts.actions.close_other_ways_in(mentor, keep=None, now=NOW)

    assert not KeepAddress.objects.exists()


def test_the_command_takes_it_in_and_its_log_holds_no_word(
    mentor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    address = renew(mentor, NOW).address
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(mail(mentor.email))))
    call_command("receive", "--recipient", address)

    assert Moment.objects.get().text == LINE
    assert "receive: kept" in caplog.text
    assert address not in caplog.text
    assert "mistake" not in caplog.text
