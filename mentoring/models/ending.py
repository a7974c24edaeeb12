"""How a pairing rests, goes on longer, and ends; and what each of the two keeps of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .pairing import Pairing, PairingQuerySet

LONGEST_REASON = 2000
LONGEST_FAREWELL = 4000


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, user: User) -> Self:
        """One's own. That the pairing rests or is over the other one sees; why, and what comes next, nobody does."""
        return self.filter(person=user)

    def administered_by(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.administered_by(user))

    def with_a_next_step(self) -> Self:
        """Those that those who run the program are told of."""
        return self.exclude(next_step=Step.Next.NOTHING)

    def to_see_to(self) -> Self:
        return self.with_a_next_step().filter(settled_at__isnull=True)

    def last_pause(self, pairing: Pairing) -> "Step | None":
        """By which it rests, or rested last; None where only those who run the program paused it."""
        return self.filter(pairing=pairing, kind=Step.Kind.PAUSE).order_by("-created_at", "-pk").first()


class Step(Sealed):
    """One of the two pauses, completes or ends a pairing: with a reason for themselves, and what should come next,
    which those who run the program read, as the form says."""

    class Kind(models.TextChoices):
        PAUSE = "pause", _("Paused")
        COMPLETE = "complete", _("Completed")
        END = "end", _("Ended early")

    class Next(models.TextChoices):
        NOTHING = "nothing", _("Nothing for now")
        ANOTHER = "another", _("I would like to be paired with somebody else")
        BREAK = "break", _("I would like a break from the program")
        TALK = "talk", _("I would like to talk with those who run the program")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="steps", verbose_name=_("pairing"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pairing_steps", verbose_name=_("person")
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    reason = SealedText(_("why"), max_length=LONGEST_REASON)
    next_step = models.CharField(_("next"), max_length=7, choices=Next.choices, default=Next.NOTHING)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    settled_at = models.DateTimeField(_("seen to"), null=True, blank=True)
    sealed_by = "person"

    objects = models.Manager.from_queryset(StepQuerySet)()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["pause", "complete", "end"]), name="step_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(next_step__in=["nothing", "another", "break", "talk"]), name="step_next_is_known"
            ),
            OnlySealed(condition=Q(reason__is_sealed=True), name="step_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"Step #{self.pk}"


class FarewellQuerySet(models.QuerySet["Farewell"]):
    def visible_to(self, user: User) -> Self:
        """One's own whole; of the other's only what they let one hear (`heard_by`)."""
        return self.filter(person=user)

    def heard_by(self, user: User) -> Self:
        """Those of others whose `hear` is meant for this person, once it was sent."""
        theirs = self.filter(pairing__in=Pairing.objects.of(user).begun(), sent_at__isnull=False)
        return theirs.exclude(person=user).filter(hear__is_empty=False)

    def unanswered(self) -> Self:
        return self.filter(answered_at__isnull=True)

    def without_one(self, pairings: PairingQuerySet) -> PairingQuerySet:
        """Those of these pairings of whose end one of the two was not asked yet."""
        asked = self.filter(pairing=OuterRef("pk"))
        mentor, mentee = asked.filter(person=OuterRef("mentor")), asked.filter(person=OuterRef("mentee"))
        return pairings.filter(~Exists(mentor) | ~Exists(mentee))


class Farewell(Sealed):
    """What one of the two will keep of a pairing that ends, which is theirs alone; and what the other should hear."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="farewells", verbose_name=_("pairing"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="farewells", verbose_name=_("person")
    )
    keep = SealedText(_("what I will keep"), max_length=LONGEST_FAREWELL)
    hear = SealedText(_("what they should hear"), max_length=LONGEST_FAREWELL)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # When the other one could read `hear` for the first time.
    sent_at = models.DateTimeField(_("said to the other"), null=True, blank=True)
    sealed_by = "person"

    objects = models.Manager.from_queryset(FarewellQuerySet)()

    class Meta:
        verbose_name = _("farewell")
        verbose_name_plural = _("farewells")
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person"], name="farewell_once_each"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(answered_at__isnull=False),
                name="farewell_sent_was_answered",
            ),
            OnlySealed(condition=Q(keep__is_sealed=True, hear__is_sealed=True), name="farewell_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"Farewell #{self.pk}"


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(state=Extension.State.PROPOSED)


class Extension(models.Model):
    """One of the two would like to go on until a later day; it takes the other's yes."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Not wanted")
        WITHDRAWN = "withdrawn", _("Taken back")
        LAPSED = "lapsed", _("Lapsed")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="extensions", verbose_name=_("pairing"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="extensions_proposed",
        verbose_name=_("proposed by"),
    )
    until = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PROPOSED)
    created_at = models.DateTimeField(_("proposed"), default=timezone.now)
    closed_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = models.Manager.from_queryset(ExtensionQuerySet)()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(state="proposed"), name="extension_open_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed", "declined", "withdrawn", "lapsed"]),
                name="extension_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", closed_at__isnull=True)
                | (~Q(state="proposed") & Q(closed_at__isnull=False)),
                name="extension_is_closed_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Extension #{self.pk}"


