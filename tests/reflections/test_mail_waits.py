"""The admin's pages say that no e-mail goes out of a copy, and change nothing themselves."""

import pytest
from django.test import Client

from accounts.clock import now
from accounts.house import records
from accounts.mail import home
from accounts.mail.home import As
from accounts.mail.models import Home
from accounts.models import User
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

NOBODY_SAID = "No e-mail goes out: this database was copied from another server"


def page(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_the_first_page_says_so_and_tells_a_superuser_the_command(superuser: User, admin: User) -> None:
    home.close(now())
    said = page(signed_in(superuser), "/admin/")
    assert NOBODY_SAID in said
    assert "<code>manage.py mail release</code>" in said
    to_an_admin = page(signed_in(admin), "/admin/")
    assert NOBODY_SAID in to_an_admin
    assert "manage.py mail" not in to_an_admin


def test_of_a_copy_for_testing_it_says_that(superuser: User) -> None:
    home.release(As.COPY, now())
    browser = signed_in(superuser)
    assert "No e-mail goes out: this is a copy for testing." in page(browser, "/admin/")
    assert "Nothing goes out: this is a copy for testing." in page(browser, "/admin/house/")


def test_the_page_of_the_house_says_so(superuser: User) -> None:
    home.close(now())
    said = page(signed_in(superuser), "/admin/house/")
    assert "Nothing goes out: this database was copied from another server." in said
    assert "manage.py mail release" in said


@pytest.mark.parametrize("address", ["/admin/", "/admin/house/"])
def test_where_mail_goes_out_nothing_is_said_and_looking_notes_nothing(superuser: User, address: str) -> None:
    said = page(signed_in(superuser), address)
    assert "copied from another server" not in said
    assert not Home.objects.exists()


def test_a_copy_is_as_ready_as_any(client: Client) -> None:
    before = client.get("/readyz").json()["ready"]
    home.close(now())
    assert client.get("/readyz").json()["ready"] == before


def test_the_house_says_when_the_last_backup_was_made(superuser: User) -> None:
    browser = signed_in(superuser)
    assert "None was made in 90 days" in page(browser, "/admin/house/")
    records.backed_up(12, now())
    assert "It was made less than a minute ago." in page(browser, "/admin/house/")
