"""What those who run a program ask whoever asks for a place, and what they were answered.

An answer holds the wording that it was given to and the readers that it was promised: changing, retiring or deleting
the question never touches it.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .enrollment import Enrollment
from .pairing import Pairing
from .program import Program

LONGEST_SHORT, LONGEST_LONG = 300, 4000
LONGEST_OPTION = 120
MOST_OPTIONS = 30


class EnrollmentQuestionQuerySet(models.QuerySet["EnrollmentQuestion"]):
    def asked(self) -> Self:
        return self.filter(is_active=True)

    def choosing(self) -> Self:
        """Those of which answers are chosen, so that the answers of two people can be compared."""
        return self.filter(kind__in=EnrollmentQuestion.CHOOSING)

    def for_role(self, role: str) -> Self:
        """Those that somebody in this role is asked; whoever is both is asked all of them."""
        if role == Enrollment.Role.BOTH:
            return self
        side = "mentors" if role == Enrollment.Role.MENTOR else "mentees"
        return self.filter(asked_of__in=["everyone", side])

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class EnrollmentQuestion(models.Model):
    class Kind(models.TextChoices):
        SHORT = "short", _("A few words")
        LONG = "long", _("Several lines")
        CHOICE = "choice", _("One of several")
        CHOICES = "choices", _("Any of several")

    class AskedOf(models.TextChoices):
        EVERYONE = "everyone", _("Everybody")
        MENTORS = "mentors", _("Mentors")
        MENTEES = "mentees", _("Mentees")

    class Audience(models.TextChoices):
        ADMINS = "admins", _("Only those who run the program")
        PAIRING = "pairing", _("Shown to my pairing")

    CHOOSING = (Kind.CHOICE, Kind.CHOICES)

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="enrollment_questions", verbose_name=_("program")
    )
    # What stays when the wording changes, or the program is made anew next year: by it an earlier answer is found.
    code = models.SlugField(_("short name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("question"), max_length=300)
    help_text = models.CharField(_("help"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SHORT)
    options = ArrayField(
        models.CharField(max_length=LONGEST_OPTION),
        verbose_name=_("answers to choose from"),
        default=list,
        blank=True,
    )
    is_required = models.BooleanField(_("required"), default=False)
    asked_of = models.CharField(
        _("asked of"), max_length=10, choices=AskedOf.choices, default=AskedOf.EVERYONE
    )
    audience = models.CharField(
        _("who reads the answer"), max_length=10, choices=Audience.choices, default=Audience.ADMINS
    )
    is_active = models.BooleanField(_("asked"), default=True)

    objects = models.Manager.from_queryset(EnrollmentQuestionQuerySet)()

    class Meta:
        verbose_name = _("enrollment question")
        verbose_name_plural = _("enrollment questions")
        ordering = ["program", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "code"],
                name="enrollment_question_code_once",
                violation_error_message=_("Another question of this program has this short name."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["short", "long", "choice", "choices"]),
                name="enrollment_question_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(asked_of__in=["everyone", "mentors", "mentees"]),
                name="enrollment_question_is_asked_of_known",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["admins", "pairing"]), name="enrollment_question_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["choice", "choices"], options__len__range=(2, MOST_OPTIONS))
                | Q(kind__in=["short", "long"], options=[]),
                name="enrollment_question_offers_what_it_asks",
                violation_error_message=_(
                    "Write two to thirty answers to choose from, or choose another kind."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class EnrollmentAnswerQuerySet(models.QuerySet["EnrollmentAnswer"]):
    def for_pairing(self) -> Self:
        """What its writer was told that their pairing reads."""
        return self.filter(audience=EnrollmentQuestion.Audience.PAIRING)

    def visible_to(self, user: User) -> Self:
        """One's own; and, while a pairing is under way, what the other one was told that it shows.

        By the readers that were promised when it was given, not by those whom the question names today.
        """
        under_way = Pairing.objects.under_way().filter(program=OuterRef("enrollment__program"))
        with_them = under_way.filter(
            Q(mentor=user, mentee=OuterRef("enrollment__person"))
            | Q(mentee=user, mentor=OuterRef("enrollment__person"))
        )
        return self.filter(
            Q(enrollment__person=user) | Q(Exists(with_them), audience=EnrollmentQuestion.Audience.PAIRING)
        )

    def administered_by(self, user: User) -> Self:
        return self.filter(enrollment__program__in=Program.objects.administered_by(user))


class EnrollmentAnswer(models.Model):
    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="answers", verbose_name=_("enrollment")
    )
    question = models.ForeignKey(
        EnrollmentQuestion,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="answers",
        verbose_name=_("question"),
    )
    code = models.SlugField(_("short name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    asked = models.CharField(_("as it was asked"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=EnrollmentQuestion.Kind.choices)
    audience = models.CharField(_("who reads it"), max_length=10, choices=EnrollmentQuestion.Audience.choices)
    text = models.TextField(_("answer"), max_length=4000, blank=True)
    chosen = ArrayField(
        models.CharField(max_length=LONGEST_OPTION), verbose_name=_("chosen"), default=list, blank=True
    )
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)

    objects = models.Manager.from_queryset(EnrollmentAnswerQuerySet)()

    class Meta:
        verbose_name = _("answer of an enrollment")
        verbose_name_plural = _("answers of enrollments")
        ordering = ["enrollment", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "code"], name="enrollment_answer_once_a_question"),
            models.CheckConstraint(
                condition=Q(audience__in=["admins", "pairing"]), name="enrollment_answer_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["short", "long"], chosen=[])
                | Q(kind="choice", text="", chosen__len=1)
                | Q(kind="choices", text="", chosen__len__gte=1),
                name="enrollment_answer_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"Answer #{self.pk}"
