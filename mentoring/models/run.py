"""Matching runs: what was proposed, by which criteria, what an admin made of it, and who told the people."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .pairing import Pairing
from .program import Program

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_LETTER = 4000


class MatchingRunQuerySet(models.QuerySet["MatchingRun"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def unclaimed(self, now: datetime) -> Self:
        """Those to be worked on, which nobody works on: their worker's time is over where there was one."""
        waiting = self.filter(state=MatchingRun.State.MAKING)
        return waiting.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))

    def made(self) -> Self:
        return self.filter(state=MatchingRun.State.MADE)


class MatchingRun(models.Model):
    """One proposal of pairs for the people of a program who have none. It is kept, whatever becomes of it."""

    class State(models.TextChoices):
        MAKING = "making", _("being made")
        MADE = "made", _("made")
        FAILED = "failed", _("could not be made")
        LEFT = "left", _("put away")

    class Stage(models.IntegerChoices):
        """How far a worker is with it."""

        WAITING = 0, _("Waiting for a worker")
        PEOPLE = 1, _("Reading what people offer and seek")
        BEST = 2, _("Looking for the best pairs")
        REASONS = 3, _("Asking why some are without")
        DONE = 4, _("Done")

    program = models.ForeignKey(Program, models.CASCADE, related_name="runs", verbose_name=_("program"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.MAKING)
    stage = models.PositiveSmallIntegerField(_("stage"), choices=Stage.choices, default=Stage.WAITING)
    # The run whose locked pairs were kept.
    after = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by", verbose_name=_("after")
    )
    # In whose name a worker acts, too.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="runs",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    # The criteria as they were: {field: value}, and `questions`: [{code, must, weight, wanted}].
    criteria = models.JSONField(_("criteria"), default=dict, editable=False)
    # A hash of all that went in: another one today means that people, or what is asked of them, have changed.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    mentees = models.PositiveIntegerField(_("mentees without a mentor"), default=0)
    mentors = models.PositiveIntegerField(_("mentors with room"), default=0)
    # As the solver found it; what an admin changes by hand does not alter it.
    matched = models.PositiveIntegerField(_("matched"), default=0)
    total_fit = models.PositiveBigIntegerField(_("fit of all together"), default=0)
    worst_fit = models.PositiveIntegerField(_("worst pair"), null=True, blank=True)
    best_fit = models.PositiveIntegerField(_("best possible"), default=0)
    problem = models.CharField(_("what was wrong"), max_length=300, blank=True, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    pairs: "RelatedManager[ProposedPair]"
    without: "RelatedManager[WithoutMatch]"
    publications: "RelatedManager[Publication]"
    objects = models.Manager.from_queryset(MatchingRunQuerySet)()

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["making", "made", "failed", "left"]), name="run_state_is_known"
            ),
            models.CheckConstraint(condition=Q(stage__range=(0, 4)), name="run_stage_is_known"),
            models.CheckConstraint(
                condition=Q(state="making", finished_at__isnull=True)
                | (~Q(state="making") & Q(finished_at__isnull=False)),
                name="run_is_finished_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True) | Q(state="making"), name="run_is_claimed_while_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.created_at:%Y-%m-%d %H:%M}"


class Publication(models.Model):
    """Pairs of a run that were told: by whom, when, and with which words to each side."""

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="publications", verbose_name=_("run"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="publications",
        verbose_name=_("published by"),
    )
    created_at = models.DateTimeField(_("published"), default=timezone.now, editable=False)
    approval = models.CharField(_("who says yes"), max_length=10, choices=Program.Approval.choices)
    starts_on = models.DateField(_("begins on"))
    to_mentors = models.TextField(_("to the mentors"), max_length=LONGEST_LETTER, blank=True)
    to_mentees = models.TextField(_("to the mentees"), max_length=LONGEST_LETTER, blank=True)

    pairs: "RelatedManager[ProposedPair]"

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approval__in=["both", "mentor", "mentee", "admins"]),
                name="publication_approval_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"Publication #{self.pk}"


