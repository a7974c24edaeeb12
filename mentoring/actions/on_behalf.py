"""What those who run a program do for its people, who had told them so elsewhere: a yes to a pairing, and that two met.
It is shown to both as what it is, and either of them may say that it was otherwise."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.models import User
from mentoring import rules
from mentoring.emails import MADE
from mentoring.models import AcceptedFor, Meeting, Pairing
from mentoring.models.desk import LONGEST_REASON
from mentoring.on_behalf_emails import ACCEPTED_FOR
from mentoring.room.locking import locked

from .endings import end_own_pairing
from .pairing_up import NOTICE_LIVES
from .pairings import locked_places, say_yes
from .refused import Refused

NOON = time(12)
SHORTEST, LONGEST = 10, 480  # minutes
NOT_THEIRS = _("This question is not open, is answered already, or is for them alone to answer.")
# For all that speaks against a day: a reason of its own would tell that one of the two said something of it.
NOT_THIS_DAY = _(
    "Nothing can be written down for this day. Choose one since the two were brought together, up to today, for which "
    "nothing is written down yet."
)


@transaction.atomic
def accept_on_behalf(pairing: Pairing, person: User, *, by: User, reason: str, now: datetime) -> AcceptedFor:
    """One of the two says yes by somebody who runs the program, and both are told so by e-mail.

    Raises Refused without a `reason`, where the question is no longer theirs to answer, and as `accept_pairing` does.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say how you know."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("That is too long: at most %(most)d letters.") % {"most": LONGEST_REASON})
    locked_places(pairing.program, pairing.mentor, pairing.mentee)
    pairing = locked(pairing)
    # As they are behind the lock: whether they stay is asked of them.
    person = {each.pk: each for each in (pairing.mentor, pairing.mentee)}.get(person.pk, person)
    if not rules.may_accept_on_behalf(by, pairing, person):
        raise Refused(NOT_THEIRS)
    is_pair = say_yes(pairing, of=person, now=now)
    accepted = AcceptedFor.objects.create(pairing=pairing, person=person, by=by, reason=reason, at=now)
    for each in (pairing.mentor_id, pairing.mentee_id):
        # That they are a pair is in a letter of its own, which says as well who said yes for whom.
        kind, about = (MADE, pairing.pk) if is_pair else (ACCEPTED_FOR, accepted.pk)
        outbox.owe(kind, each, about, due_at=now, expires_at=now + NOTICE_LIVES)
    return accepted


@transaction.atomic
def take_back_yes(accepted: AcceptedFor, *, by: User, now: datetime) -> None:
    """Whoever a yes was said for says that it was none. While the question is open, it is theirs again, and nobody says
    yes for them a second time; a pair that was made by it ends, within a week, and the other hears no more than that.

    Raises Refused for anybody else, later, and once it is over.
    """
    pairing = locked(accepted.pairing)
    fresh = AcceptedFor.objects.filter(pk=accepted.pk).first()
    if fresh is None:
        raise Refused(_("This cannot be taken back any more."))
    fresh.pairing = pairing
    if not rules.may_take_back_yes(by, fresh, now):
        raise Refused(_("This cannot be taken back any more."))
    AcceptedFor.objects.filter(pk=fresh.pk, taken_back_at__isnull=True).update(taken_back_at=now)
    answer = "mentor_accepted_at" if pairing.is_mentor(by) else "mentee_accepted_at"
    if Pairing.objects.filter(pk=pairing.pk, status__in=Pairing.ASKED).update(**{answer: None}):
        return
    end_own_pairing(pairing, by=by, now=now)


@transaction.atomic
def log_meeting_for(
    pairing: Pairing, *, by: User, on: date, minutes: int | None = None, now: datetime
) -> Meeting:
    """The two met on that day of the program's calendar, as they told somebody who runs it. What they had planned for
    that day is that meeting.

    Raises Refused where nothing is written down any more; and in the same words, whichever it is, for a day to come and
    one before they were a pair, for a second time, and where one of the two has said whether they met: it stays as they
    said it, and is not told here.
    """
    pairing = locked(pairing)
    if not rules.may_log_for_them(by, pairing):
        raise Refused(_("Nothing is written down here any more."))
    zone, today = pairing.program.zone, pairing.program.today(now)
    if on > today:
        raise Refused(NOT_THIS_DAY)
    if on < min(pairing.starts_on, pairing.created_at.astimezone(zone).date()):
        raise Refused(NOT_THIS_DAY)
    if minutes is not None and not SHORTEST <= minutes <= LONGEST:
        raise Refused(_("A meeting lasts ten minutes to eight hours."))
    begins = datetime.combine(on, time(), tzinfo=zone)
    there = Meeting.objects.planned().filter(
        pairing=pairing,
        starts_at__gte=begins,
        starts_at__lt=datetime.combine(on + timedelta(days=1), time(), zone),
    )
    that_day = list(there.order_by("starts_at", "pk"))
    # Whether they met or not, as one of the two said it, is theirs: those who run the program do not learn it here.
    if any(meeting.took_place is not None for meeting in that_day):
        raise Refused(NOT_THIS_DAY)
    said = {"took_place": True, "said_at": now, "is_logged_for_them": True, "logged_by": by}
    planned = next((meeting for meeting in that_day if meeting.starts_at <= now), None)
    if planned is not None:
        Meeting.objects.filter(pk=planned.pk).update(**said)
        return planned
    at = min(datetime.combine(on, NOON, tzinfo=zone), now)
    length = {} if minutes is None else {"minutes": minutes}
    return Meeting.objects.create(pairing=pairing, starts_at=at, created_at=now, **length, **said)
