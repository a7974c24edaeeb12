"""Every page that somebody can come to by links, opened in a real browser, and all that went wrong on the way."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Error, Request, Response

from .crawler import links_in
from .visitor import Visitor

# Whatever a page tries that its policy forbids is told to it; here it tells us, with the line that tried.
TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
  "policy", event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber, event.sample));
"""
EXPECTED = {
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


@dataclass
class Walk:
    """What one person came to: pages and files by path, and what was amiss, with the page on which it was."""

    visitor: Visitor
    pages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    _at: str = ""

    @classmethod
    def of(cls, visitor: Visitor) -> "Walk":
        walk = cls(visitor)
        visitor.context.add_init_script(TELL_OF_VIOLATIONS)
        visitor.context.on("requestfailed", walk._failed)
        visitor.context.on("response", walk._answered)
        return walk

    def follow(self, starts: Iterable[str], *, alike: Callable[[str], str], of_a_kind: int) -> None:
        """Open all that links lead to from there; of addresses for which `alike` gives the same word, so many."""
        queue: deque[tuple[str, str]] = deque((start, "") for start in starts)
        known = {start for start, _ in queue}
        kinds: Counter[str] = Counter()
        while queue:
            path, linked_on = queue.popleft()
            kinds[alike(path)] += 1
            if kinds[alike(path)] > of_a_kind:
                continue
            for target in self._open(path, linked_on):
                if target not in known and kinds[alike(target)] < of_a_kind:
                    known.add(target)
                    queue.append((target, path))

    def _open(self, path: str, linked_on: str) -> list[str]:
        """The links of that page, in its order; none of a file."""
        self._at = path
        before = len(self.visitor.troubles)
        page = self.visitor.page
        try:
            answer = page.goto(path, wait_until="load")
        except Error as error:
            if "Download is starting" not in error.message and "ERR_ABORTED" not in error.message:
                raise
            self.files.append(path)
            return []
        self.amiss += [f"{path}: {trouble}" for trouble in self.visitor.troubles[before:]]
        del self.visitor.troubles[before:]
        if answer is None or answer.status >= 400:
            self.amiss.append(f"{linked_on or 'the start'} leads to {path}: {answer and answer.status}")
            return []
        self.pages.append(path)
        if "text/html" not in answer.headers.get("content-type", ""):
            return []
        return [place for href in links_in(page.content()) if (place := self._ours(urljoin(page.url, href)))]

    def _ours(self, address: str) -> str:
        target = urlsplit(address)
        if f"{target.scheme}://{target.netloc}" != self.visitor.stack.address:
            return ""
        return target.path + (f"?{target.query}" if target.query else "")

    def _failed(self, request: Request) -> None:
        # What is saved is no page, and a page that was left asks for nothing more.
        if request.failure != "net::ERR_ABORTED":
            self.amiss.append(f"{self._at}: {request.failure} for {request.url}")

    def _answered(self, response: Response) -> None:
        policy = response.headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            self.amiss.append(f"{self._at}: {response.url} has the policy {policy!r}")
        for name, value in EXPECTED.items():
            if response.headers.get(name) != value:
                self.amiss.append(f"{self._at}: {response.url} has {name} {response.headers.get(name)!r}")
