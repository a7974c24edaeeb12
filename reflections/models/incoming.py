"""An e-mail of somebody's that came in: what became of it, and what waits for their word."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mail.inbound.reading import LONGEST_TEXT, Problem
from accounts.mail.inbound.trust import LONGEST_SENDER, Doubt
from accounts.mail.models import MailLink
from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .moment import Moment
from .reflection import Answer


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def of(self, user: User) -> Self:
        return self.filter(person=user)

    def held(self) -> Self:
        return self.filter(state=IncomingMail.State.HELD)

    def taken(self) -> Self:
        return self.filter(state=IncomingMail.State.TAKEN)

    def to_look_at(self) -> Self:
        """What its person may want to decide on: what is held, and what was left out of something that was taken."""
        left_out = Q(state=IncomingMail.State.TAKEN, left_out__is_empty=False)
        return self.filter(Q(state=IncomingMail.State.HELD) | left_out)


class IncomingMail(Sealed):
    """One to each address of ours that it came to. The e-mail itself is not kept.

    `text` and `sender` have words only while it is held; what is taken stands in `answer` or `moment`. `left_out` is
    what stood around it, until it is put back or forgotten. `token_hash` is that of the link it answers, empty for what
    came to somebody's own address for keeping. By `message_hash` it is known when it comes once more.
    """

    class Way(models.TextChoices):
        REPLY = "reply", _("a reply to an e-mail of ours")
        KEEP = "keep", _("a line to keep")

    class State(models.TextChoices):
        TAKEN = "taken", _("kept")
        HELD = "held", _("waits for your word")
        REFUSED = "refused", _("not yours")
        UNREAD = "unread", _("could not be read")

    class Because(models.TextChoices):
        NOT_SHOWN = Doubt.NOT_SHOWN.value, _("nobody has shown that it comes from the address that it names")
        ANOTHER = Doubt.ANOTHER.value, _("it comes from another address than yours")
        UNVERIFIED = Doubt.UNVERIFIED.value, _("your address has not been confirmed yet")
        LATE = Doubt.LATE.value, _("the e-mail that it answers takes no replies any more")
        BY_ITSELF = Doubt.BY_ITSELF.value, _("its subject is that of an answer out of office")
        ENCRYPTED = Problem.ENCRYPTED.value, _("it was encrypted")
        EMPTY = Problem.EMPTY.value, _("there were no words in it")
        TOO_BIG = Problem.TOO_BIG.value, _("it was too big")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="incoming_mails")
    way = models.CharField(_("what it is"), max_length=10, choices=Way.choices)
    link = models.ForeignKey(
        MailLink, models.SET_NULL, null=True, blank=True, related_name="incoming_mails", editable=False
    )
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    message_hash = models.BinaryField(editable=False)
    mail_id = models.CharField(max_length=250, blank=True, editable=False)
    came_at = models.DateTimeField(_("came in"), default=timezone.now)
    state = models.CharField(_("what became of it"), max_length=10, choices=State.choices)
    because = models.CharField(_("because"), max_length=10, choices=Because.choices, blank=True)
    sender = SealedText(_("says that it is from"), max_length=LONGEST_SENDER)
    text = SealedText(_("what was written"), max_length=LONGEST_TEXT)
    left_out = SealedText(_("what was left out"), max_length=LONGEST_TEXT)
    had_files = models.BooleanField(_("had pictures or files"), default=False)
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="incoming_mails")
    moment = models.ForeignKey(Moment, models.SET_NULL, null=True, blank=True, related_name="incoming_mails")
    sealed_by = "person"

    objects = models.Manager.from_queryset(IncomingMailQuerySet)()

    class Meta:
        verbose_name = _("e-mail that came in")
        verbose_name_plural = _("e-mails that came in")
        ordering = ["-came_at", "-pk"]
        constraints = [
            OnlySealed(
                condition=Q(sender__is_sealed=True, text__is_sealed=True, left_out__is_sealed=True),
                name="incoming_is_sealed",
            ),
            models.UniqueConstraint(fields=["person", "token_hash", "message_hash"], name="incoming_once"),
            models.CheckConstraint(
                condition=Q(way__in=["reply", "keep"], state__in=["taken", "held", "refused", "unread"]),
                name="incoming_way_and_state_are_known",
            ),
            models.CheckConstraint(
                condition=Q(state="held") | Q(text__is_empty=True, sender__is_empty=True),
                name="incoming_holds_words_while_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "taken"]) | Q(left_out__is_empty=True),
                name="incoming_left_out_of_what_stands",
            ),
        ]
        indexes = [models.Index(fields=["came_at"], name="incoming_came")]

    def __str__(self) -> str:
        return f"E-mail that came in #{self.pk}"

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD
