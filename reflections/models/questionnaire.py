"""The questions, as rows that an admin edits. A round copies them, so an edit never changes what was already asked."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import validate_slug
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Program

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_QUESTION = 300
LONGEST_HELP = 500


class RoleSet(models.TextChoices):
    """Which of the three sets of questions a person is asked."""

    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")
    BOTH = "both", _("Both")


class Step(models.TextChoices):
    """The named steps of the page of the quarter, in their order."""

    FIRST = "first", _("First thoughts")
    ASIDE = "aside", _("Set it aside")
    AGAIN = "again", _("Look again")
    HARD = "hard", _("Hard and clear")
    BOTH_WAYS = "both_ways", _("Both ways")
    VALUES = "values", _("What you care about")
    THANKS = "thanks", _("Trust and thanks")
    CLOSE = "close", _("To close")
    # Not among the others: its questions have a door of their own, and nothing is asked after them.
    ROUGH = "rough", _("A rough quarter")


class PromptKind(models.TextChoices):
    """What stands below a question. Nothing in it is a number."""

    WORDS = "words", _("one text")
    AGAIN = "again", _("up to three moments, with cues to look again")
    BEFORE_AFTER = "before", _("a before and an after")
    VALUES = "values", _("values, each beside the moment that shows it")
    CARRY = "carry", _("one thing to carry, and what becomes of what was set aside")


class PromptFields(models.Model):
    """What a prompt and its copy in a round have in common."""

    # It stands in the address of the question's page.
    code = models.CharField(_("code"), max_length=12, validators=[validate_slug])
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    kind = models.CharField(
        _("what is written"), max_length=6, choices=PromptKind.choices, default=PromptKind.WORDS
    )
    text = models.CharField(_("question"), max_length=LONGEST_QUESTION)
    help_text = models.CharField(_("help"), max_length=LONGEST_HELP, blank=True)
    examples = models.TextField(
        _("examples"),
        blank=True,
        help_text=_(
            "Invented answers, one on each line, of which two are shown. They stay folded until asked for."
        ),
    )
    mentor_position = models.PositiveSmallIntegerField(
        _("place among a mentor's questions"), null=True, blank=True
    )
    mentee_position = models.PositiveSmallIntegerField(
        _("place among a mentee's questions"), null=True, blank=True
    )
    both_position = models.PositiveSmallIntegerField(
        _("place for somebody who is both"), null=True, blank=True
    )
    is_locked = models.BooleanField(
        _("can never be shared"), default=False, help_text=_("The answer stays with its writer, always.")
    )
    is_short = models.BooleanField(_("in the five-minute set"), default=False)
    needs_care = models.BooleanField(
        _("ask again before sharing"), default=False, help_text=_("For hard calls and brave tries.")
    )

    class Meta:
        abstract = True


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def administered_by(self, user: User) -> Self:
        """A program admin's own programs' questionnaires; the default one belongs to superusers."""
        if user.is_superuser and user.is_active:
            return self.all()
        return self.filter(program__in=Program.objects.administered_by(user))

    def for_program(self, program: Program) -> "Questionnaire":
        """The program's own questionnaire, else the default one. Raises DoesNotExist where neither is there."""
        return (
            self.filter(models.Q(program=program) | models.Q(program=None))
            .order_by(models.F("program").asc(nulls_last=True))[:1]
            .get()
        )


class Questionnaire(models.Model):
    name = models.CharField(_("name"), max_length=120)
    program = models.OneToOneField(
        Program,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="questionnaire",
        verbose_name=_("program"),
        help_text=_("Leave empty for the questions of every program without its own."),
    )

    prompts: "RelatedManager[Prompt]"
    editions: "RelatedManager[Edition]"
    objects = models.Manager.from_queryset(QuestionnaireQuerySet)()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                models.Case(models.When(program__isnull=True, then=models.Value(1))),
                name="questionnaire_one_default",
                violation_error_message=_("There already is a default questionnaire."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Prompt(PromptFields):
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="prompts", verbose_name=_("questionnaire")
    )
    is_rotating = models.BooleanField(
        _("rotating"), default=False, help_text=_("At most two rotating questions are asked in a quarter.")
    )
    is_yearly = models.BooleanField(
        _("once a year"), default=False, help_text=_("Asked in the last quarter of the program’s year only.")
    )
    is_active = models.BooleanField(_("asked"), default=True)

    translations: "RelatedManager[PromptTranslation]"

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["questionnaire", "mentor_position", "mentee_position", "both_position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="prompt_code_once_per_questionnaire",
                violation_error_message=_("This questionnaire already has a prompt with this code."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    @cached_property
    def wordings(self) -> dict[str, dict[str, str]]:
        """Its translations by language, as a round copies them (`Question.wordings`)."""
        return {
            row.language: {"text": row.text, "help_text": row.help_text}
            for row in sorted(self.translations.all(), key=lambda row: row.language)
        }


class PromptTranslation(models.Model):
    """A prompt in another language than it was written in. Who reads in none of these reads it as it was written."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="translations", verbose_name=_("prompt"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.CharField(_("question"), max_length=LONGEST_QUESTION)
    help_text = models.CharField(_("help"), max_length=LONGEST_HELP, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("translation of a prompt")
        verbose_name_plural = _("translations of prompts")
        ordering = ["prompt", "language"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "language"], name="prompt_translation_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="prompt_translation_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.prompt.code} ({self.language})"


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest_first(self) -> Self:
        return self.order_by("-number")


class Edition(models.Model):
    """A questionnaire as it was asked, word by word. One that a round has copied never changes again.

    `prompts` are the fields of each prompt, with its wordings in other languages (reflections/editions.py).
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="editions", verbose_name=_("questionnaire")
    )
    number = models.PositiveIntegerField(_("edition"))
    prompts: Any = models.JSONField(_("prompts"), default=list, editable=False)
    published_at = models.DateTimeField(_("published"))

    author: "EditionAuthor"
    objects = models.Manager.from_queryset(EditionQuerySet)()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["questionnaire", "number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="edition_number_once")
        ]

    def __str__(self) -> str:
        return f"Edition {self.number}"

    @property
    def publisher(self) -> User | None:
        """Nobody, where it came with the software, or whoever it was is gone."""
        found: EditionAuthor | None = getattr(self, "author", None)
        return found.person if found is not None else None


class EditionAuthor(models.Model):
    """Who made an edition. A row of its own, so that it goes with them, and the edition, which is nobody's, stays."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="author", verbose_name=_("edition"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="authored_editions",
        verbose_name=_("published by"),
    )

    objects = models.Manager()

    class Meta:
        verbose_name = _("author of an edition")
        verbose_name_plural = _("authors of editions")

    def __str__(self) -> str:
        return f"Author of an edition #{self.pk}"
