"""The second step of signing in: how its secrets are kept, and whether somebody took it."""

import base64
import logging
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import qr
from .models import User

log = logging.getLogger(__name__)
# Recovery codes are none of these: they are the way out, not a way in.
WAYS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _keys() -> MultiFernet:
    """From the installation's keys, the newest first; the purpose goes into each, so that it serves no other."""

    def derived(secret: str) -> Fernet:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"best-stuff second factor, version 1")
        return Fernet(base64.urlsafe_b64encode(key.derive(secret.encode())))

    return MultiFernet([derived(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("This one cannot be removed."),
        "cannot_generate_recovery_codes": _(
            "Recovery codes go with an app or a passkey. Set one of them up first."
        ),
        "incorrect_code": _("That did not work. Try once more, with a new code."),
        "unverified_email": _("First confirm your e-mail address, so that nobody can lock you out."),
    }

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; a random one, for which no code is right, when the key it was encrypted with is gone."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor was encrypted with a key that SECRET_KEY_FALLBACKS does not hold")
            return str(generate_totp_secret())

    def build_totp_svg(self, url: str) -> SafeString:
        return qr.svg(url)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bound to our public address, whatever host a request names."""
        return {"id": settings.PUBLIC_HOST, "name": "Best Stuff"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": str(user)}


def types_of(user: User) -> list[str]:
    """The kind of each second factor that somebody has set up."""
    return list(Authenticator.objects.filter(user=user, type__in=WAYS).values_list("type", flat=True))


def was_used(request: HttpRequest) -> bool:
    """Whether this session has seen a second factor, of a person who still has one."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    return any(each["method"] == "mfa" for each in records) and bool(types_of(request.user))


def way_to_show_it(user: User) -> str | None:
    """The page where a signed-in person takes the second step after all; None while they have none set up."""
    types = types_of(user)
    if Authenticator.Type.TOTP in types:
        return reverse("mfa_reauthenticate")
    return reverse("mfa_reauthenticate_webauthn") if types else None
