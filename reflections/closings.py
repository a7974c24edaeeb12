"""Three weeks after a quarter its coordinators are told what to look after: addresses that do not work, pairings in
which nobody can be reached, requests that wait. Of those who were silent no name is told, and no total but what is
told on the page of the round (`round_counting`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.localtime import first_valid
from accounts.mail import kinds, links, outbox
from accounts.mail.kinds import Kind, Letter, Stream, Unrenderable
from accounts.mail.manners import Manners
from accounts.mail.models import Message, Suppression
from accounts.mail.suppression import PERMANENT
from accounts.models import User
from mentoring.emails import NOT_RUNNING
from mentoring.models import Enrollment, Holiday, Pairing, PairingRequest, Program, ProgramAdmin

from .aside_emails import aside
from .models import Round, RoundFigure
from .nudges import AHEAD
from .outlook import Recipient, was_put_off
from .rounds import is_running
from .schedule import LATE, Nudge, Slot

CLOSED = "quarter_closed"
AFTER = timedelta(days=21)
AT = time(9, 0)
MOST_NAMES = 10
COORDINATION = Stream(
    "coordination",
    gettext_lazy("For those who run a program"),
    gettext_lazy("Three weeks after a quarter: what to look after. It names nobody who was silent."),
    concerns=lambda person: ProgramAdmin.objects.filter(person=person).exists(),
)


@dataclass(frozen=True)
class Closing:
    """One e-mail to one coordinator; `message` is its row where it is owed already."""

    round: Round
    person: Recipient
    at: datetime
    expires_at: datetime
    message: Message | None


def register_kinds() -> None:
    person, subject = OuterRef("person_id"), OuterRef("subject_id")
    runs = Program.objects.filter(rounds=subject, status=Program.Status.ACTIVE)
    coordinator = ProgramAdmin.objects.filter(person=person, program__rounds=subject)
    kinds.register(
        Kind(
            CLOSED,
            COORDINATION,
            gettext_lazy("Quarter closed: what to look after"),
            letter,
            conditions=(
                (NOT_RUNNING, Q(Exists(runs))),
                ("does not run the program any more", Q(Exists(coordinator))),
            ),
        )
    )


def look_at_closings(now: datetime) -> Iterator[Closing]:
    """Whom it is due to about now, and when: at nine by their clock, on an allowed day. Four queries."""
    today = now.date()
    rounds = Round.objects.filter(
        program__status=Program.Status.ACTIVE,
        due_on__gte=today - AFTER - LATE - timedelta(days=7),
        due_on__lte=today - AFTER + AHEAD + timedelta(days=1),
    ).select_related("program")
    found = [one for one in rounds.order_by("pk") if is_running(one.program, one.program.today(now))]
    if not found:
        return
    off = Holiday.objects.days_off([one.program for one in found], now)
    admins = ProgramAdmin.objects.filter(program__in=off, person__in=User.objects.staying())
    people = list(admins.select_related("person").order_by("person__email"))
    rows = Message.objects.of(CLOSED).filter(subject_id__in=[one.pk for one in found])
    messages = {(row.person_id, row.subject_id): row for row in rows}
    for one in found:
        for row in people:
            if row.program_id == one.program_id:
                person = row.person
                slot = Slot(person.zone, person.coffee_weekday, person.coffee_time)
                meant = first_valid(one.due_on + AFTER, AT, person.zone)
                at = slot.next_allowed(meant, off[one.program_id])
                manners = Manners.of(
                    person.time_zone, person.snoozed_until, person.calm_from, person.calm_until
                )
                recipient = Recipient(person.pk, person.email, slot, manners)
                yield Closing(one, recipient, at, at + LATE, messages.get((person.pk, one.pk)))


def plan_closings(now: datetime) -> int:
    """Owe what is due within three days, and was in the last week; how many. What waits follows a change of zone, and
    what was not sent because the program rested is owed again, where its week is not over."""
    new, again = [], 0
    for one in look_at_closings(now):
        if one.message is None and one.at <= now + AHEAD and one.expires_at > now:
            new.append(outbox.Owed(CLOSED, one.person.pk, one.round.pk, one.at, one.expires_at))
        elif (
            one.message is not None
            and was_put_off(one.message)
            and one.at <= now + AHEAD
            and one.expires_at > now
        ):
            again += outbox.take_up(
                CLOSED,
                subjects=[one.round.pk],
                person_id=one.person.pk,
                reason=NOT_RUNNING,
                due_at=max(one.at, now),
                expires_at=one.expires_at,
            )
        elif one.message is not None and one.at > now and one.at != one.message.due_at:
            outbox.move(one.message, due_at=one.at, expires_at=one.expires_at)
    return outbox.owe_many(new) + again


def letter(message: Message) -> Letter:
    """Raises Unrenderable when its round is gone."""
    round = Round.objects.select_related("program").filter(pk=message.subject_id).first()
    if round is None:
        raise Unrenderable("the round is gone")
    program, found = round.program, look_after(round)
    paragraphs = [
        _("%(name)s, %(quarter)s of %(program)s is closed.")
        % {"name": message.person.first_name, "quarter": round.quarter.spelled, "program": program.name},
        *_sentences(found),
    ]
    if len(paragraphs) == 1:
        paragraphs.append(_("There is nothing to look after."))
    return aside(
        message,
        program,
        subject=_("Quarter closed: what to look after"),
        paragraphs=paragraphs,
        button=_("Open the admin pages"),
        url=links.absolute("admin:index"),
        more=_more(found),
        why=_("You get this because you run %(program)s, three weeks after each quarter."),
        list_="coordination",
    )


def _more(found: "LookAfter") -> list[tuple[str, str]]:
    if not found.addresses:
        return []
    people = links.absolute("admin:accounts_user_changelist")
    return [(_("Whose address does not work"), f"{people}?mail=dead")]


@dataclass(frozen=True)
class LookAfter:
    """What a coordinator is told. `totals`: how many were asked, and how many of them finished at least; None
    where that would tell of somebody."""

    addresses: list[str]
    pairings: list[tuple[str, str]]
    requests: int
    totals: tuple[int, int] | None


def look_after(round: Round) -> LookAfter:
    """Six queries, however many people there are.

    An address does not work where mail to it is suppressed, whatever e-mail came back; or where the quarter's own was
    refused, nothing has arrived since, and its person has not said that it works again."""
    program = round.program
    refused = Message.objects.of(*Nudge, subject_id=round.pk).filter(
        Q(state=Message.State.BOUNCED) | Q(state=Message.State.FAILED, last_code__gte=PERMANENT)
    )
    arrived = Message.objects.filter(
        person=OuterRef("person"), state=Message.State.SENT, sent_at__gt=OuterRef("due_at")
    )
    lifted = Suppression.objects.filter(person=OuterRef("person"), lifted_at__gt=OuterRef("due_at"))
    in_it = Enrollment.objects.active().filter(program=program).values("person")
    refused = refused.exclude(last_error=Message.TO_AN_EARLIER_ADDRESS)
    refused = refused.filter(~Exists(arrived), ~Exists(lifted), person__in=in_it)
    dead = Suppression.objects.standing().filter(reason=Suppression.Reason.BOUNCED, person__in=in_it)
    broken = {*refused.values_list("person", flat=True), *dead.values_list("person", flat=True)}
    names = [str(person) for person in User.objects.filter(pk__in=broken).order_by("name", "email")]
    pairs = Pairing.objects.active().filter(program=program).select_related("mentor", "mentee").order_by("pk")
    lost = [
        (pair.mentor.first_name, pair.mentee.first_name)
        for pair in pairs
        if _is_lost(pair.mentor, broken) and _is_lost(pair.mentee, broken)
    ]
    requests = PairingRequest.objects.filter(program=program, state=PairingRequest.State.CHECKED).count()
    # Only what is told anyway: a number of its own would tell what that keeps back.
    told = RoundFigure.objects.filter(round=round).order_by("as_of").last()
    return LookAfter(names, lost, requests, (told.asked, told.at_least) if told else None)


def _is_lost(person: User, broken: set[int]) -> bool:
    return not person.is_active or person.pk in broken


def _sentences(found: LookAfter) -> Iterator[str]:
    if found.totals is not None:
        asked, finished = found.totals
        yield _("Of %(asked)s people at least %(finished)s finished their page.") % {
            "asked": asked,
            "finished": finished,
        }
    if found.addresses:
        yield _("These addresses do not work: %(names)s.") % {"names": _some(found.addresses)}
    if found.pairings:
        pairs = [_("%(one)s and %(other)s") % {"one": one, "other": other} for one, other in found.pairings]
        yield _("In these pairings nobody can be reached: %(names)s.") % {"names": _some(pairs)}
    if found.requests:
        yield ngettext(
            "%(count)s request for a mentor waits to be looked at.",
            "%(count)s requests for a mentor wait to be looked at.",
            found.requests,
        ) % {"count": found.requests}


def _some(names: list[str]) -> str:
    shown, more = names[:MOST_NAMES], len(names) - MOST_NAMES
    if more <= 0:
        return ", ".join(shown)
    return ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more) % {
        "names": ", ".join(shown),
        "count": more,
    }