class SilenceQuerySet(models.QuerySet["Silence"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(person=user)

    def unanswered(self) -> Self:
        return self.filter(answered_at__isnull=True)


class Silence(models.Model):
    """One of the two of a pairing from which nothing was heard is asked how it is: first, again, and before it is
    closed by the clock. A silence is over with the first sign of either; the next one begins anew (`since`)."""

    class Number(models.IntegerChoices):
        FIRST = 1, _("Asked")
        AGAIN = 2, _("Asked again")
        LAST = 3, _("Told that it will be closed")

    class Answer(models.TextChoices):
        IN_TOUCH = "in_touch", _("We are in touch")
        PAUSE = "pause", _("It rests for a while")
        END = "end", _("It is over")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="silences", verbose_name=_("pairing"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="silences", verbose_name=_("person")
    )
    # The day of the last sign before it.
    since = models.DateField(_("silent since"))
    number = models.PositiveSmallIntegerField(_("time"), choices=Number.choices)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = models.Manager.from_queryset(SilenceQuerySet)()

    class Meta:
        verbose_name = _("silence")
        verbose_name_plural = _("silences")
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "person", "since", "number"], name="silence_asked_once_each_time"
            ),
            models.CheckConstraint(condition=Q(number__range=(1, 3)), name="silence_number_is_known"),
            models.CheckConstraint(
                condition=Q(answer__in=["", "in_touch", "pause", "end"]), name="silence_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="silence_is_answered_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Silence #{self.pk}"


class InTouchQuerySet(models.QuerySet["InTouch"]):
    def visible_to(self, user: User) -> Self:
        """One's own answer. The other's yes is told once both have said it."""
        return self.filter(person=user)


class InTouch(models.Model):
    """Whether one of the two of a pairing that is over would like to stay in touch, and to hear of the other twice a
    year. It holds while both say yes; nobody is told of a no."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="in_touch", verbose_name=_("pairing"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="in_touch", verbose_name=_("person")
    )
    wants = models.BooleanField(_("would like to"))
    said_at = models.DateTimeField(_("said"), default=timezone.now)
    # No postcard for this person, though the two are in touch.
    muted_at = models.DateTimeField(_("muted"), null=True, blank=True)

    objects = models.Manager.from_queryset(InTouchQuerySet)()

    class Meta:
        verbose_name = _("being in touch")
        verbose_name_plural = _("being in touch")
        constraints = [models.UniqueConstraint(fields=["pairing", "person"], name="in_touch_once_each")]

    def __str__(self) -> str:
        return f"In touch #{self.pk}"


class PostcardQuerySet(models.QuerySet["Postcard"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and what the other one wrote on theirs."""
        theirs = Q(pairing__in=Pairing.objects.of(user), sent_at__isnull=False)
        return self.filter(Q(person=user) | theirs)


class Postcard(Sealed):
    """Twice a year, of two who are in touch, each is asked for a few lines to the other; both may leave it."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="postcards", verbose_name=_("pairing"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="postcards", verbose_name=_("written by")
    )
    # The first, the second ... since the pairing ended.
    number = models.PositiveSmallIntegerField(_("time"))
    text = SealedText(_("a few lines"), max_length=LONGEST_FAREWELL)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sealed_by = "person"

    objects = models.Manager.from_queryset(PostcardQuerySet)()

    class Meta:
        verbose_name = _("postcard")
        verbose_name_plural = _("postcards")
        constraints = [
            models.UniqueConstraint(fields=["pairing", "person", "number"], name="postcard_once_each_time"),
            OnlySealed(condition=Q(text__is_sealed=True), name="postcard_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"Postcard #{self.pk}"
