"""Asking people into a program, reminding them once, taking it back; and forgetting those who never came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.models import Stopped
from accounts.models import User
from accounts.mydata.erasing import forget_in_the_log
from mentoring import rules
from mentoring.emails import INVITATION, INVITATION_REMINDER
from mentoring.models import Concern, Enrollment, Holiday, Invitation, Program, ProgramAdmin, Reminder
from mentoring.models.invitation import reminder_due

from .refused import Refused

MOST_AT_ONCE = 200
# Nobody hears from us about one invitation more often than that, however often somebody presses a button.
BETWEEN_LETTERS = timedelta(days=3)
# How long we keep the address of somebody who was invited and never came.
KEPT_AFTERWARDS = timedelta(days=30)
FORGOTTEN_AT_ONCE = 200
BUSY = _("Somebody else changed something about these people at this moment. Look once more.")


@dataclass(frozen=True)
class Guest:
    """Somebody to be invited. `email` as `User.objects.normalize_email` gives it; `name` may be empty.

    `place`: what a new place of theirs says from the beginning, by the names of its fields. One that they had stays.
    """

    email: str
    name: str = ""
    place: Mapping[str, object] = field(default_factory=dict)


class SomeAreThere(Refused):
    """Nobody was invited: of some addresses it is said, in `reasons`, why they cannot be."""

    def __init__(self, reasons: Mapping[str, str | Promise]) -> None:
        super().__init__(_("Some of these people are in the program, or invited, already."))
        self.reasons = reasons


@transaction.atomic
def invite_by_email(
    program: Program,
    role: str,
    guests: Sequence[Guest],
    *,
    by: User,
    now: datetime,
    lives: timedelta,
    at_most: int = MOST_AT_ONCE,
) -> list[Invitation]:
    """Each of them gets an e-mail with a link of their own; all of them, or none.

    An address that nobody signs in with gets an account on the spot, so that the answer is the same for both. Raises
    SomeAreThere for those who have a place in this program or an invitation that waits, and Refused when the program
    takes nobody in, or rests.
    """
    _check_inviter(program, by, now)
    _check_it_writes(program)
    if len(guests) > at_most:
        raise Refused(_("Invite %(number)d people at most at one time.") % {"number": at_most})
    # Two admins who invite the same people at one moment come one after the other.
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    people = _people_at(guests, by)
    places = {
        place.person_id: place
        for place in Enrollment.objects.filter(program=program, person__in=people).select_for_update()
    }
    waiting = set(
        Invitation.objects.unanswered(now)
        .filter(program=program, person__in=people)
        .values_list("person", flat=True)
    )
    reasons: dict[str, str | Promise] = {}
    for person in people:
        place = places.get(person.pk)
        if place and place.status not in rules.MAY_BE_INVITED:
            reasons[person.email] = _("has a place in this program already")
        elif person.pk in waiting:
            reasons[person.email] = _("is invited already, and may still answer")
    if reasons:
        raise SomeAreThere(reasons)

    Enrollment.objects.filter(pk__in=[place.pk for place in places.values()]).update(
        status=Enrollment.Status.INVITED, role=role
    )
    try:
        with transaction.atomic():
            Enrollment.objects.bulk_create(
                Enrollment(
                    program=program,
                    person=person,
                    role=role,
                    status=Enrollment.Status.INVITED,
                    **guest.place,
                )
                for guest, person in zip(guests, people, strict=True)
                if person.pk not in places
            )
    except IntegrityError as error:
        raise Refused(BUSY) from error
    invitations = Invitation.objects.bulk_create(
        Invitation.made(
            program=program,
            role=role,
            person=person,
            most_uses=1,
            created_by=by,
            created_at=now,
            expires_at=now + lives,
            mailed_at=now,
            remind_at=reminder_due(now, now + lives),
        )
        for person in people
    )
    outbox.owe_many(
        outbox.Owed(INVITATION, invitation.person_id or 0, invitation.pk, now, invitation.expires_at)
        for invitation in invitations
    )
    return invitations


@transaction.atomic
def invite_by_link(
    program: Program,
    role: str,
    *,
    by: User,
    now: datetime,
    lives: timedelta,
    most_uses: int | None = None,
) -> Invitation:
    """A link by which so many people may come in, or any number; told to nobody but by who made it."""
    _check_inviter(program, by, now)
    invitation = Invitation.made(
        program=program,
        role=role,
        most_uses=most_uses,
        created_by=by,
        created_at=now,
        expires_at=now + lives,
    )
    invitation.save(force_insert=True)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Its link opens nothing any more; an e-mail about it that waits is not sent. Raises Refused when it is over."""
    if not rules.may_administer(by, invitation.program):
        raise Refused(_("Only those who run a program take its invitations back."))
    # Whoever joins at this moment holds the row: we come before them or after them.
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state(now) != Invitation.State.OPEN:
        raise Refused(_("It is over already."))
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=now, remind_at=None)
    place = Enrollment.objects.filter(
        program=invitation.program_id, person=invitation.person_id, status=Enrollment.Status.INVITED
    )
    place.filter(joined_on__isnull=True, applied_at__isnull=True).delete()
    # Somebody else was here before, or had asked to be, and stands where they stood.
    place.filter(joined_on__isnull=True, decided_at__isnull=False).update(status=Enrollment.Status.DECLINED)
    place.update(status=Enrollment.Status.WITHDRAWN)


