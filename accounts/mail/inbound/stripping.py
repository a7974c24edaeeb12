"""What somebody wrote, of all that stands in a reply: the one place that knows mail-parser-reply.

The library knows how mail programs of many languages say "On … you wrote:", and how people sign. It is asked for one
place at a time, in a window of a few short lines, because some of its patterns take very long for long lines. What it
misses (Portuguese; Spanish and French as they are really written) stands here. So do signatures, for which it takes any
list with hyphens, and all that follows a line that begins with "Thanks,". Nothing is thrown away: what is not the
person's own stands in `left_out`.
"""

import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from mailparser_reply.parser import EmailMessage

# More is not read: twice what is kept of a reply, and room for what it quotes.
MOST_CHARACTERS = 60_000
# Below so many lines nothing is looked for but marks of quotes; and the library, which is slow, is asked about fewer.
LINES_LOOKED_AT = 2000
LINES_ASKED_ABOUT = 300
WINDOW_LINES = 6
WINDOW_CHARACTERS = 240

# Polish is left out: a line that begins with "Do:" is enough for it.
HEADERS_IN = ["en", "de", "es", "fr", "it", "nl", "da", "sv", "cs", "ja", "ko", "zh"]

# "On Tue, 23 Jun 2026 at 07:30, Harbor <reflect@…> wrote:", over up to four lines.
BEGINS_ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|il|em|no dia|a|op|den|dne|dnia) .{0,80}?\d"
    r"|[^<>\n]{1,80}<[^<>\s]+@[^<>\s]+> (?:schrieb|wrote|escreveu|escribió|a écrit|ha scritto|schreef)\b",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"\b(?:wrote|schrieb|écrit|escribió|ha scritto|escreveu|schreef|skrev|napsal(?:\(a\))?|napisał(?:\(a\))?)\b"
    r"[^:]{0,200}:$",
    re.IGNORECASE,
)
LONGEST_ATTRIBUTION = 400
# What Outlook and its like put above: From, Sent, To, Subject.
BEGINS_HEADERS = re.compile(r"[*_ ]*(?:from|von|de|da|van|fra|från|od)[*_ ]*:[*_ ]*\S", re.IGNORECASE)
HEADER = re.compile(r"[*_ ]*[^\W\d_][\w’'() -]{0,24}[*_ ]*:[*_ ]*\S")
HEADERS_AT_LEAST = 3
ORIGINAL = re.compile(
    r"[-_ ]{2,}(?:original ?(?:message|e-?mail)|ursprüngliche nachricht|original-?nachricht|mensaje original"
    r"|message (?:d.origine|original)|messaggio originale|mensagem original|oorspronkelijk bericht"
    r"|forwarded message|weitergeleitete nachricht|mensaje reenviado|message transféré|messaggio inoltrato"
    r"|mensagem encaminhada|doorgestuurd bericht)[-_ ]{2,}$",
    re.IGNORECASE,
)
RULE = re.compile(r"_{20,}$")
SIGNATURE = re.compile(r"(?:--|__)$")

# A last line by which somebody signs: these words, and no more than a name after them.
CLOSING = re.compile(
    r"(?:(?:(?:with )?(?:best|kind|warm)(?:est)? (?:regards|wishes)|regards|all the best|cheers|sincerely|yours"
    r"|mit (?:freundlichen|besten|lieben) grüßen|(?:(?:viele|liebe|beste|herzliche|schöne) )?gr(?:ü|ue)(?:ß|ss)e?"
    r"|mfg|lg|vg"
    r"|(?:un )?(?:cordial )?saludos?|(?:un )?abrazo|atentamente|cordialmente"
    r"|(?:bien )?cordialement|bien à (?:vous|toi)|amicalement|salutations|bonne journée"
    r"|cordiali saluti|(?:un caro )?saluti|a presto"
    r"|(?:com os melhores )?cumprimentos|atenciosamente|(?:um )?abraços?|obrigad[oa]"
    r"|met vriendelijke groet(?:en)?|(?:hartelijke )?groet(?:en|jes)?"
    r")[,.!]?|(?:best|thanks|thank you|many thanks|danke|gracias|merci|grazie|bedankt),)(?P<name>(?: \S+){0,2})$",
    re.IGNORECASE,
)
BELOW_CLOSING = 6
LONGEST_SIGNED_LINE = 80
FROM_A_PHONE = re.compile(
    r"(?:sent from|sent via|sent with|get outlook for|gesendet (?:von|mit|aus)|von meinem .{1,30} gesendet"
    r"|outlook für .{1,20} (?:herunter|laden|beziehen)|holen sie sich outlook"
    r"|enviado (?:desde|do|da|a partir|con)|obtener outlook|obt[ée]m o outlook|obter o outlook"
    r"|envoyé (?:de|depuis|à partir)|télécharger outlook|obtenir outlook|inviato da|ottieni outlook|scarica outlook"
    r"|verzonden (?:vanaf|met|via)|outlook voor .{1,20} downloaden|diese nachricht wurde von meinem)\b.{0,80}$",
    re.IGNORECASE,
)


class Stripped(NamedTuple):
    """What was written, and the rest: quotes, signatures, and what stands below our own line."""

    text: str
    left_out: str


def delimiter() -> str:
    """The line in our e-mails above which an answer goes, in the language of the moment."""
    words = gettext("Your answer goes above this line")
    return f"··· {words} ···"


