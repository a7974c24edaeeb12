"""Whatever address a request claims to come to, mail names the configured one alone (OWASP: Host header injection)."""

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db
FOREIGN = "evil.example"
OURS = settings.PUBLIC_HOST  # type: ignore[misc]
BAD = [
    pattern.format(evil=evil, ours=OURS)
    for evil in (FOREIGN, "evil.example:443", "127.1.1.1", "[2001:db8::1]", "EVIL.example.")
    for pattern in (
        "{evil}",
        "{ours}.{evil}",
        "{ours}@{evil}",
        "{evil}, {ours}",
        "{evil}/{ours}",
        "{evil} {ours}",
        "{evil}#{ours}",
        "{evil}?{ours}",
        "{ours}\\@{evil}",
        "http://{evil}/",
    )
]
CLAIMS = [
    {name: value}
    for name in (
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_HOST",
        "HTTP_FORWARDED",
        "HTTP_X_FORWARDED_SERVER",
        "HTTP_X_ORIGINAL_HOST",
        "HTTP_X_ORIGINAL_URL",
        "HTTP_X_REWRITE_URL",
        "HTTP_REFERER",
    )
    for value in (FOREIGN, f"{FOREIGN}, {OURS}", f"host={FOREIGN}", f"https://{FOREIGN}/")
]
DOORS = ("account_request_login_code", "account_reset_password", "account_signup", "account_login")


@pytest.mark.parametrize("door", DOORS)
def test_a_foreign_host_is_a_bad_request_and_sends_nothing(
    door: str, mentor: User, mailoutbox: list[EmailMessage]
) -> None:
    for number, host in enumerate(BAD):
        said = {"email": mentor.email, "login": mentor.email, "name": "Ann"}
        answer = Client().post(reverse(door), said, HTTP_HOST=host, REMOTE_ADDR=f"10.0.0.{number}")
        assert answer.status_code == 400, host
        assert FOREIGN not in answer.content.decode().lower()
    assert mailoutbox == []


@pytest.mark.parametrize("door", DOORS[:3])
def test_other_claims_of_an_address_change_no_mail(door: str, mailoutbox: list[EmailMessage]) -> None:
    for number, claim in enumerate(CLAIMS):
        email = f"reader{number}@harbor.example"
        if door != "account_signup":
            User.objects.create_user(email, name="Ann")
        Client().post(reverse(door), {"email": email, "name": "Ann"}, REMOTE_ADDR=f"10.0.1.{number}", **claim)
    assert len(mailoutbox) == len(CLAIMS)
    for letter in mailoutbox:
        assert FOREIGN not in letter.message().as_string().lower()
