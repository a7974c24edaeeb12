"""What a program asks of a pair: must-haves and weights, as those who run it set them (matching/criteria.py)."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .program import Program
from .question import EnrollmentQuestion

HALF_HOURS_OF_A_WEEK = 336
WIDEST_GAP = 24 * 60  # minutes
MOST_STEPS = 9


class Weight(models.TextChoices):
    OFF = "off", _("Off")
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Likeness(models.TextChoices):
    SAME = "same", _("The same")
    DIFFERENT = "different", _("Different")


class MatchingCriteriaQuerySet(models.QuerySet["MatchingCriteria"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def of(self, program: Program) -> "MatchingCriteria":
        """The program's; what holds until somebody sets them, in no row, where nobody has."""
        return self.filter(program=program).first() or self.model(program=program)


def _weight(name: Any, default: Weight) -> "models.CharField[str, str]":
    return models.CharField(name, max_length=6, choices=Weight.choices, default=default)


class MatchingCriteria(models.Model):
    """One row for a program. Which of its questions count is in `MatchingQuestion`."""

    WEIGHTS = ("skills", "languages", "hours", "interests", "seniority", "department")

    program = models.OneToOneField(
        Program,
        models.CASCADE,
        related_name="matching_criteria",
        primary_key=True,
        verbose_name=_("program"),
    )
    # Must-haves.
    language_in_common = models.BooleanField(_("a language in common"), default=False)
    half_hours_shared = models.PositiveSmallIntegerField(
        _("half hours in common in a week, at least"),
        default=0,
        validators=[MaxValueValidator(HALF_HOURS_OF_A_WEEK)],
    )
    zone_gap = models.PositiveSmallIntegerField(
        _("minutes between their clocks, at most"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(WIDEST_GAP)],
    )
    outside_reporting_line = models.BooleanField(_("neither reports to the other"), default=True)
    other_department = models.BooleanField(_("another department"), default=False)
    not_again = models.BooleanField(_("nobody they were paired with before"), default=True)
    # Weights.
    skills = _weight(_("skills sought and offered"), Weight.HIGH)
    languages = _weight(_("languages"), Weight.LOW)
    hours = _weight(_("hours in common"), Weight.MEDIUM)
    interests = _weight(_("interests"), Weight.OFF)
    seniority = _weight(_("seniority"), Weight.OFF)
    department = _weight(_("department"), Weight.OFF)
    # What the weights look for.
    half_hours_wanted = models.PositiveSmallIntegerField(
        _("half hours in a week that are enough"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(HALF_HOURS_OF_A_WEEK)],
    )
    seniority_gap = models.SmallIntegerField(
        _("steps that the mentor is ahead"),
        default=2,
        validators=[MinValueValidator(-MOST_STEPS), MaxValueValidator(MOST_STEPS)],
    )
    department_wanted = models.CharField(
        _("department at best"), max_length=9, choices=Likeness.choices, default=Likeness.DIFFERENT
    )
    # Which of the program's questions tell it. Only answers that the pair reads count here, for reasons name them.
    interests_from = models.ForeignKey(
        EnrollmentQuestion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("question that asks for interests"),
    )
    seniority_from = models.ForeignKey(
        EnrollmentQuestion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("question that asks for seniority, its answers from junior to senior"),
    )

    objects = models.Manager.from_queryset(MatchingCriteriaQuerySet)()

    class Meta:
        verbose_name = _("what makes a good pair")
        verbose_name_plural = _("what makes a good pair")
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{part}__in": ["off", "low", "medium", "high"]}),
                    name=f"criteria_weight_of_{part}_is_known",
                )
                for part in ("skills", "languages", "hours", "interests", "seniority", "department")
            ),
            models.CheckConstraint(
                condition=Q(department_wanted__in=["same", "different"]),
                name="criteria_department_wanted_is_known",
            ),
            models.CheckConstraint(
                condition=Q(half_hours_shared__range=(0, HALF_HOURS_OF_A_WEEK))
                & Q(half_hours_wanted__range=(1, HALF_HOURS_OF_A_WEEK)),
                name="criteria_half_hours_are_of_a_week",
            ),
            models.CheckConstraint(
                condition=Q(zone_gap__isnull=True) | Q(zone_gap__range=(0, WIDEST_GAP)),
                name="criteria_zone_gap_is_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(seniority_gap__range=(-MOST_STEPS, MOST_STEPS)),
                name="criteria_seniority_gap_is_a_few_steps",
            ),
        ]

    def __str__(self) -> str:
        return f"What makes a good pair in program #{self.program_id}"


class MatchingQuestionQuerySet(models.QuerySet["MatchingQuestion"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(question__program__in=Program.objects.administered_by(user))


class MatchingQuestion(models.Model):
    """A question with answers to choose from that counts: as a must-have, with a weight, or both."""

    question = models.OneToOneField(
        EnrollmentQuestion,
        models.CASCADE,
        related_name="counts",
        primary_key=True,
        verbose_name=_("question"),
    )
    must = models.CharField(_("must be"), max_length=9, choices=Likeness.choices, blank=True)
    weight = models.CharField(_("weight"), max_length=6, choices=Weight.choices, default=Weight.OFF)
    wanted = models.CharField(_("at best"), max_length=9, choices=Likeness.choices, default=Likeness.SAME)

    objects = models.Manager.from_queryset(MatchingQuestionQuerySet)()

    class Meta:
        verbose_name = _("question that counts")
        verbose_name_plural = _("questions that count")
        constraints = [
            models.CheckConstraint(
                condition=Q(must__in=["", "same", "different"], wanted__in=["same", "different"]),
                name="matching_question_likeness_is_known",
            ),
            models.CheckConstraint(
                condition=Q(weight__in=["off", "low", "medium", "high"]),
                name="matching_question_weight_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"How question #{self.question_id} counts"
