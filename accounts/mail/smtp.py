"""The conversation with the mail server, one step at a time, so that the fence can stand before DATA.

RFC 5321; AUTH is RFC 4954, STARTTLS RFC 3207. `EmailMessage.send()` would hide at which step a failure happened.
"""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from enum import Enum

from django.conf import settings

# RFC 5321 4.5.3.2.6 asks for ten minutes: who hangs up sooner takes a mail that was accepted for one that was not.
DATA_TIMEOUT = 600.0


class Phase(Enum):
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"


@dataclass(frozen=True)
class Reply:
    """What the server said, and to which command."""

    phase: Phase
    code: int
    text: str

    @property
    def is_yes(self) -> bool:
        return 200 <= self.code <= 299

    @property
    def is_for_now(self) -> bool:
        return 400 <= self.code <= 499

    @property
    def is_for_good(self) -> bool:
        return 500 <= self.code <= 599


class Unreachable(Exception):
    """No conversation came about: no connection, no TLS, no sign-in. It says nothing about the message."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(type(problem).__name__)
        self.code = problem.smtp_code if isinstance(problem, smtplib.SMTPResponseException) else None


class HungUp(Exception):
    """The server went away, or spoke no SMTP, after MAIL or RCPT. Nothing of the message's content was sent."""


# smtplib makes up a code for a line that is too long: whatever it raises is no answer.
BROKEN = (smtplib.SMTPException, OSError)


class Courier:
    """One sender's connection to the mail server of the settings; opened when needed, kept for the next message."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "Courier":
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def offer(self, sender: str, recipient: str, size: int) -> Reply:
        """MAIL and RCPT: the reply to the latter, or to the former when it was no yes.

        A kept connection that the server has closed meanwhile is opened again once. Raises Unreachable, HungUp.
        """
        reply: Reply | None = None
        if self._smtp is not None:
            with contextlib.suppress(HungUp):
                reply = self._mail(sender, size)
            if reply is None or reply.code == 421:
                self.close()
                reply = None
        if reply is None:
            self._open()
            reply = self._mail(sender, size)
        if reply.is_yes:
            reply = self._ask(Phase.RCPT, f"RCPT TO:<{recipient}>")
        if not reply.is_yes:
            self.withdraw(reply)
        return reply

    def hand_over(self, content: bytes) -> Reply | None:
        """DATA, the content, the dot: the reply, or None when there was none and nobody can know what became of it."""
        try:
            self._wait_at_most(DATA_TIMEOUT)
            code, text = self._open_one().data(content)
        except smtplib.SMTPDataError as refusal:
            code, text = refusal.smtp_code, refusal.smtp_error  # type: ignore[assignment]
        except BROKEN:
            self.close()
            return None
        self._wait_at_most(settings.EMAIL_TIMEOUT)
        reply = Reply(Phase.DATA, code, _readable(text))
        if not reply.is_yes:
            self.withdraw(reply)
        return reply

    def withdraw(self, reply: Reply | None = None) -> None:
        """RSET: the message that was offered is not sent after all. The connection stays good, or is closed."""
        if self._smtp is None:
            return
        is_over = reply is not None and (reply.code == 421 or not (reply.is_for_now or reply.is_for_good))
        try:
            if is_over or self._smtp.rset()[0] != 250:
                self.close()
        except BROKEN:
            self.close()

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(*BROKEN):
                smtp.quit()
            smtp.close()

    def _open(self) -> None:
        try:
            self._smtp = self._connect()
        except BROKEN as problem:
            raise Unreachable(problem) from None

    def _open_one(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected("nothing was offered")
        return self._smtp

    def _wait_at_most(self, seconds: float) -> None:
        if self._smtp is not None and self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _connect(self) -> smtplib.SMTP:
        where = (settings.EMAIL_HOST, settings.EMAIL_PORT, settings.PUBLIC_HOST)
        smtp: smtplib.SMTP
        if settings.EMAIL_USE_SSL:
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(*where, timeout=settings.EMAIL_TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(*where, timeout=settings.EMAIL_TIMEOUT)
        try:
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except BROKEN:
            smtp.close()
            raise
        return smtp

    def _mail(self, sender: str, size: int) -> Reply:
        # Declaring the size lets a server refuse before it has read the whole message (RFC 1870).
        declared = f" SIZE={size}" if self._open_one().has_extn("size") else ""
        return self._ask(Phase.MAIL, f"MAIL FROM:<{sender}>{declared}")

    def _ask(self, phase: Phase, command: str) -> Reply:
        try:
            code, text = self._open_one().docmd(command)
        except BROKEN:
            self.close()
            raise HungUp from None
        return Reply(phase, code, _readable(text))


def _readable(text: bytes) -> str:
    return text.decode("utf-8", "replace")
