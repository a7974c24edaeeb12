"""From the bytes of an e-mail to what was written in it. Never raises, whatever the bytes are."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from enum import StrEnum
from html import unescape
from itertools import islice

from django.views.decorators.debug import sensitive_variables

from . import automatic, stripping

MOST_BYTES = 1024 * 1024
# Of what is bigger only the headers are read, to know whom to tell.
HEADERS_WITHIN = 128 * 1024
LONG_HEADER = re.compile(rb"^content-[a-z-]{2,30}:(?:[^\n]|\n[ \t]){4000}", re.IGNORECASE | re.MULTILINE)
# Each part within a part has Python look at every further line once more, and some hundred are more than it can bear.
MOST_NESTS = 50
NEST = re.compile(rb"(?:^|[\r\n])content-type:[\s\x1c-\x1f]*(?:multipart|message)/", re.IGNORECASE)
LONGEST_TEXT = 20_000
MOST_HTML = 400_000
BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,120}@[!-;=?-~]{1,120}>")


class Problem(StrEnum):
    """Why there are no words in it."""

    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    TOO_BIG = "too_big"


@dataclass(frozen=True)
class Written:
    """`text` is what was written, 20,000 characters at most; `left_out` what stood around it: quotes, a signature, and
    what did not fit. `subject` is cleaned too. `had_files`: pictures and files, which are not kept."""

    text: str = ""
    left_out: str = ""
    subject: str = ""
    had_files: bool = False
    problem: Problem | None = None


def is_too_big(content: bytes) -> bool:
    return len(content) > MOST_BYTES


def parse(content: bytes) -> Message:
    """The e-mail; the headers alone of one that is too big, or in which more parts are within parts than a mail program
    makes; and of one that nobody can read an empty one."""
    if is_too_big(content) or len(NEST.findall(content)) > MOST_NESTS:
        return headers_of(content)
    head = _head(content)
    if head is None or LONG_HEADER.search(content):
        return Message(policy=compat32)
    try:
        email = message_from_bytes(content, policy=compat32)
        for _part in email.walk():
            pass
    except BROKEN:
        return Message(policy=compat32)
    return email


def headers_of(content: bytes) -> Message:
    """The e-mail without what is in it, at no cost to speak of however big it is; empty as with `parse`."""
    head = _head(content)
    if head is None or LONG_HEADER.search(head):
        return Message(policy=compat32)
    try:
        return message_from_bytes(head + b"\n\n", policy=compat32)
    except BROKEN:
        return Message(policy=compat32)


def _head(content: bytes) -> bytes | None:
    """None where Python would take many seconds for it: no mail program writes such headers."""
    head = re.split(rb"\r?\n\r?\n", content[: HEADERS_WITHIN + 1], maxsplit=1)[0]
    return head if len(head) <= HEADERS_WITHIN else None


def print_of(email: Message, content: bytes) -> bytes:
    """By which it is known when it comes once more: of its Message-ID, or of all of it where it has none."""
    name = str(email.get("Message-ID", "")).strip()
    return hashlib.sha256(name.encode(errors="replace") if name else content).digest()


def id_of(email: Message) -> str:
    """Its Message-ID in its brackets, fit to stand in a header of ours; else empty."""
    found = MESSAGE_ID.search(str(email.get("Message-ID", ""))[:1000])
    return found[0] if found else ""


@sensitive_variables()
def read(email: Message) -> Written:
    """What was written; `problem` says why, where nothing was."""
    try:
        return _read(email)
    except BROKEN:
        return Written(problem=Problem.EMPTY)


@sensitive_variables()
def _read(email: Message) -> Written:
    subject = clean(automatic.subject_of(email)).replace("\n", " ").strip()[:LONGEST_TEXT]
    parts = list(islice(email.walk(), automatic.MOST_PARTS))
    had_files = any(_is_file(part) for part in parts)
    if any(_is_encrypted(part) for part in parts):
        return Written(subject=subject, had_files=had_files, problem=Problem.ENCRYPTED)
    body = clean(_body(parts))
    if "-----BEGIN PGP MESSAGE-----" in body[:2000]:
        return Written(subject=subject, had_files=had_files, problem=Problem.ENCRYPTED)
    text, left_out = stripping.strip(_unsigned(body))
    if len(text) > LONGEST_TEXT:
        at = _where_to_cut(text)
        text, left_out = text[:at].rstrip(), f"{text[at:].lstrip()}\n\n{left_out}"
    return Written(
        text=text,
        left_out=left_out[:LONGEST_TEXT].strip(),
        subject=subject,
        had_files=had_files,
        problem=None if text else Problem.EMPTY,
    )


def clean(text: str) -> str:
    """Its lines without what is not shown: controls, marks that turn the direction of writing, half characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    return "".join(c for c in text if c in "\n\t" or _is_shown(c))


