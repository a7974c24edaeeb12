"""Whether a machine sent an e-mail that came in: out of office, bounces, lists, calendars, and our own mail come back.

Such mail is never an answer, and nobody is ever written to because of it (RFC 3834). What mail programs are asked to
suppress (X-Auto-Response-Suppress) says nothing: people's own mail carries it too.
"""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from enum import StrEnum
from itertools import islice

from django.conf import settings

# Parts of one e-mail that are looked at; nobody's has more.
MOST_PARTS = 200


class Sign(StrEnum):
    """By what it was known, in a word for the log."""

    AUTO_SUBMITTED = "says that it was sent by itself"
    NULL_PATH = "has no return path"
    PRECEDENCE = "bulk"
    LIST = "from a list"
    AUTOREPLY = "an autoreply"
    REPORT = "a report of another mail"
    CALENDAR = "from a calendar"
    OUT_OF_OFFICE = "out of office"
    OUR_OWN = "our own mail come back"


LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "Mailing-List", "X-Mailing-List")
AUTOREPLY_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
    "X-MDMailing-List",
    "X-FC-MachineGenerated",
    "X-POST-MessageClass",
    "X-Failed-Recipients",
    "Auto-Generated",
)
PRECEDENCES = ("bulk", "junk", "list", "auto_reply", "auto-reply")
REPORTS = ("multipart/report", "message/delivery-status", "message/disposition-notification")
# How mail programs begin the subject of an answer that nobody wrote. A person's begins with Re: or the like. What
# people may well begin with, too, is one only where nothing of theirs follows: the end, a colon, until when.
OUT_OF_OFFICE = re.compile(
    r"\s*\[?(?:"
    # English
    r"(?:auto(?:matic(?:ally)?|mated)?[ -]?(?:reply|response)|out of (?:the )?office|ooo"
    r"|away from (?:the )?office|on (?:annual |parental |maternity |paternity )?leave)"
    r"(?=\s*(?:[\])(:|–—-]|$|(?:from|until|till|re|message|notice|notification|auto\w*|reply)\b))"
    r"|auto(?:matically)?[ -]generated|vacation (?:reply|notice|response)|on vacation:|undeliver(?:ed|able)\b"
    r"|(?:mail )?delivery (?:status notification|failure|has failed)|returned mail:|failure notice"
    # Deutsch
    r"|automatische (?:antwort|r[üu]ckmeldung)|abwesenheits?(?:notiz|meldung|nachricht|assistent|agent)?\b"
    r"|abwesend\b|(?:ich bin )?nicht im b[üu]ro|au(?:ß|ss)er haus|unzustellbar"
    # Español
    r"|respuesta autom[áa]tica|fuera de (?:la )?oficina|ausencia (?:de|temporal)|ausente\b|de vacaciones:"
    # Français
    r"|r[ée]ponse automatique|absence du bureau|absent(?:e)? du bureau|hors du bureau|message d.absence"
    r"|absence\s*:\s*r[ée]\s*:"
    # Italiano
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza dall.ufficio|messaggio di assenza"
    # Português
    r"|resposta autom[áa]tica|fora do escrit[óo]rio|ausente do escrit[óo]rio|aus[êe]ncia (?:do|tempor[áa]ria)"
    # Nederlands
    r"|automatisch(?:e)? (?:antwoord|beantwoording)|afwezig(?:heids?(?:bericht|assistent|melding))?\b|niet aanwezig"
    # Dansk, norsk, svenska, suomi, polski, čeština
    r"|automatisk svar|autosvar|automatiskt svar|fr[åa]nvaro|frav[æa]r|ikke til stede|automaattinen vastaus|poissa"
    r"|autoodpowied[źz]|odpowied[źz] automatyczna|poza biurem|automatick[áa] odpov[ěe][ďd]"
    r")",
    re.IGNORECASE,
)


def sign_of(email: Message) -> Sign | None:
    """None where a person may have written it."""
    said = _said(email, "Auto-Submitted", "no").partition(";")[0].strip().lower()
    if said != "no":
        return Sign.AUTO_SUBMITTED
    if "Return-Path" in email and _said(email, "Return-Path").strip() == "<>":
        return Sign.NULL_PATH
    if _said(email, "Precedence").strip().lower() in PRECEDENCES:
        return Sign.PRECEDENCE
    for names, sign in ((LIST_HEADERS, Sign.LIST), (AUTOREPLY_HEADERS, Sign.AUTOREPLY)):
        if any(name in email for name in names):
            return sign
    return _sign_of_parts(email) or _sign_of_words(email)


def _sign_of_parts(email: Message) -> Sign | None:
    if email.get_content_type() in REPORTS:
        return Sign.REPORT
    for part in islice(email.walk(), MOST_PARTS):
        if part.get_content_type() == "text/calendar":
            return Sign.CALENDAR
    return None


def _sign_of_words(email: Message) -> Sign | None:
    """What its subject says comes last: out of office is only what has no other sign."""
    sender = _said(email, "From").lower()
    ours = (settings.MAIL_FROM_ADDRESS, settings.CALENDAR_ADDRESS, settings.INBOUND_ADDRESS)
    if any(address and f"<{address.lower()}>" in f"<{sender.strip()}>{sender}" for address in ours):
        return Sign.OUR_OWN
    if re.match(r"\s*(?:\"?mailer-daemon|\"?postmaster)\b|.*<(?:mailer-daemon|postmaster)@", sender):
        return Sign.REPORT
    return Sign.OUT_OF_OFFICE if OUT_OF_OFFICE.match(subject_of(email)) else None


def subject_of(email: Message) -> str:
    """As it was written; empty where it cannot be read."""
    raw = next((value for name, value in email.raw_items() if name.lower() == "subject"), "")
    # Some send it as it is, in UTF-8, without saying so.
    plain = str(raw)[:2000].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(plain)))
    except (MessageError, LookupError, ValueError):
        return ""


def _said(email: Message, name: str, otherwise: str = "") -> str:
    return str(email.get(name, otherwise))
