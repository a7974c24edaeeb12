"""An identity provider on loopback that speaks real OpenID Connect, and a person at it who says yes or no."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests
from oidc_provider_mock import run_server_in_thread


@dataclass(frozen=True)
class IdentityProvider:
    url: str

    def knows(self, sub: str, **claims: object) -> None:
        """From now on this is what it says about this person of its own."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=10).raise_for_status()

    def asked(self, url: str, sub: str | None) -> str:
        """Where it sends a person back to who says yes as `sub`, or no; `url` is where we sent them."""
        answer = {"sub": sub} if sub else {"action": "deny"}
        response = requests.post(url, data=answer, allow_redirects=False, timeout=10)
        assert response.is_redirect, response.text
        back = urlsplit(response.headers["Location"])
        return f"{back.path}?{back.query}"

    def app(
        self, provider_id: str = "oidc", *, proof: str = "claim", **settings: object
    ) -> dict[str, object]:
        """What our settings hold for it."""
        rules = {"server_url": self.url, "proof": proof, "domains": [], "fetch_userinfo": proof == "claim"}
        return {
            "provider_id": provider_id,
            "name": "Harbor ID",
            "client_id": "best-stuff",
            "secret": "a secret between the two",
            "settings": rules | settings,
        }


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    with run_server_in_thread() as server:
        yield IdentityProvider(f"http://localhost:{server.server_port}")


def parameters(url: str) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
