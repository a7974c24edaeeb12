"""Whether an e-mail that came in is from the address that it names."""

import contextlib
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail.authenticity import NotShown, sender_of

OURS = "mx.harbor.example"
PASS = f"{OURS}; dkim=pass header.d=harbor.example; dmarc=pass (p=none) header.from=harbor.example"


def mail(*results: str, sender: str = "Noor Haddad <Noor@harbor.example>", more: str = "") -> Message:
    headers = "".join(f"Authentication-Results: {each}\r\n" for each in results)
    return message_from_bytes(f"{headers}From: {sender}\r\n{more}Subject: x\r\n\r\nx".encode())


def test_the_sender_is_shown_by_what_our_server_says() -> None:
    assert sender_of(mail(PASS), authserv_id=OURS) == "noor@harbor.example"


@pytest.mark.parametrize(
    "results",
    [
        f"{OURS} 1; dmarc=pass",
        f"{OURS.upper()};\r\n dkim=fail (bad; dmarc=fail (really));\r\n"
        " DMARC=Pass policy.dmarc=none\r\n header.from=Harbor.Example",
        f"{OURS} (by us (and nobody else)) 1; spf=none; dmarc/1=pass header.from=harbor.example.",
        f'{OURS}; dmarc=pass reason="because; dmarc=fail" header.from=harbor.example',
        f"{OURS}; dmarc = pass (x \\) y) header.from = harbor.example; arc=none",
    ],
)
def test_it_is_read_in_whatever_way_rfc_8601_lets_it_be_written(results: str) -> None:
    assert sender_of(mail(results), authserv_id=OURS) == "noor@harbor.example"


@pytest.mark.parametrize(
    "results",
    [
        (),
        ("other.example; dmarc=pass header.from=harbor.example",),
        # The sender's own, below ours and below another's.
        (f"{OURS}; dmarc=fail header.from=harbor.example", PASS),
        ("relay.example; dmarc=none", PASS),
        (f"{OURS}.evil.example; dmarc=pass header.from=harbor.example",),
        (f"{OURS}; none",),
        (f"{OURS}; dkim=pass header.d=harbor.example; spf=pass",),
        (f"{OURS}; dmarc=none header.from=harbor.example",),
        (f"{OURS}; dmarc=bestguesspass header.from=harbor.example",),
        (f"{OURS}; dmarc=pass header.from=evil.example",),
        (f"{OURS}; dmarc=pass; dmarc=fail",),
        (f"{OURS}; dmarc=pass; dmarc=pass",),
        # What a sender may get into what our server writes about them.
        (f"{OURS}; spf=fail (helo x; dmarc=pass) smtp.mailfrom=evil.example",),
        (f'{OURS}; spf=fail reason="x; dmarc=pass header.from=harbor.example"',),
        (f'{OURS}; spf=fail smtp.mailfrom="x; dmarc=pass"@evil.example; dmarc=fail',),
        (f"{OURS}; spf=fail (unclosed; dmarc=pass",),
        (f"{OURS}; spf=fail closed); dmarc=pass",),
        (f'{OURS}; spf=fail "unclosed; dmarc=pass',),
        (f"{OURS}; x=" + "y" * 30_000 + "; dmarc=pass",),
        ("",),
        (";;;",),
    ],
)
def test_nobody_is_shown_by_anything_else(results: tuple[str, ...]) -> None:
    with pytest.raises(NotShown):
        sender_of(mail(*results), authserv_id=OURS)


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        ("noor@harbor.example, eve@harbor.example", ""),
        ("noor@harbor.example", "From: eve@harbor.example\r\n"),
        ("Noor", ""),
        ("", ""),
        ("undisclosed:;", ""),
        ("noor@harbor.example@evil.example", ""),
    ],
)
def test_there_is_one_sender_or_none(sender: str, more: str) -> None:
    with pytest.raises(NotShown):
        sender_of(mail(PASS, sender=sender, more=more), authserv_id=OURS)


def test_a_name_that_looks_like_an_address_is_a_name() -> None:
    found = sender_of(mail(PASS, sender='"tomasz@harbor.example" <noor@harbor.example>'), authserv_id=OURS)
    assert found == "noor@harbor.example"


def test_without_a_name_of_our_server_nothing_is_believed() -> None:
    with pytest.raises(NotShown):
        sender_of(mail("; dmarc=pass header.from=harbor.example"), authserv_id="")


@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_stands_there_is_read_or_refused(results: str, sender: str) -> None:
    email = Message()
    email["Authentication-Results"] = results.replace("\r", " ").replace("\n", " ")
    email["From"] = sender.replace("\r", " ").replace("\n", " ")
    with contextlib.suppress(NotShown):
        assert "@" in sender_of(email, authserv_id=OURS)


@pytest.mark.parametrize("sender", ["(" * 1200, "a:" * 1200, f"noor@harbor.example {'(' * 5000}"])
def test_a_sender_that_nobody_can_read_is_not_shown(sender: str) -> None:
    with pytest.raises(NotShown):
        sender_of(mail(PASS, sender=sender), authserv_id=OURS)
