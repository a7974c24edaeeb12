"""The admin opens to those who signed in by two steps."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _it_is_required(settings: Settings) -> None:
    settings.REQUIRE_ADMIN_SECOND_FACTOR = True


def give_codes(person: User) -> str:
    TOTP.activate(person, generate_totp_secret())
    code: str = RecoveryCodes.activate(person).get_unused_codes()[0]
    return code


def show(browser: Client, code: str, wanted: str) -> str:
    response = browser.post(reverse("mfa_reauthenticate"), {"code": code, "next": wanted})
    return str(response.url)  # type: ignore[attr-defined]


def test_without_one_the_admin_leads_to_where_it_is_set_up_and_says_why(admin: User, superuser: User) -> None:
    for person in (admin, superuser):
        browser = signed_in(person)
        for page in ("admin:index", "admin:mentoring_pairing_changelist", "admin:accounts_user_add"):
            assert browser.get(reverse(page)).url == reverse("mfa_index")  # type: ignore[attr-defined]
        assert browser.post(reverse("admin:mentoring_program_add")).status_code == 302
        assert (
            "opens only to those who sign in by two steps"
            in browser.get(reverse("mfa_index")).content.decode()
        )


def test_a_session_without_it_shows_it_first_and_comes_back(admin: User) -> None:
    code = give_codes(admin)
    browser = signed_in(admin)
    wanted = reverse("admin:mentoring_pairing_changelist") + "?q=a"
    asked = browser.get(wanted).url  # type: ignore[attr-defined]
    assert asked.startswith(reverse("mfa_reauthenticate") + "?next=/admin/mentoring/pairing/")
    assert "Is it still you?" in browser.get(asked).content.decode()
    assert show(browser, code, wanted) == wanted
    assert browser.get(wanted).status_code == 200


def test_what_was_sent_without_it_is_not_done(admin: User) -> None:
    give_codes(admin)
    asked = signed_in(admin).post(reverse("admin:mentoring_pairing_add"), {"focus": "x"})
    assert asked.url == f"{reverse('mfa_reauthenticate')}?next={reverse('admin:index')}"  # type: ignore[attr-defined]


def test_one_that_is_gone_no_longer_counts(admin: User) -> None:
    browser = signed_in(admin)
    show(browser, give_codes(admin), "/admin/")
    assert browser.get("/admin/").status_code == 200
    Authenticator.objects.exclude(type="recovery_codes").delete()
    assert browser.get("/admin/").url == reverse("mfa_index")  # type: ignore[attr-defined]


def test_to_a_member_the_admin_is_still_not_there(mentor: User) -> None:
    assert signed_in(mentor).get("/admin/").status_code == 404


def test_an_installation_can_do_without(admin: User, settings: Settings) -> None:
    settings.REQUIRE_ADMIN_SECOND_FACTOR = False
    assert signed_in(admin).get("/admin/").status_code == 200


def test_nobody_reads_second_factors_or_devices_in_the_admin(superuser: User, settings: Settings) -> None:
    settings.REQUIRE_ADMIN_SECOND_FACTOR = False
    browser = signed_in(superuser)
    assert browser.get("/admin/mfa/authenticator/").status_code == 404
    assert browser.get("/admin/usersessions/usersession/").status_code == 404
