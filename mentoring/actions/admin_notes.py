"""What those who run a program write down about somebody's place or a pair. It is not changed afterwards; whoever wrote
it takes it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from mentoring import open_requests, rules
from mentoring.models import AdminNote, Enrollment, Pairing
from mentoring.models.desk import LONGEST_ADMIN_NOTE

from .refused import Refused


@transaction.atomic
@sensitive_variables("text")
def write_admin_note(about: Enrollment | Pairing, *, text: str, by: User, now: datetime) -> AdminNote:
    """Raises Refused without words, for more than `LONGEST_ADMIN_NOTE` letters, and about somebody who has left."""
    if not rules.may_administer(by, about.program):
        raise Refused(_("Only those who run a program do this."))
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST_ADMIN_NOTE:
        raise Refused(_("That is too long: at most %(most)d letters.") % {"most": LONGEST_ADMIN_NOTE})
    people = [about.mentor, about.mentee] if isinstance(about, Pairing) else [about.person]
    # Nobody of them is erased while this is written: it would be left over.
    open_requests.keep_people(person.pk for person in people)
    if User.objects.filter(pk__in=[person.pk for person in people], erased_at__isnull=False).exists():
        raise Refused(_("Whoever this is about has left."))
    note = AdminNote(program=about.program, person=people[0], author=by, text=text, written_at=now)
    if isinstance(about, Pairing):
        note.pairing = about
    else:
        note.enrollment = about
    note.save(force_insert=True)
    return note


@transaction.atomic
def take_back_admin_note(note: AdminNote, *, by: User) -> None:
    """Raises Refused for anybody but its author."""
    if not rules.may_take_back_admin_note(by, note):
        raise Refused(_("Only whoever wrote it takes it back."))
    AdminNote.objects.filter(pk=note.pk).delete()
