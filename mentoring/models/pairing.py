"""One mentor with one mentee."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .program import Program, day_there

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from .meeting import Meeting


class PairingQuerySet(models.QuerySet["Pairing"]):
    def open(self) -> Self:
        """Not over: from the first proposal to a pause."""
        return self.filter(status__in=Pairing.OPEN)

    def holding(self) -> Self:
        """Those that take up one of the mentor's places. A request does not: several may ask for the same one."""
        return self.filter(status__in=Pairing.HOLDING)

    def made(self) -> Self:
        """Those in which the two are a pair, or will be one on a day that is set. A proposal may still be declined."""
        return self.filter(status__in=Pairing.MADE)

    def asked(self) -> Self:
        return self.filter(status__in=Pairing.ASKED)

    def active(self) -> Self:
        return self.filter(status=Pairing.Status.ACTIVE)

    def begun(self) -> Self:
        """Those in which the two have been, or are, a pair: what was shared with one stays readable there."""
        return self.filter(status__in=Pairing.BEGUN)

    def made_or_over(self) -> Self:
        """Those in which the two have a room of their own, or had one: from the second yes on, for good, also where
        nothing came of it before the first day."""
        return self.filter(Q(status__in=(*Pairing.MADE, *Pairing.OVER)) | Pairing.NEVER_BEGAN)

    def never_began(self) -> Self:
        """Those of which both had said yes and nothing came: no pages, but what the two wrote there stays theirs."""
        return self.filter(Pairing.NEVER_BEGAN)

    def under_way(self) -> Self:
        """Those in which the two are a pair now, paused ones too."""
        return self.filter(status__in=Pairing.UNDER_WAY)

    def past_their_last_day(self, now: datetime) -> Self:
        """Those whose last day, as it is planned, has gone by on their program's calendar."""
        return self._with_last_day(now).filter(last_day__lt=F("today"))

    def ending_by(self, now: datetime, within: timedelta) -> Self:
        """Those whose last day comes within that time; today's too."""
        soon = self._with_last_day(now).alias(then=day_there(now + within, "program__"))
        return soon.filter(last_day__gte=F("today"), last_day__lte=F("then"))

    def put_off(self, now: datetime, within: timedelta) -> Self:
        """Those whose last day comes later than that, or that have none."""
        soon = self._with_last_day(now).alias(then=day_there(now + within, "program__"))
        return soon.filter(Q(last_day__gt=F("then")) | Q(last_day__isnull=True))

    def _with_last_day(self, now: datetime) -> Self:
        # The earlier of the two; a pairing without either has none.
        return self.alias(
            last_day=Least(F("runs_until"), F("program__ends_on")), today=day_there(now, "program__")
        )

    def of(self, user: User) -> Self:
        return self.filter(Q(mentor=user) | Q(mentee=user))

    def opening_profiles_to(self, user: User) -> Self:
        """Those for which this person may read the other's profile: `rules.may_read_partner`, of many."""
        return self.open().of(user).exclude(status=Pairing.Status.REQUESTED, mentee=user)

    def between(self, one: User, other: User) -> Self:
        return self.filter(Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one))

    def visible_to(self, user: User) -> Self:
        """Exactly the two people of the pairing; a proposal that came to nothing is shown to nobody."""
        return self.of(user).exclude(status__in=Pairing.CAME_TO_NOTHING)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def unarchived(self) -> Self:
        """Without those of archived programs, which people find by asking for them."""
        return self.exclude(program__status=Program.Status.ARCHIVED)

    def archived(self) -> Self:
        return self.filter(program__status=Program.Status.ARCHIVED)

    def with_people(self) -> Self:
        return self.select_related("program", "mentor", "mentee")

    def for_list_of(self, user: User) -> Self:
        """What waits for this mentor's answer to a request first, then those that go on, then those that are over, the
        newest of each first; with the number of the `part`."""
        asked = Q(status=Pairing.Status.REQUESTED, mentor=user)
        part = models.Case(
            models.When(asked, then=0), models.When(status__in=Pairing.OPEN, then=1), default=2
        )
        return self.annotate(part=part).order_by("part", "-starts_on", "-pk")

    def open_first(self) -> Self:
        """Those that go on before those that are over, the newest of each first."""
        return self.order_by(
            models.Case(models.When(status__in=Pairing.OPEN, then=0), default=1), "-starts_on", "-pk"
        )


