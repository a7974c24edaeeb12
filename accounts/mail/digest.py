"""The weekly e-mail of those who want one a week at most: what came due meanwhile, a line and a link for each.

What it takes along is over in the moment in which it passes the fence (`claims.pass_fence`), in one transaction: it
goes out with this one, or it still waits.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import database_now, now
from accounts.models import User

from . import claims, kinds, links, outbox, weekly
from .kinds import Kind, Letter, NotYet, Stream, Unrenderable, register
from .models import Message, Stopped, Suppression
from .weekly import WEEKLY

log = logging.getLogger(__name__)
MOST = 50
AHEAD = timedelta(hours=1)
STREAM = Stream(
    WEEKLY,
    gettext_lazy("One e-mail a week"),
    gettext_lazy(
        "What can wait, together at your coffee time: for those who choose it below, and for nobody else."
    ),
    concerns=lambda person: person.wants_weekly_mail,
)


class Line(NamedTuple):
    words: str
    url: str


def register_kinds() -> None:
    register(Kind(WEEKLY, STREAM, gettext_lazy("Your week, in one e-mail"), letter))


def plan_weekly(now: datetime) -> int:
    """Owe the e-mail of this week to whom something waits for at their coffee time; how many. Four queries
    and an INSERT, however many there are. None is owed on a day off, nor to an address that is suppressed. Run twice,
    or twice at once, it owes nothing twice."""
    people = User.objects.staying().filter(wants_weekly_mail=True)
    people = people.exclude(pk__in=Suppression.objects.standing().values("person"))
    there = list(people)
    off = weekly.days_off([person.pk for person in there], now)
    coffee = {person.pk: weekly.of(person, off.get(person.pk, weekly.never)) for person in there}
    waiting: dict[int, list[datetime]] = defaultdict(list)
    rows = Message.objects.waiting().filter(
        person__in=coffee, kind__in=weekly.kinds_that_wait(), due_at__lte=now + AHEAD
    )
    for person_id, due_at in rows.values_list("person", "due_at"):
        waiting[person_id].append(due_at)
    owed = []
    for person_id, due in waiting.items():
        slot = coffee[person_id].last_until(now + AHEAD)
        if slot > now - weekly.LATE and min(due) <= slot and not coffee[person_id].is_day_off(max(slot, now)):
            number = coffee[person_id].number_of(slot)
            owed.append(outbox.Owed(WEEKLY, person_id, number, slot, slot + weekly.LATE))
    return outbox.owe_many(owed)


def letter(message: Message) -> Letter:
    """The subject of each e-mail that waited, and where it leads. Raises Unrenderable where nothing does, and on a day
    off, to which it has come because it was late: what waits goes by itself, or with the next one. Raises NotYet while
    another sender looks at one of them, which waits a moment later."""
    there = now()
    off = weekly.days_off([message.person_id], there).get(message.person_id, weekly.never)
    if weekly.of(message.person, off).is_day_off(there):
        raise Unrenderable("a day off")
    theirs = Message.objects.filter(
        person=message.person_id, kind__in=weekly.kinds_that_wait(), due_at__lte=database_now()
    )
    if theirs.filter(state=Message.State.CLAIMED).exists():
        raise NotYet("one of it is in a sender's hands")
    waiting = theirs.waiting()
    # Tried again, it is the same e-mail, and some mailboxes show a second one of its Message-ID to nobody: what has
    # come due since then waits for the next.
    if message.gathered.exists():
        waiting = waiting.filter(gathered_by=message)
    stopped = Stopped.objects.names_of(message.person_id)
    lines: dict[Line, None] = {}
    gathers = []
    for one in waiting.select_related("person").order_by("due_at", "pk")[:MOST]:
        stream = kinds.get(one.kind).stream
        if stream is None or stream.name in stopped or claims.why_not(one):
            continue
        if (line := _line(one)) is not None:
            lines[line] = None
            gathers.append(one.pk)
    if not gathers:
        raise Unrenderable("nothing waits")
    subject = _("Your week, in one e-mail")
    context = {
        "subject": subject,
        "person": message.person,
        "lines": list(lines),
        "settings_url": links.absolute("accounts:settings"),
        "privacy_url": links.absolute("privacy"),
        "stop_url": message.stop_url,
    }
    return Letter(
        subject=subject,
        text=render_to_string("accounts/emails/weekly.txt", context),
        html=render_to_string("accounts/emails/weekly.html", context),
        from_name="Best Stuff",
        thread=f"weekly/{message.person_id}",
        list_id=WEEKLY,
        list_name=str(STREAM.label),
        gathers=tuple(gathers),
    )


def _line(one: Message) -> Line | None:
    """None where there is nothing to say of it, or its letter cannot be made: then it is left to wait, and the
    sender that tries it by itself says what is wrong."""
    try:
        made = kinds.get(one.kind).render(one)
    except Unrenderable:
        return None
    except Exception as defect:  # whatever it is, it must not hold up the others
        log.error("message %s: no line of it, %s", one.pk, type(defect).__name__)
        return None
    return Line(made.subject, made.url or links.absolute("home"))
