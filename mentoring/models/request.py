"""A mentee asks a mentor: the note, what was asked back, and the choices that come after."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .enrollment import Enrollment
from .pairing import Pairing
from .program import Program, day_there
from .run import RuledOut

LONGEST_REQUEST = 1000
REMINDED_AFTER = timedelta(days=7)
EXPIRES_AFTER = timedelta(days=14)


def number_of(rows: Any, of: str) -> Any:
    """How many there are of these rows, in a query of something else; all of them have the same `of`."""
    counted = rows.order_by().values(of).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


class PairingRequestQuerySet(models.QuerySet["PairingRequest"]):
    def open(self) -> Self:
        """Not answered yet, whether it has reached the mentor or not."""
        return self.filter(state__in=PairingRequest.OPEN)

    def counted(self) -> Self:
        """Those that the program's cap on open requests counts: asked, or about to be."""
        return self.filter(state__in=PairingRequest.COUNTED)

    def waiting(self) -> Self:
        """The next choices of a mentee, first one first."""
        return self.filter(state=PairingRequest.State.WAITING).order_by("position", "created_at", "pk")

    def waits_for_mentor(self) -> Self:
        """Asked, and it is the mentor who says the next word."""
        return self.filter(Q(question="") | ~Q(reply=""), state=PairingRequest.State.ASKED)

    def could_be_asked(self, now: datetime) -> Self:
        """Those to which nothing has to happen first: the program takes requests, nothing is open between the two, and
        neither of them is kept by a proposal that is not answered yet; a next choice only where its mentee has fewer
        open requests than the program allows."""
        here = Pairing.objects.filter(program=OuterRef("program"))
        of_mentor = here.filter(mentor=OuterRef("mentor"))
        counted = PairingRequest.objects.counted().filter(
            program=OuterRef("program"), mentee=OuterRef("mentee")
        )
        places = Enrollment.objects.filter(program=OuterRef("program"), person=OuterRef("mentor"))
        two = Q(mentor=OuterRef("mentor"), mentee=OuterRef("mentee"))
        turned = Q(mentor=OuterRef("mentee"), mentee=OuterRef("mentor"))
        return (
            self.filter(program__status=Program.Status.ACTIVE, program__matched_by__in=Program.REQUESTED)
            .alias(
                today=day_there(now, "program__"),
                asked=number_of(counted, "mentee"),
                room=Coalesce(Subquery(places.values("capacity")[:1]), 0),
                # One whose mentor is full for good is asked, too: that is how it ends.
                full=number_of(of_mentor.made(), "mentor"),
                kept=number_of(of_mentor.holding(), "mentor"),
                mentors=number_of(here.holding().filter(mentee=OuterRef("mentee")), "mentee"),
                between=Exists(here.open().filter(two | turned)),
            )
            .filter(
                Q(program__ends_on__isnull=True) | Q(program__ends_on__gte=F("today")),
                Q(kept__lt=F("room")) | Q(full__gte=F("room")),
                Q(asked__lt=F("program__open_requests")) | ~Q(state=PairingRequest.State.WAITING),
                mentors__lt=F("program__pairings_per_mentee"),
                between=False,
            )
        )

    def made_by(self, user: User) -> Self:
        return self.filter(mentee=user)

    def asked_of(self, user: User) -> Self:
        """Those that have reached this mentor."""
        return self.filter(mentor=user, asked_at__isnull=False)

    def between(self, one: User, other: User) -> Self:
        """Of these two, whoever asked whom."""
        return self.filter(Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one))

    def visible_to(self, user: User) -> Self:
        """The mentee's own; the mentor's once it has reached them, while it is open or has become a pairing."""
        reached = Q(mentor=user, state__in=[PairingRequest.State.ASKED, PairingRequest.State.ACCEPTED])
        return self.filter(Q(mentee=user) | reached)

    def over_for(self, user: User) -> Self:
        """Those that had reached this mentor and have come to nothing: that they are over is all there is to see."""
        ended = [PairingRequest.State.DECLINED, PairingRequest.State.EXPIRED, PairingRequest.State.WITHDRAWN]
        return self.asked_of(user).filter(state__in=ended)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))

    def with_people(self) -> Self:
        return self.select_related("program", "mentor", "mentee", "pairing")


