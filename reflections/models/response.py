"""What one of a pair says to the other about a thing that was shared: that they have read it, thanks, one question."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText
from mentoring.models import Pairing

from .audience import Audience
from .moment import Moment
from .naming import Naming
from .reflection import Answer, Reflection

LONGEST_SAID = 1000


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: User) -> Self:
        """What the two of a pairing that has begun said to each other. Whether the thing that it is about can still be
        read is asked of that (reflections/timeline.py)."""
        return self.filter(pairing__in=Pairing.objects.of(user).begun())

    def to(self, user: User) -> Self:
        """Those of the other one, to something that this person shared."""
        return self.filter(pairing__in=Pairing.objects.of(user).begun()).exclude(reader=user)

    def still_shared(self) -> Self:
        """About what its writer lets this pair, or the program, read at this moment."""
        with_them = Q(audience=Audience.PROGRAM) | Q(
            audience=Audience.PAIRING, pairings=models.OuterRef("pairing")
        )
        # Whoever responded reads it, unless another one is named in it who has not agreed.
        others = Naming.objects.in_the_way().filter(
            ~Q(person=models.OuterRef("reader")), moment=models.OuterRef("moment")
        )
        others_of_answer = Naming.objects.in_the_way().filter(
            ~Q(person=models.OuterRef(models.OuterRef("reader"))), answer=models.OuterRef("pk")
        )
        there = Answer.objects.open_to_others().filter(
            with_them, ~Q(models.Exists(others_of_answer)), reflection=models.OuterRef("reflection")
        )
        return self.filter(
            (
                Q(moment__audience=Audience.PAIRING, moment__pairing=models.F("pairing"))
                & ~Q(models.Exists(others))
            )
            | Q(models.Exists(there))
        )

    def asking(self) -> Self:
        """With a question that waits for an answer."""
        return self.filter(asked_at__isnull=False, reply__isnull=True)


class Response(Sealed):
    """By the one of the two whose it is not. Its words are the reader's, and sealed as such."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="responses", verbose_name=_("pairing"))
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="responses", verbose_name=_("read by")
    )
    moment = models.ForeignKey(
        Moment, models.CASCADE, null=True, blank=True, related_name="responses", verbose_name=_("moment")
    )
    reflection = models.ForeignKey(
        Reflection,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="responses",
        verbose_name=_("reflection"),
    )
    read_at = models.DateTimeField(_("read"), default=timezone.now)
    thanks = SealedText(_("thanks"), max_length=LONGEST_SAID)
    thanked_at = models.DateTimeField(_("thanked"), null=True, blank=True)
    question = SealedText(_("question"), max_length=LONGEST_SAID)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    sealed_by = "reader"

    reply: "Reply"
    objects = models.Manager.from_queryset(ResponseQuerySet)()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-read_at", "-pk"]
        constraints = [
            OnlySealed(
                condition=Q(thanks__is_sealed=True, question__is_sealed=True), name="response_is_sealed"
            ),
            models.UniqueConstraint(fields=["pairing", "moment"], name="response_once_to_a_moment"),
            models.UniqueConstraint(fields=["pairing", "reflection"], name="response_once_to_a_reflection"),
            models.CheckConstraint(
                condition=Q(moment__isnull=False, reflection__isnull=True)
                | Q(moment__isnull=True, reflection__isnull=False),
                name="response_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(thanked_at__isnull=False) | Q(thanks__is_empty=True),
                name="response_thanks_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False, question__is_empty=False)
                | Q(asked_at__isnull=True, question__is_empty=True),
                name="response_question_goes_with_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Response #{self.pk}"


class ReplyQuerySet(models.QuerySet["Reply"]):
    def to(self, user: User) -> Self:
        """To a question that this person asked."""
        return self.filter(response__reader=user)


class Reply(Sealed):
    """What whoever was asked answers."""

    response = models.OneToOneField(
        Response, models.CASCADE, related_name="reply", verbose_name=_("response")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="replies", verbose_name=_("answered by")
    )
    text = SealedText(_("answer"), max_length=LONGEST_SAID)
    created_at = models.DateTimeField(_("answered"), default=timezone.now)
    sealed_by = "person"

    objects = models.Manager.from_queryset(ReplyQuerySet)()

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True), name="reply_is_sealed"),
            models.CheckConstraint(condition=Q(text__is_empty=False), name="reply_says_something"),
        ]

    def __str__(self) -> str:
        return f"Reply #{self.pk}"


class ResponseNotice(models.Model):
    """One e-mail to somebody about what was said to them since then: what its message is about."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="response_notices")
    since = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("notice of responses")
        verbose_name_plural = _("notices of responses")

    def __str__(self) -> str:
        return f"Notice #{self.pk}"
