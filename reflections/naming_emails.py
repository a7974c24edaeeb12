"""The e-mail to somebody who is named in what another one would share: at most one a day, whatever it is and by how
many. It says who would share it, and has not a word of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User
from mentoring.emails import NOT_RUNNING, PAIRINGS, written
from mentoring.models import Pairing, Program

from . import notices
from .models import Answer, Audience, Naming, NamingNotice, Reflection
from .wording import listed

NAMED = "named_in_something"
# Several answers of one page are shared in one go.
# The first of the two numbers of the lock; nothing else here takes locks by numbers.
ONE_AT_A_TIME = 80_081
ANSWERED = "nothing waits for an answer any more"


def register_kinds() -> None:
    notice = NamingNotice.objects.filter(pk=OuterRef("subject_id"), person=OuterRef("person_id"))
    asked = Naming.objects.unanswered().filter(person=OuterRef("person"), asked_at__gte=OuterRef("since"))
    register(
        Kind(
            NAMED,
            PAIRINGS,
            gettext_lazy("Somebody would share something that names you"),
            named,
            conditions=(
                (ANSWERED, Q(Exists(notice.filter(Exists(_still_shared(asked)))))),
                (NOT_RUNNING, Q(Exists(notice.filter(Exists(_running(asked)))))),
            ),
            is_daily=True,
        )
    )


def tell(people: Iterable[int], now: datetime) -> None:
    """They were just asked. What waits to go out says that too; else one is owed, a day after the last one.

    Once in a transaction: two who ask the same people come one after the other, and neither waits for the other's row.
    """
    for person_id in sorted(people):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ONE_AT_A_TIME, person_id % 2**31])
        _tell(person_id, now)


def _tell(person_id: int, now: datetime) -> None:
    notices.owe(NAMED, person_id, lambda: NamingNotice.objects.create(person_id=person_id, since=now).pk, now)


def take_up_namings(now: datetime) -> int:
    """What was not sent because a program rested goes out once it goes on; how many."""
    return notices.take_up(NAMED, now)


def named(message: Message) -> Letter:
    """Who would share something; nothing of what, nor with whom."""
    notice = NamingNotice.objects.filter(pk=message.subject_id, person=message.person_id).first()
    if notice is None:
        raise Unrenderable(ANSWERED)
    asked = Naming.objects.unanswered().filter(person=message.person_id, asked_at__gte=notice.since)
    rows = list(
        _running(asked)
        .select_related(
            "moment__person", "moment__program", "moment__pairing__program", "answer__reflection__person"
        )
        .select_related("answer__reflection__round__program")
        .order_by("asked_at", "pk")
    )
    if not rows:
        raise Unrenderable(ANSWERED)
    names = listed(list(dict.fromkeys(_writer(row).first_name for row in rows)))
    return written(
        message,
        "named",
        _("%(names)s would like to share something that names you") % {"names": names},
        {"names": names, "url": links.absolute("named:list")},
        program=_program(rows[0]),
        thread=f"named/{message.person_id}",
        list_="pairings",
    )


def _writer(row: Naming) -> User:
    thing = row.moment or (row.answer.reflection if row.answer else None)
    if thing is None:
        raise Unrenderable(ANSWERED)
    return thing.person


def _program(row: Naming) -> Program:
    if row.answer is not None:
        return row.answer.reflection.round.program
    if row.moment is not None and row.moment.program is not None:
        return row.moment.program
    if row.moment is not None and row.moment.pairing is not None:
        return row.moment.pairing.program
    raise Unrenderable(ANSWERED)


def _still_shared(rows: QuerySet[Naming]) -> QuerySet[Naming]:
    """Of things that are for somebody: what was taken back asks nobody anything."""
    with_a_pairing = Answer.pairings.through.objects.filter(
        answer=OuterRef("answer"), pairing__status__in=Pairing.BEGUN
    )
    finished = Q(answer__is_locked=False, answer__reflection__status=Reflection.Status.SUBMITTED)
    return rows.filter(
        Q(moment__audience=Audience.PAIRING, moment__pairing__status__in=Pairing.BEGUN)
        | Q(moment__audience=Audience.PROGRAM, moment__program__has_wall=True)
        | (finished & Q(Exists(with_a_pairing), answer__audience=Audience.PAIRING))
        | (finished & Q(answer__audience=Audience.PROGRAM, answer__reflection__round__program__has_wall=True))
    )


def _running(rows: QuerySet[Naming]) -> QuerySet[Naming]:
    active = Program.Status.ACTIVE
    return _still_shared(rows).filter(
        Q(moment__program__status=active)
        | Q(moment__pairing__program__status=active)
        | Q(answer__reflection__round__program__status=active)
    )