@transaction.atomic
def remind_of_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """One more e-mail to somebody who has not answered. Raises Refused when they have, or heard from us lately."""
    if not rules.may_administer(by, invitation.program):
        raise Refused(_("Only those who run a program remind people of its invitations."))
    if not invitation.is_personal:
        raise Refused(_("A link is nobody’s in particular, so nobody can be reminded of it."))
    _check_it_writes(invitation.program)
    lately = now - BETWEEN_LETTERS
    waiting = _waiting(now).filter(pk=invitation.pk)
    if not waiting.exists():
        raise Refused(_("It is over already."))
    if not waiting.filter(mailed_at__lte=lately).update(mailed_at=now, remind_at=None):
        raise Refused(_("They have heard from us within the last three days."))
    _owe_reminder(invitation, by=by, now=now)


def remind_the_silent(now: datetime) -> int:
    """Each invitation by e-mail whose time is half over is brought to mind once, while its program runs and on none of
    its holidays. Returns how many.

    Any number of clocks may call it at once: whoever empties the column writes the letter.
    """
    due = list(
        _waiting(now)
        .filter(remind_at__lte=now, program__status=Program.Status.ACTIVE)
        .select_related("program", "person")
    )
    off = Holiday.objects.days_off([invitation.program for invitation in due], now)
    return sum(
        _remind_once(invitation, now)
        for invitation in due
        if invitation.person and not off[invitation.program_id].cover(now, invitation.person.zone)
    )


@transaction.atomic
def _remind_once(invitation: Invitation, now: datetime) -> bool:
    still = _waiting(now).filter(pk=invitation.pk, remind_at__lte=now)
    if not still.update(remind_at=None, mailed_at=now):
        return False
    _owe_reminder(invitation, by=None, now=now)
    return True


def forget_those_who_never_came(now: datetime) -> int:
    """Remove the accounts that were made for an invitation and were never used, a while after the last one was over.

    Kept are those whose person has stopped our e-mail: their wish is known by their address only. Returns how many.
    """
    with transaction.atomic():
        found = _never_came(now).order_by("pk")[:FORGOTTEN_AT_ONCE].values_list("pk", flat=True)
        # Whoever invites somebody, or signs in, holds the row too: once it is ours, what is true of it stays true.
        held = list(
            User.objects.filter(pk__in=list(found))
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)
        )
        gone = _never_came(now).filter(pk__in=held)
        count = gone.count()
        for person in gone:
            forget_in_the_log(person)
        gone.delete()
    return count


def _never_came(now: datetime) -> QuerySet[User]:
    long_ago = now - KEPT_AFTERWARDS
    mine = {"person": OuterRef("pk")}
    invitations = Invitation.objects.filter(**mine)
    not_over = invitations.exclude(
        Q(expires_at__lte=long_ago) | Q(declined_at__lte=long_ago) | Q(revoked_at__lte=long_ago)
    )
    people: QuerySet[User] = User.objects.filter(
        Exists(invitations),
        ~Exists(not_over),
        ~Exists(Enrollment.objects.filter(**mine).exclude(status__in=Enrollment.NOT_IN)),
        ~Exists(ProgramAdmin.objects.filter(**mine)),
        ~Exists(Stopped.objects.filter(**mine)),
        # Somebody told them something, and counts on it that they read it.
        ~Exists(Concern.objects.filter(contact=OuterRef("pk"))),
        ~Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)),
        last_login__isnull=True,
        is_superuser=False,
    )
    return people


def _waiting(now: datetime) -> QuerySet[Invitation]:
    """Of people whose place waits for their answer too: nobody has given them one by hand meanwhile."""
    place = Enrollment.objects.filter(
        program=OuterRef("program"), person=OuterRef("person"), status=Enrollment.Status.INVITED
    )
    return Invitation.objects.unanswered(now).filter(Exists(place))


def _check_inviter(program: Program, by: User, now: datetime) -> None:
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program invite people to it."))
    if not rules.takes_people(program, now):
        raise Refused(_("This program is over, so nobody can be invited to it."))


def _check_it_writes(program: Program) -> None:
    if program.status not in rules.WRITES:
        raise Refused(_("This program rests, so nobody hears from it. Let it go on first."))


def _people_at(guests: Sequence[Guest], by: User) -> list[User]:
    """Who signs in with these addresses, in their order. New people sign in by a code, or by the link they get.

    Their rows are ours until the end of the transaction: nobody forgets an account that is being invited anew.
    """
    # Always in the same order, so that two who invite the same people never wait for each other.
    new = [
        User(email=guest.email, name=guest.name, language=by.language, password=make_password(None))
        for guest in sorted(guests, key=lambda guest: guest.email)
    ]
    for _try in range(3):
        User.objects.bulk_create(new, ignore_conflicts=True)
        rows = User.objects.filter(email__in=[person.email for person in new])
        people = {person.email: person for person in rows.order_by("pk").select_for_update(no_key=True)}
        if all(guest.email in people for guest in guests):
            return [people[guest.email] for guest in guests]
    raise Refused(BUSY)


def _owe_reminder(invitation: Invitation, *, by: User | None, now: datetime) -> None:
    reminder = Reminder.objects.create(invitation=invitation, created_by=by, created_at=now)
    outbox.owe(
        INVITATION_REMINDER,
        invitation.person_id or 0,
        reminder.pk,
        due_at=now,
        expires_at=invitation.expires_at,
    )
