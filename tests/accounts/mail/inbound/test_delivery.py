"""The one way in, whichever door was taken."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django.fixtures import Settings

from accounts.clock import now
from accounts.mail.inbound import delivery
from accounts.mail.inbound.delivery import Defect, TryAgain, deliver
from accounts.mail.models import Stopped
from accounts.models import User

from .conftest import mail

pytestmark = pytest.mark.django_db
Put = Callable[[Any], None]


def test_it_goes_to_whom_it_is_for_and_its_log_holds_its_size_and_a_word(
    stop_address: str, outsider: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    content = mail(stop_address)

    assert deliver(content, stop_address, now()) == ["a kind of e-mail is stopped"]

    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert f"receive: a kind of e-mail is stopped ({len(content)} bytes)" in caplog.text
    for private in ("otto", "private", stop_address.partition("@")[0]):
        assert private not in caplog.text


@pytest.mark.parametrize("recipient", ["post+s-unknown@in.harbor.example", "somebody@harbor.example"])
def test_what_is_for_nobody_is_dropped(recipient: str) -> None:
    assert deliver(mail(recipient), recipient, now()) == ["to an address that nobody has"]


def test_without_an_envelope_only_the_calendars_may_have_it() -> None:
    assert deliver(mail("x@harbor.example"), "", now()) == ["not shown to be from its sender"]


def test_what_is_too_big_is_not_read(inbox: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox(lambda *_: pytest.fail("it was read"))
    monkeypatch.setattr(delivery, "MOST_BYTES", 100)
    assert deliver(b"x" * 101, "", now()) == ["too big"]


def test_what_goes_round_in_circles_is_not_read(inbox: Put) -> None:
    to = "post+s-abc@in.harbor.example"
    inbox(lambda *_: pytest.fail("it was read"))
    for headers in (b"Received: by a\r\n" * 101, f"Delivered-To: <{to.upper()}>\r\n".encode() * 2):
        assert deliver(headers + mail(to), to, now()) == ["going round in circles"]


def test_a_long_way_is_no_circle_and_neither_is_what_the_text_says(stop_address: str) -> None:
    way = b"Received: by a\r\n" * 100 + f"Delivered-To: {stop_address}\r\n".encode()
    text = b"\r\nReceived: by a" * 200 + f"\r\nDelivered-To: {stop_address}".encode() * 3
    assert deliver(way + mail(stop_address) + text, stop_address, now()) == ["a kind of e-mail is stopped"]


def test_what_an_inbox_had_begun_is_undone_when_it_fails(
    inbox: Put, outsider: User, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(content: bytes, recipient: str, now: datetime) -> None:
        Stopped.objects.stop(outsider.pk, "tea")
        raise ValueError("private words")

    inbox(fails)
    with pytest.raises(Defect):
        deliver(mail("x@y.example"), "", now())
    assert not Stopped.objects.exists()
    assert "receive: ValueError in" in caplog.text
    assert "private" not in caplog.text


def test_while_the_database_is_away_the_door_is_told_to_try_again(inbox: Put) -> None:
    def away(content: bytes, recipient: str, now: datetime) -> None:
        raise OperationalError("could not connect")

    inbox(away)
    with pytest.raises(TryAgain, match="away") as again:
        deliver(mail("x@y.example"), "", now())
    assert not isinstance(again.value, Defect)


def test_while_mail_is_not_taken_in_it_is_kept_by_whoever_has_it(
    settings: Settings, stop_address: str
) -> None:
    settings.INBOUND_AUTHSERV_ID = ""
    for recipient in ("", stop_address):
        with pytest.raises(TryAgain):
            deliver(mail("x@y.example"), recipient, now())
