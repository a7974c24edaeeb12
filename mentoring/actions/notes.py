"""What somebody notes around their meetings: for themselves, or for the two. Which of both is chosen before it is
written, and changed by a verb of its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from mentoring import rules
from mentoring.models import Meeting, Note, Pairing
from mentoring.room.locking import locked

from .refused import Refused

IS_SHUT = _("No notes are written here any more.")
NOT_YOURS = _("Only whoever wrote this note changes it.")


@transaction.atomic
@sensitive_variables("text")
def write_note(
    pairing: Pairing, *, by: User, text: str, is_shared: bool, meeting: Meeting | None = None, now: datetime
) -> Note:
    """A note of this one of the two; with `is_shared` the other one reads it too, from now on.

    Raises Refused where nothing is written any more, and for a meeting of another pair.
    """
    pairing = locked(pairing)
    if not rules.may_write_in_room(by, pairing):
        raise Refused(IS_SHUT)
    if meeting is not None and meeting.pairing_id != pairing.pk:
        raise Refused(_("This meeting is not one of yours together."))
    return Note.objects.create(
        pairing=pairing,
        meeting=meeting,
        author=by,
        is_shared=is_shared,
        text=text,
        created_at=now,
        changed_at=now,
    )


@transaction.atomic
@sensitive_variables("text")
def rewrite_note(note: Note, *, by: User, text: str, is_shared: bool, now: datetime) -> None:
    """`is_shared` is what the page said of it while it was written: where that is not so any more, nothing is kept, so
    that nobody's private words stand before the other one by a second window.

    Raises Refused then, for somebody else's note, and where nothing is written any more.
    """
    found = _own(note, by)
    if not rules.may_write_in_room(by, found.pairing):
        raise Refused(IS_SHUT)
    if found.is_shared != is_shared:
        raise Refused(
            _(
                "This note was private when you opened it, and is shared now. Nothing was kept; look once more."
            )
            if found.is_shared
            else _(
                "This note was shared when you opened it, and is private now. Nothing was kept; look once more."
            )
        )
    found.text, found.changed_at = text, now
    found.save(update_fields=["text", "changed_at"])


@transaction.atomic
def share_note(note: Note, *, by: User, now: datetime) -> None:
    """The other one reads it from now on. Raises Refused for somebody else's, and once the pairing is over."""
    found = _own(note, by)
    if not rules.may_write_in_room(by, found.pairing):
        raise Refused(_("What was private when the pairing ended stays private."))
    Note.objects.private().filter(pk=found.pk).update(is_shared=True, changed_at=now)


@transaction.atomic
def take_back_note(note: Note, *, by: User, now: datetime) -> None:
    """Only its writer reads it from now on; at any time, since the words are theirs. Raises Refused for others."""
    found = _own(note, by)
    Note.objects.shared().filter(pk=found.pk).update(is_shared=False, changed_at=now)


@transaction.atomic
def delete_note(note: Note, *, by: User) -> None:
    """Gone for good; at any time, since the words are theirs. Raises Refused for others."""
    Note.objects.filter(pk=_own(note, by).pk).delete()


def _own(note: Note, by: User) -> Note:
    """As it is now, behind the lock of its pairing."""
    pairing = locked(note.pairing)
    found = Note.objects.filter(pk=note.pk, author=by).first() if by.is_active else None
    if found is None:
        raise Refused(NOT_YOURS)
    found.pairing = pairing
    return found
