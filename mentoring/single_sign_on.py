"""Which accounts elsewhere people may sign in with: what an operator has set, made into what allauth wants to know.

mentoring/settings.py reads the variables; here it is said what goes together, and what is refused.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

GOOGLE = "https://accounts.google.com"
MICROSOFT = "https://login.microsoftonline.com"
# Microsoft's words for "whichever organization": anybody can make a tenant in which any address is written down.
ANY_TENANT = {"common", "organizations", "consumers"}
# Where identity providers commonly put what we ask for.
SAML_ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],
    "email": [
        "email",
        "mail",
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    ],
    "name": [
        "name",
        "displayName",
        "urn:oid:2.16.840.1.113730.3.1.241",
        "http://schemas.microsoft.com/identity/claims/displayname",
    ],
    "first_name": [
        "givenName",
        "urn:oid:2.5.4.42",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    ],
    "last_name": [
        "sn",
        "urn:oid:2.5.4.4",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    ],
}


class Unusable(Exception):
    """Says which variable is missing or unsafe."""


@dataclass
class Doors:
    """What has been set, collected."""

    apps: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)

    def open_id_connect(
        self, name: str, server_url: str, client_id: str, client_secret: str, domains: Sequence[str]
    ) -> None:
        said = {
            "OIDC_SERVER_URL": server_url,
            "OIDC_CLIENT_ID": client_id,
            "OIDC_CLIENT_SECRET": client_secret,
        }
        if is_whole(said):
            host = safe_host("OIDC_SERVER_URL", server_url)
            self._speak_open_id(
                "oidc", name or host, server_url, client_id, client_secret, proof="claim", domains=domains
            )

    def google(self, client_id: str, client_secret: str, domains: Sequence[str]) -> None:
        if is_whole({"GOOGLE_CLIENT_ID": client_id, "GOOGLE_CLIENT_SECRET": client_secret}):
            self._speak_open_id(
                "google", "Google", GOOGLE, client_id, client_secret, proof="google", domains=domains
            )

    def microsoft(self, tenant: str, client_id: str, client_secret: str, domains: Sequence[str]) -> None:
        said = {
            "MICROSOFT_TENANT": tenant,
            "MICROSOFT_CLIENT_ID": client_id,
            "MICROSOFT_CLIENT_SECRET": client_secret,
        }
        if not is_whole(said):
            return
        if tenant.lower() in ANY_TENANT or not re.fullmatch(r"[\w.-]+", tenant):
            raise Unusable("MICROSOFT_TENANT must be the id or the domain of one tenant, your own")
        url = f"{MICROSOFT}/{tenant}/v2.0"
        self._speak_open_id(
            "microsoft", "Microsoft", url, client_id, client_secret, proof="domains", domains=domains
        )

    def _speak_open_id(
        self,
        provider_id: str,
        name: str,
        server_url: str,
        client_id: str,
        client_secret: str,
        *,
        proof: str,
        domains: Sequence[str],
    ) -> None:
        """`proof` is what shows that an address is its owner's: see accounts.single_sign_on.is_proven."""
        self.origins.append(origin(server_url))
        self.apps.setdefault("openid_connect", []).append(
            {
                "provider_id": provider_id,
                "name": name,
                "client_id": client_id,
                "secret": client_secret,
                "settings": {
                    "server_url": server_url.rstrip("/"),
                    "proof": proof,
                    "domains": lower(domains),
                    # Google and Microsoft put all that we ask for into the ID token.
                    "fetch_userinfo": provider_id == "oidc",
                },
            }
        )

    def saml(
        self,
        name: str,
        entity_id: str,
        url: str,
        certificate: str,
        attributes: dict[str, str],
        domains: Sequence[str],
    ) -> None:
        said = {"SAML_IDP_ENTITY_ID": entity_id, "SAML_IDP_URL": url, "SAML_IDP_CERTIFICATE": certificate}
        if not is_whole(said):
            return
        if find_spec("onelogin") is None:
            raise Unusable("SAML is set up, and its packages are missing: install requirements-saml.txt")
        if unknown := set(attributes) - set(SAML_ATTRIBUTES):
            raise Unusable(f"SAML_ATTRIBUTES knows {', '.join(SAML_ATTRIBUTES)}, not {min(unknown)}")
        host = safe_host("SAML_IDP_URL", url)
        self.origins.append(origin(url))
        self.apps["saml"] = [
            {
                "provider_id": "saml",
                "client_id": "sso",  # The part of our addresses that stands for this identity provider.
                "name": name or host,
                "settings": {
                    "idp": {
                        "entity_id": entity_id,
                        "sso_url": url,
                        "x509cert": read_certificate(certificate),
                    },
                    "attribute_mapping": SAML_ATTRIBUTES | {key: [a] for key, a in attributes.items()},
                    "domains": lower(domains),
                    "proof": "domains",
                },
            }
        ]


def is_whole(said: dict[str, str]) -> bool:
    """Whether all of these variables are set; False when none is. Raises Unusable for some without the others."""
    missing = [name for name, text in said.items() if not text]
    if missing and len(missing) < len(said):
        present = next(name for name, text in said.items() if text)
        raise Unusable(f"{missing[0]} is not set, and {present} is")
    return not missing


def safe_host(name: str, url: str) -> str:
    """The host of an address to which people, or our secret, are sent."""
    where = urlsplit(url)
    is_here = where.hostname in {"localhost", "127.0.0.1"}
    if not where.hostname or where.scheme not in ({"https", "http"} if is_here else {"https"}):
        raise Unusable(f"{name} must begin with https://, except on localhost")
    return where.hostname


def origin(url: str) -> str:
    where = urlsplit(url)
    return f"{where.scheme}://{where.netloc}"


def lower(domains: Sequence[str]) -> list[str]:
    return [name for domain in domains if (name := domain.strip().lstrip("@").lower())]


def read_certificate(text: str) -> str:
    """The certificate in base64, from the path of a PEM file or from the base64 itself."""
    is_path = text.startswith("/")
    try:
        inner = Path(text).read_text() if is_path else text
    except (OSError, UnicodeDecodeError):
        raise Unusable("SAML_IDP_CERTIFICATE names a file that cannot be read") from None
    if "-----BEGIN" not in inner:
        inner = f"-----BEGIN CERTIFICATE-----\n{inner}\n-----END CERTIFICATE-----\n"
    try:
        certificate = x509.load_pem_x509_certificate(inner.encode())
    except ValueError:
        raise Unusable("SAML_IDP_CERTIFICATE is no certificate") from None
    return b64encode(certificate.public_bytes(Encoding.DER)).decode()
