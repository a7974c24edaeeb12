"""Signing in with an account elsewhere: OpenID Connect, Google and Microsoft among it, and SAML.

allauth does the speaking. What is ours is whom to believe: who somebody is at their provider (`uid_of`), whether an
address is theirs (`is_proven`), and which account here they get (`adapter`).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse


def doors() -> list[dict[str, str]]:
    """Each provider that has been set up: its `id`, its `name`, and the `url` that a form is sent to."""
    providers: Mapping[str, Mapping[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS
    return [
        {"id": app["provider_id"], "name": app["name"], "url": _url(kind, app)}
        for kind, known in providers.items()
        for app in known.get("APPS", [])
    ]


def _url(kind: str, app: Mapping[str, Any]) -> str:
    if kind == "saml":
        return reverse("saml_login", args=[app["client_id"]])
    return reverse("openid_connect_login", args=[app["provider_id"]])


def name_of(provider_id: str) -> str:
    """What people call it; the bare id for a provider that is no longer set up."""
    return next((door["name"] for door in doors() if door["id"] == provider_id), provider_id)


def uid_of(issuer: str, subject: str) -> str:
    """Who somebody is: a print of the provider and of its id for them.

    Only the two together name one person (OpenID Connect Core, 5.7), and neither need be kept to know them again.
    """
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def is_of(email: str, domains: list[str]) -> bool:
    return email.rpartition("@")[2].lower() in domains


def is_proven(email: str, claims: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    """Whether a provider's word is enough to take an address for that of the person who comes from there.

    `rules` are the provider's settings. "claim": it says that it has checked (`email_verified`), and where domains are
    listed, the address is in one of them. "google": likewise, and Google hosts the address, since of any other it knows
    only who had it once. "domains": the provider says nothing of the kind (Microsoft, SAML), so that the operator must
    have said that it answers for the addresses of these domains.
    """
    domains = rules["domains"]
    says = claims.get("email_verified")
    is_listed = is_of(email, domains)
    if rules["proof"] == "domains":
        return is_listed and says not in (False, "false")
    if not (says is True or says == "true") or (domains and not is_listed):
        return False
    return rules["proof"] == "claim" or is_of(email, ["gmail.com"]) or bool(claims.get("hd"))
