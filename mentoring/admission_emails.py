"""The e-mails to those who ask for a place: yes, no, not now, a place that fell free, and that its time is over.

They answer what somebody asked, so they cannot be stopped. Their subjects hold nothing but the program's name; what
those who run it wrote to the person stands in the letter, where they wrote something.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import database_now
from accounts.mail import links
from accounts.mail.kinds import Always, Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from . import rules
from .emails import NOT_RUNNING, written
from .models import Enrollment, Notice, Program

OFFER_REMINDER = "place_offer_reminder"
KIND_OF = {
    Notice.Kind.APPROVED: "place_approved",
    Notice.Kind.WAITLISTED: "place_waitlisted",
    Notice.Kind.DECLINED: "place_declined",
    Notice.Kind.OFFERED: "place_offered",
    Notice.Kind.OFFER_ENDED: "place_offer_ended",
}
KINDS = (*KIND_OF.values(), OFFER_REMINDER)
ANSWERS = Always(
    gettext_lazy("Answers when you ask for a place"),
    gettext_lazy(
        "You asked for a place in a program: you must hear what became of it, and by when to answer."
    ),
)
LABELS = {
    Notice.Kind.APPROVED: gettext_lazy("You have a place"),
    Notice.Kind.WAITLISTED: gettext_lazy("You are on the waitlist"),
    Notice.Kind.DECLINED: gettext_lazy("There is no place for you"),
    Notice.Kind.OFFERED: gettext_lazy("A place is free for you"),
    Notice.Kind.OFFER_ENDED: gettext_lazy("The offered place has gone on"),
}


def register_kinds() -> None:
    """Tell the outbox of every kind of message that is owed to those who ask for a place."""
    for kind, name in KIND_OF.items():
        said = (("something else became of the place", Q(Exists(_still_true(kind)))), _program_runs(kind))
        register(Kind(name, None, LABELS[kind], letter, conditions=said, always=ANSWERS))
    offered = Notice.Kind.OFFERED
    open_ = (("the offer is answered or over", Q(Exists(_still_true(offered)))), _program_runs(offered))
    label = gettext_lazy("The offered place is still held")
    register(Kind(OFFER_REMINDER, None, label, letter, conditions=open_, always=ANSWERS))


def _program_runs(kind: Notice.Kind) -> tuple[str, Q]:
    """What somebody decided is told wherever people come in; offers are the clock's, and wait while a program rests."""
    states: tuple[Program.Status, ...] = rules.TAKES_PEOPLE
    if kind in (Notice.Kind.OFFERED, Notice.Kind.OFFER_ENDED):
        states = (Program.Status.ACTIVE,)
    elif kind == Notice.Kind.DECLINED:
        # A program closes first, and then those who still wait are told that there is no place any more.
        states = (*rules.TAKES_PEOPLE, Program.Status.CLOSED)
    notices = Notice.objects.filter(pk=OuterRef("subject_id"), enrollment__program__status__in=states)
    return NOT_RUNNING, Q(Exists(notices))


def _still_true(kind: Notice.Kind) -> QuerySet[Notice]:
    """Of the message's notice: whether the place is still as it says, by the instant that both have written down."""
    status, decided = Enrollment.Status, Q(enrollment__decided_at=F("made_at"))
    match kind:
        case Notice.Kind.APPROVED:
            now = decided & Q(enrollment__status=status.ACTIVE)
        case Notice.Kind.WAITLISTED:
            # Whoever is offered a place meanwhile hears of that alone.
            now = decided & Q(enrollment__status=status.WAITLISTED, enrollment__offered_at__isnull=True)
        case Notice.Kind.DECLINED:
            now = decided & Q(enrollment__status=status.DECLINED)
        case Notice.Kind.OFFERED:
            now = Q(enrollment__offered_at=F("made_at"), enrollment__offer_expires_at__gt=database_now())
        case Notice.Kind.OFFER_ENDED:
            waits = Q(enrollment__status=status.WAITLISTED, enrollment__offered_at__isnull=True)
            now = waits & Q(enrollment__waitlisted_at=F("made_at"))
    notices = Notice.objects.filter(pk=OuterRef("subject_id"), enrollment__person=OuterRef("person_id"))
    return notices.filter(now, kind=kind)


def letter(message: Message) -> Letter:
    found = Notice.objects.filter(pk=message.subject_id, enrollment__person=message.person_id)
    notice = found.select_related("enrollment__program").first()
    if notice is None:
        raise Unrenderable("the place is gone")
    place = notice.enrollment
    is_reminder = message.kind == OFFER_REMINDER
    context: dict[str, Any] = {
        "notice": notice,
        "place": place,
        "is_reminder": is_reminder,
        "ends": place.offer_expires_at,
        "url": links.absolute("programs:detail", place.program_id),
    }
    thread = f"place/{place.pk}/{message.person_id}"
    subject = _subject(Notice.Kind(notice.kind), is_reminder) % {"program": place.program.name}
    return written(message, f"place_{notice.kind}", subject, context, program=place.program, thread=thread)


def _subject(kind: Notice.Kind, is_reminder: bool) -> str:
    if is_reminder:
        return _("A place in %(program)s is still held for you")
    match kind:
        case Notice.Kind.APPROVED:
            return _("You have a place in %(program)s")
        case Notice.Kind.OFFERED:
            return _("A place in %(program)s is free for you")
        case Notice.Kind.OFFER_ENDED:
            return _("The place in %(program)s that was held for you")
        case _:
            return _("Your request for a place in %(program)s")
