"""Signing up and in: by code, by password, with a new password; and what strangers cannot learn."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import PASSWORD, make_person, signed_in

from .conftest import Codes

pytestmark = pytest.mark.django_db


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def ask_for_a_code(browser: Client, email: str, **more: str) -> str:
    """Where the browser is taken."""
    response = browser.post(reverse("account_request_login_code"), {"email": email, **more})
    assert response.status_code == 302
    return response.url  # type: ignore[attr-defined,no-any-return]


# --- Signing up ----------------------------------------------------------------------------------------------------


def test_somebody_signs_up_types_in_the_code_and_is_in(browser: Client, codes: Codes) -> None:
    response = browser.post(reverse("account_signup"), {"name": "Iris Okafor", "email": "Iris@Example.ORG"})
    assert response.status_code == 302
    assert not is_signed_in(browser)
    response = browser.post(response.url, {"code": codes()})  # type: ignore[attr-defined]
    assert is_signed_in(browser)
    iris = User.objects.get()
    assert (iris.email, iris.name) == ("iris@example.org", "Iris Okafor")
    assert not iris.has_usable_password()
    assert EmailAddress.objects.get(user=iris).verified


def test_a_wrong_code_signs_nobody_up(browser: Client, codes: Codes) -> None:
    data = {"name": "Iris Okafor", "email": "iris@example.org"}
    verify = browser.post(reverse("account_signup"), data).url  # type: ignore[attr-defined]
    response = browser.post(verify, {"code": "BBBB-BBBB"})
    assert "not the code we sent" in response.content.decode()
    assert not is_signed_in(browser)


def test_nothing_is_kept_of_an_address_before_somebody_has_shown_that_it_is_theirs(browser: Client) -> None:
    browser.post(reverse("account_signup"), {"name": "Iris Okafor", "email": "iris@example.org"})
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


def test_a_bad_address_is_refused_and_what_was_typed_stays(browser: Client) -> None:
    data = {"name": "Iris Okafor", "email": "iris at example"}
    page = browser.post(reverse("account_signup"), data).content.decode()
    assert "<title>Error:" in page
    assert 'value="Iris Okafor"' in page
    assert 'href="#id_email"' in page
    assert "password" not in page


def test_somebody_who_got_an_account_meanwhile_is_in_by_the_code_all_the_same(
    browser: Client, codes: Codes
) -> None:
    """As when an admin adds them while they look for the letter. The code came to their mailbox: it is them."""
    confirm = browser.post(
        reverse("account_signup"), {"name": "Iris Okafor", "email": "iris@example.org"}
    ).url  # type: ignore[attr-defined]
    iris = User.objects.create_user("iris@example.org", name="Iris O.")
    browser.post(confirm, {"code": codes()})
    assert browser.session["_auth_user_id"] == str(iris.pk)
    assert User.objects.get().name == "Iris O."


def test_the_letter_of_signing_up_can_be_had_again(browser: Client, codes: Codes) -> None:
    confirm = browser.post(
        reverse("account_signup"), {"name": "Iris Okafor", "email": "iris@example.org"}
    ).url  # type: ignore[attr-defined]
    first = codes()
    browser.post(confirm, {"action": "resend"})
    assert codes() != first
    browser.post(confirm, {"code": codes()})
    assert is_signed_in(browser)


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(
    browser: Client, noor: User
) -> None:
    known = browser.post(reverse("account_signup"), {"name": "Eve", "email": "NOOR@harbor.example"})
    stranger = Client().post(reverse("account_signup"), {"name": "Eve", "email": "new@harbor.example"})
    assert known.url == stranger.url  # type: ignore[attr-defined]
    assert known.status_code == stranger.status_code == 302
    page = browser.get(known.url).content.decode()  # type: ignore[attr-defined]
    assert "noor@harbor.example" in page
    assert User.objects.filter(email__iexact="noor@harbor.example").count() == 1
    to_noor = next(letter for letter in mail.outbox if letter.to == ["noor@harbor.example"])
    assert to_noor.subject == "You already have an account"


def test_whoever_signs_up_with_the_address_they_have_is_signed_in_by_the_code_in_that_letter(
    browser: Client, noor: User, codes: Codes
) -> None:
    code_page = browser.post(reverse("account_signup"), {"name": "N", "email": noor.email}).url  # type: ignore[attr-defined]
    browser.post(code_page, {"code": codes()})
    assert is_signed_in(browser)
    noor.refresh_from_db()
    assert noor.name == "Noor Haddad"


def test_where_sign_up_is_closed_a_page_says_so(browser: Client, settings: Settings) -> None:
    settings.OPEN_SIGNUP = False
    assert "by invitation" in browser.get(reverse("account_signup")).content.decode()
    browser.post(reverse("account_signup"), {"name": "Iris", "email": "iris@example.org"})
    assert not User.objects.exists()
    assert reverse("account_signup") not in browser.get(reverse("account_login")).content.decode()


# --- By code -------------------------------------------------------------------------------------------------------


def test_somebody_signs_in_with_a_code(browser: Client, noor: User, codes: Codes) -> None:
    confirm = ask_for_a_code(browser, "Noor@Harbor.example")
    assert mail.outbox[-1].to == ["noor@harbor.example"]
    response = browser.post(confirm, {"code": codes().lower().replace("-", "")})
    assert response.url == reverse("home")  # type: ignore[attr-defined]
    assert browser.session["_auth_user_id"] == str(noor.pk)


def test_somebody_whom_an_admin_added_needs_one_code_only(browser: Client, codes: Codes) -> None:
    new = User.objects.create_user("new@harbor.example", name="New Person")
    response = browser.post(ask_for_a_code(browser, new.email), {"code": codes()})
    assert response.url == reverse("home")  # type: ignore[attr-defined]
    assert is_signed_in(browser)
    assert len(mail.outbox) == 1
    assert EmailAddress.objects.get(user=new, primary=True).verified


def test_the_code_is_bound_to_the_browser_that_asked(noor: User, browser: Client, codes: Codes) -> None:
    confirm = ask_for_a_code(browser, noor.email)
    thief = Client()
    thief.post(confirm, {"code": codes()})
    assert not is_signed_in(thief)


def test_three_wrong_codes_end_the_try(noor: User, browser: Client, codes: Codes) -> None:
    confirm = ask_for_a_code(browser, noor.email)
    for _ in range(3):
        browser.post(confirm, {"code": "BBBB-BBBB"})
    browser.post(confirm, {"code": codes()})
    assert not is_signed_in(browser)


def test_an_unknown_address_gets_the_same_answer_and_a_letter_without_a_code(
    browser: Client, noor: User
) -> None:
    other = Client()
    assert ask_for_a_code(browser, "nobody@harbor.example") == ask_for_a_code(other, noor.email)
    unknown = browser.get(reverse("account_confirm_login_code")).content.decode()
    known = other.get(reverse("account_confirm_login_code")).content.decode()
    assert unknown.count("<form") == known.count("<form")
    assert "Look in your e-mail" in unknown
    assert mail.outbox[0].subject == "There is no account for this address"


def test_a_closed_account_gets_no_code(browser: Client, noor: User) -> None:
    User.objects.filter(pk=noor.pk).update(is_active=False)
    ask_for_a_code(browser, noor.email)
    assert mail.outbox[-1].subject == "There is no account for this address"


def test_somebody_signs_in_while_redis_is_away(noor: User, codes: Codes, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "accounts.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    browser = Client()
    browser.post(ask_for_a_code(browser, noor.email), {"code": codes()})
    assert is_signed_in(browser)
    browser = Client()
    browser.post(reverse("account_login"), {"login": noor.email, "password": PASSWORD})
    assert is_signed_in(browser)


# --- By password ---------------------------------------------------------------------------------------------------


def test_somebody_signs_in_with_a_password_whatever_the_case_of_the_address(
    browser: Client, noor: User
) -> None:
    data = {"login": "NOOR@harbor.example", "password": PASSWORD}
    response = browser.post(reverse("account_login"), data)
    assert response.url == reverse("home")  # type: ignore[attr-defined]
    assert is_signed_in(browser)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser: Client, noor: User) -> None:
    wrong = browser.post(reverse("account_login"), {"login": noor.email, "password": "not this one at all"})
    unknown = browser.post(reverse("account_login"), {"login": "x@harbor.example", "password": PASSWORD})
    for response in (wrong, unknown):
        assert "do not go together" in response.content.decode()
        assert "<title>Error:" in response.content.decode()


def test_somebody_whose_address_was_never_checked_is_asked_for_a_code(browser: Client, codes: Codes) -> None:
    make_person("new@harbor.example", "New Person")
    response = browser.post(reverse("account_login"), {"login": "new@harbor.example", "password": PASSWORD})
    assert response.url == reverse("account_email_verification_sent")  # type: ignore[attr-defined]
    assert not is_signed_in(browser)
    browser.post(response.url, {"code": codes()})  # type: ignore[attr-defined]
    assert is_signed_in(browser)


# --- A new password ------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_with_a_code(browser: Client, noor: User, codes: Codes) -> None:
    response = browser.post(reverse("account_reset_password"), {"email": "Noor@harbor.example"})
    response = browser.post(response.url, {"code": codes()})  # type: ignore[attr-defined]
    new = {"password1": "another calm sentence", "password2": "another calm sentence"}
    browser.post(response.url, new)  # type: ignore[attr-defined]
    noor.refresh_from_db()
    assert noor.check_password("another calm sentence")
    assert mail.outbox[-1].subject == "Your password was changed"


def test_asking_for_a_new_password_tells_nobody_whether_an_address_is_known(
    browser: Client, noor: User
) -> None:
    other = Client()
    unknown = browser.post(reverse("account_reset_password"), {"email": "nobody@harbor.example"})
    known = other.post(reverse("account_reset_password"), {"email": noor.email})
    assert unknown.url == known.url  # type: ignore[attr-defined]
    pages = [each.get(known.url).content.decode() for each in (browser, other)]  # type: ignore[attr-defined]
    assert pages[0].count("<form") == pages[1].count("<form")


def test_somebody_without_a_password_can_choose_one(codes: Codes, browser: Client, noor: User) -> None:
    noor.set_unusable_password()
    noor.save()
    browser.post(ask_for_a_code(browser, noor.email), {"code": codes()})
    new = {"password1": "another calm sentence", "password2": "another calm sentence"}
    response = browser.post(reverse("account_set_password"), new)
    assert response.url == reverse("accounts:settings")  # type: ignore[attr-defined]
    noor.refresh_from_db()
    assert noor.check_password("another calm sentence")


# --- A new address -------------------------------------------------------------------------------------------------


def test_the_address_changes_only_after_the_password_and_the_code(
    noor: User, browser: Client, codes: Codes
) -> None:
    browser.post(reverse("account_login"), {"login": noor.email, "password": PASSWORD})
    data = {"email": "Noor.New@Harbor.example", "action_add": ""}
    asked_again = browser.post(reverse("account_email"), data).url  # type: ignore[attr-defined]
    assert asked_again.startswith(reverse("account_reauthenticate"))
    assert not mail.outbox
    verify = browser.post(asked_again, {"password": PASSWORD}).url  # type: ignore[attr-defined]
    assert mail.outbox[-1].to == ["noor.new@harbor.example"]
    noor.refresh_from_db()
    assert noor.email == "noor@harbor.example"
    browser.post(verify, {"code": codes()})
    noor.refresh_from_db()
    assert noor.email == "noor.new@harbor.example"
    assert mail.outbox[-1].subject == "Your e-mail address was changed"
    assert mail.outbox[-1].to == ["noor@harbor.example"]


def test_somebody_without_a_password_is_not_asked_for_one(noor: User, codes: Codes, browser: Client) -> None:
    noor.set_unusable_password()
    noor.save()
    browser.post(ask_for_a_code(browser, noor.email), {"code": codes()})
    response = browser.post(reverse("account_email"), {"email": "noor.new@harbor.example", "action_add": ""})
    assert response.url == reverse("account_email_verification_sent")  # type: ignore[attr-defined]


def test_somebody_elses_address_cannot_be_taken_over_even_with_the_code(
    noor: User, browser: Client, codes: Codes
) -> None:
    make_person("otto@harbor.example", "Otto Berg")
    noor.set_unusable_password()
    noor.save()
    browser.post(ask_for_a_code(browser, noor.email), {"code": codes()})
    mail.outbox.clear()
    response = browser.post(reverse("account_email"), {"email": "otto@harbor.example", "action_add": ""})
    assert [letter.to for letter in mail.outbox] == [["otto@harbor.example"]]
    response = browser.post(response.url, {"code": codes()}, follow=True)  # type: ignore[attr-defined]
    assert response.status_code == 200
    noor.refresh_from_db()
    assert noor.email == "noor@harbor.example"


# --- Where one is taken --------------------------------------------------------------------------------------------


def test_a_signed_out_click_comes_back_to_its_page(browser: Client, noor: User, codes: Codes) -> None:
    wanted = reverse("accounts:settings")
    asked = browser.get(wanted)
    assert asked.url == f"{reverse('account_login')}?next={wanted}"  # type: ignore[attr-defined]
    page = browser.get(asked.url).content.decode()  # type: ignore[attr-defined]
    assert page.count(f'<input type="hidden" name="next" value="{wanted}">') == 3
    confirm = ask_for_a_code(browser, noor.email, next=wanted)
    page = browser.get(confirm).content.decode()
    assert f'name="next" value="{wanted}"' in page
    assert browser.post(confirm, {"code": codes(), "next": wanted}).url == wanted  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_never_leads_to_another_site(browser: Client, noor: User, evil: str) -> None:
    data = {"login": noor.email, "password": PASSWORD, "next": evil}
    assert browser.post(reverse("account_login"), data).url == reverse("home")  # type: ignore[attr-defined]
    assert signed_in(noor).post(reverse("account_logout"), {"next": evil}).url == "/"  # type: ignore[attr-defined]


def test_links_in_mail_begin_with_the_public_address_and_not_with_the_host_header(
    settings: Settings,
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client(headers={"host": "evil.example"}).post(
        reverse("account_request_login_code"), {"email": "who@example.org"}
    )
    body = str(mail.outbox[-1].body)
    assert "evil.example" not in body
    assert f"{settings.PUBLIC_BASE_URL}{reverse('account_signup')}" in body


def test_signing_out_takes_a_post(noor: User) -> None:
    browser = signed_in(noor)
    page = browser.get(reverse("account_logout"))
    assert page.status_code == 200
    assert is_signed_in(browser)
    browser.post(reverse("account_logout"))
    assert not is_signed_in(browser)
