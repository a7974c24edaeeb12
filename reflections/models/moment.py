"""A line caught when it happened."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText
from mentoring.models import Enrollment, Pairing, Program
from mentoring.quarter import Quarter

from .audience import Audience
from .naming import Naming, is_asked, waits_for_others

LONGEST_MOMENT = 2000
LONGEST_GAVE = 500


class MomentQuerySet(models.QuerySet["Moment"]):
    def of(self, user: User) -> Self:
        return self.filter(person=user)

    def within(self, quarter: Quarter) -> Self:
        return self.filter(happened_on__range=(quarter.start, quarter.end))

    def since(self, day: date) -> Self:
        return self.filter(happened_on__gte=day)

    def shared_in(self, pairing: Pairing) -> Self:
        """What the two of a pairing keep together."""
        return self.filter(audience=Audience.PAIRING, pairing=pairing)

    def visible_to(self, user: User) -> Self:
        """One's own; what `let_in` lets them read; and what names them, once they were asked about it.

        `who_reads` says the same of one moment, and a test holds the two together.
        """
        with_them = self._let_in(user) & ~Q(waits_for_others("moment", user))
        asked = Q(is_asked("moment", user)) & self._open()
        return self.filter(Q(person=user) | with_them | asked)

    def on_the_wall(self, user: User) -> Self:
        """What a program that this person is in reads; and their own there, also while it waits for a yes."""
        # Said once more, and by itself: so that the database begins with those of the programs, not with all there are.
        there = self.filter(program__in=self._places_of(user), audience=Audience.PROGRAM)
        return there.filter(self._let_in(user) & (Q(person=user) | ~Q(waits_for_others("moment", user))))

    def to_be_quoted(self) -> Self:
        """What its owner lets those who run its program read, and quote without a name, as long as it hangs on that
        program's wall and nobody is named in it, whether they agreed to the wall or not."""
        named = Exists(Naming.objects.filter(moment=OuterRef("pk")))
        return self.filter(self._open(), ~Q(named), audience=Audience.PROGRAM, may_be_quoted=True)

    def _let_in(self, user: User) -> Q:
        """Shared with this person, whoever is named in it: with a pairing of theirs that has begun, or on the wall of
        a program they are in."""
        return self._open() & (
            Q(audience=Audience.PAIRING, pairing__in=Pairing.objects.of(user))
            | Q(audience=Audience.PROGRAM, program__in=self._places_of(user))
        )

    def _places_of(self, user: User) -> "models.QuerySet[Enrollment, Any]":
        return Enrollment.objects.filter(person=user).active().values("program")

    def _open(self) -> Q:
        """There is somebody besides its owner for whom it is. On a wall it hangs as long as the program has one and its
        owner a place there, and what is easily regretted hangs on none."""
        place = Enrollment.objects.filter(
            person=OuterRef("person"), program=OuterRef("program"), status__in=Enrollment.IN
        )
        return Q(audience=Audience.PAIRING, pairing__status__in=Pairing.BEGUN) | (
            Q(Exists(place), audience=Audience.PROGRAM, program__has_wall=True)
            & ~Q(kind__in=Moment.NEEDS_CARE)
        )

    def agreed_to(self) -> Self:
        """Without those in which somebody is named who has not agreed."""
        return self.exclude(Exists(Naming.objects.in_the_way().filter(moment=OuterRef("pk"))))

    def with_readers(self) -> Self:
        """With the people and the program that the audience names, and those who are named and have not agreed."""
        waits = Prefetch(
            "namings",
            Naming.objects.in_the_way().select_related("person").order_by("pk"),
            to_attr="in_the_way",
        )
        return self.select_related("pairing__mentor", "pairing__mentee", "program").prefetch_related(waits)

    def with_writers(self) -> Self:
        """With those whose they are, where it is not one person who reads their own."""
        return self.select_related("person")

    def newest_first(self) -> Self:
        return self.order_by("-happened_on", "-pk")


class Moment(Sealed):
    class Kind(models.TextChoices):
        AHA = "aha", _("Aha!")
        WIN = "win", _("A win")
        HARD_CALL = "hard_call", _("A hard call")
        BRAVE_TRY = "brave_try", _("A brave try")
        QUIET_HELP = "quiet_help", _("Quiet help")
        GOOD_NEWS = "good_news", _("Good news")
        LEARNED = "learned", _("Learned")
        THANKS = "thanks", _("Thanks")

    # Easily regretted: asked about once more before somebody else reads it, and on no wall.
    NEEDS_CARE = (Kind.HARD_CALL, Kind.BRAVE_TRY)

    class Whom(models.TextChoices):
        COLLEAGUE = "colleague", _("A colleague")
        CLIENT = "client", _("A client")
        MYSELF = "myself", _("Myself")
        MENTEE = "mentee", _("My mentee")
        MENTOR = "mentor", _("My mentor")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="moments")
    text = SealedText(_("what you noticed"), max_length=LONGEST_MOMENT, db_column="words")
    gave = SealedText(_("what it gave you"), max_length=LONGEST_GAVE)
    kind = models.CharField(_("what it was"), max_length=12, choices=Kind.choices, blank=True)
    for_whom = models.CharField(_("who it was for"), max_length=12, choices=Whom.choices, blank=True)
    happened_on = models.DateField(_("when"))
    audience = models.CharField(_("seen by"), max_length=10, choices=Audience.choices, default=Audience.ME)
    pairing = models.ForeignKey(Pairing, models.PROTECT, null=True, blank=True, related_name="moments")
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="moments")
    # Whether any of it was mentoring is its owner's to say, also afterwards; it lets nobody read.
    mentoring_in = models.ForeignKey(
        Pairing,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="moments_of_mentoring",
        verbose_name=_("was this mentoring?"),
    )
    # In reports, without its owner's name: said anew for other words and other readers (actions/quoting.py).
    may_be_quoted = models.BooleanField(_("may be quoted"), default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sealed_by = "person"

    objects = models.Manager.from_queryset(MomentQuerySet)()

    class Meta:
        verbose_name = _("moment")
        verbose_name_plural = _("moments")
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True, gave__is_sealed=True), name="moment_is_sealed"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "",
                        "aha",
                        "win",
                        "hard_call",
                        "brave_try",
                        "quiet_help",
                        "good_news",
                        "learned",
                        "thanks",
                    ],
                    for_whom__in=["", "colleague", "client", "myself", "mentee", "mentor"],
                ),
                name="moment_kind_and_whom_are_known",
            ),
            models.CheckConstraint(
                condition=Q(audience="me", pairing__isnull=True, program__isnull=True)
                | Q(audience="pairing", pairing__isnull=False, program__isnull=True)
                | Q(audience="program", pairing__isnull=True, program__isnull=False),
                name="moment_audience_names_its_readers",
            ),
            models.CheckConstraint(
                condition=~Q(audience="program") | ~Q(kind__in=["hard_call", "brave_try"]),
                name="moment_with_care_is_on_no_wall",
            ),
            models.CheckConstraint(
                condition=Q(may_be_quoted=False) | Q(audience="program"),
                name="moment_is_quoted_from_the_wall_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-happened_on", "-id"], name="moment_person_newest"),
            models.Index(fields=["pairing", "-happened_on"], name="moment_pairing_newest"),
        ]

    def __str__(self) -> str:
        return f"Moment {self.pk}"
