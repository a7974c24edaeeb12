"""What the pages about an announcement say of its readers and of its e-mails."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.mail import suppression
from accounts.mail.models import Message
from accounts.templatetags.best import clock as in_clock
from accounts.templatetags.best import weekday_date
from mentoring.announcement_emails import ANNOUNCEMENT
from mentoring.announcing import Audience, Reader
from mentoring.models import Announcement
from mentoring.small_counts import told

STEP = 5
SETTLED, WAITS, IN_NEED, NOT_SENT = "settled", "waits", "needs a hand", "not sent"
OUTCOMES = {
    SETTLED: _("sent, unless stopped"),
    WAITS: _("waiting"),
    IN_NEED: _("needs a hand"),
    NOT_SENT: _("address not working"),
}


def chosen(audience: Audience, request: HttpRequest) -> Reader | None:
    """Whom the address asks for, as far as it goes to them; else the first. None, where it goes to nobody."""
    wanted = request.GET.get("person", "")
    if wanted:
        for reader in audience.readers:
            if str(reader.person_id) == wanted:
                return reader
        raise Http404
    return audience.readers[0] if audience.readers else None


def ways_told(row: Announcement, audience: Audience) -> dict[str, int]:
    """What may be said of how many have it by e-mail: of each way so many at least, rounded down to fives.

    Of people whom one has chosen nothing: with one more or one less in the list, it would tell what that one wishes.
    """
    if row.segment not in Announcement.NAMED:
        return {}
    rounded = {way: (number or 0) // STEP * STEP for way, number in told(audience.ways).items()}
    return {way: number for way, number in rounded.items() if number}


def in_zone(local: datetime) -> str:
    return f"{weekday_date(local)}, {in_clock(local.time())}, {local.tzinfo}"


def when(row: Announcement) -> str | Promise:
    if row.send_on is None or row.send_at is None:
        return _("As soon as you send it; where it is night, the next morning at seven")
    said = gettext("%(day)s at %(time)s, by each person’s own clock")
    return said % {"day": weekday_date(row.send_on), "time": in_clock(row.send_at)}


def fingerprint(row: Announcement, readers: Iterable[Reader]) -> str:
    """Of the words and the people as they were shown."""
    people = ",".join(str(pk) for pk in sorted(reader.person_id for reader in readers))
    return sha256(f"{row.changed_at.isoformat()} {people}".encode()).hexdigest()[:32]


def outcomes(row: Announcement) -> list[tuple[str | Promise, int]]:
    """How many of its e-mails came to what: what the list of e-mails says of each by name, and no more. That one was
    not sent is said in neither, since it would tell that its reader has stopped them; that an address does not work
    is."""
    counted: Counter[str] = Counter()
    failed = (Message.State.FAILED, Message.State.BOUNCED, Message.State.UNCERTAIN)
    rows = Message.objects.of(ANNOUNCEMENT, subject_id=row.pk)
    for state, error in rows.values_list("state", "last_error"):
        if state in failed:
            counted[IN_NEED] += 1
        elif state in (Message.State.QUEUED, Message.State.CLAIMED):
            counted[WAITS] += 1
        elif state == Message.State.SUPPRESSED and error == suppression.NOT_WORKING:
            counted[NOT_SENT] += 1
        else:
            counted[SETTLED] += 1
    return [(words, counted[name]) for name, words in OUTCOMES.items() if counted[name]]
