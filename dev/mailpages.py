"""The pages on which caught e-mails are read: a list, one e-mail, its HTML part in a sandbox, its source."""

import re
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from dev.mailcatcher import Caught, Folder

PER_PAGE = 50
STYLE = Path(__file__).with_name("mailpages.css")
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The HTML of an e-mail may show itself and open a link in a new tab; it runs nothing and loads nothing from elsewhere.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
PART_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox {SANDBOX}; frame-ancestors 'self'"
)


def handler_for(folder: "Folder") -> type[BaseHTTPRequestHandler]:
    """A request handler that shows the e-mails of this folder."""

    class Handler(MailPages):
        pass

    Handler.folder = folder
    return Handler


class MailPages(BaseHTTPRequestHandler):
    """GET only: nothing on these pages changes anything."""

    folder: "Folder"
    server_version = "mailcatcher"

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        address = urlsplit(self.path)
        if host not in {
            "localhost",
            "127.0.0.1",
        }:  # A page elsewhere whose name was pointed here reads no mail.
            self.answer("Not here", status=HTTPStatus.MISDIRECTED_REQUEST)
        elif address.path == "/":
            self.answer(self.list_page(address.query))
        elif address.path == "/style.css":
            self.answer(STYLE.read_text(), kind="text/css")
        elif found := re.fullmatch(r"/mail/([0-9-]+)(/html|/source|)", address.path):
            self.one(*found.groups())
        else:
            self.answer(missing_page(), status=HTTPStatus.NOT_FOUND)

    def one(self, key: str, view: str) -> None:
        caught = self.folder.get(key)
        if caught is None:
            self.answer(missing_page(), status=HTTPStatus.NOT_FOUND)
        elif view == "/source":
            self.answer(caught.raw.decode("utf-8", "replace"), kind="text/plain")
        elif view == "/html":
            self.answer(f'<base target="_blank">{caught.body("html") or ""}', policy=PART_POLICY)
        else:
            self.answer(mail_page(caught))

    def list_page(self, query: str) -> str:
        paths = self.folder.paths()[::-1]
        last = max(1, -(-len(paths) // PER_PAGE))
        asked = parse_qs(query).get("page", ["1"])[0]
        number = min(max(int(asked), 1), last) if asked.isdecimal() else 1
        shown = paths[(number - 1) * PER_PAGE : number * PER_PAGE]
        rows = [row(caught) for path in shown if (caught := self.folder.get(path.stem))]
        return list_page(rows, number, last)

    def answer(
        self,
        text: str,
        *,
        kind: str = "text/html",
        policy: str = PAGE_POLICY,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """The console belongs to whoever started us."""


def frame(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )


def missing_page() -> str:
    return frame("No such e-mail", '<h1>There is no such e-mail</h1><p><a href="/">All e-mails</a></p>')


def row(caught: "Caught") -> str:
    message = caught.message
    return (
        f'<li><a href="/mail/{caught.key}">{escape(subject(message))}</a>'
        f"<p>To {escape(', '.join(caught.recipients))}, {when(caught)}</p></li>"
    )


def list_page(rows: list[str], number: int, last: int) -> str:
    head = "<h1>E-mails sent by this demo</h1><p>They were caught here and went nowhere else.</p>"
    if not rows:
        return frame("E-mails", f"{head}<p>None was sent yet. Load this page again in a while.</p>")
    pages = []
    if number > 1:
        pages.append(f'<a href="/?page={number - 1}">Newer</a>')
    if number < last:
        pages.append(f'<a href="/?page={number + 1}">Older</a>')
    pager = (
        f'<nav aria-label="Pages">{" ".join(pages)} <span>Page {number} of {last}</span></nav>'
        if pages
        else ""
    )
    return frame("E-mails", f'{head}<ol class="mails">{"".join(rows)}</ol>{pager}')


def mail_page(caught: "Caught") -> str:
    message = caught.message
    facts = [
        ("From", escape(str(message["From"] or ""))),
        ("To", escape(", ".join(caught.recipients))),
        ("Bounces go to", escape(caught.envelope_from or "nobody")),
        ("Caught", when(caught)),
    ]
    parts = []
    if caught.body("html") is not None:
        parts.append(
            '<section><h2>HTML</h2><iframe title="The HTML part"'
            f' sandbox="{SANDBOX}" src="/mail/{caught.key}/html"></iframe></section>'
        )
    if (text := caught.body("plain")) is not None:
        parts.append(f'<section><h2>Text</h2><div class="text">{with_links(text)}</div></section>')
    headers = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in message.items()
    )
    body = (
        f'<p><a href="/">All e-mails</a></p><h1>{escape(subject(message))}</h1>'
        f'<dl class="facts">{"".join(f"<dt>{n}</dt><dd>{v}</dd>" for n, v in facts)}</dl>'
        f'<div class="parts">{"".join(parts)}</div>'
        f"<details><summary>Headers</summary><dl>{headers}</dl></details>"
        f'<p><a href="/mail/{caught.key}/source">Raw source</a></p>'
    )
    return frame(subject(message), body)


def subject(message: EmailMessage) -> str:
    return str(message["Subject"] or "").strip() or "(no subject)"


def when(caught: "Caught") -> str:
    at = caught.caught_at
    return f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">{at.astimezone():%B} {at.astimezone():%-d, %H:%M:%S}</time>'


def with_links(text: str) -> str:
    """Escaped text in which web addresses can be followed."""
    pieces = []
    at = 0
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        pieces += [escape(text[at : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        at = found.end()
    return "".join([*pieces, escape(text[at:])])
