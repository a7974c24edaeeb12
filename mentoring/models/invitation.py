"""How people are asked into a program: by e-mail, each for one person, or by a link that any number may share."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Optional, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.mail.models.link import hash_of
from accounts.models import User

from .enrollment import Enrollment
from .program import Program

TOKEN_BYTES = 24  # 192 bits


def new_nonce() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(nonce: str, secret: str) -> str:
    """The token in the link: nobody makes it who has the database alone, or the installation's key alone."""
    print_ = salted_hmac("best-stuff invitation, version 1", nonce, secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(print_.digest()[:TOKEN_BYTES]).decode()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def find(self, token: str) -> Optional["Invitation"]:
        """The invitation that this token belongs to, whatever has become of it since."""
        return (
            self.filter(token_hash=hash_of(token)).select_related("program", "person", "created_by").first()
        )

    def unanswered(self, now: datetime) -> Self:
        """Those by e-mail that wait for their person's answer."""
        return self._not_ended().filter(person__isnull=False, expires_at__gt=now)

    def in_state(self, state: str, now: datetime) -> Self:
        """As `Invitation.state` says it."""
        is_used = Q(most_uses__isnull=False, came_in__gte=F("most_uses"))
        match state:
            case Invitation.State.ACCEPTED:
                return self.filter(accepted_at__isnull=False)
            case Invitation.State.DECLINED:
                return self.filter(declined_at__isnull=False)
            case Invitation.State.REVOKED:
                return self.filter(
                    accepted_at__isnull=True, declined_at__isnull=True, revoked_at__isnull=False
                )
            case Invitation.State.USED:
                return self._not_ended().filter(is_used)
            case Invitation.State.EXPIRED:
                return self._not_ended().exclude(is_used).filter(expires_at__lte=now)
            case _:
                return self._not_ended().exclude(is_used).filter(expires_at__gt=now)

    def _not_ended(self) -> Self:
        return self.filter(accepted_at__isnull=True, declined_at__isnull=True, revoked_at__isnull=True)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class Invitation(models.Model):
    class State(models.TextChoices):
        """What has become of it, worked out and in no column. The order is the order in which they are asked."""

        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        REVOKED = "revoked", _("taken back")
        USED = "used", _("used up")
        EXPIRED = "expired", _("expired")
        OPEN = "open", _("open")

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="invitations", verbose_name=_("program")
    )
    role = models.CharField(_("role"), max_length=10, choices=Enrollment.Role.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("person"),
    )
    most_uses = models.PositiveIntegerField(
        _("how many may come in by it"),
        null=True,
        blank=True,
        help_text=_("Leave empty for any number until it expires."),
    )
    # A count and not a look at who is there now: a link that was used up does not open again when somebody leaves.
    came_in = models.PositiveIntegerField(_("have come in"), default=0, editable=False)
    nonce = models.CharField(_("nonce"), max_length=64, default=new_nonce, editable=False)
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations_made",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("opens until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    remind_at = models.DateTimeField(_("to be reminded"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("last written to"), null=True, blank=True)

    objects = models.Manager.from_queryset(InvitationQuerySet)()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["mentor", "mentee", "both"]), name="invitation_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_is_open_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(most_uses__isnull=True) | Q(most_uses__gte=1), name="invitation_lets_somebody_in"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(most_uses__isnull=False, most_uses=1),
                name="invitation_by_mail_is_for_one",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(
                    accepted_at__isnull=True,
                    declined_at__isnull=True,
                    remind_at__isnull=True,
                    mailed_at__isnull=True,
                ),
                name="invitation_of_nobody_waits_for_no_answer",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="invitation_answered_one_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"], name="invitation_to_remind", condition=Q(remind_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return str(_("Invitation #%(number)d") % {"number": self.pk or 0})

    @classmethod
    def made(cls, **fields: object) -> "Invitation":
        """A new one, not saved, with the hash of its token."""
        invitation = cls(**fields)
        invitation.token_hash = hash_of(token_of(invitation.nonce, settings.SECRET_KEY))
        return invitation

    @property
    def token(self) -> str:
        """What its link ends with; empty when it was made with a key that is gone, and the link still works."""
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_of(self.nonce, secret)
            if hash_of(token) == self.token_hash:
                return token
        return ""

    @property
    def is_personal(self) -> bool:
        """By e-mail, to one person."""
        return self.person_id is not None

    @property
    def inviter(self) -> str:
        """In whose name it is said: of whoever signs the program's e-mails, or of whoever made it; empty for nobody."""
        if self.program.contact_name:
            return self.program.contact_name
        return self.created_by.first_name if self.created_by else ""

    def state(self, now: datetime) -> "Invitation.State":
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.declined_at:
            return self.State.DECLINED
        if self.revoked_at:
            return self.State.REVOKED
        if self.most_uses is not None and self.came_in >= self.most_uses:
            return self.State.USED
        return self.State.OPEN if self.expires_at > now else self.State.EXPIRED


class Reminder(models.Model):
    """One more e-mail about an invitation: asked for by somebody, or by the clock where nobody is named."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="reminders")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = models.Manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Reminder #{self.pk}"


# A personal invitation's reminder comes when half of its time is over, but not in its first days.
NOT_BEFORE = timedelta(days=3)


def reminder_due(created_at: datetime, expires_at: datetime) -> datetime | None:
    """When the clock reminds of it by itself; None where the invitation is too short for that."""
    due = created_at + max((expires_at - created_at) / 2, NOT_BEFORE)
    return due if due < expires_at else None
