"""How an e-mail carries a calendar message so that its reader sees an invitation, and where one that came in has it.

RFC 6047 (iMIP), and what clients make of it (docs/calendar.md has the whole list with its sources):

- Gmail, Outlook and Apple's Mail look for a text/calendar part beside the text and the HTML, last in
  multipart/alternative, as Google's and Microsoft's own invitations have it. Its `method` must be there, and be the one
  inside (RFC 6047, 2.4): Outlook otherwise shows a "not supported calendar message.ics".
- The part has no Content-Disposition: with one, Thunderbird takes it for an attachment and offers no answer.
- Base64, as Office 365 sends it: the lines are folded already, and nothing on the way has a reason to break
  them anew. Django's alternatives go as quoted-printable, which RFC 6047 (2.5) has too; the bytes arrive the same.
- The same bytes again as an attachment are for whoever reads mail on a phone or in a client without a calendar, where
  the part is not shown. It is application/ics, as Google's: a second text/calendar part would be a second invitation.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import SMTP

from .messages import Method

ATTACHMENT = "invite.ics"
MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar message on its way into an e-mail.

    `alternative` and `attachment` are what Django's `attach_alternative` and `attach` take; `add_to` does both for an
    e-mail of the standard library.
    """

    content: bytes
    method: Method

    @property
    def content_type(self) -> str:
        return f"text/calendar; method={self.method.value}; charset=utf-8"

    @property
    def alternative(self) -> tuple[str, str]:
        return self.content.decode(), f"text/calendar; method={self.method.value}"

    @property
    def attachment(self) -> tuple[str, bytes, str]:
        return ATTACHMENT, self.content, "application/ics"

    def add_to(self, email: EmailMessage, *, attach: bool = True) -> None:
        """Behind the text and the HTML that are in it, if those are all."""
        parameters = {"method": self.method.value, "charset": "utf-8"}
        email.add_alternative(
            self.content, maintype="text", subtype="calendar", cte="base64", params=parameters
        )
        if attach:
            name, content, _ = self.attachment
            email.add_attachment(content, maintype="application", subtype="ics", filename=name)


def invitation(text: str, html: str, part: CalendarPart, *, attach: bool = True) -> EmailMessage:
    """An e-mail without its addresses and its subject: text, HTML, the calendar part, and with `attach` the file."""
    email = EmailMessage(policy=SMTP)
    email.set_content(text)
    email.add_alternative(html, subtype="html")
    part.add_to(email, attach=attach)
    return email


def calendar_in(email: Message) -> tuple[bytes, str] | None:
    """The calendar message that came with an e-mail, and what charset it is said to be in ("" if none is); None where
    there is none. Of several the answer is taken: Exchange's is in the alternatives, Google's there and attached once
    more, Apple's and Thunderbird's beside the text."""
    parts = sorted(_calendar_parts(email), key=lambda ranked: ranked[0])
    for _, part in parts:
        with contextlib.suppress(Exception):  # What a stranger's headers make of the parser is theirs.
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                charset = part.get_param("charset", "")
                return content, charset if isinstance(charset, str) else ""
    return None


def _calendar_parts(email: Message) -> Iterator[tuple[int, Message]]:
    for number, part in enumerate(email.walk()):
        if number == MOST_PARTS:
            return
        kind = part.get_content_type()
        if kind == "text/calendar":
            answers = str(part.get_param("method", "")).upper() in ("REPLY", "COUNTER")
            yield (0 if answers else 1), part
        elif kind == "application/ics" or (
            kind == "application/octet-stream" and (part.get_filename() or "").lower().endswith(".ics")
        ):
            yield 2, part