class PairingRequest(models.Model):
    """While it is ASKED there is a `pairing` in the state REQUESTED, in which the mentee has said yes."""

    class State(models.TextChoices):
        CHECKED = "checked", _("Looked at by those who run the program")
        WAITING = "waiting", _("Comes next")
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Because(models.TextChoices):
        """Why it ended without its mentor's answer."""

        ROOM = "room", _("No room any more")
        AWAY = "away", _("Not there for requests now")
        PAIRED = "paired", _("A mentor is found")
        PROGRAM = "program", _("The program takes no requests now")
        ORGANIZERS = "organizers", _("Not passed on by those who run the program")

    OPEN = (State.CHECKED, State.WAITING, State.ASKED)
    COUNTED = (State.CHECKED, State.ASKED)

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="pairing_requests", verbose_name=_("program")
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_made", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_received", verbose_name=_("mentor")
    )
    # Read by the mentor; and by those who run the program only where it looks at requests first, which the form says.
    note = models.TextField(_("note"), max_length=LONGEST_REQUEST)
    # Whether the form said so when it was written: what was written before is not shown to them afterwards.
    is_read_by_admins = models.BooleanField(
        _("read by those who run the program"), default=False, editable=False
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    # Among the next choices of its mentee, as they put them in order; it says nothing once it was asked.
    position = models.PositiveSmallIntegerField(_("place in the order"), default=0, editable=False)
    pairing = models.OneToOneField(
        Pairing, models.SET_NULL, null=True, blank=True, editable=False, related_name="request"
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    because = models.CharField(
        _("why it ended"), max_length=10, choices=Because.choices, blank=True, editable=False
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    # "Tell me more first", and the answer to it: read by the two.
    question = models.TextField(_("asked back"), max_length=LONGEST_REQUEST, blank=True)
    question_at = models.DateTimeField(_("asked back at"), null=True, blank=True, editable=False)
    reply = models.TextField(_("replied"), max_length=LONGEST_REQUEST, blank=True)
    reply_at = models.DateTimeField(_("replied at"), null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(PairingRequestQuerySet)()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "checked",
                        "waiting",
                        "asked",
                        "accepted",
                        "declined",
                        "expired",
                        "withdrawn",
                    ]
                ),
                name="request_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["program", "mentor", "mentee"],
                condition=Q(state__in=["checked", "waiting", "asked"]),
                name="request_open_once_per_pair",
                violation_error_message=_("You have asked this person already."),
            ),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="request_of_two_people"),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "waiting", "asked"], closed_at__isnull=True)
                | Q(state__in=["accepted", "declined", "expired", "withdrawn"], closed_at__isnull=False),
                name="request_is_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "accepted"]) | Q(asked_at__isnull=False),
                name="request_is_asked_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(reply="") | ~Q(question=""), name="request_replies_to_a_question"
            ),
            models.CheckConstraint(
                condition=Q(because="")
                | Q(
                    because__in=["room", "away", "paired", "program", "organizers"],
                    state__in=["declined", "expired", "withdrawn"],
                ),
                name="request_ended_for_a_known_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["program", "mentee"],
                name="request_open_of_mentee",
                condition=Q(state__in=["checked", "waiting", "asked"]),
            )
        ]

    def __str__(self) -> str:
        return f"Request #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def waits_for_reply(self) -> bool:
        """The mentor has asked back, and the mentee has not said more yet."""
        return bool(self.question) and not self.reply


class RoomWatchQuerySet(models.QuerySet["RoomWatch"]):
    def with_room(self) -> Self:
        """Those whose mentor is here now and has room for another mentee."""
        here = Enrollment.objects.active().mentors().filter(person__in=User.objects.staying())
        place = here.filter(program=OuterRef("program"), person=OuterRef("mentor"))
        holding = Pairing.objects.holding().filter(program=OuterRef("program"), mentor=OuterRef("mentor"))
        return self.alias(
            capacity=Subquery(place.values("capacity")[:1]), taken=number_of(holding, "mentor")
        ).filter(capacity__gt=F("taken"))

    def can_ask(self) -> Self:
        """Those whose mentee could ask that mentor now, as far as the two and the program are concerned."""
        here = Enrollment.objects.active().mentees().filter(person__in=User.objects.staying())
        own = here.filter(program=OuterRef("program"), person=OuterRef("mentee"))
        holding = Pairing.objects.holding().filter(program=OuterRef("program"), mentee=OuterRef("mentee"))
        return (
            self.filter(Exists(own), program__matched_by__in=Program.REQUESTED)
            .alias(mentors=number_of(holding, "mentee"))
            .filter(mentors__lt=F("program__pairings_per_mentee"))
            .exclude(RoomWatch.never())
        )

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class RoomWatch(models.Model):
    """Somebody wants to hear when a mentor who is full has room again. One e-mail, and the row is gone."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("program"))
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="room_watches", verbose_name=_("mentee")
    )
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("mentor")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(RoomWatchQuerySet)()

    class Meta:
        verbose_name = _("wait for a mentor’s room")
        verbose_name_plural = _("waits for a mentor’s room")
        constraints = [
            models.UniqueConstraint(fields=["program", "mentor", "mentee"], name="room_watch_once"),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="room_watch_of_two_people"),
        ]

    def __str__(self) -> str:
        return f"Wait for room #{self.pk}"

    @staticmethod
    def never() -> Q:
        """The two are ruled out, or one of them has said no to the other there (`pool.never_with`)."""
        two = Q(mentor=OuterRef("mentor"), mentee=OuterRef("mentee")) | Q(
            mentor=OuterRef("mentee"), mentee=OuterRef("mentor")
        )
        holds = Q(program=OuterRef("program")) | Q(because=RuledOut.Because.NOT_A_FIT)
        said_no = Pairing.objects.filter(two, program=OuterRef("program"), status=Pairing.Status.DECLINED)
        return Q(Exists(RuledOut.objects.filter(two & holds))) | Q(Exists(said_no))