# Joiners hold letters and emoji together.
KEPT_FORMATS = "\u200c\u200d"


def _is_shown(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs", "Cn", "Co") and (
        category != "Cf" or character in KEPT_FORMATS or ord(character) >= 0xE0020
    )


def _where_to_cut(text: str) -> int:
    """At the end of a word, if there is one not too far back."""
    at = max(text.rfind(" ", 0, LONGEST_TEXT), text.rfind("\n", 0, LONGEST_TEXT))
    return at if at > LONGEST_TEXT // 2 else LONGEST_TEXT


# --- Its parts -----------------------------------------------------------------------------------------------------


def _is_file(part: Message) -> bool:
    if part.is_multipart():
        return False
    is_text = part.get_content_type() in ("text/plain", "text/html")
    signature = part.get_content_type() in ("application/pgp-signature", "application/pkcs7-signature")
    return not signature and (not is_text or part.get_content_disposition() == "attachment")


def _is_encrypted(part: Message) -> bool:
    return part.get_content_type() in (
        "multipart/encrypted",
        "application/pgp-encrypted",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
    )


def _body(parts: list[Message]) -> str:
    """Of the first part that is plain text and says something, else of the first that is HTML; files are left alone."""
    parts = [part for part in parts if not _is_file(part)]
    for wanted, said in (("text/plain", _plain), ("text/html", _of_html)):
        for part in parts:
            if part.get_content_type() == wanted and not part.is_multipart():
                text = said(part)
                if text.strip():
                    return text
    return ""


