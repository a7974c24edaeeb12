"""What somebody can do about notes that they do not want: mute their writer, say that one should not have been sent."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from reflections.models import MutedWriter, NoteReport, OutsideNote, Thanks

MONTH = timedelta(days=30)


def mute_writer(person: User, writer: User, *, now: datetime) -> None:
    """Nothing that they send is shown to `person` by itself any more, and no e-mail says so. The writer is not told."""
    if person.pk == writer.pk:
        raise Refused(_("These are your own notes."))
    MutedWriter.objects.bulk_create(
        [MutedWriter(person=person, writer=writer, created_at=now)], ignore_conflicts=True
    )


def hear_again(person: User, writer: User) -> None:
    MutedWriter.objects.filter(person=person, writer=writer).delete()


@transaction.atomic
def report_note(note: Thanks, *, by: User, now: datetime) -> None:
    """Those who run the program learn who wrote it, when, and who says so; not a word of it. Saying it twice is saying
    it once."""
    theirs = (
        Thanks.objects.visible_to(by)
        .filter(pk=note.pk, recipient=by)
        .select_related("writer", "program")
        .first()
    )
    if theirs is None:
        raise Refused(_("This note was taken back."))
    if theirs.program is None:
        raise Refused(_("The program in which it was sent is gone, so there is nobody to tell."))
    lately = OutsideNote.objects.by(theirs.writer).since(now - MONTH).count()
    NoteReport.objects.bulk_create(
        [
            NoteReport(
                writer=theirs.writer,
                program=theirs.program,
                why=NoteReport.Why.READER,
                way=Thanks.Way.HERE,
                reporter=by,
                note=theirs,
                by_mail_lately=lately,
                reported_at=now,
            )
        ],
        ignore_conflicts=True,
    )
