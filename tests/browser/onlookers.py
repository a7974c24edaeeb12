"""Somebody who looks for what two people wrote, wherever pages, searches, files, feeds and exports may show it."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.sync_api import expect

from .crawler import pages_below
from .stack import eventually
from .visitor import Visitor

NUMBERS = re.compile(r"\d+")


@dataclass
class Onlooker:
    """What they have come to see: texts by where they stood."""

    visitor: Visitor
    seen: dict[str, str] = field(default_factory=dict)

    def found(self, words: Iterable[str]) -> dict[str, str]:
        """Which of these words they have seen, each with where first."""
        return {
            each: next(where for where, text in self.seen.items() if each in text)
            for each in words
            if any(each in text for text in self.seen.values())
        }

    def reads_all_pages(self, start: str = "/", *, alike: bool = False) -> set[str]:
        """Whatever links lead to below that address; with `alike`, of pages that differ in a number only the first."""
        as_one = (lambda path: NUMBERS.sub("0", path)) if alike else str
        pages = pages_below(self.visitor, start, alike=as_one)
        self.seen |= pages
        return set(pages)

    def is_shut_out_of(self, paths: Iterable[str]) -> None:
        """By whichever way one may ask for it: there is no such page for them."""
        for path in paths:
            answer = self.visitor.context.request.get(path)
            assert answer.status in (404, 405), f"{answer.status} from {path}"
            self.seen[path] = answer.text()

    def searches_for(self, word: str, lists: Iterable[str]) -> None:
        for path in lists:
            answer = self.visitor.context.request.get(f"{path}?q={word}")
            assert answer.status == 200, f"{answer.status} from {path}"
            self.seen[f"{path}?q"] = answer.text()

    def subscribes_to_their_calendar(self) -> str:
        """What the private feed holds."""
        page = self.visitor.goto("/account/settings/calendar/")
        page.get_by_role("main").get_by_role("button").first.click()
        address = re.search(r"http://\S+/calendar/[^\s\"<]+\.ics", page.get_by_role("main").inner_html())
        assert address, page.url
        answer = self.visitor.context.request.get(address[0])
        assert answer.status == 200
        self.seen["feed"] = answer.text()
        return self.seen["feed"]

    def takes_their_data(self) -> None:
        page = self.visitor.goto("/settings/data/")
        self.visitor.press("Make a copy")
        expect(page.get_by_text("It is being made.")).to_be_visible()
        link = page.get_by_role("link", name="Download it")

        def is_ready() -> bool:
            page.reload()
            return link.count() > 0

        eventually(is_ready, "the copy is made")
        answer = self.visitor.context.request.get(link.get_attribute("href") or "")
        assert answer.status == 200
        with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
            for name in archive.namelist():
                self.seen[f"their data: {name}"] = archive.read(name).decode(errors="replace")

    def exports(self, lists: Iterable[str]) -> None:
        """Each list of the admin that may leave it, as a file."""
        request = self.visitor.context.request
        for path in lists:
            page = request.get(f"{path}export/")
            if page.status == 404:
                continue
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text())
            assert token, path
            file = request.post(
                f"{path}export/",
                form={"csrfmiddlewaretoken": token[1], "rows": "", "format": "csv"},
                headers={"Referer": self.visitor.stack.url(path)},
            )
            assert "attachment" in file.headers.get("content-disposition", ""), path
            self.seen[f"{path}export/"] = file.text()
