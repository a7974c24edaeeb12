"""One e-mail owed to one person. Its text is not kept: it is made from ids when its time has come."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.mail import kinds
from accounts.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """What was or will be sent to this person."""
        return self.filter(person=user)

    def of(self, *names: str, subject_id: int | None = None) -> Self:
        """Of these kinds, and about that subject."""
        rows = self.filter(kind__in=names)
        return rows if subject_id is None else rows.filter(subject_id=subject_id)

    def waiting(self) -> Self:
        return self.filter(state=Message.State.QUEUED)

    def went(self) -> Self:
        """What reached its person, as far as we can tell, by itself or in the weekly e-mail."""
        return self.filter(
            Q(state__in=Message.WENT) | Q(state=Message.State.CANCELLED, last_error=Message.IN_THE_WEEKLY)
        )

    def due(self) -> Self:
        """What a sender may claim now, by the database's clock."""
        return self.waiting().filter(next_attempt_at__lte=database_now(), expires_at__gt=database_now())

    def update_in_order(self, **changes: object) -> int:
        """As `update`, with the rows locked by their number first: who changes several at once does so in that order,
        so that no two ever wait for each other."""
        with transaction.atomic():
            pks = list(self.order_by("pk").select_for_update().values_list("pk", flat=True))
            return self.filter(pk__in=pks).update(**changes) if pks else 0


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("in a sender’s hands")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        BOUNCED = "bounced", _("came back")
        FAILED = "failed", _("refused")
        CANCELLED = "cancelled", _("no longer wanted")
        SUPPRESSED = "suppressed", _("held back")
        EXPIRED = "expired", _("too late to send")
        UNCERTAIN = "uncertain", _("perhaps sent")

    HELD = (State.CLAIMED, State.SENDING)
    HANDED_OVER = (State.SENT, State.BOUNCED)
    WENT = (State.SENDING, State.SENT, State.BOUNCED, State.UNCERTAIN)
    # `last_error` of what went out with the weekly e-mail; `sending_at` says when.
    IN_THE_WEEKLY = "in the weekly e-mail"
    # `last_error` of what came back, or was refused, before its person had the address that they have now.
    TO_AN_EARLIER_ADDRESS = "to an earlier address"
    # Of what comes back into the line after a while: its eight attempts and 48 hours begin anew.
    UNTRIED: ClassVar[dict[str, Any]] = {
        "attempts": 0, "first_attempt_at": None, "last_code": None, "last_error": "",
    }  # fmt: skip

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.BigIntegerField(
        _("about"), help_text=_("The row that the kind is about: a round, a pairing.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("not sent after"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    lease_token = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True, blank=True)
    sending_at = models.DateTimeField(_("handing over began"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True, editable=False)
    last_code = models.PositiveSmallIntegerField(_("last reply"), null=True, blank=True)
    last_error = models.CharField(_("what happened last"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("owed since"), db_default=Now(), editable=False)
    # The weekly e-mail that took it along last. It stays when the server refused that one, for the next attempt.
    gathered_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="gathered",
        editable=False,
        db_index=False,
    )

    objects = models.Manager.from_queryset(MessageQuerySet)()

    # While a letter is made, the outbox puts the address here that stops its stream, and the token of the link that its
    # kind has besides; neither is in a column.
    stop_url = ""
    link_token = ""
    # And until when a reply to it is taken in, if at all.
    answerable_until: datetime | None = None

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "subject_id"], name="message_owed_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued", "claimed", "sending", "sent", "bounced",
                        "failed", "cancelled", "suppressed", "expired", "uncertain",
                    ]
                ),
                name="message_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["claimed", "sending"], lease_token__isnull=False, lease_until__isnull=False
                )
                | (
                    ~Q(state__in=["claimed", "sending"])
                    & Q(lease_token__isnull=True, lease_until__isnull=True)
                ),
                name="message_lease_while_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | (~Q(state__in=["sent", "bounced"]) & Q(sent_at__isnull=True)),
                name="message_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "sent", "bounced", "uncertain"])
                | Q(sending_at__isnull=False),
                name="message_sending_at_when_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("due_at")), name="message_expires_after_due"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], name="message_queued", condition=Q(state="queued")
            ),
            models.Index(
                fields=["state", "lease_until"],
                name="message_held",
                condition=Q(state__in=["claimed", "sending"]),
            ),
            models.Index(fields=["-due_at", "-id"], name="message_latest"),
            # For how long the oldest has waited, and what wants a person's hand: of all e-mails there are few.
            models.Index(
                fields=["due_at"], name="message_owed", condition=Q(state__in=["queued", "claimed"])
            ),
            models.Index(
                fields=["state"],
                name="message_in_need",
                condition=Q(state__in=["failed", "bounced", "uncertain", "suppressed"]),
            ),
            models.Index(fields=["kind", "subject_id"], name="message_subject"),
            models.Index(
                fields=["gathered_by"], name="message_gathered", condition=Q(gathered_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Message #{self.pk}"

    @property
    def has_gone(self) -> bool:
        """As `MessageQuerySet.went`."""
        return self.state in self.WENT or (
            self.state == self.State.CANCELLED and self.last_error == self.IN_THE_WEEKLY
        )

    @property
    def kind_label(self) -> str | Promise:
        return kinds.label_of(self.kind)
