"""A text that a phone shares while nobody is signed in there waits for the sign-in, and for nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import last_here
from accounts.models import User
from reflections import shared_texts
from reflections.models import Moment, SharedText
from tests import tables
from tests.conftest import NOW, signed_in

TEXT = "Greta rang to say that the boat floats."
SHARE, NEW, KEEP = (reverse(f"moments:{name}") for name in ("share", "new", "keep"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travels:
        yield travels


@pytest.fixture
def phone() -> Client:
    """A browser in which nobody is signed in, as a phone's."""
    return Client()


def code_of_the_mail() -> str:
    found = re.search(r"^ {4}([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def share(phone: Client, text: str = TEXT, **headers: str) -> str:
    """The address to which the phone is sent."""
    return phone.post(SHARE, {"text": text}, headers=headers).url  # type: ignore[attr-defined]


def read(phone: Client) -> str:
    return phone.get(NEW).content.decode()


def test_it_stands_in_the_form_after_signing_in_by_a_code(mentor: User, phone: Client) -> None:
    where = share(phone)
    assert where == f"{reverse('account_login')}?next={NEW}"
    asked = phone.post(reverse("account_request_login_code"), {"email": mentor.email, "next": NEW})
    arrived = phone.post(asked.url, {"code": code_of_the_mail()})  # type: ignore[attr-defined]
    assert arrived.url == NEW  # type: ignore[attr-defined]
    page = read(phone)
    assert f"{TEXT}</textarea>" in page
    assert "Nothing is kept yet." in page
    assert TEXT in read(phone), "also when it is looked at again"
    assert not Moment.objects.exists()

    phone.post(KEEP, {"text": TEXT, "seen_by": "me", "shared": "1"})
    assert Moment.objects.get().text == TEXT
    assert not SharedText.objects.exists()
    assert TEXT not in read(phone)
    assert phone.cookies[shared_texts.COOKIE].value == ""


def test_it_is_forgotten_after_a_quarter_of_an_hour(
    mentor: User, phone: Client, clock: time_machine.Traveller
) -> None:
    share(phone)
    assert phone.cookies[shared_texts.COOKIE]["max-age"] == 900
    phone.force_login(mentor)
    clock.move_to(NOW + timedelta(minutes=14))
    assert shared_texts.forget_old(NOW + timedelta(minutes=14)) == 0
    assert TEXT in read(phone)
    clock.move_to(NOW + timedelta(minutes=15))
    assert TEXT not in read(phone)
    assert shared_texts.forget_old(NOW + timedelta(minutes=15)) == 1
    assert not SharedText.objects.exists()


def test_whoever_was_signed_in_there_last_is_the_only_one_who_sees_it(
    mentor: User, mentee: User, phone: Client
) -> None:
    phone.cookies[last_here.COOKIE] = last_here.mark_of(mentor)
    share(phone)
    phone.force_login(mentee)
    assert TEXT not in read(phone)
    phone.force_login(mentor)
    assert TEXT in read(phone)


def test_once_one_account_has_seen_it_no_other_does(mentor: User, mentee: User, phone: Client) -> None:
    share(phone)
    phone.force_login(mentor)
    assert TEXT in read(phone)
    phone.post(reverse("account_logout"))
    phone.force_login(mentee)
    assert TEXT not in read(phone)


def test_another_browser_sees_nothing(mentor: User, phone: Client) -> None:
    share(phone)
    assert TEXT not in read(signed_in(mentor))


def test_signing_in_leaves_a_mark_that_only_we_can_tell(mentor: User, phone: Client) -> None:
    asked = phone.post(reverse("account_request_login_code"), {"email": mentor.email})
    phone.post(asked.url, {"code": code_of_the_mail()})  # type: ignore[attr-defined]
    mark = phone.cookies[last_here.COOKIE]
    assert last_here.is_of(mark.value, mentor)
    assert mark["httponly"]


def test_neither_the_database_nor_the_session_holds_it_in_clear(mentor: User, phone: Client) -> None:
    canary = "oystercatcher-shared-signed-out"
    where = share(phone, canary)
    assert canary not in where
    assert canary not in str(phone.cookies)
    assert SharedText.objects.exists()
    for _table, lines in tables.contents():
        assert canary not in lines
        assert canary.encode().hex() not in lines
    assert settings.SESSION_COOKIE_NAME not in phone.cookies, "nobody is signed out by what is shared"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_form_of_another_site_leaves_nothing_to_be_found(phone: Client, site: str) -> None:
    share(phone, **{"Sec-Fetch-Site": site})
    assert not SharedText.objects.exists()
    assert shared_texts.COOKIE not in phone.cookies


def test_nothing_shared_is_nothing_kept(phone: Client) -> None:
    share(phone, "  ")
    assert not SharedText.objects.exists()


def test_a_flood_from_one_address_is_not_kept(phone: Client) -> None:
    for _each in range(61):
        share(Client())
    assert SharedText.objects.count() == 60


@pytest.mark.parametrize("value", ["x", "x.y", "." * 200, "ü"])
def test_a_made_up_cookie_opens_nothing(mentor: User, value: str) -> None:
    client = signed_in(mentor)
    client.cookies[shared_texts.COOKIE] = value
    assert client.get(NEW).status_code == 200
