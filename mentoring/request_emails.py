"""The e-mails about requests for a mentor. They name who, in which program and until when, and nothing of what the two
wrote to each other: that is read on the page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User

from .answer_links import token_for
from .emails import NOT_RUNNING, PAIRINGS, written
from .models import Enrollment, PairingRequest, Program

ASKED = "request_asked"
REMINDER = "request_reminder"
ASKED_BACK = "request_asked_back"
REPLIED = "request_replied"
DECLINED = "request_declined"
EXPIRED = "request_expired"
ENDED = "request_ended"
KINDS = (ASKED, REMINDER, ASKED_BACK, REPLIED, DECLINED, EXPIRED, ENDED)

State = PairingRequest.State


@dataclass(frozen=True)
class About:
    """One kind: who reads it ("mentor" or "mentee"), as long as this is true of the request."""

    label: Promise
    reader: str
    while_: Q
    why_not: str = "the request is answered, taken back or over"


OPEN = Q(state=State.ASKED)
KIND_OF = {
    ASKED: About(gettext_lazy("Somebody asks you to be their mentor"), "mentor", OPEN & Q(question="")),
    REMINDER: About(
        gettext_lazy("A request waits for your answer"), "mentor", OPEN & (Q(question="") | ~Q(reply=""))
    ),
    ASKED_BACK: About(
        gettext_lazy("A mentor would like to know more first"), "mentee", OPEN & ~Q(question="") & Q(reply="")
    ),
    REPLIED: About(gettext_lazy("You are told more"), "mentor", OPEN & ~Q(reply="")),
    DECLINED: About(
        gettext_lazy("A mentor said no"),
        "mentee",
        Q(state=State.DECLINED, because=""),
        "it is not so any more",
    ),
    EXPIRED: About(
        gettext_lazy("A mentor has not answered"),
        "mentee",
        Q(state=State.EXPIRED, because=""),
        "it is not so any more",
    ),
    ENDED: About(gettext_lazy("A request has ended"), "mentee", ~Q(because=""), "it is not so any more"),
}


def register_kinds() -> None:
    """Tell the outbox of every kind of message that is owed about requests."""
    subject = PairingRequest.objects.filter(pk=OuterRef("subject_id"))
    runs = (NOT_RUNNING, Q(Exists(subject.filter(program__status=Program.Status.ACTIVE))))
    for name, about in KIND_OF.items():
        theirs = subject.filter(about.while_, **{about.reader: OuterRef("person_id")})
        # Whoever has left the program meanwhile waits for nothing there.
        here = theirs.filter(
            program__enrollments__person=F(about.reader), program__enrollments__status__in=Enrollment.IN
        )
        conditions = (
            (about.why_not, Q(Exists(theirs))),
            ("they have no place any more", Q(Exists(here))),
            runs,
        )
        register(Kind(name, PAIRINGS, about.label, letter, conditions=conditions))


def letter(message: Message) -> Letter:
    found = PairingRequest.objects.with_people().filter(pk=message.subject_id).first()
    about = KIND_OF[message.kind]
    if found is None or getattr(found, f"{about.reader}_id") != message.person_id:
        raise Unrenderable("the request is gone")
    other: User = found.mentee if about.reader == "mentor" else found.mentor
    context: dict[str, Any] = {
        "asked": found,
        "other": other.first_name,
        "until": found.pairing.answer_by if found.pairing else None,
        "url": links.absolute("requests:detail", found.pk),
    }
    if message.kind in (ASKED, REMINDER) and found.pairing is not None:
        context["answer_url"] = links.absolute("pairings:answer", token_for(found.pairing, message.person))
    if about.reader == "mentee":
        context["next"] = next_of(found)
    subject = _subject(found, message.kind) % {"other": other.first_name, "program": found.program.name}
    return written(
        message,
        message.kind,
        subject,
        context,
        program=found.program,
        thread=f"request/{found.pk}/{message.person_id}",
        list_="pairings",
    )


def next_of(request: PairingRequest) -> PairingRequest | None:
    """The next choice of the same mentee: the one that was asked when this one was over, or the one that comes next."""
    others = PairingRequest.objects.filter(program=request.program_id, mentee=request.mentee_id).with_people()
    since = others.filter(state=State.ASKED, asked_at__gte=request.closed_at) if request.closed_at else None
    asked = since.order_by("asked_at", "pk").first() if since is not None else None
    return asked or others.waiting().first()


def _subject(request: PairingRequest, kind: str) -> str:
    match kind:
        case "request_asked":
            return _("%(other)s asks whether you would be their mentor")
        case "request_reminder":
            return _("%(other)s would be glad of an answer")
        case "request_asked_back":
            return _("%(other)s would like to know more first")
        case "request_replied":
            return _("%(other)s has told you more")
        case "request_expired" if not request.waits_for_reply:
            return _("%(other)s has not answered")
        case _:
            return _("Your request to %(other)s")
