"""What those who run a program write to many of its people, or to the two of a pair; and to whom it went."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .pairing import Pairing
from .program import Program
from .request import number_of

LONGEST_SUBJECT = 120
LONGEST_BODY = 5000


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: User, now: datetime) -> Self:
        """Those that were written to this person, from their hour on, whatever they said about e-mail; the newest
        first."""
        theirs = Addressee.objects.filter(person=user, due_at__lte=now).values("announcement")
        return self.filter(pk__in=theirs).order_by("-began_at", "-pk")

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def with_numbers(self) -> Self:
        """Each with `people`: to how many it went."""
        theirs = Addressee.objects.filter(announcement=OuterRef("pk"))
        return self.annotate(people=number_of(theirs, "announcement"))


class Announcement(models.Model):
    class Segment(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody who is in the program")
        MENTORS = "mentors", _("Mentors")
        MENTEES = "mentees", _("Mentees")
        MENTORS_UNPAIRED = "mentors_unpaired", _("Mentors without a pairing")
        MENTEES_UNPAIRED = "mentees_unpaired", _("Mentees without a pairing")
        WAITLIST = "waitlist", _("People on the waitlist")
        NOT_MET = "not_met", _("People in a pairing that has no meeting behind it")
        PAIR = "pair", _("The two of one pair")
        CHOSEN = "chosen", _("People chosen from a list")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Goes later")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        STOPPED = "stopped", _("Stopped")

    # Those that one chooses by name; of the others one comes from a page about somebody.
    NAMED = (
        Segment.EVERYBODY,
        Segment.MENTORS,
        Segment.MENTEES,
        Segment.MENTORS_UNPAIRED,
        Segment.MENTEES_UNPAIRED,
        Segment.WAITLIST,
        Segment.NOT_MET,
    )
    # In which nobody has one partner.
    WITHOUT_PARTNER = (Segment.MENTORS_UNPAIRED, Segment.MENTEES_UNPAIRED, Segment.WAITLIST)
    # As long as nobody has it, it may be changed.
    OPEN = (State.DRAFT, State.SCHEDULED)
    GOES = (State.SENDING, State.SENT)

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="announcements", verbose_name=_("program")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="announcements",
        verbose_name=_("written by"),
    )
    segment = models.CharField(_("to whom"), max_length=20, choices=Segment.choices)
    pairing = models.ForeignKey(
        Pairing, models.CASCADE, null=True, blank=True, editable=False, related_name="announcements"
    )
    # The places that were chosen; one that is deleted since is no longer found.
    chosen = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    body = models.TextField(_("text"), max_length=LONGEST_BODY, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    # By each reader's own clock; neither, as soon as it is day there.
    send_on = models.DateField(_("day"), null=True, blank=True)
    send_at = models.TimeField(_("hour"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    # When it was settled to whom it goes.
    began_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(AnnouncementQuerySet)()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    segment__in=[
                        "everybody",
                        "mentors",
                        "mentees",
                        "mentors_unpaired",
                        "mentees_unpaired",
                        "waitlist",
                        "not_met",
                        "pair",
                        "chosen",
                    ]
                ),
                name="announcement_segment_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled", "sending", "sent", "stopped"]),
                name="announcement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(segment="pair", pairing__isnull=False)
                | (~Q(segment="pair") & Q(pairing__isnull=True)),
                name="announcement_to_a_pair_names_it",
            ),
            models.CheckConstraint(
                condition=Q(send_on__isnull=True, send_at__isnull=True)
                | Q(send_on__isnull=False, send_at__isnull=False),
                name="announcement_day_and_hour_together",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(send_on__isnull=False),
                name="announcement_goes_later_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "scheduled"], began_at__isnull=True)
                | Q(state__in=["sending", "sent"], began_at__isnull=False)
                | Q(state="stopped"),
                name="announcement_began_when_it_goes",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False)
                | (~Q(state="stopped") & Q(stopped_at__isnull=True)),
                name="announcement_stopped_at_some_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                name="announcement_under_way",
                condition=Q(state__in=["scheduled", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return self.subject or gettext("Without a subject")

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Addressee(models.Model):
    """Somebody to whom an announcement went: by e-mail as far as they want any, and on the program's page."""

    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="addressees", verbose_name=_("announcement")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="addressed",
        verbose_name=_("person"),
        db_index=False,
    )
    due_at = models.DateTimeField(_("from"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("addressee of an announcement")
        verbose_name_plural = _("addressees of announcements")
        constraints = [
            models.UniqueConstraint(fields=["announcement", "person"], name="announcement_addressed_once")
        ]
        indexes = [models.Index(fields=["person", "due_at"], name="announcement_of_person")]

    def __str__(self) -> str:
        return f"Addressee #{self.pk}"


class AnnouncementTest(models.Model):
    """A test of one, which whoever runs the program sends to themselves: what that e-mail is about."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="tests")

    objects = models.Manager()

    class Meta:
        verbose_name = _("test of an announcement")
        verbose_name_plural = _("tests of announcements")

    def __str__(self) -> str:
        return f"Test #{self.pk}"
