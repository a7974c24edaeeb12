"""A page as its reader gets it: its elements, and its text without the tags."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = {"script", "style", "template"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]


@dataclass
class Markup(HTMLParser):
    """Parsed on creation. `texts` are the pieces of text between two tags, without those that are only space."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self.feed(self.source)
        self.close()

    def all(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.name == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag in SILENT:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not self._open:
            self.texts.append(words)
