"""A mentoring program and the people who run it."""

from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user import validate_time_zone
from mentoring.quarter import Quarter

LONGEST_RETENTION = 120  # months
LONGEST_OFFER = 60  # days
MOST_PAIRINGS = 9
MOST_REQUESTS = 9
LONGEST_WHOM = 40
# Nothing is planned further ahead than that, and somebody may write the year 9999 into a holiday.
LOOKED_AHEAD = timedelta(days=120)


def day_there(now: datetime, program: str = "") -> Cast:
    """The day that it is in a program's time zone, in a query; `program` is the way to it, such as "program__"."""
    there = models.Func(models.F(f"{program}time_zone"), models.Value(now), function="timezone")
    return Cast(there, models.DateField())


class ProgramQuerySet(models.QuerySet["Program"]):
    def running(self, today: date) -> Self:
        """Programs whose clock ticks: active, begun, and not past their last day."""
        return self.filter(status=Program.Status.ACTIVE, starts_on__lte=today).exclude(ends_on__lt=today)

    def unarchived(self) -> Self:
        """Those that are not put away: what lists and choices show to whoever has not asked for the archive."""
        return self.exclude(status=Program.Status.ARCHIVED)

    def with_logo(self, key: str) -> Self:
        """The program whose logo has that random name, for whoever knows it (mentoring/views/programs.py)."""
        return self.filter(logo_key=key) if key else self.none()

    def visible_to(self, user: User) -> Self:
        """Programs in which this person has a place, in whatever state; but for whoever said no, who is left alone."""
        return self.filter(enrollments__in=user.enrollments.not_said_no())

    def open_to(self, user: User, now: datetime) -> Self:
        """Programs in which this person may ask for a place now: `rules.may_apply`, of many."""
        asking = self.filter(status=Program.Status.ACTIVE, join_policy__in=Program.ASKED_FOR).alias(
            today=day_there(now)
        )
        return (
            asking.exclude(applications_until__lt=models.F("today"))
            .exclude(ends_on__lt=models.F("today"))
            .exclude(pk__in=user.enrollments.settled().values("program"))
            .exclude(pk__in=user.invitations.unanswered(now).values("program"))
        )

    def with_directory_for(self, user: User, now: datetime) -> Self:
        """Programs in which this person may look through the mentors now: `rules.may_look`, of many."""
        theirs = user.enrollments.active()
        asking = self.filter(status=Program.Status.ACTIVE, matched_by__in=Program.REQUESTED).alias(
            today=day_there(now)
        )
        return asking.exclude(ends_on__lt=models.F("today")).filter(
            models.Q(pk__in=theirs.mentees().values("program"))
            | models.Q(directory_for=Program.DirectoryFor.MEMBERS, pk__in=theirs.values("program"))
        )

    def administered_by(self, user: User) -> Self:
        """The rows of the Django admin: a superuser's are all programs, a program admin's those with a row for them."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(admins__person=user)


def shown_at_first() -> list[str]:
    """What a directory shows of a mentor until somebody says otherwise: all but where in the house they work."""
    return [part for part in Program.DirectoryPart.values if part != Program.DirectoryPart.DEPARTMENT]


class Program(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")
        ARCHIVED = "archived", _("Archived")

    class Roles(models.TextChoices):
        EITHER_OR_BOTH = "either_or_both", _("Mentors, mentees, and people who are both")
        EITHER = "either", _("Mentors and mentees; each person is one of the two")
        PEERS = "peers", _("Peers: everybody is a mentor and a mentee")

    class JoinPolicy(models.TextChoices):
        INVITED = "invited", _("By invitation only")
        APPROVAL = "approval", _("Whoever asks, once those who run it say yes")
        OPEN = "open", _("Whoever wants to, at once")

    class MatchedBy(models.TextChoices):
        ADMINS = "admins", _("Those who run the program propose pairs")
        MENTEES = "mentees", _("Mentees ask a mentor")
        BOTH = "both", _("Both")

    class Approval(models.TextChoices):
        BOTH = "both", _("The mentor and the mentee both say yes")
        MENTOR = "mentor", _("The mentor says yes")
        MENTEE = "mentee", _("The mentee says yes")
        ADMINS = "admins", _("Nobody is asked: who runs the program has decided it")

    class DirectoryFor(models.TextChoices):
        MENTEES = "mentees", _("The mentees of the program")
        MEMBERS = "members", _("Everybody in the program")

    class DirectoryPart(models.TextChoices):
        """What a directory may show of a mentor, besides their name and what they can help with."""

        PHOTO = "photo", _("Photo")
        HEADLINE = "headline", _("Headline")
        ABOUT = "about", _("About")
        HELP_WITH = "help_with", _("What they can help with, in their words")
        SEEKS = "seeks", _("What they would like to learn")
        LANGUAGES = "languages", _("Languages")
        HOURS = "hours", _("Usual hours")
        PLACE = "place", _("Where they live, as their time zone says")
        DEPARTMENT = "department", _("Department")

    class Month(models.IntegerChoices):
        JANUARY = 1, _("January")
        FEBRUARY = 2, _("February")
        MARCH = 3, _("March")
        APRIL = 4, _("April")
        MAY = 5, _("May")
        JUNE = 6, _("June")
        JULY = 7, _("July")
        AUGUST = 8, _("August")
        SEPTEMBER = 9, _("September")
        OCTOBER = 10, _("October")
        NOVEMBER = 11, _("November")
        DECEMBER = 12, _("December")

    # Those that people find by themselves; the others are shown to whoever has a place or an invitation there.
    ASKED_FOR = (JoinPolicy.APPROVAL, JoinPolicy.OPEN)
    # Those in which mentees ask a mentor themselves.
    REQUESTED = (MatchedBy.MENTEES, MatchedBy.BOTH)
    # Nothing happens in these any more. An archived one is also out of the way: in lists only for whoever asks for it.
    OVER = (Status.CLOSED, Status.ARCHIVED)

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("short name"), max_length=60, unique=True, help_text=_("Letters and hyphens, for mail headers.")
    )
    purpose = models.TextField(_("purpose"), blank=True, max_length=2000)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    fiscal_first_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        choices=Month.choices,
        default=Month.JANUARY,
        help_text=_("Quarters are counted from the first day of this month."),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("Leave empty for a program without an end.")
    )
    applications_until = models.DateField(
        _("applications until"),
        null=True,
        blank=True,
        help_text=_("The last day on which people can ask for a place. Leave empty to keep the door open."),
    )
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="followed_by",
        verbose_name=_("made after"),
    )
    roles = models.CharField(_("roles"), max_length=20, choices=Roles.choices, default=Roles.EITHER_OR_BOTH)
    mentors_are = models.CharField(
        _("who mentors are here"),
        max_length=200,
        blank=True,
        help_text=_("Shown where people choose their role, such as: You have taught for five years or more."),
    )
    mentees_are = models.CharField(
        _("who mentees are here"),
        max_length=200,
        blank=True,
        help_text=_("Shown where people choose their role, such as: You teach for the first or second year."),
    )
    join_policy = models.CharField(
        _("who may join"), max_length=10, choices=JoinPolicy.choices, default=JoinPolicy.INVITED
    )
    matched_by = models.CharField(
        _("how pairs come about"), max_length=10, choices=MatchedBy.choices, default=MatchedBy.ADMINS
    )
    pairings_per_mentee = models.PositiveSmallIntegerField(
        _("pairings for each mentee"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PAIRINGS)],
        help_text=_("How many mentors somebody may have at one time."),
    )
    approval = models.CharField(
        _("who says yes to a proposed pair"),
        max_length=10,
        choices=Approval.choices,
        default=Approval.BOTH,
    )
    directory_for = models.CharField(
        _("who may look through the mentors"),
        max_length=10,
        choices=DirectoryFor.choices,
        default=DirectoryFor.MENTEES,
    )
    directory_shows = ArrayField(
        models.CharField(max_length=10, choices=DirectoryPart.choices),
        verbose_name=_("what they see of each mentor"),
        default=shown_at_first,
        blank=True,
    )
    open_requests = models.PositiveSmallIntegerField(
        _("open requests for each mentee"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_REQUESTS)],
        help_text=_("How many mentors somebody may ask at one time. Others wait until one has answered."),
    )
    requests_are_checked = models.BooleanField(
        _("look at each request first"),
        default=False,
        help_text=_("A request reaches the mentor once somebody who runs the program has passed it on."),
    )
    places_for_mentors = models.PositiveIntegerField(
        _("places for mentors"), null=True, blank=True, help_text=_("Leave empty for any number.")
    )
    places_for_mentees = models.PositiveIntegerField(
        _("places for mentees"), null=True, blank=True, help_text=_("Leave empty for any number.")
    )
    offer_days = models.PositiveSmallIntegerField(
        _("days to answer an offered place"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_OFFER)],
        help_text=_("After that it is offered to the next on the waitlist."),
    )
    ground_rules = models.TextField(
        _("ground rules"),
        blank=True,
        max_length=4000,
        help_text=_("Whoever asks for a place agrees to these first."),
    )
    agreement = models.TextField(
        _("agreement of a pair"),
        blank=True,
        max_length=4000,
        help_text=_("What the two of a new pair are offered as their agreement, to change as they like."),
    )
    accent = models.CharField(_("accent color"), max_length=7, blank=True)
    # The random name in the address of its logo; none, no logo.
    logo_key = models.CharField(_("logo"), max_length=32, blank=True, editable=False)
    contact_name = models.CharField(_("signed by"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    concern_name = models.CharField(
        _("who hears concerns"),
        max_length=120,
        blank=True,
        help_text=_("Somebody outside the pairs to whom people can turn when something is not right."),
    )
    concern_email = models.EmailField(_("address for concerns"), blank=True)
    help_url = models.URLField(
        _("where to find help"),
        blank=True,
        help_text=_("A page on help in hard times; a link leads there from the page of the quarter."),
    )
    has_wall = models.BooleanField(
        _("has a wall"),
        default=False,
        help_text=_(
            "People may share a moment, or an answer, with everybody here. Whoever is named in it has to agree first."
        ),
    )
    # What people call those for whom a moment was; empty, the words that every program has.
    whom_colleague = models.CharField(_("for somebody they work with"), max_length=LONGEST_WHOM, blank=True)
    whom_client = models.CharField(_("for somebody they serve"), max_length=LONGEST_WHOM, blank=True)
    whom_myself = models.CharField(_("for themselves"), max_length=LONGEST_WHOM, blank=True)
    whom_mentee = models.CharField(_("for somebody they mentor"), max_length=LONGEST_WHOM, blank=True)
    whom_mentor = models.CharField(_("for their mentor"), max_length=LONGEST_WHOM, blank=True)
    retention_months = models.PositiveSmallIntegerField(
        _("months until words are deleted"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RETENTION)],
        help_text=_(
            "Counted from the day on which a person’s place here is over, or the program is. They are warned by e-mail "
            "30 days before. Leave empty to keep everything until people delete it themselves."
        ),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ProgramQuerySet)()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "active", "paused", "closed", "archived"]),
                name="program_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_first_month__range=(1, 12)), name="program_first_month_is_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="program_ends_after_it_starts",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(retention_months__isnull=True)
                | models.Q(retention_months__range=(1, LONGEST_RETENTION)),
                name="program_retention_is_a_month_to_ten_years",
                violation_error_message=_("Choose from one month to 120, or leave it empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(roles__in=["either_or_both", "either", "peers"]),
                name="program_roles_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(join_policy__in=["invited", "approval", "open"]),
                name="program_join_policy_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(matched_by__in=["admins", "mentees", "both"]),
                name="program_matched_by_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(approval__in=["both", "mentor", "mentee", "admins"]),
                name="program_approval_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(directory_for__in=["mentees", "members"]),
                name="program_directory_is_for_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    directory_shows__contained_by=[
                        "photo",
                        "headline",
                        "about",
                        "help_with",
                        "seeks",
                        "languages",
                        "hours",
                        "place",
                        "department",
                    ]
                ),
                name="program_directory_shows_known",
            ),
            models.CheckConstraint(
                condition=models.Q(open_requests__range=(1, MOST_REQUESTS)),
                name="program_has_one_to_nine_open_requests",
            ),
            models.CheckConstraint(
                condition=models.Q(pairings_per_mentee__range=(1, MOST_PAIRINGS)),
                name="program_has_one_to_nine_pairings_per_mentee",
            ),
            models.CheckConstraint(
                condition=models.Q(offer_days__range=(1, LONGEST_OFFER)), name="program_offers_for_days"
            ),
            models.CheckConstraint(
                condition=models.Q(accent="") | models.Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="program_accent_is_a_color",
                violation_error_message=_("Write a color as # and six digits, such as #2f6f5e."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_peers(self) -> bool:
        """Nobody in it is ahead of the other: pages speak of no mentor and no mentee."""
        return self.roles == self.Roles.PEERS

    @property
    def takes_requests(self) -> bool:
        """Whether its mentees ask a mentor themselves; without that it has no directory."""
        return self.matched_by in self.REQUESTED

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """The date on the program's own calendar at that instant."""
        return now.astimezone(self.zone).date()

    def quarter_on(self, day: date) -> Quarter:
        return Quarter.containing(day, self.fiscal_first_month)


class Logo(models.Model):
    """A program's logo as a WebP; its random name is on the program (`Program.logo_key`), and it may lie in a store."""

    program = models.OneToOneField(Program, models.CASCADE, primary_key=True, related_name="logo")
    content = models.BinaryField()
    stored_as = models.CharField(
        _("name in the store"), max_length=32, blank=True, default="", db_default="", editable=False
    )

    objects = models.Manager()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return f"Logo #{self.pk}"
