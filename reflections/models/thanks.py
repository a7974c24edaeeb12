"""Who somebody's mentors are, in the program or far outside it, and what they write to them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText
from mentoring.models import Pairing, Program

from .moment import Moment
from .reflection import Answer

LONGEST_NAME = 120
LONGEST_ADDRESS = 254
LONGEST_KEPT = 1000
LONGEST_THANKS = 4000


class OwnMentorQuerySet(models.QuerySet["OwnMentor"]):
    def of(self, user: User) -> Self:
        return self.filter(person=user)


class OwnMentor(Sealed):
    """Somebody who stood behind `person`, by their own account. Nobody else sees the list, the one named included.

    `member` is set for somebody who is here; name and address are as `person` wrote them.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_mentors")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="named_as_mentor"
    )
    name = SealedText(_("name"), max_length=LONGEST_NAME)
    address = SealedText(_("e-mail address"), max_length=LONGEST_ADDRESS)
    kept = SealedText(_("what you kept from it"), max_length=LONGEST_KEPT)
    created_at = models.DateTimeField(_("named"), default=timezone.now)
    sealed_by = "person"

    objects = models.Manager.from_queryset(OwnMentorQuerySet)()

    class Meta:
        verbose_name = _("own mentor")
        verbose_name_plural = _("own mentors")
        ordering = ["created_at", "pk"]
        constraints = [
            OnlySealed(
                condition=Q(name__is_sealed=True, address__is_sealed=True, kept__is_sealed=True),
                name="own_mentor_is_sealed",
            ),
            models.CheckConstraint(condition=Q(name__is_empty=False), name="own_mentor_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"Own mentor #{self.pk}"


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def written_by(self, user: User) -> Self:
        return self.filter(writer=user)

    def visible_to(self, user: User) -> Self:
        """One's own, and what was sent to this person here."""
        return self.filter(Q(writer=user) | self._to(user))

    def to(self, user: User) -> Self:
        """What this person was given to read here, by those whom they have not muted."""
        return self.filter(self._to(user)).exclude(writer__in=user.muted_writers.values("writer"))

    def muted_by(self, user: User) -> Self:
        """What they were given here by those whom they muted."""
        return self.filter(self._to(user), writer__in=user.muted_writers.values("writer"))

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def drafts(self) -> Self:
        return self.filter(sent_at__isnull=True)

    def gone(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def with_people(self) -> Self:
        return self.select_related("writer", "recipient", "mentor__member", "pairing", "program")

    def _to(self, user: User) -> Q:
        return Q(recipient=user, way=Thanks.Way.HERE, sent_at__isnull=False)


class Thanks(Sealed):
    """A note to one person: written, and sent or kept. `answer` and `moment` are what it grew out of, if anything."""

    class About(models.TextChoices):
        THANKS = "thanks", _("A thank-you")
        LEARNED = "learned", _("What I learned from you")
        TRUST = "trust", _("What I trust you with")
        BELIEF = "belief", _("What I see in you")

    class Way(models.TextChoices):
        HERE = "here", _("here, to read when they sign in")
        MAIL = "mail", _("by e-mail, to somebody who is not here")
        PRINT = "print", _("printed")
        COPY = "copy", _("copied, to send it yourself")

    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="thanks_written")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="thanks_received"
    )
    mentor = models.ForeignKey(OwnMentor, models.SET_NULL, null=True, blank=True, related_name="thanks")
    pairing = models.ForeignKey(Pairing, models.SET_NULL, null=True, blank=True, related_name="thanks")
    # In whose midst it was sent: the program that the two share. Whoever runs that hears of what is reported.
    program = models.ForeignKey(Program, models.SET_NULL, null=True, blank=True, related_name="thanks")
    in_reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("in reply to")
    )
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="told")
    moment = models.ForeignKey(Moment, models.SET_NULL, null=True, blank=True, related_name="told")
    about = models.CharField(_("about"), max_length=8, choices=About.choices, default=About.THANKS)
    text = SealedText(_("your note"), max_length=LONGEST_THANKS)
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    saved_at = models.DateTimeField(_("last saved"), default=timezone.now)
    way = models.CharField(_("how it went"), max_length=5, choices=Way.choices, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    sealed_by = "writer"

    objects = models.Manager.from_queryset(ThanksQuerySet)()

    class Meta:
        verbose_name = _("note of thanks")
        verbose_name_plural = _("notes of thanks")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            OnlySealed(condition=Q(text__is_sealed=True), name="thanks_are_sealed"),
            models.CheckConstraint(
                condition=Q(about__in=["thanks", "learned", "trust", "belief"]), name="thanks_about_is_known"
            ),
            models.CheckConstraint(
                condition=Q(way="", sent_at__isnull=True)
                | Q(way__in=["here", "mail", "print", "copy"], sent_at__isnull=False),
                name="thanks_way_goes_with_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(way="here"), name="thanks_read_here_only"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True) | ~Q(recipient=models.F("writer")),
                name="thanks_to_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(text__is_empty=False), name="thanks_sent_say_something"
            ),
        ]
        indexes = [models.Index(fields=["recipient", "-sent_at"], name="thanks_to_newest")]

    def __str__(self) -> str:
        return f"Note of thanks #{self.pk}"
