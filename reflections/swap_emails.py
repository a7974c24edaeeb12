"""E-mails about a swap: that one is suggested, and that it is open. They name the other one and the day, and nothing
that anybody picked; whether the other one picked anything is not in them either."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import kinds, links, outbox
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.templatetags.best import weekday_date
from mentoring.emails import NOT_RUNNING, PAIRINGS, written
from mentoring.models import Pairing, Program

from .models import Swap

SWAP_SUGGESTED, SWAP_OPENED = "swap_suggested", "swap_opened"
KINDS = (SWAP_SUGGESTED, SWAP_OPENED)
LIVES = timedelta(days=7)
SETTLED = "it is agreed, or was taken back"
GONE = "the swap is gone"


def register_kinds() -> None:
    swap = Swap.objects.filter(pk=OuterRef("subject_id"))
    waits = swap.filter(
        ~Q(proposed_by=OuterRef("person_id")),
        agreed_at__isnull=True,
        pairing__status__in=Pairing.UNDER_WAY,
    )
    running = (NOT_RUNNING, Q(Exists(swap.filter(pairing__program__status=Program.Status.ACTIVE))))
    register(
        Kind(
            SWAP_SUGGESTED,
            PAIRINGS,
            gettext_lazy("A swap is suggested"),
            suggested,
            conditions=((SETTLED, Q(Exists(waits))), running),
            is_daily=True,
        ),
    )
    register(
        Kind(
            SWAP_OPENED,
            PAIRINGS,
            gettext_lazy("A swap is open"),
            opened,
            conditions=((GONE, Q(Exists(swap.filter(opened_at__isnull=False)))), running),
            is_daily=True,
        ),
    )


def suggested(message: Message) -> Letter:
    subject = _("%(other)s suggests a swap")
    return _letter(message, "swap_suggested", subject)


def opened(message: Message) -> Letter:
    subject = _("Your swap with %(other)s is open")
    return _letter(message, "swap_opened", subject)


def _letter(message: Message, template: str, subject: str) -> Letter:
    swap = (
        Swap.objects.visible_to(message.person)
        .filter(pk=message.subject_id)
        .select_related("pairing__program", "pairing__mentor", "pairing__mentee", "round__program")
        .first()
    )
    if swap is None:
        raise Unrenderable(GONE)
    pairing = swap.pairing
    names = {"other": pairing.partner_of(message.person).first_name}
    return written(
        message,
        template,
        subject % names,
        names
        | {
            "quarter": swap.round.quarter.label,
            "day": weekday_date(swap.opens_on),
            "url": links.absolute("reflections:swap", pairing.pk, swap.round_id),
        },
        program=pairing.program,
        thread=f"swap/{message.person_id}/{swap.pk}",
        list_="pairings",
    )


def take_up_swaps(now: datetime) -> int:
    """What was not sent because a program rested goes out once it goes on; how many."""
    taken = 0
    for kind in KINDS:
        waiting = Message.objects.filter(
            kind=kind, state=Message.State.CANCELLED, last_error=NOT_RUNNING, expires_at__gt=now - LIVES
        )
        for _reason, holds in kinds.get(kind).conditions:
            waiting = waiting.filter(holds)
        for message in waiting:
            taken += outbox.take_up(
                kind,
                subjects=[message.subject_id],
                person_id=message.person_id,
                reason=NOT_RUNNING,
                due_at=now,
                expires_at=now + LIVES,
            )
    return taken
