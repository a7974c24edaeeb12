"""A person's place in a program."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .pairing import Pairing
from .program import Program

# So many mentees somebody may say that they take.
MOST_MENTEES = 20
# What stands on a place besides its role and its days: it goes with whoever leaves.
SAID_OF_A_PLACE: dict[str, str] = {
    "department": "",
    "line_manager": "",
    "agreed_to": "",
    "decision_note": "",
}
# What is only set while somebody waits or rests; none of it, for a place in any other state.
UNDER_WAY: dict[str, None] = {
    "waitlisted_at": None,
    "offered_at": None,
    "offer_expires_at": None,
    "paused_until": None,
}


def _holding(side: str) -> models.QuerySet[Pairing]:
    """For a query over places: of their person, in their program."""
    return Pairing.objects.holding().filter(
        **{"program": models.OuterRef("program"), side: models.OuterRef("person")}
    )


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def active(self) -> Self:
        return self.filter(status=Enrollment.Status.ACTIVE)

    def not_said_no(self) -> Self:
        """Without the places of those who declined an invitation: they are left alone."""
        return self.exclude(status=Enrollment.Status.DECLINED, applied_at__isnull=True)

    def settled(self) -> Self:
        """Those of people who may not ask for a place there (again): `Enrollment.is_settled`, of many."""
        return self.not_said_no().exclude(status__in=Enrollment.ASKED_ANEW)

    def over(self, today: date) -> Self:
        """Places in which nothing happens any more: the person's own is over, or the whole program is."""
        return self.filter(
            models.Q(status__in=Enrollment.OVER)
            | models.Q(program__status__in=Program.OVER)
            | models.Q(program__ends_on__lt=today)
        )

    def waitlist(self) -> Self:
        """Those who wait, in the order in which they are offered a place."""
        return self.filter(status=Enrollment.Status.WAITLISTED).order_by("waitlisted_at", "pk")

    def taking_places(self) -> Self:
        """Those who have a place, and those for whom one is held while they think about an offer."""
        return self.filter(models.Q(status__in=Enrollment.IN) | models.Q(offered_at__isnull=False))

    def mentors(self) -> Self:
        return self.filter(role__in=[Enrollment.Role.MENTOR, Enrollment.Role.BOTH])

    def mentees(self) -> Self:
        return self.filter(role__in=[Enrollment.Role.MENTEE, Enrollment.Role.BOTH])

    def mentors_unpaired(self) -> Self:
        """Mentors without a pairing: in none of the program, and in none that is proposed. A request counts for nobody.
        Whether their place is active, and they stay, is asked besides."""
        return self.mentors().filter(~models.Exists(_holding("mentor")))

    def mentees_unpaired(self) -> Self:
        """Mentees without a pairing, likewise."""
        return self.mentees().filter(~models.Exists(_holding("mentee")))

    def visible_to(self, user: User) -> Self:
        """One's own places."""
        return self.filter(person=user)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class Enrollment(models.Model):
    class Role(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        MENTEE = "mentee", _("Mentee")
        BOTH = "both", _("Both")

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        APPLIED = "applied", _("Applied")
        WAITLISTED = "waitlisted", _("Waitlisted")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        COMPLETED = "completed", _("Completed")

    OVER = (Status.DECLINED, Status.WITHDRAWN, Status.COMPLETED)

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="enrollments", verbose_name=_("program")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrollments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    capacity = models.PositiveSmallIntegerField(
        _("room for"), default=1, help_text=_("How many mentees a mentor has room for at one time.")
    )
    department = models.CharField(_("department"), max_length=80, blank=True)
    # Read by nobody but their own person, and by whoever is matched, which is a machine.
    line_manager = models.EmailField(
        _("e-mail of the line manager"),
        blank=True,
        help_text=_("Shown to nobody: it keeps you from being paired with them."),
    )
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True, editable=False)
    # The ground rules as they read when this person agreed to them; empty, there were none.
    agreed_to = models.TextField(_("ground rules agreed to"), blank=True, editable=False)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    decision_note = models.TextField(_("note with the answer"), max_length=1000, blank=True, editable=False)
    # The order of the waitlist. Whoever let an offer pass goes to its end.
    waitlisted_at = models.DateTimeField(_("waits since"), null=True, blank=True, editable=False)
    offered_at = models.DateTimeField(_("offered a place"), null=True, blank=True, editable=False)
    offer_expires_at = models.DateTimeField(_("offer ends"), null=True, blank=True, editable=False)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    invitation = models.ForeignKey(
        "mentoring.Invitation",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="enrollments",
        verbose_name=_("came in by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(EnrollmentQuerySet)()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ["program", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "person"],
                name="enrollment_once_per_program",
                violation_error_message=_("This person already has a place in this program."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["mentor", "mentee", "both"]), name="enrollment_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "invited",
                        "applied",
                        "waitlisted",
                        "active",
                        "paused",
                        "declined",
                        "withdrawn",
                        "completed",
                    ]
                ),
                name="enrollment_status_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["active", "paused", "completed"])
                | models.Q(joined_on__isnull=False),
                name="enrollment_in_the_program_has_a_first_day",
                violation_error_message=_("Say on which day this person joined."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="applied") | models.Q(applied_at__isnull=False),
                name="enrollment_applied_at_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status="waitlisted", waitlisted_at__isnull=False)
                | (~models.Q(status="waitlisted") & models.Q(waitlisted_at__isnull=True)),
                name="enrollment_waits_since_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(offered_at__isnull=True, offer_expires_at__isnull=True)
                # A comparison with nothing is neither true nor false, and would let half an offer through.
                | models.Q(
                    status="waitlisted",
                    offered_at__isnull=False,
                    offer_expires_at__isnull=False,
                    offer_expires_at__gt=models.F("offered_at"),
                ),
                name="enrollment_is_offered_a_place_while_it_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(paused_until__isnull=True) | models.Q(status="paused"),
                name="enrollment_is_paused_until_a_day",
                violation_error_message=_("Only a paused place is paused until a day."),
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_to="") | models.Q(agreed_at__isnull=False),
                name="enrollment_agreed_at_some_time",
            ),
        ]

    # Those who take up a place, or are kept one.
    IN = (Status.ACTIVE, Status.PAUSED)
    # Whoever has not said yes. Those who run the program know them by the address that they wrote down, and no more.
    NOT_IN = (Status.INVITED, Status.DECLINED)

    # Whoever is in one of these may ask for a place: they were only named by others, or have left.
    ASKED_ANEW = (Status.INVITED, Status.WITHDRAWN)

    def __str__(self) -> str:
        return f"{self.known_as} · {self.program}"

    @property
    def known_as(self) -> str:
        """What those who run the program may call this person: their name once they have said yes."""
        return self.person.email if self.status in self.NOT_IN else str(self.person)

    @property
    def said_no(self) -> bool:
        """They declined an invitation; whoever asked for a place was declined by those who run the program."""
        return self.status == self.Status.DECLINED and self.applied_at is None

    @property
    def is_settled(self) -> bool:
        """Whether this place keeps its person from asking for one."""
        return not self.said_no and self.status not in self.ASKED_ANEW

    def is_offered(self, now: datetime) -> bool:
        """Whether a place is held for them, and they may still take it."""
        return self.offer_expires_at is not None and now < self.offer_expires_at
