"""A moment that somebody sends from their own mail: from the bytes of the e-mail to the line in their notebook.

It counts if three things say the same: the envelope's recipient is an address that only its owner knows, the sender is
that owner's address here, and our own mail server has found that it comes from there (`accounts.mail.authenticity`).
Whatever else comes in is dropped. Nobody is ever written to because of it, and what was kept is private.
"""

import hashlib
import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from enum import StrEnum
from html.parser import HTMLParser

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.mail import authenticity
from accounts.models import User

from . import actions
from .models import KeepAddress, KeptMail
from .models.keep_address import hash_of, new_nonce, token_of
from .models.moment import LONGEST_MOMENT

MOST_BYTES = 1024 * 1024
# A mail server tries again for some days; after that nothing asks for the print of a Message-ID.
REMEMBERED = timedelta(days=30)
NOTED_EVERY = timedelta(hours=1)


class Outcome(StrEnum):
    """What became of an e-mail, in a word for the log."""

    KEPT = "kept"
    OFF = "inbound mail is off"
    TOO_BIG = "too big"
    UNKNOWN = "to an address that nobody has"
    BY_ITSELF = "sent by a machine"
    NOT_SHOWN = "not shown to be from its sender"
    ANOTHERS = "its sender is not whose address it is"
    TWICE = "the same once more"
    EMPTY = "no words in it"


# --- The address ---------------------------------------------------------------------------------------------------


def is_on() -> bool:
    """Whether mail is taken in at all."""
    return bool(settings.INBOUND_AUTHSERV_ID and settings.KEEP_ADDRESS)


def renew(person: User, now: datetime) -> KeepAddress:
    """A new address; to the one before nothing comes in from now on."""
    nonce = new_nonce()
    token = token_of(nonce, settings.SECRET_KEY)
    made, _created = KeepAddress.objects.update_or_create(
        person=person,
        defaults={"nonce": nonce, "token_hash": hash_of(token), "created_at": now, "used_at": None},
    )
    return made


def end(person: User) -> bool:
    """False where there was none."""
    return KeepAddress.objects.filter(person=person).delete()[0] > 0


def forget_prints(now: datetime) -> int:
    """Of e-mails that nobody sends again."""
    return KeptMail.objects.filter(came_at__lt=now - REMEMBERED).delete()[0]


# --- What comes in -------------------------------------------------------------------------------------------------


@sensitive_variables("content", "email", "text", "recipient", "token")
def receive(content: bytes, recipient: str, now: datetime) -> list[Outcome] | None:
    """What became of it; None where it is not to an address for keeping."""
    token = _token_in(recipient)
    if token is None:
        return None
    if not is_on():
        return [Outcome.OFF]
    if len(content) > MOST_BYTES:
        return [Outcome.TOO_BIG]
    found = KeepAddress.objects.filter(token_hash=hash_of(token), person__is_active=True)
    address = found.select_related("person").first()
    if address is None:
        return [Outcome.UNKNOWN]
    email = message_from_bytes(content, policy=compat32)
    if _is_by_itself(email):
        return [Outcome.BY_ITSELF]
    try:
        sender = authenticity.sender_of(email, authserv_id=settings.INBOUND_AUTHSERV_ID)
    except authenticity.NotShown:
        return [Outcome.NOT_SHOWN]
    if User.objects.normalize_email(sender) != address.person.email:
        return [Outcome.ANOTHERS]
    text = words_in(email)
    if not text:
        return [Outcome.EMPTY]
    return [_keep(address, _print_of(email, content), text, now)]


@transaction.atomic
@sensitive_variables("text")
def _keep(address: KeepAddress, print_: bytes, text: str, now: datetime) -> Outcome:
    """Behind the lock on the address: two deliveries of one e-mail come one after the other."""
    held = KeepAddress.objects.select_for_update(no_key=True).filter(
        pk=address.pk, token_hash=address.token_hash
    )
    if not held.exists():
        return Outcome.UNKNOWN
    person = address.person
    _row, is_new = KeptMail.objects.get_or_create(
        person=person, message_hash=print_, defaults={"came_at": now}
    )
    if not is_new:
        return Outcome.TWICE
    actions.keep_moment(person, text=text, happened_on=now.astimezone(person.zone).date())
    if address.used_at is None or address.used_at < now - NOTED_EVERY:
        KeepAddress.objects.filter(pk=address.pk).update(used_at=now)
    return Outcome.KEPT


def _token_in(recipient: str) -> str | None:
    """What stands after the plus, where it is an address of that kind."""
    local, _at, domain = settings.KEEP_ADDRESS.casefold().rpartition("@")
    theirs, _at, their_domain = recipient.strip().strip("<>").casefold().rpartition("@")
    name, plus, token = theirs.partition("+")
    return token if plus and local and (name, their_domain) == (local, domain) else None


def _is_by_itself(email: Message) -> bool:
    """Out of office, bounces, lists, calendars: whatever no person wrote to this address just now (RFC 3834)."""
    said = str(email.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(email.get("Precedence", "")).strip().lower()
    return (
        said != "no"
        or precedence in ("bulk", "junk", "list")
        or str(email.get("Return-Path", "")).strip() == "<>"
        or any(name in email for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"))
        or email.get_content_type() in ("multipart/report", "text/calendar")
    )


def _print_of(email: Message, content: bytes) -> bytes:
    """Of its Message-ID; of all of it where it has none."""
    name = str(email.get("Message-ID", "")).strip()
    return hashlib.sha256(name.encode(errors="replace") if name else content).digest()


# --- Its words -----------------------------------------------------------------------------------------------------

# Where what is answered begins, and where a signature does.
QUOTED = re.compile(
    r"^(?:>|-- ?$|_{8,}$|-{2,} ?(?:original message|ursprüngliche nachricht|forwarded message)"
    r"|(?:on|am) .{0,200}(?:wrote|schrieb)(?: .{0,120})?:$|from: .*@|von: .*@)",
    re.IGNORECASE,
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote", "table", "ul", "ol"}


@sensitive_variables()
def words_in(email: Message) -> str:
    """What was written: the body without what it quotes and without a signature, else the subject; as much of it as
    fits a moment."""
    text = _clean(_body(email)) or _clean(_subject(email))
    if len(text) <= LONGEST_MOMENT:
        return text
    return text[: LONGEST_MOMENT - 1].rsplit(None, 1)[0] + "…"


def _clean(text: str) -> str:
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = CONTROL.sub("", line).rstrip()
        if QUOTED.match(line):
            break
        lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _subject(email: Message) -> str:
    try:
        return str(make_header(decode_header(str(email.get("Subject", "")))))
    except (LookupError, ValueError):
        return ""


def _body(email: Message) -> str:
    """Of the first part that is plain text, else of the first that is HTML; attached files are left alone."""
    parts = [part for part in email.walk() if part.get_content_disposition() != "attachment"]
    for wanted, read in (("text/plain", str), ("text/html", _text_of)):
        for part in parts:
            if part.get_content_type() == wanted:
                return read(_decoded(part))
    return ""


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("style", "script", "head", "title"):
            self._hidden += 1
        elif tag == "blockquote":  # What is answered: all that comes after it is left out.
            self.parts.append("\n>")
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head", "title"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return "\n".join(lines)
