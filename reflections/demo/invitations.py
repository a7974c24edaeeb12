"""Invitations of the demo program: by e-mail and by link, one in each state that there is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from accounts.mail import outbox
from accounts.models import User
from mentoring.emails import INVITATION
from mentoring.models import Enrollment, Invitation, Program
from mentoring.models.invitation import reminder_due

from .people import Person

DAY = timedelta(days=1)
BY_MAIL, BY_LINK = 7 * DAY, 30 * DAY
CAME_BY_MAIL, CAME_BY_LINK = 4, 2


def invite(
    program: Program, members: Sequence[Person], users: Mapping[str, User], by: User, now: datetime
) -> int:
    """Rows as they would be had these people been asked. The first who has not answered gets a real e-mail when the
    demo starts. How many invitations."""

    def personal(person: Person, ago: int, **more: object) -> Invitation:
        at = now - ago * DAY
        return _made(program, person.role, by, at, BY_MAIL, person=users[person.email], most_uses=1, **more)

    invented = [person for person in members if not person.key]
    asked = [person for person in invented if person.status == Enrollment.Status.INVITED]
    came = [person for person in invented if person.status == Enrollment.Status.ACTIVE]
    by_mail, by_link = came[:CAME_BY_MAIL], came[CAME_BY_MAIL : CAME_BY_MAIL + CAME_BY_LINK]
    open_ones = [personal(asked[0], 0, mailed_at=now, remind_at=reminder_due(now, now + BY_MAIL))]
    rows = [
        *open_ones,
        *(personal(person, 20) for person in asked[1:]),
        *(
            personal(person, 12, declined_at=now - 10 * DAY)
            for person in invented
            if person.status == Enrollment.Status.DECLINED
        ),
        *(personal(person, 90, accepted_at=now - 88 * DAY, came_in=1) for person in by_mail),
        _made(program, "mentee", by, now - 3 * DAY, BY_LINK),
        _made(program, "mentor", by, now - 80 * DAY, BY_LINK, most_uses=CAME_BY_LINK, came_in=len(by_link)),
        _made(program, "mentee", by, now - 60 * DAY, BY_LINK, most_uses=10),
        _made(program, "both", by, now - 9 * DAY, BY_LINK, revoked_at=now - 8 * DAY),
    ]
    Invitation.objects.bulk_create(rows)
    for row in rows:
        if row.accepted_at:
            Enrollment.objects.filter(program=program, person=row.person).update(invitation=row)
    used_up = next(row for row in rows if row.most_uses == CAME_BY_LINK)
    through = [users[person.email] for person in by_link]
    Enrollment.objects.filter(program=program, person__in=through).update(invitation=used_up)
    outbox.owe_many(
        outbox.Owed(INVITATION, row.person_id or 0, row.pk, now, row.expires_at) for row in open_ones
    )
    return len(rows)


def _made(
    program: Program, role: str, by: User, at: datetime, lives: timedelta, **more: object
) -> Invitation:
    return Invitation.made(
        program=program, role=role, created_by=by, created_at=at, expires_at=at + lives, **more
    )


def link_to_show() -> Invitation | None:
    """The link by which anybody may come in, for whoever looks around in the demo."""
    return Invitation.objects.filter(
        person=None, most_uses=None, revoked_at=None, program__slug="five-harbors"
    ).first()
