"""Links in mail that do one thing without signing in. The token is in the mail and nowhere else; we keep its hash."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Optional

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

TOKEN_BYTES = 20  # 160 bits
LIVES = timedelta(days=365)


def new_token() -> str:
    """32 characters in lower case: a token may stand in an address of e-mail, whose letters are folded on the way."""
    return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()


def hash_of(token: str) -> str:
    """A plain hash is enough: the token is random, so there is nothing to guess it from."""
    return hashlib.sha256(token.encode()).hexdigest()


class Issue(NamedTuple):
    """A link to be: its token, as `new_token` made it, what it is for, and how long it lives."""

    token: str
    purpose: str
    lives: timedelta = LIVES


class MailLinkQuerySet(models.QuerySet["MailLink"]):
    def issue(
        self,
        person_id: int,
        purpose: str,
        *,
        now: datetime,
        message_id: int | None = None,
        lives: timedelta = LIVES,
        token: str = "",
    ) -> str:
        """Make a link and return its token, which cannot be had again. `token` is one that `new_token` made before."""
        token = token or new_token()
        self.issue_all([Issue(token, purpose, lives)], person_id, now=now, message_id=message_id)
        return token

    def issue_all(
        self, links: Iterable[Issue], person_id: int, *, now: datetime, message_id: int | None = None
    ) -> None:
        """Make several links of one person's."""
        self.bulk_create(
            MailLink(
                token_hash=hash_of(link.token),
                person_id=person_id,
                purpose=link.purpose,
                message_id=message_id,
                created_at=now,
                expires_at=now + link.lives,
            )
            for link in links
        )

    def revoke(self, person_id: int, *, now: datetime) -> int:
        """End this person's links, except those that only stop e-mail: they open nothing, and should always work."""
        living = self.filter(person_id=person_id, revoked_at__isnull=True)
        return living.exclude(purpose__in=MailLink.HARMLESS).update(revoked_at=now)

    def find(self, token: str, purpose: str, *, now: datetime) -> Optional["MailLink"]:
        """The link of that token and purpose, while it lives."""
        return (
            self.filter(
                token_hash=hash_of(token), purpose=purpose, expires_at__gt=now, revoked_at__isnull=True
            )
            .select_related("message")
            .first()
        )


class MailLink(models.Model):
    class Purpose(models.TextChoices):
        STOP = "stop", _("stop a kind of e-mail")
        REPLY = "reply", _("answer by e-mail")
        NUDGE = "nudge", _("say “not this quarter” or “another time”")

    # Whoever holds such a link can do no harm with it: it stays when the password or the address is changed.
    HARMLESS = frozenset({Purpose.STOP})

    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_links")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    message = models.ForeignKey("mail.Message", models.CASCADE, null=True, blank=True, related_name="links")
    created_at = models.DateTimeField(_("created"), editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = models.Manager.from_queryset(MailLinkQuerySet)()

    class Meta:
        verbose_name = _("link in mail")
        verbose_name_plural = _("links in mail")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="mail_link_lives_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"Link #{self.pk}"
