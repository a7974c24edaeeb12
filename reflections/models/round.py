"""A program's reflection for one quarter, and the questions as they were asked."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Enrollment, Program
from mentoring.quarter import Quarter

from .questionnaire import Edition, PromptFields, RoleSet, Step

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

# Invented answers that may be unfolded beside a question.
EXAMPLES = 2


class RoundQuerySet(models.QuerySet["Round"]):
    def open_on(self, today: date) -> Self:
        """Opened and not yet closed. A closed round can still be written in; it is only not asked for."""
        return self.filter(opens_on__lte=today, closes_on__gte=today)

    def unarchived(self) -> Self:
        """Without those of archived programs, which people find by asking for them."""
        return self.exclude(program__status=Program.Status.ARCHIVED)

    def archived(self) -> Self:
        return self.filter(program__status=Program.Status.ARCHIVED)

    def visible_to(self, user: User) -> Self:
        """Rounds that ask this person: of programs in which they have, or had, a place or a pairing that began."""
        # Sets of numbers rather than joins: a join over OR would go through the places of everybody there is.
        places = Enrollment.objects.filter(person=user, status__in=["active", "paused", "completed"])
        return self.filter(
            models.Q(program__in=places.values("program")) | models.Q(pk__in=self._with_own_words(user))
        )

    def _with_own_words(self, user: User) -> "models.QuerySet[Round, int]":
        return Round.objects.filter(reflections__person=user).values_list("pk", flat=True)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class Round(models.Model):
    program = models.ForeignKey(Program, models.CASCADE, related_name="rounds", verbose_name=_("program"))
    quarter_start = models.DateField(_("quarter begins on"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("quarter ends on"))
    closes_on = models.DateField(_("asked for until"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # While those who run the program hold its e-mails back.
    held_at = models.DateTimeField(_("e-mails held since"), null=True, blank=True, editable=False)
    # On which day of the program it was last counted how many have finished (`round_counting`).
    counted_on = models.DateField(null=True, blank=True, editable=False)
    # None for rounds from before editions were kept.
    edition = models.ForeignKey(
        Edition, models.SET_NULL, null=True, blank=True, related_name="rounds", verbose_name=_("asked from")
    )

    questions: "RelatedManager[Question]"
    objects = models.Manager.from_queryset(RoundQuerySet)()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-quarter_start", "program"]
        constraints = [
            models.UniqueConstraint(fields=["program", "quarter_start"], name="round_once_per_quarter"),
            models.CheckConstraint(
                condition=models.Q(quarter_start__lte=models.F("opens_on"))
                & models.Q(opens_on__lte=models.F("due_on"))
                & models.Q(due_on__lte=models.F("closes_on")),
                name="round_opens_then_is_due_then_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.quarter.label}"

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.quarter_start, self.program.fiscal_first_month)

    def is_open_on(self, today: date) -> bool:
        return self.opens_on <= today <= self.closes_on


class QuestionQuerySet(models.QuerySet["Question"]):
    def for_role(self, role: str) -> Self:
        """The questions of one set (a RoleSet value), in the order in which they are asked. Without those of a rough
        quarter, which are `rough_for` it."""
        return self.in_set(role).exclude(step=Step.ROUGH)

    def rough_for(self, role: str) -> Self:
        """What is asked, instead of all the others, of somebody whose quarter was a rough one."""
        return self.in_set(role).filter(step=Step.ROUGH)

    def in_set(self, role: str) -> Self:
        """Both of them."""
        field = {
            RoleSet.MENTOR: "mentor_position",
            RoleSet.MENTEE: "mentee_position",
            RoleSet.BOTH: "both_position",
        }[RoleSet(role)]
        return self.filter(**{f"{field}__isnull": False}).order_by(field, "pk")


class Question(PromptFields):
    """A prompt as this round asks it: a copy, so that no later edit changes what somebody answered."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="questions", verbose_name=_("round"))
    # Its translations by language, as they were when it was asked: {"de": {"text": ..., "help_text": ...}}.
    wordings: Any = models.JSONField(default=dict, blank=True, editable=False)

    objects = models.Manager.from_queryset(QuestionQuerySet)()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [models.UniqueConstraint(fields=["round", "code"], name="question_code_once_per_round")]

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    @property
    def asked(self) -> str:
        """The question in the reader's language, where the program or we have a translation; else as it was written."""
        return self._wording("text") or gettext(self.text)

    @property
    def helped(self) -> str:
        return self._wording("help_text") or (gettext(self.help_text) if self.help_text else "")

    def _wording(self, name: str) -> str:
        wording: dict[str, str] = self.wordings.get(get_language() or "", {})
        return wording.get(name, "")

    @property
    def shown_examples(self) -> list[str]:
        """Invented ones, two at most, in the reader's language where ours has a translation."""
        lines = [line.strip() for line in self.examples.splitlines() if line.strip()]
        return [gettext(line) for line in lines[:EXAMPLES]]

    @property
    def step_label(self) -> str:
        return str(Step(self.step).label)
