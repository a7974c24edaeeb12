"""Moments by mail: only to one's own address, only from one's own mail, once, and for oneself alone."""

import io
import logging
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings

import accounts.actions
from accounts.mail.models import Message
from accounts.models import User
from reflections import actions, keep_by_mail
from reflections.actions import forget_mails
from reflections.keep_by_mail import Outcome, receive
from reflections.models import IncomingMail, KeepAddress, Moment
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, TODAY, signed_in
from tests.reflections.mailing import LINE, OURS, confirmed, mail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture(autouse=True)
def _inbound(settings: Settings) -> None:
    settings.INBOUND_AUTHSERV_ID = OURS
    settings.KEEP_ADDRESS = "keep@harbor.example"


def renew(person: User, now: datetime) -> KeepAddress:
    """Of somebody whose address is confirmed."""
    confirmed(person)
    return keep_by_mail.renew(person, now)


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

    assert forget_mails(NOW + timedelta(days=29)) == 0
    assert forget_mails(NOW + timedelta(days=31)) == 1
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    "results",
    [
        "mx.other.example; dmarc=pass header.from=harbor.example",
        f"{OURS}; dmarc=fail header.from=harbor.example",
        f"{OURS}; spf=pass",
        f"{OURS}; dmarc=pass header.from=evil.example",
    ],
)
def test_what_is_not_shown_to_be_theirs_waits_for_their_word(mentor: User, results: str) -> None:
    renew(mentor, NOW)

    assert comes(mentor, mail(mentor.email, results=results)) == Outcome.HELD
    assert not Moment.objects.exists()
    assert IncomingMail.objects.get().text == LINE
    assert not Message.objects.exists()


def test_somebody_elses_mail_waits_even_with_the_address(mentor: User, mentee: User) -> None:
    renew(mentor, NOW)

    assert comes(mentor, mail(mentee.email)) == Outcome.HELD
    assert not Moment.objects.exists()
    actions.accept_held(IncomingMail.objects.get(), by=mentor, place=None, now=NOW)
    assert (Moment.objects.get().text, Moment.objects.get().person) == (LINE, mentor)


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

    assert comes(mentor, mail(mentor.email) + b"x" * (1024 * 1024 + 1)) == Outcome.TOO_BIG
    assert not Moment.objects.exists()
    assert not Message.objects.exists()


# --- Its words ---


def test_a_mail_without_words_is_kept_by_its_subject(mentor: User) -> None:
    renew(mentor, NOW)
    signed = mail(mentor.email, "\n-- \nNoor", Message_ID="<2@x.example>")

    assert (
        comes(mentor, mail(mentor.email, "\n", Subject="=?utf-8?q?Z=C3=BCge_z=C3=A4hlen?=")) == Outcome.KEPT
    )
    assert Moment.objects.get().text == "Züge zählen"
    assert comes(mentor, signed) == Outcome.EMPTY
    assert not Message.objects.exists()


def test_of_a_long_mail_the_beginning_is_kept_and_the_rest_can_be_put_back(mentor: User) -> None:
    renew(mentor, NOW)
    comes(mentor, mail(mentor.email, "\n".join(["kittiwake " * 7] * 60)))

    text = Moment.objects.get().text
    assert 1900 < len(text) <= 2000
    assert text.endswith("kittiwake…")
    assert IncomingMail.objects.get().left_out.startswith("kittiwake")


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
