"""Surveys: a few questions at the start, in the middle and at the end of somebody's time in a program, which those who
run it read as totals. The prompts are edited; a period copies them, as a round does, so an edit changes no answer.

Nothing in an answer is a number: a choice is kept by the letter of its label among those that were asked.
"""

from datetime import date, datetime, timedelta
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText
from mentoring.models import Program

from .questionnaire import LONGEST_HELP, LONGEST_QUESTION, RoleSet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_SAID = 2000
LONGEST_OPTION = 120
FEWEST_OPTIONS, MOST_OPTIONS = 2, 7
LETTERS = ascii_lowercase[:MOST_OPTIONS]
# So long somebody may answer, and say it otherwise.
OPEN_FOR = timedelta(days=30)


class SurveyKind(models.TextChoices):
    """What stands below a question. Nothing in it is a number."""

    CHOICE = "choice", _("one of several answers")
    SEVERAL = "several", _("any of several answers")
    WORDS = "words", _("a short text")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class Survey(models.Model):
    class Stage(models.TextChoices):
        START = "start", _("At the start")
        MIDDLE = "middle", _("In the middle")
        END = "end", _("At the end")

    program = models.ForeignKey(Program, models.CASCADE, related_name="surveys", verbose_name=_("program"))
    stage = models.CharField(_("when"), max_length=6, choices=Stage.choices)
    is_on = models.BooleanField(
        _("asked"),
        default=False,
        help_text=_("As long as this is off, nobody is asked. Whoever was asked before may still answer."),
    )

    prompts: "RelatedManager[SurveyPrompt]"
    periods: "RelatedManager[SurveyPeriod]"
    objects = models.Manager.from_queryset(SurveyQuerySet)()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        # In the order of the alphabet the end would come first.
        ordering = ["program", "-stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "stage"],
                name="survey_once_per_stage",
                violation_error_message=_("This program has that survey already. Change its questions."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["start", "middle", "end"]), name="survey_stage_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.get_stage_display()}"


class SurveyFields(models.Model):
    """What a survey's prompt and its copy in a period have in common."""

    code = models.CharField(_("code"), max_length=12, validators=[validate_slug])
    kind = models.CharField(
        _("what is asked for"), max_length=7, choices=SurveyKind.choices, default=SurveyKind.CHOICE
    )
    text = models.CharField(_("question"), max_length=LONGEST_QUESTION)
    help_text = models.CharField(_("help"), max_length=LONGEST_HELP, blank=True)
    options = models.TextField(
        _("answers"),
        blank=True,
        help_text=_("From two to seven, one on each line, in words. Leave it empty for a short text."),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=10)
    # Its translations by language: {"de": {"text": ..., "help_text": ..., "options": [...], "of": [...]}}. Those of its
    # answers hold for the answers that stand in "of": a letter means the same in each language, or is not translated.
    wordings: Any = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]

    @property
    def asked(self) -> str:
        """In the reader's language, where the program or we have a translation; else as it was written."""
        return str(self._wording.get("text", "")) or gettext(self.text)

    @property
    def helped(self) -> str:
        if not self.help_text:
            return ""
        return str(self._wording.get("help_text", "")) or gettext(self.help_text)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Each letter with its label in the reader's language."""
        labels = self.lines_in(get_language() or "") or [gettext(line) for line in self.lines]
        return list(zip(LETTERS, labels, strict=False))

    def lines_in(self, language: str) -> list[str]:
        """The answers as the program translated them; none where they were changed since, or never translated."""
        wording = self.wordings.get(language, {})
        return list(wording.get("options", [])) if wording.get("of") == self.lines else []

    @property
    def _wording(self) -> dict[str, Any]:
        wording: dict[str, Any] = self.wordings.get(get_language() or "", {})
        return wording


