"""The e-mails about meetings, with what a calendar takes from them. They name people, days and places, and nothing of
what anybody wrote in confidence."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import now
from accounts.mail.kinds import Always, Kind, Letter, Stream, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User
from accounts.templatetags.best import clock, long_date

from . import calendar_events
from .calendar_events import Seen
from .emails import NOT_RUNNING, written
from .invites import messages
from .invites.mail import CalendarPart
from .invites.messages import Method
from .models import ArrangementVersion, Attendance, CalendarDecline, Meeting, Program

MEETINGS = Stream(
    "meetings",
    gettext_lazy("Your meetings"),
    gettext_lazy(
        "An invitation for your calendar when a meeting is arranged or moved, and a note when somebody cannot come."
    ),
)
INVITED = "meeting_invited"
CHANGED = "meeting_changed"
CANCELLED = "meeting_cancelled"
DECLINED = "meeting_declined"
# Those that carry a version of an arrangement to somebody's calendar.
OF_A_VERSION = (INVITED, CHANGED, CANCELLED)
# What says that a meeting takes place: whoever has not answered is asked.
ASKS = ("arranged", "changed", "one_changed")
SUPERSEDED = "a newer version goes out"
# What may have reached a calendar, or was stopped by whoever would have got it.
OUT = (
    Message.State.SENDING,
    Message.State.SENT,
    Message.State.BOUNCED,
    Message.State.UNCERTAIN,
    Message.State.SUPPRESSED,
)


def register_kinds() -> None:
    newest = (
        SUPERSEDED,
        Q(Exists(_asked_version().exclude(Exists(_newer(OuterRef(OuterRef("person_id"))))))),
    )
    theirs = Meeting.objects.filter(arrangement__versions=OuterRef("subject_id")).filter(
        Q(pairing__mentor=OuterRef("person_id")) | Q(pairing__mentee=OuterRef("person_id"))
    )
    takes_place = theirs.planned().filter(arrangement__cancelled_at__isnull=True)
    runs = (NOT_RUNNING, Q(Exists(theirs.filter(pairing__program__status=Program.Status.ACTIVE))))
    for name, label in (
        (INVITED, gettext_lazy("A meeting is arranged")),
        (CHANGED, gettext_lazy("A meeting has changed")),
    ):
        register(
            Kind(
                name,
                MEETINGS,
                label,
                of_a_version,
                conditions=(newest, ("it does not take place", Q(Exists(takes_place))), runs),
                is_urgent=True,
            )
        )
    register(
        Kind(
            CANCELLED,
            None,
            gettext_lazy("A meeting is canceled"),
            of_a_version,
            # Also while the program rests: otherwise it would stay in calendars, and somebody would come.
            conditions=(newest, ("it was in no calendar", Q(Exists(_out(OuterRef("person_id")))))),
            always=Always(
                gettext_lazy("That a meeting of yours is canceled"),
                gettext_lazy("It may stand in your calendar, and nobody should wait for somebody in vain."),
            ),
        )
    )
    _register_declined()


def _register_declined() -> None:
    said = CalendarDecline.objects.filter(pk=OuterRef("subject_id"), arrangement__cancelled_at__isnull=True)
    answers = Attendance.objects.filter(
        arrangement=OuterRef("arrangement"), person=OuterRef("person"), answer=Attendance.Answer.DECLINED
    )
    to_all = said.filter(Exists(answers.for_all()), occurrence__isnull=True)
    to_one = said.filter(Exists(answers.filter(meeting__original_at=OuterRef("occurrence"))))
    meets = (
        Meeting.objects.planned()
        .filter(arrangement__declines=OuterRef("subject_id"))
        .filter(Q(pairing__mentor=OuterRef("person_id")) | Q(pairing__mentee=OuterRef("person_id")))
    )
    register(
        Kind(
            DECLINED,
            MEETINGS,
            gettext_lazy("Somebody cannot come"),
            declined,
            conditions=(
                ("it is answered otherwise, or off", Q(Exists(to_all)) | Q(Exists(to_one))),
                ("they do not meet any more", Q(Exists(meets))),
                (NOT_RUNNING, Q(Exists(meets.filter(pairing__program__status=Program.Status.ACTIVE)))),
            ),
            is_urgent=True,
        )
    )


def _asked_version() -> QuerySet[ArrangementVersion]:
    """The one that a message is about."""
    return ArrangementVersion.objects.filter(pk=OuterRef("subject_id"))


def _newer(person: OuterRef) -> QuerySet[ArrangementVersion]:
    """Later versions of the same, all of it or the same one of its meetings, that this person is owed as well."""
    owed = Message.objects.of(*OF_A_VERSION).filter(subject_id=OuterRef("pk"), person=OuterRef(person))
    return ArrangementVersion.objects.filter(
        Exists(owed),
        Q(occurrence__isnull=True) | Q(occurrence=OuterRef("occurrence")),
        arrangement=OuterRef("arrangement"),
        sequence__gt=OuterRef("sequence"),
    )


def _out(person: Any) -> QuerySet[Message]:
    """What this person was told of an arrangement before, so that it stands in their calendar."""
    of_it = ArrangementVersion.objects.filter(
        pk=OuterRef("subject_id"), arrangement__versions=OuterRef(OuterRef("subject_id"))
    )
    return Message.objects.of(INVITED, CHANGED).filter(Exists(of_it), person=person, state__in=OUT)


def of_a_version(message: Message) -> Letter:
    """The invitation, its update, or that it does not take place: whatever is true for its reader now."""
    found = ArrangementVersion.objects.select_related("arrangement").filter(pk=message.subject_id).first()
    seen = calendar_events.seen_by(message.person, found.arrangement, now()) if found else None
    if found is None or seen is None:
        raise Unrenderable("the meeting is gone")
    is_off = seen.is_off
    if is_off != (message.kind == CANCELLED):
        raise Unrenderable("it is otherwise by now")
    alone = _alone(seen, found.occurrence)
    shown = alone or (_off_last(seen, found) if is_off else seen.to_come)
    if not shown:
        raise Unrenderable("it is over")
    was_told = message.kind != CANCELLED and _was_told(message, found)
    how = _how(alone, is_off=is_off, was_told=was_told)
    return _letter(message, seen, shown[0], how, part=_part(seen, found, shown[0] if alone else None))


def declined(message: Message) -> Letter:
    """To whoever would have met somebody whose calendar said no."""
    found = CalendarDecline.objects.select_related("arrangement", "person").filter(pk=message.subject_id)
    said = found.first()
    seen = calendar_events.seen_by(message.person, said.arrangement, now(), answers=False) if said else None
    if said is None or seen is None:
        raise Unrenderable("the meeting is gone")
    rows = _alone(seen, said.occurrence) or seen.to_come
    # Of a group, that at which the two would have met.
    rows = [row for row in rows if said.person in _partners(seen, row)]
    if not rows or rows[0].cancelled_at is not None or rows[0].ends_at <= seen.now:
        raise Unrenderable("it is over")
    is_all = said.occurrence is None and seen.arrangement.is_series
    return _letter(message, seen, rows[0], "declined_all" if is_all else "declined", who=said.person)


def _alone(seen: Seen, occurrence: datetime | None) -> list[Meeting]:
    """The meeting of a series that alone a letter is about: as it takes place, or as it would have."""
    rows = seen.at(occurrence) if occurrence and seen.arrangement.is_series else []
    standing = [row for row in rows if row.cancelled_at is None]
    return standing or sorted(rows, key=lambda row: row.cancelled_at or seen.now, reverse=True)


def _off_last(seen: Seen, version: ArrangementVersion) -> list[Meeting]:
    """What was to come when this version was made, without what was off before."""
    rows = seen.called_off(version.created_at)
    last = max((row.cancelled_at for row in rows if row.cancelled_at), default=None)
    return [row for row in rows if row.cancelled_at == last]


def _partners(seen: Seen, meeting: Meeting) -> list[User]:
    """Whom they meet then, or would have."""
    return [pairing.partner_of(seen.person) for pairing in seen.pairings_at(meeting)]


def _how(alone: list[Meeting], *, is_off: bool, was_told: bool) -> str:
    """What the letter says has happened."""
    if is_off:
        return "off"
    if alone:
        return "one_off" if alone[0].cancelled_at else "one_changed"
    return "changed" if was_told else "arranged"


def _was_told(message: Message, version: ArrangementVersion) -> bool:
    """Whether something of it may have reached them before."""
    earlier = ArrangementVersion.objects.filter(
        arrangement=version.arrangement_id, sequence__lt=version.sequence
    )
    out = Message.objects.of(INVITED, CHANGED).filter(person=message.person_id, state__in=OUT)
    return out.filter(subject_id__in=list(earlier.values_list("pk", flat=True))).exists()


def _part(seen: Seen, version: ArrangementVersion, alone: Meeting | None) -> CalendarPart | None:
    """What their calendar takes; None for an address that no calendar can name, and where nothing fits into one.

    `alone` is the meeting of a series that the version is about."""
    if not calendar_events.may_be_asked(seen.person):
        return None
    try:
        event = seen.event()
    except ValueError:
        return None
    series, at = event.series, seen.now
    originals = {alone.original_at} if alone and alone.original_at else set()
    if seen.is_off:
        if series is None or not seen.standing:
            return CalendarPart(messages.cancel(event, now=at), Method.CANCEL)
        # Those that took place stay where they are.
        originals = {row.original_at for row in seen.called_off(version.created_at) if row.original_at}
    gone = originals & series.without if series else set()
    if gone:
        return CalendarPart(messages.cancel_occurrences(event, gone, now=at), Method.CANCEL)
    if seen.is_off:
        return None
    if series is not None and alone and any(each.original == alone.original_at for each in series.moved):
        return CalendarPart(
            messages.request(event, now=at, only=alone.original_at, replies=_is_heard()), Method.REQUEST
        )
    return CalendarPart(messages.request(event, now=at, replies=_is_heard()), Method.REQUEST)


def _letter(
    message: Message,
    seen: Seen,
    meeting: Meeting,
    how: str,
    *,
    part: CalendarPart | None = None,
    who: User | None = None,
) -> Letter:
    partners = _partners(seen, meeting)
    names = _together(person.first_name for person in partners)
    program = meeting.pairing.program
    context: dict[str, Any] = {
        "how": how,
        "names": names,
        "who": who,
        "meeting": meeting,
        # Of one other the letter can say what their clock shows.
        "partner": partners[0] if len(partners) == 1 else None,
        "arrangement": seen.arrangement,
        "is_call": meeting.place.startswith(("https://", "http://")) and " " not in meeting.place,
        "planner": next((each for each in partners if each.pk == seen.arrangement.arranged_by_id), None),
        "is_asked": how in ASKS and seen.waits_for_answer(meeting),
        "has_part": part is not None,
        "is_heard": _is_heard(),
        "url": calendar_events.page_of(seen.pairings_at(meeting)),
    }
    day = f"{long_date(meeting.starts_at)}, {clock(meeting.starts_at)}"
    subject = _subject(how) % {"names": who.first_name if who else names, "day": day}
    made = written(
        message,
        "meeting",
        subject,
        context,
        program=program,
        thread=f"arrangement/{seen.arrangement.pk}/{message.person_id}",
        list_="meetings" if message.stop_url else "",
    )
    return replace(
        made,
        from_address=settings.CALENDAR_ADDRESS,
        alternatives=(part.alternative,) if part else (),
        files=(part.attachment,) if part else (),
    )


def _is_heard() -> bool:
    """Whether what is answered in a calendar reaches us."""
    return bool(settings.INBOUND_AUTHSERV_ID)


def _together(names: Iterable[str]) -> str:
    """“Noor”, “Noor and Tomasz”, “Noor, Ines and Tomasz”."""
    *first, last = list(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(first), "last": last} if first else last


def _subject(how: str) -> str:
    match how:
        case "arranged":
            return _("You meet %(names)s on %(day)s")
        case "changed" | "one_changed":
            return _("Changed: you meet %(names)s on %(day)s")
        case "declined" | "declined_all":
            return _("%(names)s cannot come on %(day)s")
        case _:
            return _("Canceled: meeting %(names)s on %(day)s")
