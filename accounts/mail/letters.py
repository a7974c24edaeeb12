"""From a message to the bytes that are handed to the mail server: its letter, and the headers that all mail carries.

Headers: RFC 5322 (threads), RFC 2919 (List-Id), RFC 2369 and 8058 (List-Unsubscribe), RFC 3834 (Auto-Submitted).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.utils import format_datetime, formataddr
from io import BytesIO

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from accounts.clock import now
from accounts.models import User

from . import kinds
from .inbound import addresses, marks, return_paths
from .inbound.addresses import Purpose
from .kinds import Kind, Letter
from .links import absolute
from .models import Message
from .models.link import new_token

LONGEST_NAME = 78
LANGUAGES = dict(settings.LANGUAGES)

# Quoted-printable keeps each line short and of seven bits, whatever is written: every server takes it as it is, and
# a signature over the body stays valid on the way.
UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP

INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True)
class Post:
    """A letter in its envelope. `stop_token` and `link_token` are in the letter, and `reply_token` where replies are
    taken until then; their rows are written when the letter goes out, and the messages that it `gathers` are over."""

    sender: str
    recipient: str
    content: bytes
    stop_token: str
    link_token: str = ""
    reply_token: str = ""
    reply_until: datetime | None = None
    gathers: tuple[int, ...] = ()


def mail_domain() -> str:
    address: str = settings.MAIL_FROM_ADDRESS
    return address.rpartition("@")[2]


def id_for(words: str) -> str:
    """A Message-ID without its brackets: the same for the same words, so that a copy can be known as one."""
    name = f"{settings.PUBLIC_BASE_URL}/mail/{words}"
    return f"{uuid.uuid5(uuid.NAMESPACE_URL, name)}@{mail_domain()}"


def post(message: Message) -> Post:
    """The letter, ready to be handed over. Raises what its kind's `render` raises, and ValueError for an address
    that SMTP cannot carry."""
    kind = kinds.get(message.kind)
    token = new_token() if kind.stream else ""
    link_token = new_token() if kind.link else ""
    reply_token = new_token()
    email, letter = _composed(message, stop_token=token, link_token=link_token, reply_token=reply_token)
    return Post(
        sender=return_paths.sender_of(message.pk, User.objects.normalize_email(email.to[0])),
        recipient=envelope_address(email.to[0]),
        content=_as_bytes(email),
        stop_token=token,
        link_token=link_token,
        reply_token=reply_token if message.answerable_until else "",
        reply_until=message.answerable_until,
        gathers=letter.gathers,
    )


def compose(message: Message, *, stop_token: str = "", reply_token: str = "") -> EmailMultiAlternatives:
    """The e-mail in its person's language and time zone. Without the tokens it holds links that lead nowhere."""
    return _composed(message, stop_token=stop_token, reply_token=reply_token)[0]


def _composed(
    message: Message, *, stop_token: str, link_token: str = "", reply_token: str = ""
) -> tuple[EmailMultiAlternatives, Letter]:
    kind = kinds.get(message.kind)
    person = message.person
    language = person.language if person.language in LANGUAGES else settings.LANGUAGE_CODE
    stop_token = stop_token or new_token()
    message.stop_url = absolute("mail:stop", stop_token) if kind.stream else ""
    message.link_token = link_token or new_token()
    with translation.override(language), timezone.override(person.zone):
        letter = kind.render(message)
    message.answerable_until = letter.answerable_until if addresses.is_on() else None
    email = EmailMultiAlternatives(
        subject=_one_line(letter.subject),
        body=_clean(letter.text),
        from_email=formataddr(
            (
                _one_line(letter.from_name)[:LONGEST_NAME].strip(),
                letter.from_address or settings.MAIL_FROM_ADDRESS,
            )
        ),
        to=[_addressee(kind, letter, person)],
        headers=_headers(message, kind, letter, stop_token, reply_token or new_token())
        | {"Content-Language": language},
    )
    email.encoding = UTF_8
    email.attach_alternative(INLINER.inline(_clean(letter.html)), "text/html")
    for content, kind_of_text in letter.alternatives:
        email.attach_alternative(content, kind_of_text)
    for file in letter.files:
        email.attach(*file)
    return email, letter


def _addressee(kind: Kind, letter: Letter, person: User) -> str:
    """Raises ValueError where the letter and its kind do not agree on whether it is for somebody else."""
    if bool(letter.to) != kind.to_others:
        raise ValueError(f"{kind.name}: to whom?")
    return letter.to or person.email


def _as_bytes(email: EmailMultiAlternatives) -> bytes:
    content = BytesIO()
    # Folded at 78, the address in List-Unsubscribe would stand on a line below its name, where not every reader looks.
    BytesGenerator(content, mangle_from_=False, maxheaderlen=900).flatten(email.message(), linesep="\r\n")
    return content.getvalue()


def _headers(
    message: Message, kind: Kind, letter: Letter, stop_token: str, reply_token: str
) -> dict[str, str]:
    # What goes to others says itself where to answer.
    headers = {name: _one_line(value) for name, value in letter.headers.items()}
    if message.answerable_until:
        headers["Reply-To"] = addresses.address(addresses.Purpose.REPLY, reply_token)
    headers["Date"] = format_datetime(now())
    headers["Message-ID"] = f"<{message.message_id}>"
    if letter.thread:
        headers["In-Reply-To"] = headers["References"] = f"<{id_for('thread/' + letter.thread)}>"
    if letter.list_id:
        name = _one_line(letter.list_name or letter.from_name)[:LONGEST_NAME].strip()
        headers["List-Id"] = formataddr((name, f"{_one_line(letter.list_id)}.{settings.PUBLIC_HOST}"))
    if kind.stream:
        # The link first: who knows RFC 8058 takes that, and who only mails takes the other (RFC 2369, section 2).
        ways = [message.stop_url]
        if addresses.is_on():
            ways.append(f"mailto:{addresses.address(Purpose.STOP, stop_token)}")
        headers["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways)
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    headers |= marks.headers(message.message_id, settings.ANYMAIL_PROVIDERS)
    headers.setdefault("Auto-Submitted", "auto-generated")
    headers["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Not "All": we want to hear of bounces.
    return headers


def _one_line(text: str) -> str:
    """Header text without line breaks and other controls, so that a name cannot begin a header of its own."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _clean(text: str) -> str:
    return str(text).replace("\0", "").strip() + "\n"


def envelope_address(address: str) -> str:
    """The address as SMTP's commands carry it: the domain in ASCII. Raises ValueError where that cannot be done."""
    local, at, domain = address.rpartition("@")
    plain = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    if not local or not domain or not plain.isascii() or any(c <= " " or c in "<>\x7f" for c in plain):
        raise ValueError("the address cannot be used in SMTP")
    return plain
