"""Every kind of e-mail that we send, in each language: right by the RFCs, the same in both its parts, and discreet."""

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from pytest_django.fixtures import Settings

from accounts.mail import kinds, letters
from accounts.mail.inbound import addresses
from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Program
from reflections.receipt_emails import RECEIPT

from . import world as small_world
from .conftest import NOW
from .letters import LETTERS, written_to
from .world import things_of_strangers, things_of_the_pair

LONGEST_LINE = 998  # RFC 5322 2.1.1, without its end.
WISE_LINE = 78
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Language")
AT_MOST_ONCE = (
    "In-Reply-To",
    "References",
    "Reply-To",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)
# Where a letter may lead besides our own pages: nowhere.
LINK = re.compile(r"https?://[^\s<>\"']+")
LEADS = re.compile(r"[^.\n]*(?:\n[^.\n]+)*:\n(?=https?://)")
WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*", re.UNICODE)
PRIVATE = [
    words
    for name, words in vars(small_world).items()
    if name.isupper() and isinstance(words, str) and "-" in words
]
# A note of thanks goes to somebody outside in its own words: that is what it is for.
OWN_WORDS = {"thanks_outside": {small_world.THANKED}}


@pytest.fixture
def world(
    pairing: Any, mentee: User, admin: User, other_program: Program, other_admin: User
) -> Mapping[str, Any]:
    with time_machine.travel(NOW, tick=False):
        return things_of_the_pair(pairing, mentee, admin) | things_of_strangers(other_program)


def test_every_kind_stands_in_the_table() -> None:
    assert set(LETTERS) == set(kinds.names())


@pytest.mark.parametrize(("language", "inbound"), [("en-us", ""), ("de", "post@in.harbor.example")])
def test_every_letter_is_right(
    world: Mapping[str, Any], language: str, inbound: str, settings: Settings
) -> None:
    """Once where nothing is taken in by mail, and once where letters can be answered and stopped by one."""
    settings.INBOUND_ADDRESS, settings.INBOUND_AUTHSERV_ID = inbound, "mx.harbor.example"
    User.objects.update(language=language)
    wrong = []
    for kind in LETTERS:
        with time_machine.travel(NOW, tick=False), transaction.atomic():
            message = written_to(kind, world)
            wrong += [f"{kind}: {problem}" for problem in _problems(message, language)]
            transaction.set_rollback(True)
    assert not wrong, "\n" + "\n".join(wrong)


def _problems(message: Message, language: str) -> Iterator[str]:
    kind = kinds.get(message.kind)
    raw = letters.post(message).content
    mail: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[assignment]
    yield from _in_bytes(raw)
    yield from _in_headers(mail, message, has_stream=kind.stream is not None, language=language)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    if plain is None or html is None:
        yield "it lacks one of its two parts"
        return
    if re.search(r"multipart/\w+", mail.get_content_type()) is None or any(mail.defects):
        yield f"its parts: {mail.get_content_type()}, {mail.defects}"
    for part in mail.walk():
        if part.get_content_maintype() == "text" and part.get_content_charset() != "utf-8":
            yield f"a part in {part.get_content_charset()}"
        if not part.is_multipart() and part["Content-Transfer-Encoding"] not in (
            "quoted-printable",
            "base64",
            "7bit",
        ):
            yield f"a part in {part['Content-Transfer-Encoding']}"
    for part in mail.walk():
        if not part.is_multipart() and any(
            len(line) > WISE_LINE for line in str(part.get_payload()).splitlines()
        ):
            yield f"a line of more than 78 characters in {part.get_content_type()}"
    text, markup = plain.get_content().replace("\r\n", "\n"), html.get_content()
    page = _Page(markup)
    yield from _in_markup(page, markup)
    yield from _differences(text, page)
    for link in [*LINK.findall(text), *page.links]:
        if not link.startswith((f"{settings.PUBLIC_BASE_URL}/", "mailto:")):
            yield f"it leads to {link}"
    for words in PRIVATE:
        if words in str(mail["Subject"]) or (
            words in text + markup and words not in OWN_WORDS.get(message.kind, ())
        ):
            yield f"it holds {words}"


def _in_bytes(raw: bytes) -> Iterator[str]:
    if not raw.isascii() or b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
        yield "bytes that SMTP without extensions does not carry"
    if any(len(line) > LONGEST_LINE for line in raw.split(b"\r\n")):
        yield "a line of more than 998 characters"
    if b"\0" in raw:
        yield "a NUL"


