"""Mentors who are full, and those who want to hear when they have room again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring import rules
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Pairing, PairingRequest, Program, RoomWatch
from mentoring.models.request import number_of
from mentoring.room_emails import CANNOT_ASK, FULL_AGAIN, HAS_ROOM

from .refused import Refused

# A letter that could not go out for so long would be about a place that somebody else has by then.
LIVES = timedelta(days=14)


@transaction.atomic
def watch_room(program: Program, mentor: User, *, by: User, now: datetime) -> None:
    """A mentee hears by e-mail, once, when this mentor has room again; said twice, it is said once.

    Raises Refused where they could not ask that mentor then: see `rules.may_ask` and `rules.takes_mentees`.
    """
    places = Enrollment.objects.filter(program=program, person=mentor).select_related("person")
    theirs = places.first()
    if not rules.may_ask(by, program, now) or theirs is None or mentor.pk == by.pk:
        raise Refused(_("In this program you cannot ask a mentor now."))
    if not rules.takes_mentees(theirs):
        raise Refused(_("%(name)s takes no requests now.") % {"name": mentor.first_name})
    RoomWatch.objects.bulk_create(
        [RoomWatch(program=program, mentor=mentor, mentee=by, created_at=now)], ignore_conflicts=True
    )


def unwatch_room(program: Program, mentor: User, *, by: User) -> None:
    """They do not want to hear of it any more."""
    RoomWatch.objects.filter(program=program, mentor=mentor, mentee=by).delete()


def tell_of_room(now: datetime) -> int:
    """Whoever waits for a mentor who has room by now is owed the e-mail that says so: how many were not before.

    A wait is over, and its row gone, once the e-mail went out, when the two are a pair or never will be, when one of
    them has left, when the mentor was asked, when the mentee has as many mentors as the program allows, and with the
    program, or once it takes no requests. While a program rests, everybody waits; so does whoever has a break there.
    """
    _forget(now)
    heard = dict(
        RoomWatch.objects.filter(program__status=Program.Status.ACTIVE)
        .with_room()
        .can_ask()
        .values_list("pk", "mentee")
    )
    told = outbox.owe_many(
        outbox.Owed(HAS_ROOM, mentee, pk, due_at=now, expires_at=now + LIVES) for pk, mentee in heard.items()
    )
    # What was owed when the room had gone again, or the program or the mentee rested, and there is room now.
    for reason in (FULL_AGAIN, CANNOT_ASK, NOT_RUNNING):
        told += outbox.take_up(HAS_ROOM, subjects=heard, reason=reason, due_at=now, expires_at=now + LIVES)
    return told


def _forget(now: datetime) -> None:
    two = {"program": OuterRef("program"), "mentor": OuterRef("mentor"), "mentee": OuterRef("mentee")}
    seeks = Enrollment.objects.mentees().filter(
        program=OuterRef("program"), person=OuterRef("mentee"), status__in=Enrollment.IN
    )
    takes = Enrollment.objects.mentors().filter(
        program=OuterRef("program"), person=OuterRef("mentor"), status__in=Enrollment.IN
    )
    state = Message.State
    comes_to_it = Q(state__in=[state.QUEUED, *Message.HELD]) | Q(
        state=state.CANCELLED, last_error__in=[FULL_AGAIN, CANNOT_ASK, NOT_RUNNING]
    )
    letters = Message.objects.filter(kind=HAS_ROOM, subject_id=OuterRef("pk"), person=OuterRef("mentee"))
    made = Pairing.objects.made().filter(program=OuterRef("program"), mentee=OuterRef("mentee"))
    RoomWatch.objects.alias(mentors=number_of(made, "mentee")).filter(
        Q(program__status__in=Program.OVER)
        | ~Q(program__matched_by__in=Program.REQUESTED)
        | Q(mentors__gte=F("program__pairings_per_mentee"))
        | RoomWatch.never()
        | Q(program__ends_on__lt=now.date())
        | Q(Exists(Pairing.objects.open().filter(**two)))
        | Q(Exists(PairingRequest.objects.open().filter(**two)))
        | ~Q(Exists(seeks))
        | ~Q(Exists(takes))
        | Q(Exists(letters.exclude(comes_to_it)))
    ).delete()
