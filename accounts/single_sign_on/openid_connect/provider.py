"""What an identity provider says about somebody, and how little of it we take."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from accounts.mail import links
from accounts.single_sign_on import is_proven, uid_of

PLACES = ("authorization_endpoint", "token_endpoint", "jwks_uri")  # Each provider has to name these.


@contextmanager
def understood() -> Iterator[None]:
    """What the other side sent and nobody can read is an error of theirs."""
    try:
        yield
    except (AttributeError, ImproperlyConfigured, LookupError, TypeError, ValueError) as error:
        raise OAuth2Error("an answer that cannot be read") from error


class Conversation(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in with a provider: what it is asked, and what it answers."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Where the provider's pages are, as it says itself; only addresses that nobody can listen in to."""
        if not hasattr(self, "_openid_config"):
            url = self.get_provider().server_url
            with understood(), get_adapter().get_requests_session() as session:
                answer = session.get(url)
                answer.raise_for_status()
                found = answer.json()
                places = [found[name] for name in PLACES] + [found.get("userinfo_endpoint", url)]
                if not {urlsplit(place).scheme for place in places} <= {"https", urlsplit(url).scheme}:
                    raise ValueError("an address without https")
                self._openid_config = {"issuer": found["issuer"], **found}
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """The address that was registered there, whatever host a request names."""
        return links.absolute("openid_connect_callback", self.provider_id)

    def get_access_token_data(self, *args: Any, **options: Any) -> Any:
        with understood():
            return super().get_access_token_data(*args, **options)

    def parse_token(self, data: Any) -> SocialToken:
        with understood():
            return super().parse_token(data)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **details: Any
    ) -> SocialLogin:
        with understood():
            if not details["response"].get("id_token"):
                raise ValueError("no ID token")
            return super().complete_login(request, app, token, **details)


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    package = "accounts.single_sign_on.openid_connect"
    oauth2_adapter_class = Conversation
    pkce_enabled_default = True

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What we ask for is ours to say, not that of whoever made the link."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(self.get_auth_params())

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        token = data["id_token"]
        if not token["sub"] or claims_of(data)["sub"] != token["sub"]:
            raise ValueError("two answers about two people")  # OpenID Connect Core, 5.3.2.
        return uid_of(token["iss"], token["sub"])

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing: what else they tell us about somebody, we need not know."""
        return {}

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        claims = claims_of(data)
        names = {name: claims.get(name) for name in ("name", "email")}
        return {**names, "first_name": claims.get("given_name"), "last_name": claims.get("family_name")}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[EmailAddress]:
        claims = claims_of(data)
        if not isinstance(email := claims.get("email"), str):
            return []
        return [EmailAddress(email=email, primary=True, verified=is_proven(email, claims, self.app.settings))]


def claims_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What they say: by the userinfo page where we asked it, else in the ID token."""
    claims: Mapping[str, Any] = data.get("userinfo") or data["id_token"]
    return claims


provider_classes = [Provider]
