"""What people see who wait for a code while the mail server is away."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import adapter
from accounts.models import User
from tests.conftest import forget_tries

pytestmark = pytest.mark.django_db

ASKED = [
    ("account_request_login_code", {"email": "noor@harbor.example"}),
    ("account_request_login_code", {"email": "nobody@harbor.example"}),
    ("account_reset_password", {"email": "noor@harbor.example"}),
    ("account_signup", {"email": "new@harbor.example", "name": "New Person"}),
]


@pytest.mark.parametrize(("page", "form"), ASKED)
def test_a_page_says_that_the_e_mail_did_not_leave_and_it_can_be_asked_for_again(
    noor: User, settings: Settings, page: str, form: dict[str, str]
) -> None:
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    browser = Client()
    response = browser.post(reverse(page), form)
    assert response.status_code == 503
    assert "Our e-mail did not leave" in response.content.decode()
    assert not User.objects.filter(email="new@harbor.example").exists()

    forget_tries(settings)  # in a few minutes, as the page says: the try is counted
    settings.EMAIL_BACKEND = locmem
    assert browser.post(reverse(page), form).status_code == 302
    assert len(mail.outbox) == 1


def test_nobody_waits_a_minute_for_a_silent_mail_server(noor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[object] = []
    connect = adapter.get_connection

    def timed(**options: object) -> object:
        waits.append(options.get("timeout"))
        return connect(**options)

    monkeypatch.setattr(adapter, "get_connection", timed)
    Client().post(reverse("account_request_login_code"), {"email": noor.email})
    assert waits == [adapter.SOMEBODY_WAITS]