def _in_headers(mail: EmailMessage, message: Message, *, has_stream: bool, language: str) -> Iterator[str]:
    yield from (
        f"{name} stands {len(mail.get_all(name, []))} times"
        for name in ONCE
        if len(mail.get_all(name, [])) != 1
    )
    yield from (f"{name} more than once" for name in AT_MOST_ONCE if len(mail.get_all(name, [])) > 1)
    if mail["Message-ID"] != f"<{message.message_id}>":
        yield "a Message-ID that is not that of its row"
    if letters.post(message).content.count(b"Message-ID: <" + message.message_id.encode()) != 1:
        yield "another Message-ID the second time"
    by_itself = "auto-replied" if message.kind == RECEIPT else "auto-generated"
    if mail["Auto-Submitted"] != by_itself or mail["Content-Language"] != language:
        yield "Auto-Submitted, or Content-Language"
    if len(mail["From"].addresses) != 1 or len(mail["To"].addresses) != 1:
        yield "not from one to one"
    if mail["Date"].datetime is None or mail["Date"].datetime.utcoffset() is None:
        yield "a Date without a zone"
    is_to_others = kinds.get(message.kind).to_others
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        if (mail[name] is not None) != (has_stream or is_to_others):
            yield f"{name}, where {'it can' if has_stream else 'nothing can'} be stopped"
    ways = str(mail["List-Unsubscribe"] or "")
    if has_stream and ("<mailto:post+s-" in ways) != addresses.is_on():
        yield "whether it can be stopped by e-mail"
    if message.kind in ANSWERED_BY_HAND:
        if mail["Reply-To"].addresses[0].addr_spec != "rosa@harbor.example":
            yield f"answers go to {mail['Reply-To']}"
    elif mail["Reply-To"] is not None and addresses.parse(mail["Reply-To"].addresses[0].addr_spec) is None:
        yield f"answers go to {mail['Reply-To']}"
    if message.kind in ANSWERABLE and (mail["Reply-To"] is not None) != addresses.is_on():
        yield "whether it can be answered"
    if has_stream and mail["List-Id"] is None and message.kind not in NO_LIST:
        yield "no List-Id"
    if not str(mail["Subject"]).strip() or len(str(mail["Subject"])) > 150:
        yield f"the subject {mail['Subject']!r}"


# A reply to one of these is taken in.
ANSWERABLE = {"ask", "reminder", "last_call", "line", "line_again"}
# A reply to one of these goes to whoever wrote it, and is taken in by nobody.
ANSWERED_BY_HAND = {"announcement", "announcement_test"}
# In a stream, but no list of any program.
NO_LIST: set[str] = set()


class _Page(HTMLParser):
    """What an HTML part shows, and what it asks for elsewhere."""

    VOID = frozenset({"br", "img", "meta", "link", "hr"})

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.besides: list[str] = []  # What stands in no link.
        self.links: list[str] = []
        self.elsewhere: list[str] = []
        self._hidden: list[str] = []
        self._links = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._links += tag == "a"
        if tag == "a":
            self.links.append(given.get("href") or "")
        self.elsewhere += [
            value for name, value in attrs if name in ("src", "background", "srcset") and value
        ]
        self.elsewhere += [given["href"] or ""] if tag == "link" and "href" in given else []
        is_hidden = tag in ("head", "style", "title") or "display: none" in (given.get("style") or "")
        is_hidden = is_hidden or given.get("class") == "mark"  # The letterhead.
        if tag not in self.VOID and (self._hidden or is_hidden):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._links -= tag == "a"
        if self._hidden and tag not in self.VOID:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
            if not self._links:
                self.besides.append(data)


def _in_markup(page: _Page, markup: str) -> Iterator[str]:
    yield from (f"it fetches {address}" for address in page.elsewhere if not address.startswith("cid:"))
    if re.search(r"url\(|@import|<script|<iframe|<form|\bon\w+=", markup, re.IGNORECASE):
        yield "markup that fetches or runs something"


def _differences(text: str, page: _Page) -> Iterator[str]:
    """Words that one of the two parts has and the other has not, but for what leads to a page: in one it is a button,
    in the other a line that ends with a colon, with the address below it."""
    # What a link in one part writes an e-mail to, the other has to spell; or it has the page that does the same, by the
    # same token: two long addresses more would make the text hard to read.
    spelled = {link.partition(":")[2].partition("?")[0] for link in page.links if link.startswith("mailto:")}
    for address in spelled:
        purpose, token = addresses.parse(address) or (None, "")
        if purpose in (addresses.Purpose.NOT_THIS_QUARTER, addresses.Purpose.ANOTHER_TIME):
            page_of = {"n": "not-now", "t": "another-time"}[purpose]
            if f"/{page_of}/{token}/" not in text:
                yield f"the text has no page for what the HTML writes to {address}"
        elif address not in text:
            yield f"only the HTML writes to {address}"
        text = re.sub(rf"[^\n]*:\n{re.escape(address)}", " ", text)
    if lacking := set(_words(LINK.sub(" ", LEADS.sub(" ", text)))) - set(_words(" ".join(page.words))):
        yield f"only in the text: {sorted(lacking)}"
    if lacking := set(_words(" ".join(page.besides))) - set(_words(LINK.sub(" ", text))):
        yield f"only in the HTML: {sorted(lacking)}"
    leads = {link for link in page.links if not link.startswith("mailto:")}
    if missing := leads - set(LINK.findall(text)):
        yield f"only the HTML leads to {sorted(missing)}"


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]
