"""Whether an e-mail that came in is from the address that it names: as our own mail server found (RFC 8601).

Of the headers Authentication-Results the topmost alone is read, and only where it bears the name of that server: a
sender may put any number of others below it.
"""

import re
from email.errors import HeaderParseError, MessageError
from email.message import Message
from email.utils import getaddresses

LONGEST_HEADER = 20_000
# A comment, a quoted string, or one of the characters that divide a header; whatever stands between them is a word.
PIECE = re.compile(r"\"(?:[^\"\\]|\\.)*\"|[();=]|[^\s();=\"]+|\s+", re.DOTALL)


class NotShown(Exception):
    """Nobody has shown that it is from there. The text is one of a few, and says nothing private."""


def sender_of(email: Message, *, authserv_id: str) -> str:
    """The address in From, in lower case, if the server called `authserv_id` has found that DMARC passes for it.

    Raises NotShown otherwise.
    """
    address = _from(email)
    results = _results(email, authserv_id)
    found = [properties for method, result, properties in results if method == "dmarc" and result == "pass"]
    others = [result for method, result, _ in results if method == "dmarc" and result != "pass"]
    if len(found) != 1 or others:
        raise NotShown("no DMARC pass")
    domain = address.rpartition("@")[2]
    # The domain that was checked: a server that names another one has read another From than we have.
    checked = found[0].get("header.from", domain).strip(".").lower()
    if checked.rpartition("@")[2] != domain:
        raise NotShown("DMARC is about another domain")
    return address


def _from(email: Message) -> str:
    """Exactly one header with exactly one address."""
    headers = email.get_all("From", [])
    if len(headers) != 1 or len(str(headers[0])) > LONGEST_HEADER:
        raise NotShown("not one From")
    try:
        addresses = [address for _, address in getaddresses([str(headers[0])]) if address]
    except (MessageError, ValueError, RecursionError):
        raise NotShown("not one From") from None
    if len(addresses) != 1 or addresses[0].count("@") != 1 or not addresses[0].isprintable():
        raise NotShown("not one From")
    return addresses[0].strip().lower()


def _results(email: Message, authserv_id: str) -> list[tuple[str, str, dict[str, str]]]:
    """Of the topmost header: each method, its result and what it is about."""
    try:
        headers = email.get_all("Authentication-Results", [])
    except HeaderParseError:
        headers = []
    if not authserv_id or not headers or len(str(headers[0])) > LONGEST_HEADER:
        raise NotShown("our server has not looked at it")
    first, *resinfos = _parts(str(headers[0]))
    if not first or first[0].lower() != authserv_id.lower():
        raise NotShown("our server has not looked at it")
    return [result for part in resinfos if (result := _result(part)) is not None]


def _parts(header: str) -> list[list[str]]:
    """Its words between semicolons, without comments; quoted strings are words of their own, whatever is in them.

    Raises NotShown for what cannot be read without a doubt.
    """
    parts: list[list[str]] = [[]]
    depth = position = 0
    while position < len(header):
        # Within a comment a quote means nothing, and a backslash hides what follows.
        if depth and header[position] not in "()":
            position += 2 if header[position] == "\\" else 1
            continue
        found = PIECE.match(header, position)
        if found is None:
            raise NotShown("Authentication-Results are broken")
        piece, position = found[0], found.end()
        if piece == "(":
            depth += 1
        elif piece == ")":
            if not depth:
                raise NotShown("Authentication-Results are broken")
            depth -= 1
        elif piece == ";":
            parts.append([])
        elif not piece.isspace():
            parts[-1].append(piece)
    if depth:
        raise NotShown("Authentication-Results are broken")
    return parts


def _result(words: list[str]) -> tuple[str, str, dict[str, str]] | None:
    """`dmarc=pass header.from=harbor.example`; None for "none" and for what is no result."""
    if len(words) < 3 or words[1] != "=":
        return None
    method = words[0].partition("/")[0].lower()
    properties = {words[at].lower(): words[at + 2] for at in range(3, len(words) - 2) if words[at + 1] == "="}
    return method, words[2].lower(), properties
