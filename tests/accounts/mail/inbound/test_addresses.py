import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.mail.inbound import addresses
from accounts.mail.inbound.addresses import Purpose
from accounts.mail.models.link import new_token


@pytest.fixture(autouse=True)
def inbound(settings: Settings) -> None:
    settings.INBOUND_ADDRESS = "post@in.harbor.example"
    settings.INBOUND_AUTHSERV_ID = "mx.harbor.example"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_address_comes_back_as_what_it_was_made_of_whatever_was_folded_on_the_way(
    purpose: Purpose,
) -> None:
    token = new_token()
    made = addresses.address(purpose, token)
    assert len(made.partition("@")[0]) <= 64
    assert addresses.parse(made) == addresses.parse(f"<{made.upper()}>") == (purpose, token)


@given(st.text(max_size=80))
def test_nothing_else_is_such_an_address(recipient: str) -> None:
    assert addresses.parse(recipient) is None


@pytest.mark.parametrize(
    "recipient",
    [
        "post@in.harbor.example",
        "post+r@in.harbor.example",
        "post+r-@in.harbor.example",
        "post+x-abc@in.harbor.example",
        "post+r-abc@harbor.example",
        "other+r-abc@in.harbor.example",
    ],
)
def test_what_only_looks_like_one_is_none(recipient: str) -> None:
    assert addresses.parse(recipient) is None


def test_a_token_that_would_not_come_back_is_refused() -> None:
    for token in ("Upper", "x" * 60):
        with pytest.raises(ValueError, match="does not fit"):
            addresses.address(Purpose.REPLY, token)


def test_without_a_mailbox_nothing_is_taken_in(settings: Settings) -> None:
    settings.INBOUND_ADDRESS = ""
    assert not addresses.is_on()
    assert addresses.parse("+r-abc@") is None
