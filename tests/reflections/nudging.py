"""A quarter's end in fast motion: the clock ticks, and workers come by."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.test.utils import override_settings
from django.utils import timezone

from accounts.mail import claims, manners
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Program
from reflections.models import Reflection, Round
from reflections.nudges import plan_nudges
from reflections.rounds import open_due_rounds
from reflections.schedule import Nudge

ASK, REMINDER, LAST_CALL = Nudge.ASK, Nudge.REMINDER, Nudge.LAST_CALL
LISBON, WARSAW, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Tokyo")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Tuesday, June 23, 2026, half past seven in Lisbon: the mentor's coffee slot in the last full week of the quarter.
W0 = datetime(2026, 6, 23, 7, 30, tzinfo=LISBON)
SOON = W0 - 2 * DAY


def current_round(program: Program) -> Round:
    """The round of the quarter that ends on June 30, 2026."""
    open_due_rounds(SOON)
    return Round.objects.get(program=program, quarter_start=date(2026, 4, 1))


def owed(*people: User) -> list[tuple[str, str, datetime]]:
    """Who is owed what, when."""
    rows = Message.objects.of(*Nudge).order_by("due_at", "person__email")
    if people:
        rows = rows.filter(person__in=people)
    return [(row.person.first_name, row.kind, row.due_at) for row in rows.select_related("person")]


def send_due(now: datetime) -> None:
    """As if a worker had come by at that moment, with the conditions of the fence."""
    with at(now):
        for message in Message.objects.due().order_by("next_attempt_at", "pk"):
            row = Message.objects.filter(pk=message.pk)
            if ending := claims.why_not(message):
                row.update(state=ending.state, last_error=ending.reason)
            elif (wait := manners.wait_for(message)) and wait.until < message.expires_at:
                row.update(next_attempt_at=wait.until, last_error=wait.reason)
            elif wait:
                row.update(state="expired", last_error=wait.reason)
            else:
                row.update(state="sent", sending_at=now, sent_at=now, attempts=1)


def at(now: datetime) -> override_settings:
    """The clock of the database says that it is then."""
    return override_settings(REHEARSAL_OFFSET=now - timezone.now())


def live(start: datetime, days: int, *, every: timedelta = DAY) -> None:
    """Ticks and workers, over and over."""
    now = start
    while now < start + days * DAY:
        open_due_rounds(now)
        plan_nudges(now)
        send_due(now)
        now += every


def sent(person: User) -> list[tuple[str, int, date]]:
    rows = Message.objects.filter(person=person, state="sent").order_by("sent_at")
    return [(row.kind, row.subject_id, row.sent_at.date()) for row in rows if row.sent_at]


def answer(person: User, round: Round, status: str, at: datetime = SOON) -> Reflection:
    return Reflection.objects.create(
        person=person,
        round=round,
        role="mentee",
        status=status,
        started_at=at,
        submitted_at=at if status == "submitted" else None,
        declined_at=at if status == "declined" else None,
    )
