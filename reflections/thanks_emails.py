"""The e-mail that is a note: to somebody outside, from one of us, exactly as it was written, once.

Its message is its writer's, and names another address (accounts/mail/kinds.py, `to_others`). Whether that address wants
anything is asked at the fence, as whether somebody who runs the program has stopped its writer.
"""

from email.utils import formataddr

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from reflections import outside
from reflections.models import MutedWriter, NeverAgain, OutsideNote, OutsideStop, Thanks

OUTSIDE = "thanks_outside"
TAKEN_BACK = "the note was taken back"
NEVER = "its reader wants no e-mail from us"
STOPPED = "those who run the program stopped it"


def register_kinds() -> None:
    rows = OutsideNote.objects.filter(pk=OuterRef("subject_id"), writer=OuterRef("person_id"))
    stands = rows.filter(note__way=Thanks.Way.MAIL, note__writer=OuterRef("person_id"))
    refused = NeverAgain.objects.filter(address_hash=OuterRef("address_hash"))
    stops = OutsideStop.objects.filter(program=OuterRef("program"), person=OuterRef("writer"))
    register(
        Kind(
            OUTSIDE,
            None,
            gettext_lazy("A note that you sent to somebody"),
            letter,
            conditions=(
                (TAKEN_BACK, Q(Exists(stands))),
                (NEVER, Q(Exists(rows.exclude(Exists(refused))))),
                (STOPPED, Q(Exists(rows.filter(program__isnull=False).exclude(Exists(stops))))),
            ),
            to_others=True,
        )
    )


def letter(message: Message) -> Letter:
    """The note, who wrote it, and how never to hear from us again; in its writer’s language. The subject says who."""
    row = (
        OutsideNote.objects.filter(pk=message.subject_id, writer=message.person_id)
        .select_related("note", "program", "writer")
        .first()
    )
    if row is None or row.note is None or row.program is None or row.note.way != Thanks.Way.MAIL:
        raise Unrenderable(TAKEN_BACK)
    # Under the keys of before as well: the fence knows the present one alone.
    if NeverAgain.objects.filter(address_hash__in=outside.hashes_of(row.address)).exists():
        raise Unrenderable(NEVER)
    # Whoever muted its writer here does not get by e-mail what they do not want to read; why is not told.
    if MutedWriter.objects.filter(writer=row.writer_id, person__email=row.address.lower()).exists():
        raise Unrenderable(NEVER)
    writer, program = message.person, row.program
    never_url = links.absolute("thanks:never", outside.token_for(row.address_hash, row.pk))
    name = writer.name or writer.first_name
    subject = _("A note from %(name)s") % {"name": name}
    context = {
        "subject": subject,
        "name": name,
        "writer": writer,
        "program": program,
        "text": row.note.text,
        "tells_address": row.tells_address,
        "never_url": never_url,
    }
    headers = {
        "List-Unsubscribe": f"<{never_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if row.tells_address:
        headers["Reply-To"] = formataddr((name, writer.email))
    return Letter(
        subject=subject,
        text=render_to_string("reflections/emails/outside_note.txt", context),
        html=render_to_string("reflections/emails/outside_note.html", context),
        from_name=_("%(name)s, by way of %(program)s") % {"name": name, "program": program.name},
        headers=headers,
        to=row.address,
    )
