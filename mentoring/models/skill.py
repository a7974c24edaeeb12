"""What people of a program can help with, and want to learn: one list per program, which those who run it keep."""

from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .enrollment import Enrollment
from .program import Program


class SkillQuerySet(models.QuerySet["Skill"]):
    def listed(self) -> Self:
        """Those that everybody in the program finds when choosing."""
        return self.filter(state=Skill.State.LISTED)

    def proposed(self) -> Self:
        """Those that somebody added and nobody has looked at yet: used already, suggested to nobody else."""
        return self.filter(state=Skill.State.PROPOSED)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class Skill(models.Model):
    """One entry of a program's list. A name is there once, however it is capitalized.

    Merging leaves the old name behind, pointing to the entry that it now means, so that whoever writes it next is
    understood.
    """

    class State(models.TextChoices):
        LISTED = "listed", _("Listed")
        PROPOSED = "proposed", _("Proposed")
        MERGED = "merged", _("Merged")

    program = models.ForeignKey(Program, models.CASCADE, related_name="skills", verbose_name=_("program"))
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.LISTED)
    merged_into = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="also_called",
        verbose_name=_("merged into"),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(SkillQuerySet)()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["program", Lower("name").asc()]
        constraints = [
            models.UniqueConstraint(
                "program",
                Lower("name"),
                name="skill_once_per_program",
                violation_error_message=_("This skill is on the program’s list already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["listed", "proposed", "merged"]), name="skill_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="skill_is_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnrollmentSkillQuerySet(models.QuerySet["EnrollmentSkill"]):
    def by_side(self) -> "list[Chosen]":
        """The names, by side, in the order in which they were chosen; a side without any is not there. One query."""
        names: dict[str, list[str]] = {side: [] for side in EnrollmentSkill.Side.values}
        for row in self.select_related("skill").order_by("pk"):
            names[row.side].append(row.skill.name)
        return [Chosen(EnrollmentSkill.Side(side), said) for side, said in names.items() if said]


class EnrollmentSkill(models.Model):
    """A skill that somebody offers, or seeks, in one program."""

    class Side(models.TextChoices):
        OFFERS = "offers", _("Can help with")
        SEEKS = "seeks", _("Wants to learn")

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="skills", verbose_name=_("enrollment")
    )
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="uses", verbose_name=_("skill"))
    side = models.CharField(_("side"), max_length=6, choices=Side.choices)

    objects = models.Manager.from_queryset(EnrollmentSkillQuerySet)()

    class Meta:
        verbose_name = _("skill of an enrollment")
        verbose_name_plural = _("skills of enrollments")
        ordering = ["enrollment", "side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "side", "skill"], name="enrollment_skill_once_a_side"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["offers", "seeks"]), name="enrollment_skill_side_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Skill of enrollment #{self.enrollment_id}"


class Chosen(NamedTuple):
    side: EnrollmentSkill.Side
    names: list[str]

    @property
    def label(self) -> str:
        return str(self.side.label)
