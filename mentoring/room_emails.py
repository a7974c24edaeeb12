"""The e-mail to somebody who waits for a mentor's room. It names the mentor and the program, and nothing else."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message

from .emails import NOT_RUNNING, PAIRINGS, written
from .models import Program, RoomWatch

HAS_ROOM = "mentor_has_room"
# Then the wait goes on (actions/room_watches.py).
FULL_AGAIN = "the mentor has no room any more"
CANNOT_ASK = "they could not ask now"


def register_kinds() -> None:
    waits = RoomWatch.objects.filter(pk=OuterRef("subject_id"), mentee=OuterRef("person_id"))
    register(
        Kind(
            HAS_ROOM,
            PAIRINGS,
            gettext_lazy("A mentor has room again"),
            mentor_has_room,
            conditions=(
                ("they do not wait for it any more", Q(Exists(waits))),
                (NOT_RUNNING, Q(Exists(waits.filter(program__status=Program.Status.ACTIVE)))),
                (FULL_AGAIN, Q(Exists(waits.with_room()))),
                (CANNOT_ASK, Q(Exists(waits.can_ask()))),
            ),
        )
    )


def mentor_has_room(message: Message) -> Letter:
    waits = RoomWatch.objects.filter(pk=message.subject_id, mentee=message.person_id)
    found = waits.select_related("program", "mentor").first()
    if found is None:
        raise Unrenderable("they do not wait for it any more")
    mentor, program = found.mentor, found.program
    names = {"name": message.person.first_name, "other": mentor.first_name}
    return written(
        message,
        "mentor_has_room",
        _("%(name)s, %(other)s has room again") % names,
        {"mentor": mentor, "url": links.absolute("programs:ask", program.pk, mentor.pk)},
        program=program,
        thread=f"room/{found.pk}",
        list_="pairings",
    )
