"""The HTML part of a letter as a page of ours, as a mailbox would show it, and with nothing in it that could act.

Mailboxes want each element's style in the element. A policy that let a page do so would let anybody do it who got a
word into that page; so the styles go into sheets at its top, which the policy names by what they hold.
"""

import hashlib
from base64 import b64encode
from html import escape
from html.parser import HTMLParser

from django.http import HttpResponse

from accounts.headers import POLICY


def as_a_page(html: str) -> HttpResponse:
    """The page: it shows, loads nothing, and sends nothing; its links open other windows."""
    moved = _StylesMoved()
    moved.feed(html)
    moved.close()
    page, sheets = moved.page()
    styles = " ".join(f"'sha256-{_hash(sheet)}'" for sheet in sheets) or "'none'"
    policy = (
        f"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "sandbox allow-popups"
    )
    return HttpResponse(page, headers={POLICY: policy})


def _hash(sheet: str) -> str:
    return b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


class _StylesMoved(HTMLParser):
    """Copies a document, with a class in place of each style; what could be no style of ours is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._classes: dict[str, str] = {}
        self._sheets: list[str] = []
        self._head_ends: int | None = None
        self._in_sheet = False

    def page(self) -> tuple[str, list[str]]:
        """The document, and what each of its sheets holds."""
        if not self._classes:
            return "".join(self._parts), self._sheets
        sheet = "\n".join(f".{name} {{ {style} }}" for style, name in self._classes.items())
        parts = [*self._parts]
        parts.insert(self._head_ends or 0, f"<style>{sheet}</style>")
        return "".join(parts), [*self._sheets, sheet]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_sheet = tag == "style"
        if self._in_sheet:
            self._sheets.append("")
        if all(name != "style" for name, _ in attrs):
            self._parts.append(self.get_starttag_text() or "")
            return
        said = dict(attrs)
        style = (said.pop("style") or "").strip()
        if style and not set("<>{}") & set(style):
            name = self._classes.setdefault(style, f"styled-{len(self._classes)}")
            said["class"] = " ".join(filter(None, [said.get("class"), name]))
        shown = "".join(f" {name}" if to is None else f' {name}="{escape(to)}"' for name, to in said.items())
        self._parts.append(f"<{tag}{shown}>")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self._in_sheet = False
        if tag == "head":
            self._head_ends = len(self._parts)
        self._parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._in_sheet:
            self._sheets[-1] += data
        self._parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self._parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._parts.append(f"<!{decl}>")
