"""The icons of static/icons.svg, to be set into a page as they are needed: one file, no request of their own."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.contrib.staticfiles import finders
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SVG = "{http://www.w3.org/2000/svg}"


@cache
def _symbols() -> dict[str, ElementTree.Element]:
    path = finders.find("icons.svg")
    if path is None:
        raise FileNotFoundError("static/icons.svg")
    root = ElementTree.parse(Path(path)).getroot()  # noqa: S314 (our own file)
    return {symbol.attrib["id"].removeprefix("i-"): symbol for symbol in root.iter(f"{SVG}symbol")}


@cache
def svg(name: str) -> SafeString:
    """The icon as markup, hidden from screen readers; the words beside it say what it means. Raises KeyError."""
    symbol = _symbols()[name]
    return format_html(
        '<svg class="icon" viewBox="{}" aria-hidden="true">{}</svg>',
        symbol.attrib["viewBox"],
        format_html_join(
            "", "<{} {}/>", ((part.tag.removeprefix(SVG), _attributes(part)) for part in symbol)
        ),
    )


def _attributes(part: ElementTree.Element) -> SafeString:
    return format_html_join(" ", '{}="{}"', part.attrib.items())
