"""Notes to people who are not here, by e-mail: asked to go, taken back, limited, refused by their readers, stopped."""

import re
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.letters import envelope_address
from accounts.mail.models import Message
from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Program
from reflections import outside, rules
from reflections.models import NeverAgain, NoteReport, OutsideNote, OutsideStop, Thanks
from reflections.thanks_emails import OUTSIDE

from .thanks import GONE, ONLY_WRITER, SAY_SOMETHING

A_DAY, A_MONTH = 5, 20
# From everybody together: nobody is written to by many at once.
TO_ONE_ADDRESS = 3
DAY, MONTH = timedelta(days=1), timedelta(days=30)
# To think again; then it goes, or after three days not at all.
WAITS = timedelta(minutes=10)
LIVES = timedelta(days=3)

# An address of the web, with or without its beginning. Advertising lives on them, and thanks do not.
WEB = re.compile(
    r"https?://|\bwww\.|\b[\w-]+\.(?:com|org|net|io|info|biz|ru|cn|shop|top|xyz)/", re.IGNORECASE
)
# One past the limits is told to the writer, and to those who run the program once a day.
TOLD_EVERY = DAY


class OverTheLimit(Refused):
    """So many notes went out lately that this one waits."""


def send_by_mail(
    note: Thanks,
    address: str,
    *,
    by: User,
    program: Program,
    tells_address: bool = False,
    now: datetime,
) -> bool:
    """This note to this address, once: it goes out ten minutes from now. False when it had gone out, or was asked to.

    Raises Refused for a note without words or with an address of the web in it, an address that cannot be or does not
    want to be written to, a program in whose name its writer cannot write, and OverTheLimit where that was done too
    often lately.
    """
    try:
        return _send_by_mail(note, address.strip(), by, program, tells_address, now)
    except OverTheLimit:
        # Written down in a transaction of its own: that of the sending is undone.
        _tell_of_the_limit(by, program, now)
        raise


@transaction.atomic
def _send_by_mail(
    note: Thanks, address: str, by: User, program: Program, tells_address: bool, now: datetime
) -> bool:
    # Behind the lock on their own row two windows do not count the same notes.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = Thanks.objects.select_for_update(of=("self",)).filter(pk=note.pk, writer=by).first()
    if mine is None:
        raise Refused(ONLY_WRITER)
    if mine.sent_at is not None:
        return False
    if not mine.text.strip():
        raise Refused(SAY_SOMETHING)
    if WEB.search(mine.text):
        raise Refused(
            _(
                "By e-mail we send no addresses of web pages, so that nobody can advertise in this way. Take it out, "
                "or copy the note and send it yourself."
            )
        )
    check_address(address, by=by)
    if not rules.programs_to_write_from(by).filter(pk=program.pk).exists():
        raise Refused(
            _("You cannot send notes by e-mail in the name of %(program)s now.") % {"program": program}
        )
    address_hash = outside.hash_of(address)
    _one_at_a_time(address_hash)
    _check_limits(by, outside.hashes_of(address), now)
    row = OutsideNote(
        writer=by,
        note=mine,
        program=program,
        address_hash=address_hash,
        tells_address=tells_address,
        asked_at=now,
    )
    row.address = address
    row.save(force_insert=True)
    mine.way, mine.sent_at, mine.program = Thanks.Way.MAIL, now, program
    mine.save(update_fields=["way", "sent_at", "program"])
    due_at = now + WAITS
    outbox.owe(OUTSIDE, by.pk, row.pk, due_at=due_at, expires_at=due_at + LIVES)
    return True


def check_address(address: str, *, by: User) -> None:
    """Raises Refused for one that no note can go to, in words for its writer."""
    try:
        validate_email(address)
        envelope_address(address)
    except (ValidationError, ValueError):
        raise Refused(_("This does not look like an e-mail address. It is like name@example.org.")) from None
    if outside.hash_of(address) == outside.hash_of(by.email):
        raise Refused(_("This is your own address."))
    if NeverAgain.objects.filter(address_hash__in=outside.hashes_of(address)).exists():
        raise Refused(
            _(
                "Whoever reads this address has asked us never to write to it, so we do not. It says nothing about "
                "you. You can print the note, or copy it and send it yourself."
            )
        )


@transaction.atomic
def take_back_mail(note: Thanks, *, by: User, now: datetime) -> None:
    """It is a draft again, until it is handed over, or where it came to nothing. Raises Refused after that."""
    mine = Thanks.objects.select_for_update(of=("self",)).filter(pk=note.pk, writer=by).first()
    if mine is None or mine.way != Thanks.Way.MAIL:
        raise Refused(GONE)
    row = OutsideNote.objects.filter(note=mine).first()
    if row is not None:
        message = Message.objects.select_for_update().of(OUTSIDE, subject_id=row.pk).first()
        if message is not None and message.state not in MAY_COME_BACK:
            raise Refused(_("It has gone out, and cannot be taken back any more."))
        outbox.cancel(OUTSIDE, subject_id=row.pk, reason="taken back")
        OutsideNote.objects.filter(pk=row.pk).update(note=None)
    mine.way, mine.sent_at, mine.saved_at = "", None, now
    mine.save(update_fields=["way", "sent_at", "saved_at"])


