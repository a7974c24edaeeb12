"""What a person wrote for a round. No numeric field on purpose: nothing here can be added up."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText
from mentoring.models import Enrollment, Pairing, Program

from .audience import Audience
from .naming import Naming, is_asked, waits_for_others
from .questionnaire import RoleSet
from .round import Question, Round

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_ANSWER = 20_000
# Also an "after" without a "before" is something that was written.
WRITTEN = Q(text__is_empty=False) | Q(after__is_empty=False)


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's: what a partner reads are shared answers, by `Answer.objects.readable_by`."""
        return self.filter(person=user)

    def drafts(self) -> Self:
        return self.filter(status=Reflection.Status.DRAFT)

    def answered(self) -> Self:
        """Finished, or declined, which is a full answer too: not asked again."""
        return self.filter(status__in=[Reflection.Status.SUBMITTED, Reflection.Status.DECLINED])

    def administered_by(self, user: User) -> Self:
        """Rows that a program admin may count. Their words are on no admin page (mentoring/admin)."""
        return self.filter(round__program__in=Program.objects.administered_by(user))


class Reflection(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Finished")
        DECLINED = "declined", _("Not this quarter")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reflections", verbose_name=_("person")
    )
    round = models.ForeignKey(Round, models.PROTECT, related_name="reflections", verbose_name=_("round"))
    role = models.CharField(_("asked as"), max_length=10, choices=RoleSet.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    started_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("last saved"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("finished"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    answers: "RelatedManager[Answer]"
    objects = models.Manager.from_queryset(ReflectionQuerySet)()

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        constraints = [
            models.UniqueConstraint(fields=["person", "round"], name="reflection_once_per_round"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "submitted", "declined"], role__in=["mentor", "mentee", "both"]
                ),
                name="reflection_status_and_role_are_known",
            ),
            models.CheckConstraint(
                condition=Q(status="submitted", submitted_at__isnull=False)
                | (~Q(status="submitted") & Q(submitted_at__isnull=True)),
                name="reflection_submitted_at_goes_with_status",
            ),
            models.CheckConstraint(
                condition=Q(status="declined", declined_at__isnull=False)
                | (~Q(status="declined") & Q(declined_at__isnull=True)),
                name="reflection_declined_at_goes_with_status",
            ),
        ]
        indexes = [models.Index(fields=["round", "status"], name="reflection_round_status")]

    def __str__(self) -> str:
        return f"Reflection {self.pk}"

    @property
    def is_submitted(self) -> bool:
        return self.status == self.Status.SUBMITTED


class AnswerQuerySet(models.QuerySet["Answer"]):
    def written(self) -> Self:
        return self.filter(WRITTEN)

    def open_to_others(self) -> Self:
        """There is somebody besides its writer for whom it is, whoever is named in it."""
        return self.filter(self._open())

    def readable_by(self, user: User) -> Self:
        """Every answer whose words this person may read: the one place that says so, for every page.

        Their own; those shared with a pairing of theirs that has begun; those on the wall of a program they are in;
        those that name them, once they were asked. Somebody else's only once its reflection is finished, and not as
        long as another one is named in it who has not agreed. `who_reads` says the same of one answer, and a test
        holds the two together.
        """
        return self.filter(Q(reflection__person=user) | self._shared_with(user))

    def shared_with(self, user: User) -> Self:
        """As `readable_by`, without one's own."""
        return self.exclude(reflection__person=user).filter(self._shared_with(user))

    def on_the_wall(self, user: User) -> Self:
        """What a program that this person is in reads; and their own there, also while it waits for a yes."""
        there = self._open() & self._let_in(user) & Q(audience=Audience.PROGRAM)
        return self.filter(there & (Q(reflection__person=user) | ~Q(waits_for_others("answer", user))))

    def to_be_quoted(self) -> Self:
        """What its writer lets those who run its program read, and quote without a name, as long as it hangs on that
        program's wall and nobody is named in it, whether they agreed to the wall or not."""
        named = Exists(Naming.objects.filter(answer=OuterRef("pk")))
        return self.filter(self._open(), ~Q(named), audience=Audience.PROGRAM, may_be_quoted=True)

    def agreed_to(self) -> Self:
        """Without those in which somebody is named who has not agreed."""
        return self.exclude(Exists(Naming.objects.in_the_way().filter(answer=OuterRef("pk"))))

    def with_those_in_the_way(self) -> Self:
        """With those who are named and have not agreed, for pages that say so of many."""
        waits = Naming.objects.in_the_way().select_related("person").order_by("pk")
        return self.prefetch_related(Prefetch("namings", waits, to_attr="in_the_way"))

    def _shared_with(self, user: User) -> Q:
        """A condition on each row, not a set of rows: nobody's page asks for all that was ever shared."""
        with_them = self._let_in(user) & ~Q(waits_for_others("answer", user))
        return self._open() & (with_them | Q(is_asked("answer", user)))

    def _let_in(self, user: User) -> Q:
        """Whether its audience has this person in it, of those that `_open` finds."""
        pairings = Pairing.objects.of(user).begun()
        places = Enrollment.objects.filter(person=user).active().values("program")
        with_a_pairing = Answer.pairings.through.objects.filter(answer=OuterRef("pk"), pairing__in=pairings)
        return Q(Exists(with_a_pairing), audience=Audience.PAIRING) | Q(
            audience=Audience.PROGRAM, reflection__round__program__in=places
        )

    def _open(self) -> Q:
        """There is somebody besides its writer for whom it is. On a wall it hangs as long as the program has one and
        its writer a place there, and what is easily regretted hangs on none."""
        through = Answer.pairings.through.objects
        begun = through.filter(answer=OuterRef("pk"), pairing__status__in=Pairing.BEGUN)
        place = Enrollment.objects.filter(
            person=OuterRef("reflection__person"),
            program=OuterRef("reflection__round__program"),
            program__has_wall=True,
            status__in=Enrollment.IN,
        )
        return (
            WRITTEN
            & Q(is_locked=False, reflection__status=Reflection.Status.SUBMITTED)
            & (
                Q(Exists(begun), audience=Audience.PAIRING)
                | Q(Exists(place), audience=Audience.PROGRAM, question__needs_care=False)
            )
        )


class Answer(Sealed):
    """One answer with its own audience. `pairings` counts only where the audience is the pairing.

    To a question that is asked for up to three (`Question.Kind.AGAIN`) there are as many, each a `piece`. `after` has
    words only where a question asks for a before and an after; `text` is the before then.
    """

    class Piece(models.TextChoices):
        FIRST = "first", _("the first")
        SECOND = "second", _("the second")
        THIRD = "third", _("the third")

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    piece = models.CharField(max_length=6, choices=Piece.choices, default=Piece.FIRST)
    text = SealedText(_("what you wrote"), max_length=LONGEST_ANSWER, db_column="words")
    after = SealedText(_("and after"), max_length=LONGEST_ANSWER)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.ME)
    pairings = models.ManyToManyField(Pairing, related_name="shared_answers", blank=True)
    is_locked = models.BooleanField(default=False, editable=False)
    # In reports, without its writer's name: said anew for other words and other readers (actions/quoting.py).
    may_be_quoted = models.BooleanField(_("may be quoted"), default=False, editable=False)
    saved_at = models.DateTimeField(default=timezone.now)
    sealed_by = "reflection__person"

    objects = models.Manager.from_queryset(AnswerQuerySet)()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True, after__is_sealed=True), name="answer_is_sealed"),
            models.UniqueConstraint(
                fields=["reflection", "question", "piece"], name="answer_once_per_question"
            ),
            models.CheckConstraint(
                condition=Q(piece__in=["first", "second", "third"]), name="answer_piece_is_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["me", "pairing", "program"]), name="answer_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_locked=False) | Q(audience="me"),
                name="answer_locked_is_only_mine",
                violation_error_message=_("This answer can never be shared."),
            ),
            models.CheckConstraint(
                condition=Q(may_be_quoted=False) | Q(audience="program"),
                name="answer_is_quoted_from_the_wall_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.after)
