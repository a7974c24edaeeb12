"""A book as bytes: one web page, Markdown, JSON. The PDF is the web page, set on paper (`pdf`)."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.templatetags.best import long_date
from reflections.models import Keepsake

from . import pdf
from .book import Book, Piece

# Each file has the letters of a block of its own, so what one lacks the next one has.
FONTS = (
    ("Literata", "normal", "literata-latin-opsz-normal.woff2"),
    ("Literata More", "normal", "literata-latin-ext-opsz-normal.woff2"),
    ("Literata", "italic", "literata-latin-wght-italic.woff2"),
    ("Public Sans", "normal", "public-sans-latin-wght-normal.woff2"),
    ("Public Sans More", "normal", "public-sans-latin-ext-wght-normal.woff2"),
)
# What Markdown would take for a sign of its own: anywhere, and at the beginning of a line.
SIGNS = re.compile(r"([\\`*_\[\]<>&])")
LEADING = re.compile(r"^(\s*)(#+|[-+=~|]+|\d+[.)])", re.MULTILINE)
ENDINGS = {"pdf": "pdf", "html": "html", "markdown": "md", "json": "json"}
TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "json": "application/json",
}


def title_of(book: Book) -> str:
    return _("The best stuff of %(name)s") % {"name": book.name}


def span_of(book: Book) -> str:
    """`2021 to 2026`, `2026`, or nothing."""
    if book.first is None or book.last is None:
        return ""
    if book.first == book.last:
        return str(book.first)
    return _("%(first)s to %(last)s") % {"first": book.first, "last": book.last}


# --- One web page, and the PDF made of it --------------------------------------------------------------------------


def html(book: Book) -> bytes:
    """One file: its fonts are inside, and nothing in it leads out."""
    return _page(book, lambda name: f"data:font/woff2;base64,{b64encode(font(name)).decode()}").encode()


def as_pdf(book: Book) -> bytes:
    """Raises pdf.Unavailable where no PDF can be made."""
    return pdf.set_on_paper(_page(book, lambda name: f"{pdf.SCHEME}{name}"), font)


def font(name: str) -> bytes:
    """One of our own font files. Raises LookupError for any other name."""
    if name not in {file for _family, _style, file in FONTS}:
        raise LookupError(name)
    found = finders.find(f"fonts/{name}")
    if not found:
        raise LookupError(name)
    return Path(found).read_bytes()


def _page(book: Book, address: Callable[[str], str]) -> str:
    fonts = [{"family": family, "style": style, "src": address(file)} for family, style, file in FONTS]
    style = render_to_string("reflections/keepsake/book.css", {"fonts": fonts})
    context = {
        "book": book,
        "title": title_of(book),
        "span": span_of(book),
        "style": mark_safe(f"<style>\n{style}</style>"),  # noqa: S308 (our own file)
    }
    return render_to_string("reflections/keepsake/book.html", context)


# --- Plain text ----------------------------------------------------------------------------------------------------


def markdown(book: Book) -> bytes:
    return "".join(_lines(book)).encode()


def _lines(book: Book) -> Iterator[str]:
    yield f"# {_plain(title_of(book))}\n\n"
    if span := span_of(book):
        yield f"{span}\n\n"
    yield _("Made on %(day)s.") % {"day": long_date(book.made_on)} + "\n"
    for chapter in book.chapters:
        yield f"\n## {_plain(chapter.title)}\n"
        for section in chapter.sections:
            if section.title:
                yield f"\n### {_plain(section.title)}\n"
            for piece in section.pieces:
                yield from _piece(piece)


def _piece(piece: Piece) -> Iterator[str]:
    if piece.heading:
        yield f"\n#### {_plain(piece.heading)}\n"
    if piece.text:
        yield f"\n{_plain(piece.text)}\n"
    for more in piece.more:
        yield f"\n{_plain(more.label)}: {_plain(more.text)}\n"
    if piece.notes:
        yield f"\n*{_plain(' · '.join(piece.notes))}*\n"


def _plain(text: str) -> str:
    """Words that Markdown shows as they were written, line by line."""
    said = SIGNS.sub(r"\\\1", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    said = LEADING.sub(lambda found: f"{found[1]}{_escaped(found[2])}", said)
    return "  \n".join(line.strip() for line in said.split("\n")).replace("\n  \n", "\n\n")


def _escaped(sign: str) -> str:
    """`#` as `\\#`, `1.` as `1\\.`."""
    return f"{sign[:-1]}\\{sign[-1]}" if sign[0].isdigit() else f"\\{sign}"


# --- For a machine -------------------------------------------------------------------------------------------------


def as_json(book: Book) -> bytes:
    """{"title", "name", "made_on", "first_year", "last_year", "chapters": [{"title", "sections": [{"title", "pieces":
    [{"kind", "on", "heading", "text", "more", "notes", "is_by_others"}]}]}]}; days are ISO 8601."""
    data = {
        "title": title_of(book),
        "name": book.name,
        "made_on": book.made_on.isoformat(),
        "first_year": book.first,
        "last_year": book.last,
        "chapters": [
            {
                "title": chapter.title,
                "sections": [
                    {"title": section.title, "pieces": [_data(piece) for piece in section.pieces]}
                    for section in chapter.sections
                ],
            }
            for chapter in book.chapters
        ],
    }
    return f"{json.dumps(data, ensure_ascii=False, indent=1)}\n".encode()


def _data(piece: Piece) -> dict[str, object]:
    return {
        "kind": piece.kind,
        "on": piece.on.isoformat() if piece.on else None,
        "heading": piece.heading,
        "text": piece.text,
        "more": [{"label": more.label, "text": more.text} for more in piece.more],
        "notes": list(piece.notes),
        "is_by_others": piece.is_by_others,
    }


FORMS: Mapping[str, Callable[[Book], bytes]] = {
    Keepsake.Form.PDF: as_pdf,
    Keepsake.Form.HTML: html,
    Keepsake.Form.MARKDOWN: markdown,
    Keepsake.Form.JSON: as_json,
}
