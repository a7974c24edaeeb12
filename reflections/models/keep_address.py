"""The secret address by which somebody keeps a moment from their own mail."""

import base64
import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# 160 bits, as in links of e-mails: 32 letters and digits, which no mail server may tell apart by their case.
TOKEN_BYTES = 20


def new_nonce() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(nonce: str, secret: str) -> str:
    """Nobody makes it who has the database alone, or the installation's key alone."""
    print_ = salted_hmac("best-stuff keep by mail, version 1", nonce, secret=secret, algorithm="sha256")
    return base64.b32encode(print_.digest()[:TOKEN_BYTES]).decode().lower()


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.lower().encode()).digest()


class KeepAddressQuerySet(models.QuerySet["KeepAddress"]):
    def of(self, user: User) -> Self:
        return self.filter(person=user)


class KeepAddress(models.Model):
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="keep_address")
    nonce = models.CharField(max_length=64, default=new_nonce, editable=False)
    token_hash = models.BinaryField(unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = models.Manager.from_queryset(KeepAddressQuerySet)()

    class Meta:
        verbose_name = _("address to keep by mail")
        verbose_name_plural = _("addresses to keep by mail")

    def __str__(self) -> str:
        return f"Address to keep by mail #{self.pk}"

    @property
    def token(self) -> str:
        """Empty where it was made with a key that is gone; the address works still."""
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_of(self.nonce, secret)
            if hash_of(token) == bytes(self.token_hash):
                return token
        return ""

    @property
    def address(self) -> str:
        """`keep+token@harbor.example`; empty as the token."""
        local, _at, domain = settings.KEEP_ADDRESS.rpartition("@")
        token = self.token
        return f"{local}+{token}@{domain}" if token else ""