def _plain(part: Message) -> str:
    text = _decoded(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(text, joins=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _of_html(part: Message) -> str:
    return _text_of(_decoded(part)[:MOST_HTML])


def _decoded(part: Message) -> str:
    """In the charset that it names, or in one in which it makes sense."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (part.get_content_charset("utf-8"), "utf-8", "cp1252"):
        try:
            text = content.decode(charset)
        except (LookupError, ValueError):
            continue
        if isinstance(text, str):
            return text
    return content.decode("utf-8", errors="replace")


def _unflowed(text: str, *, joins: bool) -> str:
    """RFC 3676: a line that ends with a space goes on in the next one, but for the mark of a signature."""
    lines: list[str] = []
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        plain = line.removeprefix(" ")
        is_quoted = plain.startswith(">")
        if goes_on and lines and is_quoted == lines[-1].startswith(">") and plain != "-- ":
            lines[-1] += plain.lstrip("> ") if is_quoted else plain
        else:
            lines.append(plain)
        goes_on = plain.endswith(" ") and plain != "-- " and len(lines[-1]) < LONGEST_TEXT
        if goes_on and joins:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _unsigned(body: str) -> str:
    """What PGP has signed in the open, without its frame."""
    begin, signature = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
    if not body.lstrip().startswith(begin):
        return body
    _head, _blank, rest = body.lstrip().removeprefix(begin).lstrip("\n").partition("\n\n")
    return re.sub(r"(?m)^- ", "", rest.partition(signature)[0])


# --- HTML ----------------------------------------------------------------------------------------------------------

BLOCKS = {
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
HIDDEN = {"head", "script", "style", "title"}
TAG = re.compile(r"<(?P<slash>/?)(?P<name>[!?]|[a-zA-Z][a-zA-Z0-9]{0,30})")
LONGEST_VALUE = 2000
# What mail programs put around what is answered.
QUOTES = re.compile(r"\b(?:gmail_quote|yahoo_quoted|protonmail_quote|mail-quote-collapse|zmail_extra)\b")


class _Text:
    """Lines of text; those of a quote begin with the mark of one.

    Python's own parser takes minutes for some hundred kilobytes of open brackets, and anybody may send those. This one
    goes through the text once.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._hidden = 0
        self._quotes = 0
        self._is_pre = 0
        # The divs that are open, and which of them hold what is answered.
        self._divs: list[bool] = []

    def feed(self, source: str) -> None:
        at = 0
        while at < len(source):
            opens = source.find("<", at)
            if opens < 0:
                break
            self._data(source[at:opens])
            at = self._tag(source, opens)
        self._data(source[at:])
        self._end_line()

    def _tag(self, source: str, at: int) -> int:
        """What begins with this bracket; where to go on."""
        if source.startswith("<!--", at):
            end = source.find("-->", at + 4)
            return end + 3 if end >= 0 else len(source)
        end = source.find(">", at)
        found = TAG.match(source, at)
        if end < 0 or found is None:
            self._data("<")
            return at + 1 if end >= 0 else self._rest(source, at + 1)
        for _value in range(3):  # Within quotes a bracket closes nothing.
            closes = source.find('"', end, end + LONGEST_VALUE) if source.count('"', at, end) % 2 else -1
            if closes < 0:
                break
            end = max(end, source.find(">", closes, closes + LONGEST_VALUE))
        name = found["name"].lower()
        if found["slash"]:
            self._end(name)
        elif name[:1].isalpha():
            self._start(name, source[found.end() : end])
        return end + 1

    def _rest(self, source: str, at: int) -> int:
        """There is no tag any more."""
        self._data(source[at:])
        return len(source)

    def _start(self, tag: str, attributes: str) -> None:
        if tag == "body":
            self._hidden = 0
        if tag in HIDDEN:
            self._hidden += 1
        if tag in BLOCKS:
            self._break(tag)
        if tag == "div":
            is_quote = bool(QUOTES.search(attributes))
            self._divs.append(is_quote)
            self._quotes += is_quote
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._is_pre += 1
        elif tag == "li":
            self._put("- ")
        elif tag == "hr":
            self._put("_" * 32)
            self._break(tag)

    def _end(self, tag: str) -> None:
        if tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in BLOCKS:
            self._break(tag)
        is_quote = tag == "blockquote" or (tag == "div" and bool(self._divs) and self._divs.pop())
        if is_quote:
            self._quotes = max(0, self._quotes - 1)
        elif tag == "pre":
            self._is_pre = max(0, self._is_pre - 1)

    def _data(self, data: str) -> None:
        if self._hidden or not data:
            return
        data = unescape(data)
        if not self._is_pre:
            return self._put(re.sub(r"\s+", " ", data))
        for number, line in enumerate(data.split("\n")):
            if number:
                self._end_line()
            self._put(line)

    def _put(self, text: str) -> None:
        if not self._line:
            text = text if self._is_pre else text.lstrip()
            if text and self._quotes:
                self._line.append("> ")
        if text:
            self._line.append(text)

    def _break(self, tag: str) -> None:
        if self._line or tag == "br":
            self._end_line()
        if tag in PARAGRAPHS and self.lines and self.lines[-1]:
            self.lines.append("")

    def _end_line(self) -> None:
        self.lines.append("".join(self._line).rstrip())
        self._line = []


def _text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    return "\n".join(reader.lines)
