"""Every page that somebody signed in can come to by links, read without a screen."""

from collections import deque
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from .visitor import Visitor


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def links_in(html: str) -> list[str]:
    """Where the links of a page lead, as they are written."""
    links = _Links()
    links.feed(html)
    return links.found


def pages_below(
    visitor: Visitor, start: str, *, depth: int = 6, alike: Callable[[str], str] = str, most: int = 400
) -> dict[str, str]:
    """The text of each page below `start` that its links lead to, by path; with `depth` 0 that page alone.

    Addresses that differ in their query alone are one page, and of those that `alike` gives the same word only the
    first is read. An AssertionError for a page that fails, and for more than `most`.
    """
    pages: dict[str, str] = {}
    seen = {alike(urlsplit(start).path)}
    queue = deque([(start, 0)])
    while queue:
        path, away = queue.popleft()
        answer = visitor.context.request.get(path)
        assert answer.status in (200, 403, 404), f"{answer.status} from {path}"
        if "attachment" in answer.headers.get("content-disposition", ""):
            continue  # A file to keep is no page to look at.
        pages[path] = answer.text()
        assert len(pages) <= most, f"more than {most} pages"
        if away >= depth or "text/html" not in answer.headers.get("content-type", ""):
            continue
        for href in links_in(pages[path]):
            target = urlsplit(urljoin(answer.url, href))
            if target.netloc != urlsplit(visitor.stack.address).netloc:
                continue
            if target.path.startswith(urlsplit(start).path) and alike(target.path) not in seen:
                seen.add(alike(target.path))
                queue.append((target.path, away + 1))
    return pages
