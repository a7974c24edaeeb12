"""The answer to an invitation: coming in, or saying no."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import leaving, places, rules
from mentoring.models import Enrollment, Invitation

from .refused import Refused

OVER = _("This invitation opens nothing any more.")


@transaction.atomic
def join_by_invitation(invitation: Invitation, person: User, *, now: datetime) -> Enrollment:
    """An active place for this person, from today. Raises Refused when the door is shut, or is not theirs.

    A place that somebody has already is left as it is, and said no to; but for one that waits for an answer, or was
    given up.
    """
    # Two who come in by one link at one moment come one after the other, and the second sees what the first did. Those
    # to this person are held too, since this answers them: in one order, and before any place, as by all who take both.
    concerned = Q(pk=invitation.pk) | Q(program=invitation.program_id, person=person)
    rows = Invitation.objects.filter(concerned).select_related("program").order_by("pk")
    invitation = {row.pk: row for row in rows.select_for_update(of=("self",))}[invitation.pk]
    if invitation.state(now) != Invitation.State.OPEN or not rules.takes_people(invitation.program, now):
        raise Refused(OVER)
    if not person.is_active or (invitation.is_personal and invitation.person_id != person.pk):
        raise Refused(_("This invitation is for somebody else."))
    place = _place_for(invitation, person, now)
    Invitation.objects.filter(pk=invitation.pk).update(came_in=F("came_in") + 1)
    theirs = Invitation.objects.unanswered(now).filter(program=invitation.program_id, person=person)
    theirs.update(accepted_at=now, remind_at=None)
    return place


def _place_for(invitation: Invitation, person: User, now: datetime) -> Enrollment:
    here = {"program": invitation.program, "person": person}
    came_in = {
        "role": invitation.role,
        "status": Enrollment.Status.ACTIVE,
        "joined_on": invitation.program.today(now),
        "invitation": invitation,
        # An earlier no is not the answer any more.
        "decided_at": None,
        "decision_note": "",
    }
    place = Enrollment.objects.filter(**here).select_for_update().first()
    if place is None:
        try:
            with transaction.atomic():
                return Enrollment.objects.create(**here, **came_in)
        except IntegrityError as error:
            raise Refused(_("You have a place in this program already.")) from error
    if place.status == Enrollment.Status.WITHDRAWN and not invitation.is_personal:
        raise Refused(_("Your place in this program has ended. Those who run it can invite you back."))
    if place.status == Enrollment.Status.DECLINED and not rules.may_come_in(place, invitation):
        raise Refused(_("You have asked for a place here before. Those who run the program can invite you."))
    if not rules.may_come_in(place, invitation):
        raise Refused(_("You have a place in this program already."))
    Enrollment.objects.filter(pk=place.pk).update(**came_in)
    place.refresh_from_db()
    return place


@transaction.atomic
def decline_invitation(invitation: Invitation, *, now: datetime) -> None:
    """No, by whoever holds the link that came to one mailbox: nothing more is sent about it. Twice no is one no.

    Raises Refused once the invitation is over.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.declined_at is not None:
        return
    if not invitation.is_personal or invitation.state(now) != Invitation.State.OPEN:
        raise Refused(OVER)
    Invitation.objects.filter(pk=invitation.pk).update(declined_at=now, remind_at=None)
    place = Enrollment.objects.filter(
        program=invitation.program_id, person=invitation.person_id, status=Enrollment.Status.INVITED
    )
    # Whoever was in the program once has left it; others never were.
    was_there = place.filter(joined_on__isnull=False).update(status=Enrollment.Status.WITHDRAWN)
    # Nor does anything stay that was said of them, or by them when they asked for a place some time before.
    places.forget_what_was_said(place)
    place.update(status=Enrollment.Status.DECLINED, applied_at=None, decided_at=None)
    if was_there and invitation.person is not None:
        leaving.left(invitation.person, invitation.program, now)