class Pairing(models.Model):
    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted, not begun")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        COMPLETED = "completed", _("Completed")
        ENDED = "ended", _("Ended early")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")

    ASKED = (Status.REQUESTED, Status.PROPOSED)
    OPEN = (Status.REQUESTED, Status.PROPOSED, Status.ACCEPTED, Status.ACTIVE, Status.PAUSED)
    HOLDING = (Status.PROPOSED, Status.ACCEPTED, Status.ACTIVE, Status.PAUSED)
    UNDER_WAY = (Status.ACTIVE, Status.PAUSED)
    MADE = (Status.ACCEPTED, Status.ACTIVE, Status.PAUSED)
    BEGUN = (Status.ACTIVE, Status.PAUSED, Status.COMPLETED, Status.ENDED)
    OVER = (Status.COMPLETED, Status.ENDED)
    CAME_TO_NOTHING = (Status.DECLINED, Status.EXPIRED)
    # A question that nobody took up lacks a yes.
    NEVER_BEGAN = Q(status=Status.EXPIRED, mentor_accepted_at__isnull=False, mentee_accepted_at__isnull=False)

    program = models.ForeignKey(Program, models.CASCADE, related_name="pairings", verbose_name=_("program"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pairings_as_mentor", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pairings_as_mentee", verbose_name=_("mentee")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PROPOSED)
    focus = models.CharField(
        _("about"), max_length=200, blank=True, help_text=_("What the two want to work on, in a few words.")
    )
    # Who is asked while the pairing is PROPOSED; for the other one those who run the program have said yes.
    approval = models.CharField(
        _("who is asked"), max_length=10, choices=Program.Approval.choices, default=Program.Approval.BOTH
    )
    mentor_accepted_at = models.DateTimeField(_("mentor said yes"), null=True, blank=True)
    mentee_accepted_at = models.DateTimeField(_("mentee said yes"), null=True, blank=True)
    # While the two are asked: until when. None, for as long as it takes.
    answer_by = models.DateTimeField(_("answer until"), null=True, blank=True)
    # What speaks for the two and what does not, as it was when they were asked: facts of mentoring/matching/reasons.py,
    # one object each (mentoring/why.py), put into words where they are read.
    reasons = models.JSONField(_("why the two"), default=list, blank=True, editable=False)
    starts_on = models.DateField(_("begins on"))
    # Its last day as it is planned; the program's own last day where none is. Only both of the two put it off.
    runs_until = models.DateField(_("runs until"), null=True, blank=True)
    # While it is PAUSED: the day on which it goes on by itself; None, until somebody says so.
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    # The last day on which it rested, or its program did, or one of the two: nobody asks why nothing was heard then.
    rested_on = models.DateField(null=True, blank=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    meetings: "RelatedManager[Meeting]"
    objects = models.Manager.from_queryset(PairingQuerySet)()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(mentor=F("mentee")),
                name="pairing_of_two_people",
                violation_error_message=_("Nobody can be their own mentor."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "requested",
                        "proposed",
                        "accepted",
                        "active",
                        "paused",
                        "completed",
                        "ended",
                        "declined",
                        "expired",
                    ]
                ),
                name="pairing_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(approval__in=["both", "mentor", "mentee", "admins"]),
                name="pairing_approval_is_known",
            ),
            models.UniqueConstraint(
                fields=["program", "mentor", "mentee"],
                condition=Q(status__in=["requested", "proposed", "accepted", "active", "paused"]),
                name="pairing_open_once_per_pair",
                violation_error_message=_("These two already have an open pairing in this program."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["completed", "ended"], ended_on__isnull=False)
                | (~Q(status__in=["completed", "ended"]) & Q(ended_on__isnull=True)),
                name="pairing_over_has_a_last_day",
                violation_error_message=_("A pairing that is over has a last day, and no other has one."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "active", "paused", "completed", "ended"])
                | Q(mentor_accepted_at__isnull=False, mentee_accepted_at__isnull=False),
                name="pairing_begins_with_two_yeses",
            ),
            models.CheckConstraint(
                condition=Q(status="paused") | Q(paused_until__isnull=True),
                name="pairing_paused_until_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["mentor", "status"], name="pairing_mentor_status"),
            models.Index(fields=["mentee", "status"], name="pairing_mentee_status"),
            models.Index(fields=["-starts_on", "-id"], name="pairing_latest"),
        ]

    def __str__(self) -> str:
        return _("%(mentor)s and %(mentee)s") % {"mentor": self.mentor, "mentee": self.mentee}

    def partner_of(self, user: User) -> User:
        """The other one. Raises ValueError for somebody who is neither."""
        if user.pk == self.mentor_id:
            return self.mentee
        if user.pk == self.mentee_id:
            return self.mentor
        raise ValueError("Not one of the two people of this pairing.")

    def partner_key(self, user: User) -> int:
        """The key of the other one, for which nobody has to be fetched."""
        return self.mentee_id if user.pk == self.mentor_id else self.mentor_id

    def is_mentor(self, user: User) -> bool:
        return user.pk == self.mentor_id

    def asks(self, user: User) -> bool:
        """Whether it takes a yes of this one of the two; a pairing that was requested takes one of both."""
        approval = Program.Approval
        one = approval.MENTOR if self.is_mentor(user) else approval.MENTEE
        return self.status == self.Status.REQUESTED or self.approval in (approval.BOTH, one)

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_begun(self) -> bool:
        return self.status in self.BEGUN

    def had_begun_by(self, day: date) -> bool:
        return self.is_begun and self.starts_on <= day
