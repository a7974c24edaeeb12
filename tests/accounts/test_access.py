"""What superusers do to somebody's access: each verb, its rule, and what the person hears of it."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import access
from accounts.mail import letters, outbox
from accounts.mail.models import MailLink, Message
from accounts.models import User
from accounts.refused import Refused
from tests.conftest import NOW, PASSWORD, make_person, signed_in

from .conftest import give_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_superuser(db: None) -> User:
    return make_person("ada@harbor.example", "Ada Root", is_superuser=True)


def who_signed_in(person: User) -> Client:
    """By the door, so that the session is on the list of theirs."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return browser


def is_in(client: object) -> bool:
    return client.get(reverse("accounts:settings")).status_code == 200  # type: ignore[attr-defined,no-any-return]


# --- Whose it is to do ----------------------------------------------------------------------------------------------

VERBS: list[Callable[[User, User], None]] = [
    lambda person, by: access.disable(person, by=by, now=NOW),
    lambda person, by: access.enable(person, by=by),
    lambda person, by: access.send_access(person, by=by, now=NOW),
    lambda person, by: access.reset_second_step(person, by=by, now=NOW),
    lambda person, by: access.make_superuser(person, by=by),
    lambda person, by: access.take_superuser_away(person, by=by),
]


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_but_a_superuser_does_it(
    verb: Callable[[User, User], None], noor: User, admin: User, superuser: User, second_superuser: User
) -> None:
    User.objects.filter(pk=second_superuser.pk).update(is_active=False)
    for by in (admin, noor, second_superuser):
        with pytest.raises(Refused, match="Only superusers"):
            verb(noor, by)


# --- Disabling ------------------------------------------------------------------------------------------------------


def test_whoever_is_disabled_is_out_at_once_and_gets_no_e_mail(noor: User, superuser: User) -> None:
    browser = who_signed_in(noor)
    assert is_in(browser)
    link = MailLink.objects.issue(noor.pk, MailLink.Purpose.STOP, now=NOW)
    outbox.owe("account_access", noor.pk, 1, due_at=NOW, expires_at=NOW + timedelta(days=999))
    access.disable(noor, by=superuser, now=NOW)
    assert not is_in(browser)
    assert link
    from accounts.mail.claims import why_not

    ending = why_not(Message.objects.get())
    assert ending
    assert ending.reason == "inactive"
    access.enable(noor, by=superuser)
    noor.refresh_from_db()
    assert noor.is_active
    assert not is_in(browser), "a session that ended does not come back"


def test_what_is_so_already_is_refused(noor: User, superuser: User) -> None:
    with pytest.raises(Refused, match="not disabled"):
        access.enable(noor, by=superuser)
    access.disable(noor, by=superuser, now=NOW)
    with pytest.raises(Refused, match="disabled already"):
        access.disable(noor, by=superuser, now=NOW)


def test_somebody_always_stays_who_can_look_after_accounts(superuser: User, second_superuser: User) -> None:
    with pytest.raises(Refused, match="their own account"):
        access.disable(superuser, by=superuser, now=NOW)
    access.take_superuser_away(superuser, by=second_superuser)
    with pytest.raises(Refused, match="last superuser"):
        access.take_superuser_away(second_superuser, by=second_superuser)


@pytest.mark.django_db(transaction=True)
def test_of_two_superusers_who_disable_each_other_one_stays(superuser: User, second_superuser: User) -> None:
    ready = threading.Barrier(2)
    refused: list[str] = []

    def disable(person: User, by: User) -> None:
        try:
            ready.wait()
            access.disable(person, by=by, now=NOW)
        except Refused as no:
            refused.append(str(no))
        finally:
            connection.close()

    pairs = ((superuser, second_superuser), (second_superuser, superuser))
    threads = [threading.Thread(target=disable, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert len(refused) == 1


def test_a_superuser_is_made_and_unmade(noor: User, superuser: User) -> None:
    access.make_superuser(noor, by=superuser)
    noor.refresh_from_db()
    assert noor.is_superuser
    with pytest.raises(Refused):
        access.make_superuser(noor, by=superuser)
    access.take_superuser_away(noor, by=superuser)
    noor.refresh_from_db()
    assert not noor.is_superuser
    with pytest.raises(Refused, match="no superuser"):
        access.take_superuser_away(noor, by=superuser)


# --- The way in -----------------------------------------------------------------------------------------------------


def test_whoever_never_signed_in_is_told_how_once_a_day(noor: User, superuser: User) -> None:
    User.objects.filter(pk=noor.pk).update(last_login=None)
    noor.refresh_from_db()
    access.send_access(noor, by=superuser, now=NOW)
    with pytest.raises(Refused, match="today already"):
        access.send_access(noor, by=superuser, now=NOW + timedelta(hours=1))
    access.send_access(noor, by=superuser, now=NOW + timedelta(days=1))
    assert Message.objects.filter(person=noor, kind="account_access").count() == 2


def test_whoever_signed_in_before_or_is_disabled_is_not_told(noor: User, superuser: User) -> None:
    noor.last_login = NOW
    with pytest.raises(Refused, match="know the way"):
        access.send_access(noor, by=superuser, now=NOW)
    noor.last_login, noor.is_active = None, False
    with pytest.raises(Refused, match="disabled"):
        access.send_access(noor, by=superuser, now=NOW)


def test_the_letter_is_not_sent_to_whoever_came_in_meanwhile(noor: User, superuser: User) -> None:
    from accounts.mail.claims import why_not

    access.send_access(noor, by=superuser, now=NOW)
    signed_in(noor)
    ending = why_not(Message.objects.get())
    assert ending
    assert ending.reason in ("has signed in", "too late")


# --- The second step ------------------------------------------------------------------------------------------------


def test_a_second_step_is_taken_off_whole_and_told(noor: User, superuser: User) -> None:
    browser = who_signed_in(noor)
    give_everything(noor)
    assert is_in(browser)
    access.reset_second_step(noor, by=superuser, now=NOW)
    assert not Authenticator.objects.filter(user=noor).exists()
    assert not is_in(browser)
    message = Message.objects.get(person=noor)
    assert (message.kind, message.due_at) == ("second_step_reset", NOW)
    with pytest.raises(Refused, match="no second step"):
        access.reset_second_step(noor, by=superuser, now=NOW)


def test_nobody_takes_off_their_own_this_way(superuser: User) -> None:
    TOTP.activate(superuser, generate_totp_secret())
    with pytest.raises(Refused, match="Another superuser"):
        access.reset_second_step(superuser, by=superuser, now=NOW)
    assert Authenticator.objects.filter(user=superuser).exists()


@pytest.mark.parametrize("language", ["en-us", "de"])
@pytest.mark.parametrize("kind", ["account_access", "second_step_reset"])
def test_the_letters_say_what_was_done_and_where_to_go(kind: str, language: str, noor: User) -> None:
    User.objects.filter(pk=noor.pk).update(language=language)
    outbox.owe(kind, noor.pk, 1, due_at=NOW, expires_at=NOW + timedelta(days=1))
    email = letters.compose(Message.objects.select_related("person").get())
    body = str(email.body)
    with translation.override(language):
        where = reverse("account_login" if kind == "account_access" else "mfa_index")
    assert "Noor" in body
    assert where in body
    assert "List-Unsubscribe" not in email.extra_headers
    assert "<a " in str(email.alternatives[0][0])
    assert ("your own account" in body) == (language == "en-us")