class ProposedPairQuerySet(models.QuerySet["ProposedPair"]):
    def draft(self) -> Self:
        """Those that nobody has been told of."""
        return self.filter(publication__isnull=True)

    def with_people(self) -> Self:
        return self.select_related("mentor", "mentee")


class ProposedPair(models.Model):
    """One pair of a run: as the solver found it, or as an admin put it together."""

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="pairs", verbose_name=_("run"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("mentee")
    )
    fit = models.PositiveIntegerField(_("fit"))  # Points, 0 to the run's `best_fit`.
    is_locked = models.BooleanField(_("locked"), default=False)
    is_by_hand = models.BooleanField(_("put together by hand"), default=False)
    # Not deleted by itself, but with its run or its program.
    publication = models.ForeignKey(
        Publication, models.RESTRICT, null=True, blank=True, editable=False, related_name="pairs"
    )
    pairing = models.OneToOneField(
        Pairing, models.SET_NULL, null=True, blank=True, editable=False, related_name="proposed"
    )

    objects = models.Manager.from_queryset(ProposedPairQuerySet)()

    class Meta:
        verbose_name = _("proposed pair")
        verbose_name_plural = _("proposed pairs")
        ordering = ["run", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "mentee"], name="proposed_pair_once_for_a_mentee"),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="proposed_pair_of_two_people"),
            models.CheckConstraint(
                condition=Q(pairing__isnull=True) | Q(publication__isnull=False),
                name="proposed_pair_becomes_one_by_publishing",
            ),
        ]

    def __str__(self) -> str:
        return f"Proposed pair #{self.pk}"


class WithoutMatch(models.Model):
    """Somebody for whom the run found nobody. `why` is what mentoring/matching/unmatched.py found, or {} where nobody
    has asked it yet; mentoring/why.py reads and writes it."""

    class Side(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        MENTEE = "mentee", _("Mentee")

    run = models.ForeignKey(MatchingRun, models.CASCADE, related_name="without", verbose_name=_("run"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    side = models.CharField(_("as"), max_length=6, choices=Side.choices)
    why = models.JSONField(_("why"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("person without a match")
        verbose_name_plural = _("people without a match")
        ordering = ["run", "side", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "side", "person"], name="without_match_once"),
            models.CheckConstraint(
                condition=Q(side__in=["mentor", "mentee"]), name="without_match_side_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Without a match #{self.pk}"


class RuledOutQuerySet(models.QuerySet["RuledOut"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def between(self, one: User, other: User) -> Self:
        """Of these two, whichever way round it was said."""
        return self.filter(Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one))


class RuledOut(models.Model):
    """Two people who are never proposed to each other, in either direction. What the two found themselves holds in
    every program; what those who run a program said, in that program."""

    class Because(models.TextChoices):
        ADMINS = "admins", _("Said by those who run the program")
        NOT_A_FIT = "not_a_fit", _("The two were no fit")

    program = models.ForeignKey(Program, models.CASCADE, related_name="ruled_out", verbose_name=_("program"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("mentee")
    )
    because = models.CharField(_("because"), max_length=10, choices=Because.choices, default=Because.ADMINS)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("said by"),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(RuledOutQuerySet)()

    class Meta:
        verbose_name = _("pair that is ruled out")
        verbose_name_plural = _("pairs that are ruled out")
        ordering = ["program", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "mentor", "mentee", "because"], name="ruled_out_once"),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="ruled_out_are_two_people"),
            models.CheckConstraint(
                condition=Q(because__in=["admins", "not_a_fit"]), name="ruled_out_because_is_known"
            ),
        ]

    def __str__(self) -> str:
        return _("%(mentor)s and %(mentee)s") % {"mentor": self.mentor, "mentee": self.mentee}