class SurveyPrompt(SurveyFields):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="prompts", verbose_name=_("survey"))
    is_active = models.BooleanField(_("asked"), default=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("question of a survey")
        verbose_name_plural = _("questions of surveys")
        ordering = ["survey", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"],
                name="survey_prompt_code_once",
                violation_error_message=_("This survey already has a question with this code."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["choice", "several", "words"]), name="survey_prompt_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    def clean(self) -> None:
        """Raises ValidationError where the answers do not fit the kind."""
        lines = self.lines
        if self.kind == SurveyKind.WORDS:
            if lines:
                raise ValidationError({"options": _("A short text has no answers to choose from.")})
            return
        if not FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
            raise ValidationError({"options": _("Write from two to seven answers, one on each line.")})
        if problem := problem_with_answers(lines):
            raise ValidationError({"options": problem})


def problem_with_answers(lines: list[str]) -> str:
    """What is wrong with these answers, in whatever language; "" where nothing is."""
    if len(set(lines)) < len(lines):
        return gettext("One of the answers stands there twice.")
    if any(len(line) > LONGEST_OPTION for line in lines):
        return gettext("An answer has at most %(number)d characters.") % {"number": LONGEST_OPTION}
    if any(not any(sign.isalpha() for sign in line) for line in lines):
        return gettext("Say each answer in words. Nobody gets points here.")
    return ""


class SurveyPeriodQuerySet(models.QuerySet["SurveyPeriod"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(survey__in=Survey.objects.administered_by(user))

    def going_on(self) -> Self:
        return self.filter(told_at__isnull=True)

    def told(self) -> Self:
        """Those that are closed, the newest first. Whether anything may be said of one stands in its totals."""
        return self.filter(told_at__isnull=False).order_by("-begins_on", "-pk")


class SurveyPeriod(models.Model):
    """The quarter, or quarters, of one survey whose answers are told together, and the questions as they were asked.

    `totals` are worked out once, when nobody can answer any more, and stay what they are: nobody's answer follows from
    what was told before and after it (reflections/survey_results.py).
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="periods", verbose_name=_("survey"))
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    # Who is asked now is asked in it; False once another one has taken its place, or it is told.
    is_current = models.BooleanField(default=True, editable=False)
    told_at = models.DateTimeField(_("results since"), null=True, blank=True, editable=False)
    totals: Any = models.JSONField(default=dict, blank=True, editable=False)

    questions: "RelatedManager[SurveyQuestion]"
    sheets: "RelatedManager[SurveySheet]"
    objects = models.Manager.from_queryset(SurveyPeriodQuerySet)()

    class Meta:
        verbose_name = _("period of a survey")
        verbose_name_plural = _("periods of surveys")
        ordering = ["survey", "-begins_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey"], condition=Q(is_current=True), name="survey_period_one_current"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="survey_period_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(is_current=False), name="survey_period_told_is_over"
            ),
        ]

    def __str__(self) -> str:
        return f"Period {self.pk}"

    @property
    def opens_results_on(self) -> date:
        """Nobody who was asked in it can answer any more on that day, in whatever zone."""
        return self.ends_on + OPEN_FOR + timedelta(days=2)


class SurveyQuestion(SurveyFields):
    """A prompt as this period asks it: a copy, so that no later edit changes what somebody answered."""

    period = models.ForeignKey(
        SurveyPeriod, models.CASCADE, related_name="questions", verbose_name=_("period")
    )

    objects = models.Manager()

    class Meta:
        verbose_name = _("question as a survey asked it")
        verbose_name_plural = _("questions as surveys asked them")
        ordering = ["period", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["period", "code"], name="survey_question_code_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class SurveySheetQuerySet(models.QuerySet["SurveySheet"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's: those who run the program read totals, and words without a name."""
        return self.filter(person=user)

    def open_at(self, now: datetime) -> Self:
        """Those that may still be answered, or answered otherwise."""
        return self.filter(closes_at__gt=now, period__told_at__isnull=True)

    def answered(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def waiting(self) -> Self:
        """Neither answered nor put aside."""
        return self.filter(answered_at__isnull=True, declined_at__isnull=True)


class SurveySheet(models.Model):
    """One survey before one person: asked of them once in a program."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="sheets", verbose_name=_("survey"))
    period = models.ForeignKey(SurveyPeriod, models.CASCADE, related_name="sheets", verbose_name=_("period"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="survey_sheets", verbose_name=_("person")
    )
    role = models.CharField(_("asked as"), max_length=10, choices=RoleSet.choices)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    closes_at = models.DateTimeField(_("open until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    declined_at = models.DateTimeField(_("not now"), null=True, blank=True)

    answers: "RelatedManager[SurveyAnswer]"
    objects = models.Manager.from_queryset(SurveySheetQuerySet)()

    class Meta:
        verbose_name = _("survey before a person")
        verbose_name_plural = _("surveys before people")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], name="survey_sheet_once_for_each_person"),
            models.CheckConstraint(
                condition=Q(role__in=["mentor", "mentee", "both"]), name="survey_sheet_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("asked_at")), name="survey_sheet_closes_later"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(declined_at__isnull=True),
                name="survey_sheet_is_answered_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"Survey sheet #{self.pk}"

    def is_open_at(self, now: datetime) -> bool:
        return now < self.closes_at and self.period.told_at is None


class SurveyAnswerQuerySet(models.QuerySet["SurveyAnswer"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(sheet__person=user)

    def words_told_in(self, period: SurveyPeriod) -> Self:
        """What people wrote there, for those who run the program: once it is closed and five people have answered.

        In the order of random numbers that are drawn for each text: neither that of time nor that of people.
        """
        if not period.totals.get("answered"):
            return self.none()
        texts = self.filter(question__period=period, text__is_empty=False)
        return texts.select_related("question", "sheet").order_by("question__position", "question", "seal_id")


class SurveyAnswer(Sealed):
    """What somebody answered one question of a survey with: letters of its answers, or a short text."""

    sheet = models.ForeignKey(SurveySheet, models.CASCADE, related_name="answers", verbose_name=_("survey"))
    question = models.ForeignKey(
        SurveyQuestion, models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    chosen = ArrayField(models.CharField(max_length=1), verbose_name=_("answers"), default=list, blank=True)
    text = SealedText(_("what you wrote"), max_length=LONGEST_SAID)
    sealed_by = "sheet__person"

    objects = models.Manager.from_queryset(SurveyAnswerQuerySet)()

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True), name="survey_answer_is_sealed"),
            models.UniqueConstraint(fields=["sheet", "question"], name="survey_answer_once_to_a_question"),
            models.CheckConstraint(
                condition=Q(text__is_empty=False) | Q(chosen__len__gt=0), name="survey_answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"Survey answer #{self.pk}"

    @property
    def said(self) -> list[str]:
        """The labels of what was chosen, as they were asked, in the reader's language."""
        return [label for letter, label in self.question.choices if letter in self.chosen]