State = Message.State
CAME_TO_NOTHING = (State.CANCELLED, State.FAILED, State.EXPIRED, State.SUPPRESSED, State.BOUNCED)
# With a sender who has claimed it but has not passed the fence, `cancel` comes first, and the fence finds it gone.
MAY_COME_BACK = (State.QUEUED, State.CLAIMED, *CAME_TO_NOTHING)


@transaction.atomic
def leave_in_peace(reader: outside.Reader, *, now: datetime) -> None:
    """No note goes to this address any more, whoever writes it. Asking twice is asking once."""
    NeverAgain.objects.bulk_create(
        [NeverAgain(address_hash=address_hash, asked_at=now) for address_hash in _known_of(reader)],
        ignore_conflicts=True,
    )


def write_again(reader: outside.Reader) -> None:
    """Undone by the same link."""
    NeverAgain.objects.filter(address_hash__in=_known_of(reader)).delete()


def is_left_in_peace(reader: outside.Reader) -> bool:
    return NeverAgain.objects.filter(address_hash__in=_known_of(reader)).exists()


def _known_of(reader: outside.Reader) -> list[str]:
    """The hash of the link; and under the present key, where that was replaced and the address is still here."""
    row = OutsideNote.objects.filter(pk=reader.sending, address_hash=reader.address_hash).first()
    return list({reader.address_hash, *([outside.hash_of(row.address)] if row else [])})


@transaction.atomic
def report_from_outside(reader: outside.Reader, *, now: datetime) -> None:
    """That the note should not have been sent, for those who run the program: who wrote it and when, not what."""
    row = (
        OutsideNote.objects.filter(pk=reader.sending, address_hash=reader.address_hash)
        .exclude(program=None)
        .select_related("program", "writer")
        .first()
    )
    if row is None or row.program is None:
        return
    if (
        row.note_id is None
        and NoteReport.objects.filter(
            writer=row.writer, why=NoteReport.Why.OUTSIDE, reported_at__gt=now - DAY
        ).exists()
    ):
        return
    NoteReport.objects.bulk_create(
        [
            NoteReport(
                writer=row.writer,
                program=row.program,
                why=NoteReport.Why.OUTSIDE,
                way=Thanks.Way.MAIL,
                note_id=row.note_id,
                by_mail_lately=_lately(row.writer, now),
                reported_at=now,
            )
        ],
        ignore_conflicts=True,
    )


# --- By those who run a program ------------------------------------------------------------------------------------


@transaction.atomic
def stop_outside(program: Program, person: User, *, by: User, now: datetime) -> OutsideStop:
    """Nothing more of theirs goes out by e-mail in this program's name, what waits included."""
    found, is_new = OutsideStop.objects.get_or_create(
        program=program, person=person, defaults={"created_by": by, "created_at": now}
    )
    if not is_new:
        raise Refused(_("That is stopped already."))
    return found


def settle_report(report: NoteReport, *, by: User, now: datetime) -> None:
    if not NoteReport.objects.filter(pk=report.pk, settled_at__isnull=True).update(settled_at=now):
        raise Refused(_("That is seen to already."))


# --- How often -----------------------------------------------------------------------------------------------------


def _check_limits(by: User, hashes: list[str], now: datetime) -> None:
    mine = OutsideNote.objects.by(by)
    if mine.since(now - DAY).count() >= A_DAY:
        raise OverTheLimit(
            _(
                "As many notes went out today as we send for one person in a day. It is kept as a draft: send it "
                "tomorrow, or print it, or copy it and send it yourself."
            )
        )
    if mine.since(now - MONTH).count() >= A_MONTH:
        raise OverTheLimit(
            _(
                "As many notes went out lately as we send for one person in a month. It is kept as a draft; you can "
                "print it, or copy it and send it yourself."
            )
        )
    to_it = OutsideNote.objects.filter(address_hash__in=hashes).since(now - MONTH)
    if to_it.count() >= TO_ONE_ADDRESS:
        raise Refused(
            _(
                "We send only a few notes a month to one address, whoever writes them. You can print this one, or copy "
                "it and send it yourself."
            )
        )


def _lately(writer: User, now: datetime) -> int:
    return OutsideNote.objects.by(writer).since(now - MONTH).count()


@transaction.atomic
def _tell_of_the_limit(writer: User, program: Program, now: datetime) -> None:
    User.objects.select_for_update(no_key=True).get(pk=writer.pk)
    told = NoteReport.objects.filter(writer=writer, why=NoteReport.Why.LIMIT)
    if not told.filter(reported_at__gt=now - TOLD_EVERY).exists():
        NoteReport.objects.create(
            writer=writer,
            program=program,
            why=NoteReport.Why.LIMIT,
            way=Thanks.Way.MAIL,
            by_mail_lately=_lately(writer, now),
            reported_at=now,
        )


def _one_at_a_time(address_hash: str) -> None:
    """Until the end of the transaction nobody else counts what goes to this address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(address_hash[:15], 16)])