def strip(text: str) -> Stripped:
    """The parts of a reply, each in its order. Takes a tenth of a second for the worst text that fits."""
    rest = text[MOST_CHARACTERS:]
    lines = text[:MOST_CHARACTERS].split("\n")
    kept, left = _divided(lines)
    kept, signed = _without_closing(kept)
    words = "\n".join(line.rstrip() for line in kept)
    return Stripped(
        re.sub(r"\n{3,}", "\n\n", words).strip(),
        "\n".join([*signed, *left, *([rest] if rest else [])]).strip(),
    )


def _divided(lines: list[str]) -> tuple[list[str], list[str]]:
    """Line by line: one's own, and what is quoted. After a quote in which each line is marked one's own may go on."""
    marks = _delimiters()
    kept: list[str] = []
    left: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if _is_quoted(line) or _is_broken_quote(lines, at):
            left.append(lines[at])
            at += 1
        elif (
            SIGNATURE.match(line)
            or (RULE.match(line) and _header_below(lines, at))
            or _squeezed(line) in marks
        ):
            return kept, left + lines[at:]
        elif length := _header_at(lines, at):
            following = next((each.strip() for each in lines[at + length :] if each.strip()), "")
            if not _is_quoted(following):
                return kept, left + lines[at:]
            left += lines[at : at + length]
            at += length
        else:
            kept.append(lines[at])
            at += 1
    return kept, left


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _is_broken_quote(lines: list[str], at: int) -> bool:
    """A line of a quote that was broken on the way, so that its end has lost its mark."""
    return (
        0 < at < len(lines) - 1
        and bool(lines[at].strip())
        and _is_quoted(lines[at - 1].strip())
        and _is_quoted(lines[at + 1].strip())
    )


def _header_below(lines: list[str], at: int) -> bool:
    """Whether a rule is one above a quote: one that people draw has no From below it."""
    following = [n for n in range(at + 1, min(at + 4, len(lines))) if lines[n].strip()]
    return bool(following) and _header_at(lines, following[0]) > 0


def _header_at(lines: list[str], at: int) -> int:
    """Of how many lines the header of a quote is that begins here; 0 where none does."""
    line = lines[at].strip()
    if len(line) < 5 or at > LINES_LOOKED_AT:
        return 0
    if ORIGINAL.match(line[:WINDOW_CHARACTERS]):
        return 1
    return _attribution_at(lines, at) or _headers_at(lines, at) or _librarys_at(lines, at)


def _attribution_at(lines: list[str], at: int) -> int:
    joined = ""
    for length, line in enumerate(islice(lines, at, at + 4), start=1):
        if not line.strip():
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > LONGEST_ATTRIBUTION or (not BEGINS_ATTRIBUTION.match(joined) and length == 4):
            return 0
        if WROTE.search(joined) and BEGINS_ATTRIBUTION.match(joined):
            return length
    return 0


def _headers_at(lines: list[str], at: int) -> int:
    if not BEGINS_HEADERS.match(lines[at][:WINDOW_CHARACTERS]):
        return 0
    length = 0
    for line in islice(lines, at, at + 8):
        if not HEADER.match(line[:WINDOW_CHARACTERS]):
            break
        length += 1
    return length if length >= HEADERS_AT_LEAST else 0


def _librarys_at(lines: list[str], at: int) -> int:
    window = [each.strip()[:WINDOW_CHARACTERS] for each in islice(lines, at, at + WINDOW_LINES)]
    if at > LINES_ASKED_ABOUT or not any(":" in each or "：" in each for each in window[:3]):
        return 0
    found = _library().HEADER_REGEX.match("\n".join(window))
    return found[0].strip("\n").count("\n") + 1 if found and found[0].strip() else 0


# --- Signatures ----------------------------------------------------------------------------------------------------


def _without_closing(kept: list[str]) -> tuple[list[str], list[str]]:
    """How somebody signs stands at the end, in short lines, and never is all there is."""
    full = [n for n, line in enumerate(kept) if line.strip()]
    for n in full[-2:]:
        if FROM_A_PHONE.match(kept[n].strip()[:WINDOW_CHARACTERS]) and _are_short(kept[n:]):
            return _closed(kept[:n], kept[n:])
    return _closed(kept, [])


def _closed(kept: list[str], below: list[str]) -> tuple[list[str], list[str]]:
    full = [n for n, line in enumerate(kept) if line.strip()]
    for n in full[1:][-BELOW_CLOSING:]:
        if _is_closing(kept[n].strip()) and _are_short(kept[n:]):
            return kept[:n], kept[n:] + below
    return kept, below


def _is_closing(line: str) -> bool:
    found = CLOSING.match(line) if len(line) <= LONGEST_SIGNED_LINE else None
    return found is not None and all(not word[:1].islower() for word in found["name"].split())


def _are_short(lines: list[str]) -> bool:
    return all(len(line.strip()) <= LONGEST_SIGNED_LINE for line in lines)


@cache
def _library() -> EmailMessage:
    """For its patterns, which it makes once; the text is nobody's."""
    return EmailMessage(text="", languages=[*HEADERS_IN])


# --- Our own line --------------------------------------------------------------------------------------------------


@cache
def _delimiters() -> frozenset[str]:
    """In every language that we write in: the e-mail may be older than the choice of another one."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(_squeezed(delimiter()))
    return frozenset(found)


def _squeezed(line: str) -> str:
    """Its letters alone: mail programs change spaces, dots and weight."""
    return "".join(c for c in line[:WINDOW_CHARACTERS].casefold() if c.isalpha())
