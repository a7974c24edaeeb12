"""What the two work towards: goals with small next actions, and a shelf of possibilities."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .pairing import Pairing

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_GOAL = 300
LONGEST_WHY = 600
LONGEST_ACTION = 300


class Side(models.TextChoices):
    """Whose something is, of the two; not a person, so that it stays when one of them has left."""

    MENTOR = "mentor", _("The mentor")
    MENTEE = "mentee", _("The mentee")
    BOTH = "both", _("Both")


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.of(user).made_or_over())

    def open(self) -> Self:
        return self.filter(state=Goal.State.OPEN)


class Goal(Sealed):
    """A sentence and a why. Nothing counts how many were reached."""

    class State(models.TextChoices):
        OPEN = "open", _("On the way")
        REACHED = "reached", _("Reached")
        MOVED_ON = "moved_on", _("Moved on to something else")
        LET_GO = "let_go", _("Let go")

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="goals", verbose_name=_("pairing"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="goals", verbose_name=_("written by")
    )
    owner = models.CharField(_("whose"), max_length=6, choices=Side.choices, default=Side.MENTEE)
    text = SealedText(_("goal"), max_length=LONGEST_GOAL)
    why = SealedText(_("why"), max_length=LONGEST_WHY)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    closed_at = models.DateTimeField(_("over since"), null=True, blank=True)
    sealed_by = "author"

    actions: "RelatedManager[Action]"
    objects = models.Manager.from_queryset(GoalQuerySet)()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "reached", "moved_on", "let_go"]), name="goal_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="goal_is_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(owner__in=["mentor", "mentee", "both"]), name="goal_owner_is_known"
            ),
            OnlySealed(condition=Q(text__is_sealed=True, why__is_sealed=True), name="goal_is_sealed"),
        ]
        indexes = [models.Index(fields=["pairing", "created_at"], name="goal_pairing_created")]

    def __str__(self) -> str:
        return f"Goal #{self.pk}"


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(pairing__in=Pairing.objects.of(user).made_or_over())

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)


class Action(Sealed):
    """A small next step, towards a goal or for itself."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="actions", verbose_name=_("pairing"))
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name=_("goal")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pair_actions", verbose_name=_("written by")
    )
    owner = models.CharField(_("whose"), max_length=6, choices=Side.choices, default=Side.MENTEE)
    text = SealedText(_("what"), max_length=LONGEST_ACTION)
    by_on = models.DateField(_("by when"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    sealed_by = "author"

    objects = models.Manager.from_queryset(ActionQuerySet)()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__in=["mentor", "mentee", "both"]), name="action_owner_is_known"
            ),
            OnlySealed(condition=Q(text__is_sealed=True), name="action_is_sealed"),
        ]
        indexes = [models.Index(fields=["pairing", "created_at"], name="action_pairing_created")]

    def __str__(self) -> str:
        return f"Action #{self.pk}"


# The keys of possibilities that nobody but their writer reads for now, as the app above knows it.
Withdrawn = Callable[[], "models.QuerySet[Any, Any]"]
_withdrawn: list[Withdrawn] = []


def register_withdrawn(keys: Withdrawn) -> None:
    """`keys()`: a query with one column, asked within each that looks for possibilities."""
    if keys not in _withdrawn:
        _withdrawn.append(keys)


def _is_withdrawn() -> Q:
    found = Q(pk__in=[])
    for keys in _withdrawn:
        found |= Q(pk__in=keys())
    return found


class PossibilityQuerySet(models.QuerySet["Possibility"]):
    def visible_to(self, user: User) -> Self:
        rows = self.filter(pairing__in=Pairing.objects.of(user).made_or_over())
        return rows.filter(Q(author=user) | ~_is_withdrawn())

    def with_withdrawn(self) -> Self:
        """With whether each is read by its writer alone for now, as `is_withdrawn`."""
        return self.annotate(is_withdrawn=ExpressionWrapper(_is_withdrawn(), models.BooleanField()))


class Possibility(Sealed):
    """Something one of the two can picture. It has no date, no owner and no end."""

    pairing = models.ForeignKey(
        Pairing, models.CASCADE, related_name="possibilities", verbose_name=_("pairing")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="possibilities", verbose_name=_("written by")
    )
    text = SealedText(_("possibility"), max_length=LONGEST_GOAL)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sealed_by = "author"

    objects = models.Manager.from_queryset(PossibilityQuerySet)()

    class Meta:
        verbose_name = _("possibility")
        verbose_name_plural = _("possibilities")
        ordering = ["-created_at", "-pk"]
        constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="possibility_is_sealed")]
        indexes = [models.Index(fields=["pairing", "-created_at"], name="possibility_pairing_newest")]

    def __str__(self) -> str:
        return f"Possibility #{self.pk}"
