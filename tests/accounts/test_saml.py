"""Signing in by SAML: a response counts when our identity provider signed it, for us, now, and because we asked."""

import base64
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core import mail
from django.test import Client
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.single_sign_on.saml.provider import Provider
from dev.processes import ROOT
from mentoring import single_sign_on
from tests.identity import parameters
from tests.test_settings import SAFE

from .elsewhere import FAILED, UNPROVEN, make_confirmed, text, who

pytestmark = pytest.mark.django_db
IDP = "https://id.harbor.example/saml"
HERE = "http://localhost/account/saml/sso"
PERSISTENT, TRANSIENT = Names.NAMEID_PERSISTENT, Names.NAMEID_TRANSIENT


@dataclass(frozen=True)
class Keys:
    private: str
    certificate: str

    @classmethod
    def new(cls) -> "Keys":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Harbor")])
        today = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return cls(pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys.new()


@pytest.fixture(autouse=True)
def _set_up(settings: Settings, keys: Keys) -> Iterator[None]:
    doors = single_sign_on.Doors()
    doors.saml("Harbor SAML", "harbor", IDP, keys.certificate, {}, ["harbor.example"])
    settings.SOCIALACCOUNT_PROVIDERS = {"saml": {"APPS": doors.apps["saml"]}}
    settings.ROOT_URLCONF = "tests.accounts.saml_urls"
    registry.register(Provider)
    yield
    del registry.provider_map["saml"]


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": "A browser", "host": "localhost"})


def ask(browser: Client, **sent: str) -> str:
    """Go to the identity provider; the id of what it is asked there."""
    there = browser.post(f"{HERE}/login/", sent)
    assert there.url.startswith(f"{IDP}?")  # type: ignore[attr-defined]
    packed = base64.b64decode(unquote(parameters(there.url)["SAMLRequest"]))  # type: ignore[attr-defined]
    found = re.search(r'ID="([^"]+)"', zlib.decompress(packed, -15).decode())
    assert found
    return found[1]


def response_to(
    question: str,
    keys: Keys,
    *,
    email: str = "noor@harbor.example",
    subject: str = "n-1",
    kind: str = PERSISTENT,
    audience: str = f"{HERE}/metadata/",
    to: str = f"{HERE}/acs/",
    issuer: str = "harbor",
    age: timedelta = timedelta(0),
) -> str:
    """What the identity provider says, signed with these keys."""
    now = datetime.now(UTC) - age
    at, until = (f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in (now, now + timedelta(minutes=5)))
    asked = f'InResponseTo="{question}"' if question else ""
    said = "".join(
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
        for name, value in {"mail": email, "displayName": "Noor Haddad", "salary": "a secret"}.items()
    )
    xml = f"""<samlp:Response xmlns:samlp="{Names.NS_SAMLP}" xmlns:saml="{
        Names.NS_SAML
    }" ID="_r" Version="2.0"
        IssueInstant="{at}" Destination="{to}" {asked}><saml:Issuer>{issuer}</saml:Issuer>
        <samlp:Status><samlp:StatusCode Value="{Names.STATUS_SUCCESS}"/></samlp:Status>
        <saml:Assertion ID="_a" Version="2.0" IssueInstant="{at}"><saml:Issuer>{issuer}</saml:Issuer>
        <saml:Subject><saml:NameID Format="{kind}">{subject}</saml:NameID>
        <saml:SubjectConfirmation Method="{Names.CM_BEARER}"><saml:SubjectConfirmationData {asked}
        NotOnOrAfter="{until}" Recipient="{to}"/></saml:SubjectConfirmation></saml:Subject>
        <saml:Conditions NotBefore="{at}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
        <saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
        <saml:AuthnStatement AuthnInstant="{
        at
    }" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>{
        Names.AC_PASSWORD
    }</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
        <saml:AttributeStatement>{said}</saml:AttributeStatement></saml:Assertion></samlp:Response>"""
    signed: bytes | str = OneLogin_Saml2_Utils.add_sign(xml, keys.private, keys.certificate)
    return signed.decode() if isinstance(signed, bytes) else signed


def bring(browser: Client, response: str) -> Any:
    """As the identity provider's page does it in the browser: by a form; what we answer in the end."""
    sent = browser.post(f"{HERE}/acs/", {"SAMLResponse": base64.b64encode(response.encode()).decode()})
    assert sent.status_code == 302
    return browser.get(sent.url)  # type: ignore[attr-defined]


def test_our_metadata_says_where_responses_go(browser: Client) -> None:
    page = browser.get(f"{HERE}/metadata/")
    assert page.status_code == 200
    assert page["Content-Type"] == "text/xml"
    assert f'entityID="{HERE}/metadata/"' in text(page)
    assert f'Location="{HERE}/acs/"' in text(page)


def test_somebody_new_comes_in_by_a_signed_response(browser: Client, keys: Keys) -> None:
    answer = bring(browser, response_to(ask(browser, next="/settings/"), keys))
    assert answer.url == "/settings/"
    noor = User.objects.get()
    assert who(browser) == str(noor.pk)
    assert (noor.email, noor.name) == ("noor@harbor.example", "Noor Haddad")
    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert re.fullmatch(r"[0-9a-f]{64}", account.uid)


def test_an_account_here_is_found_by_an_address_of_a_listed_domain_and_its_owner_is_told(
    browser: Client, keys: Keys
) -> None:
    noor = make_confirmed("noor@harbor.example", "Noor Haddad")
    bring(browser, response_to(ask(browser), keys))
    assert who(browser) == str(noor.pk)
    assert [letter.subject for letter in mail.outbox] == ["An account elsewhere now signs you in"]


def test_an_address_of_another_domain_proves_nothing(browser: Client, keys: Keys) -> None:
    make_confirmed("eve@elsewhere.example", "Eve")
    answer = bring(browser, response_to(ask(browser), keys, email="eve@elsewhere.example"))
    assert UNPROVEN in text(answer)
    assert who(browser) is None


WRONG: dict[str, dict[str, Any]] = {
    "for somebody else's app": {"audience": "https://elsewhere.example/metadata/"},
    "sent to another address": {"to": "https://elsewhere.example/acs/"},
    "of another identity provider": {"issuer": "mallory"},
    "from an hour ago": {"age": timedelta(hours=1)},
    "from an hour ahead": {"age": -timedelta(hours=1)},
    "about another person each time": {"kind": TRANSIENT},
    "about nobody": {"subject": ""},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_response_that_is_not_right_signs_nobody_in(browser: Client, keys: Keys, case: str) -> None:
    answer = bring(browser, response_to(ask(browser), keys, **WRONG[case]))
    assert answer.status_code == 401
    assert FAILED in text(answer)
    assert who(browser) is None
    assert not User.objects.exists()


def test_a_response_signed_with_another_key_signs_nobody_in(browser: Client) -> None:
    assert bring(browser, response_to(ask(browser), Keys.new())).status_code == 401
    assert who(browser) is None


def test_a_response_that_was_changed_after_it_was_signed_signs_nobody_in(browser: Client, keys: Keys) -> None:
    signed = response_to(ask(browser), keys)
    changed = signed.replace("noor@harbor.example", "rosa@harbor.example")
    assert changed != signed
    assert bring(browser, changed).status_code == 401
    assert who(browser) is None


def test_a_response_that_nobody_signed_signs_nobody_in(browser: Client, keys: Keys) -> None:
    signed = response_to(ask(browser), keys)
    bare = re.sub(r"<ds:Signature.*</ds:Signature>", "", signed, flags=re.DOTALL)
    assert bare != signed
    assert bring(browser, bare).status_code == 401
    assert who(browser) is None


def test_a_response_works_once(browser: Client, keys: Keys) -> None:
    response = response_to(ask(browser), keys)
    bring(browser, response)
    browser.post("/account/logout/")
    again = bring(browser, response)
    assert again.status_code == 401
    assert who(browser) is None


def test_a_response_works_in_the_browser_that_asked(browser: Client, keys: Keys) -> None:
    response = response_to(ask(browser), keys)
    another = Client(headers={"host": "localhost"})
    assert bring(another, response).status_code == 401
    assert who(another) is None


def test_a_response_that_nobody_asked_for_signs_nobody_in(browser: Client, keys: Keys) -> None:
    assert bring(browser, response_to("", keys)).status_code == 401
    assert who(browser) is None


@pytest.mark.parametrize("garble", ["", "not base64 or xml", "<samlp:Response/>"])
def test_garble_is_met_by_a_calm_page(browser: Client, garble: str) -> None:
    answer = bring(browser, garble)
    assert answer.status_code == 401
    assert FAILED in text(answer)


def test_looking_at_its_pages_changes_nothing(browser: Client) -> None:
    assert "Go to Harbor SAML" in text(browser.get(f"{HERE}/login/"))
    assert browser.get(f"{HERE}/acs/").status_code == 405
    assert browser.get(f"{HERE}/acs/finish/").status_code == 401
    assert browser.get("/account/saml/another/metadata/").status_code == 404


def test_only_a_signed_word_signs_somebody_out(browser: Client, keys: Keys) -> None:
    bring(browser, response_to(ask(browser), keys))
    assert browser.get(f"{HERE}/sls/?SAMLRequest=x").status_code == 404
    assert browser.get(f"{HERE}/sls/?SAMLRequest=x&Signature=x").status_code in (400, 404)
    assert who(browser)


def test_the_sign_in_page_has_its_button(browser: Client) -> None:
    page = text(browser.get("/account/login/"))
    assert "Sign in with Harbor SAML" in page
    assert 'action="/account/saml/sso/login/"' in page


def test_setting_it_up_is_enough_for_its_pages_to_be_there(keys: Keys) -> None:
    certificate = "".join(keys.certificate.splitlines()[1:-1])
    saml = {"SAML_IDP_ENTITY_ID": "harbor", "SAML_IDP_URL": IDP, "SAML_IDP_CERTIFICATE": certificate}
    asked = (
        "from django.urls import reverse; print(reverse('saml_metadata', args=['sso']));"
        "from accounts.single_sign_on import doors; print(doors()[0]['name'])"
    )
    started = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", asked],
        cwd=ROOT,
        env=SAFE | saml | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.stdout.split() == ["/account/saml/sso/metadata/", "id.harbor.example"], started.stderr
