"""Every page that somebody signed in can come to by links, read without a screen."""

from collections import deque
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


def pages_below(visitor: Visitor, start: str, *, depth: int = 6, most: int = 150) -> dict[str, str]:
    """The text of each page below `start` that its links lead to, by path; with `depth` 0 that page alone.

    Two addresses that differ in their query alone are one page. An AssertionError for a page that fails.
    """
    pages: dict[str, str] = {}
    seen = {urlsplit(start).path}
    queue = deque([(start, 0)])
    while queue and len(pages) < most:
        path, away = queue.popleft()
        answer = visitor.context.request.get(path)
        assert answer.status in (200, 403, 404), f"{answer.status} from {path}"
        pages[path] = answer.text()
        if away >= depth or "text/html" not in answer.headers.get("content-type", ""):
            continue
        links = _Links()
        links.feed(pages[path])
        for href in links.found:
            target = urlsplit(urljoin(answer.url, href))
            if target.netloc != urlsplit(visitor.stack.address).netloc or target.path in seen:
                continue
            if target.path.startswith(urlsplit(start).path) and not target.path.startswith("/account/"):
                seen.add(target.path)
                queue.append((target.path, away + 1))
    return pages
