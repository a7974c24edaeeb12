"""Run in the tree of debian_drill.py: somebody uses the installation over https, with the e-mails that reach them.

    python over_https.py FOLDER_OF_MAIL ADDRESS

signs them in by a code, and ends with 0 when they are in. The certificate is the drill's own and is not looked at.
"""

import email
import email.policy
import http.cookiejar
import re
import ssl
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
BASE = "https://mentoring.example.org"


def eventually(look: Callable[[], T], what: str, seconds: float = 120.0) -> T:
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds:.0f} seconds: {what}"
        time.sleep(0.5)
    return found


class Forms(HTMLParser):
    """The forms of a page: where each is sent, the names it knows, and what a browser would send of it untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str], list[tuple[str, str]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.found.append((given.get("action") or "", set(), []))
        elif name and self.found and tag in ("input", "textarea", "button"):
            _action, names, pairs = self.found[-1]
            names.add(name)
            if tag == "input" and (given.get("type") == "hidden" or "checked" in given):
                pairs.append((name, given.get("value") or ""))


class Visitor:
    """One browser, of somebody whose e-mails come as files into `mail`."""

    def __init__(self, mail: Path, who: str) -> None:
        self.mail, self.who = mail, who
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        self.opener.addheaders = [("Referer", f"{BASE}/")]

    def get(self, path: str) -> tuple[str, str]:
        """Where it leads, and the page."""
        with self.opener.open(urllib.parse.urljoin(BASE, path), timeout=60) as answer:
            return answer.url, answer.read().decode(errors="replace")

    def post(self, path: str, page: str, **fields: str) -> tuple[str, str]:
        """As a browser sends the form of the page that has these fields, or where none are given, goes there."""
        forms = [
            pairs
            for action, names, pairs in Forms(page).found
            if (fields.keys() <= names if fields else action == path)
        ]
        assert forms, f"no form of {sorted(fields)} for {path}"
        pairs = [pair for pair in forms[0] if pair[0] not in fields]
        data = urllib.parse.urlencode([*pairs, *fields.items()]).encode()
        with self.opener.open(urllib.parse.urljoin(BASE, path), data, timeout=60) as answer:
            return answer.url, answer.read().decode(errors="replace")

    def letters(self, subject: str = "") -> list[EmailMessage]:
        """Those that came to this address and have this in their subject."""
        found = []
        for path in sorted(self.mail.glob("mail-*")):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if letter["To"] == self.who and subject in str(letter["Subject"]):
                found.append(letter)
        return found

    def sign_in(self, query: str = "") -> str:
        """Where they are, once they are in by the code that an e-mail brings."""
        before = len(self.letters())
        url, page = self.get(f"/account/login/code/?{query}")
        url, page = self.post(url, page, email=self.who)
        came = eventually(lambda: self.letters()[before:], f"a code for {self.who}")
        code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text_of(came[0]), re.MULTILINE)
        assert code, "the e-mail has no code"
        url, _page = self.post(url, page, code=code[1])
        assert "/login/" not in self.get("/account/")[0]
        return url


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(preferencelist=("plain",))
    assert part, "an e-mail without text"
    return str(part.get_content()).replace("\r\n", "\n")


if __name__ == "__main__":
    Visitor(Path(sys.argv[1]), sys.argv[2]).sign_in()
    print("signed in")
