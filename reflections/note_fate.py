"""What became of a note that went out, in words for its writer."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail.models import Message
from accounts.templatetags.best import clock

from .models import OutsideNote, Thanks
from .thanks_emails import NEVER, OUTSIDE, STOPPED

State = Message.State


@dataclass(frozen=True)
class Fate:
    words: str
    may_take_back: bool
    is_bad: bool = False


def fate_of(note: Thanks) -> Fate:
    """Of one that has gone out. One query for what went by e-mail, none for others."""
    if note.way == Thanks.Way.MAIL:
        return _by_mail(note)
    if note.way == Thanks.Way.HERE:
        if note.recipient is None:
            return Fate(_("Whom it was for is not here any more."), may_take_back=True)
        name = {"name": note.recipient.first_name}
        if note.read_at:
            return Fate(_("%(name)s has read it.") % name, may_take_back=True)
        return Fate(_("It waits for %(name)s.") % name, may_take_back=True)
    if note.way == Thanks.Way.PRINT:
        return Fate(_("You printed it and gave it yourself."), may_take_back=True)
    return Fate(_("You copied it and sent it yourself."), may_take_back=True)


def _by_mail(note: Thanks) -> Fate:
    row = OutsideNote.objects.filter(note=note).first()
    message = Message.objects.of(OUTSIDE, subject_id=row.pk).first() if row else None
    if row is None or message is None:
        return Fate(_("It did not go out."), may_take_back=True, is_bad=True)
    to = {"address": row.address}
    if message.state in (State.QUEUED, State.CLAIMED):
        if message.attempts > (message.state == State.CLAIMED):
            return Fate(
                _("The mail server of %(address)s could not take it yet. We try again.") % to,
                may_take_back=True,
            )
        at = clock(timezone.localtime(message.due_at))
        return Fate(
            _("It goes to %(address)s at %(time)s. Until then you can take it back.") % {**to, "time": at},
            may_take_back=True,
        )
    if message.state in (State.SENDING, State.SENT):
        return Fate(_("It went to %(address)s.") % to, may_take_back=False)
    if message.state == State.UNCERTAIN:
        return Fate(
            _("It went on its way to %(address)s, and no answer came. It may have arrived.") % to,
            may_take_back=False,
        )
    return Fate(_why_not(message, to), may_take_back=True, is_bad=True)


def _why_not(message: Message, to: dict[str, str]) -> str:
    if message.last_error == NEVER:
        return (
            _(
                "It did not go out: whoever reads %(address)s has asked us never to write to it. It says nothing "
                "about you. You can print the note, or copy it and send it yourself."
            )
            % to
        )
    if message.last_error == STOPPED:
        return _("It did not go out: those who run the program stopped your notes by e-mail. Ask them why.")
    if message.state in (State.FAILED, State.BOUNCED):
        return _("It came back: %(address)s does not take it. Is the address right?") % to
    return _("It did not go out, and will not by itself.")
