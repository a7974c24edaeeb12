"""What the two want to talk about, and what might start a conversation."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .meeting import Meeting
from .pairing import Pairing
from .program import Program

LONGEST_TOPIC = 200


class Stage(models.TextChoices):
    """Where a pairing stands: for what a program offers its pairs."""

    ANY = "any", _("At any time")
    BEGINNING = "beginning", _("At the beginning")
    UNDER_WAY = "under_way", _("Under way")
    ENDING = "ending", _("Towards the end")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.of(user).made_or_over())

    def open(self) -> Self:
        return self.filter(talked_at__isnull=True)


class AgendaItem(Sealed):
    """One thing to talk about, from when it came to mind until they did; it waits for whatever meeting is the next."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="agenda", verbose_name=_("pairing"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="agenda_items", verbose_name=_("written by")
    )
    text = SealedText(_("something to talk about"), max_length=LONGEST_TOPIC)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    talked_at = models.DateTimeField(_("talked about"), null=True, blank=True)
    # At which meeting, where there was one.
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="agenda", verbose_name=_("meeting")
    )
    sealed_by = "author"

    objects = models.Manager.from_queryset(AgendaItemQuerySet)()

    class Meta:
        verbose_name = _("something to talk about")
        verbose_name_plural = _("things to talk about")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(talked_at__isnull=False),
                name="agenda_item_of_a_meeting_was_talked_about",
            ),
            OnlySealed(condition=Q(text__is_sealed=True), name="agenda_item_is_sealed"),
        ]
        indexes = [models.Index(fields=["pairing", "created_at"], name="agenda_pairing_created")]

    def __str__(self) -> str:
        return f"Agenda item #{self.pk}"


class ConversationStarterQuerySet(models.QuerySet["ConversationStarter"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def offered(self) -> Self:
        return self.filter(is_offered=True)


class ConversationStarter(models.Model):
    """A question from a program's library, which either of a pair puts on their agenda with one click."""

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="conversation_starters", verbose_name=_("program")
    )
    text = models.CharField(_("question"), max_length=LONGEST_TOPIC)
    stage = models.CharField(_("when"), max_length=9, choices=Stage.choices, default=Stage.ANY)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = models.Manager.from_queryset(ConversationStarterQuerySet)()

    class Meta:
        verbose_name = _("conversation starter")
        verbose_name_plural = _("conversation starters")
        ordering = ["program", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "text"], name="conversation_starter_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["any", "beginning", "under_way", "ending"]),
                name="conversation_starter_stage_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.text
