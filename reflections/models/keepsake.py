"""The keepsake book: what somebody wrote, as a book that they take with them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText


class KeepsakeQuerySet(models.QuerySet["Keepsake"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's."""
        return self.filter(person=user)

    def ready(self) -> Self:
        return self.filter(state=Keepsake.State.READY)

    def fetchable(self, now: datetime) -> Self:
        """There to be downloaded."""
        return self.ready().filter(expires_at__gt=now)

    def unclaimed(self, now: datetime) -> Self:
        """Those to be made, which nobody is making: their maker's time is over where there was one."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now), state=Keepsake.State.WANTED
        )


class Keepsake(models.Model):
    """One book as it was asked for: which parts, which years (none: all), in which forms."""

    class State(models.TextChoices):
        WANTED = "wanted", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")
        GONE = "gone", _("deleted")

    class Stage(models.TextChoices):
        """How far it is, in words: nothing here is counted."""

        WAITING = "waiting", _("It waits for its turn.")
        READING = "reading", _("Your words are being gathered.")
        PAGES = "pages", _("The pages are being set.")
        KEEPING = "keeping", _("It is being put away for you.")

    class Form(models.TextChoices):
        PDF = "pdf", _("A PDF, to print or to leaf through")
        HTML = "html", _("One web page, to read without a connection")
        MARKDOWN = "markdown", _("Markdown: plain text, for a notebook of your own")
        JSON = "json", _("JSON, for a machine")

    class Part(models.TextChoices):
        MOMENTS = "moments", _("Your moments")
        REFLECTIONS = "reflections", _("Your reflections")
        THANKS = "thanks", _("Notes of thanks, yours and those you were given")
        VALUES = "values", _("What you care about, and the sentences that show it")
        ROOMS = "rooms", _("What you wrote in the rooms of your pairings")
        LOCKED = "locked", _("What you set aside, and what you said to yourself")

    class Problem(models.TextChoices):
        """Why there is no PDF though one was asked for."""

        TOO_LONG = "too_long", _("too long for one PDF")
        NO_PDF = "no_pdf", _("no PDF can be made here")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="keepsakes")
    parts = ArrayField(models.CharField(max_length=11, choices=Part.choices))
    years = ArrayField(models.PositiveSmallIntegerField(), default=list)
    forms = ArrayField(models.CharField(max_length=8, choices=Form.choices))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.WANTED)
    stage = models.CharField(_("how far it is"), max_length=7, choices=Stage.choices, default=Stage.WAITING)
    problem = models.CharField(_("without a PDF because"), max_length=8, choices=Problem.choices, blank=True)
    requested_at = models.DateTimeField(_("asked for"))
    ready_at = models.DateTimeField(_("ready since"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted on"), null=True, blank=True)
    # Whoever makes it holds it by a token for some minutes; whoever comes back later finds that it is not theirs.
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = models.Manager.from_queryset(KeepsakeQuerySet)()

    class Meta:
        verbose_name = _("keepsake book")
        verbose_name_plural = _("keepsake books")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "ready", "failed", "gone"]), name="keepsake_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["waiting", "reading", "pages", "keeping"]),
                name="keepsake_stage_is_known",
            ),
            models.CheckConstraint(
                condition=Q(problem__in=["", "too_long", "no_pdf"]), name="keepsake_problem_is_known"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=["wanted", "ready"]), name="keepsake_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False, expires_at__isnull=False),
                name="keepsake_ready_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(parts__len__gt=0, forms__len__gt=0), name="keepsake_has_a_part_and_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"Keepsake #{self.pk}"


class KeepsakePart(Sealed):
    """A piece of one file of a book, in base64: sealed like the words it is made of, so a copy of the database has no
    book in it that could be read, and whoever's key is deleted has no book left either."""

    keepsake = models.ForeignKey(Keepsake, models.CASCADE, related_name="pieces")
    form = models.CharField(max_length=8, choices=Keepsake.Form.choices)
    number = models.PositiveIntegerField()
    content = SealedText()
    sealed_by = "keepsake__person"

    objects = models.Manager()

    class Meta:
        verbose_name = _("piece of a keepsake book")
        verbose_name_plural = _("pieces of keepsake books")
        constraints = [
            OnlySealed(condition=Q(content__is_sealed=True), name="keepsake_part_is_sealed"),
            models.UniqueConstraint(fields=["keepsake", "form", "number"], name="keepsake_part_once"),
            models.CheckConstraint(
                condition=Q(form__in=["pdf", "html", "markdown", "json"]), name="keepsake_part_form_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Piece of a keepsake #{self.pk}"
