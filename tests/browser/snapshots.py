"""Pictures for the documentation, made by the browser tests.

    from .snapshots import SHOWN_AT, snapshot

    def test_an_admin_does_something(...):
        ...
        snapshot(page, "program-settings")        # docs/images/program-settings.png

In an ordinary run this does nothing. `make screenshots` runs the files that import `snapshot`, and each call writes its
picture; with ARGS='-k program' only those. A page of docs/ shows it as `![What one sees](images/NAME.png)`, and a
test holds that every picture of docs/images is shown somewhere.

A picture is worth keeping in git only if it stays the same until the page changes, so

- time stands still: let the test run at `SHOWN_AT`, in-process by `time_machine.travel(SHOWN_AT)` around what the live
  server answers, or on a stack by `stack.set_clock(SHOWN_AT)` before it starts (its banner of a rehearsal is left out);
- nothing random may be in sight: name people, and give files and links fixed names; the fixed cast and the demo do;
- what only shimmers is settled here: animations, the caret, the mouse, the color scheme, fonts that are still loading;
- a picture in which nothing to be seen has changed is left as it is, whatever the machine made of the edges of letters.
"""

import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page

from dev.processes import ROOT

ASKED_FOR_BY = "SCREENSHOTS"
FOLDER = ROOT / "docs" / "images"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# A Tuesday morning in the last full week of a quarter, for the fixed cast as for the demo.
SHOWN_AT = datetime(2026, 6, 23, 9, 30, tzinfo=UTC)
WIDTH, HEIGHT = 1280, 800
COLORS, EXACT = 128, 24
# How far a channel may be off, and in how many dots, before there is something new to be seen.
SHADE, DOTS = 24, 20


def are_wanted() -> bool:
    return os.environ.get(ASKED_FOR_BY, "").lower() in {"1", "true", "yes"}


def snapshot(page: Page, name: str, *, width: int = WIDTH, height: int = HEIGHT, whole: bool = False) -> None:
    """Write docs/images/NAME.png of what the page shows now, if pictures were asked for; `whole`: down to its end.

    `width` and `height` are those of the window meanwhile; afterwards page and window are as they were before.
    """
    assert NAME.fullmatch(name), f"{name!r}: small letters, digits and hyphens, please"
    if are_wanted():
        keep(_taken(page, width, height, whole), FOLDER / f"{name}.png")


def _taken(page: Page, width: int, height: int, whole: bool) -> bytes:
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelectorAll('.rehearsal').forEach(banner => banner.hidden = true)")
    try:
        return page.screenshot(full_page=whole, animations="disabled", caret="hide", scale="css")
    finally:
        page.evaluate("document.querySelectorAll('.rehearsal').forEach(banner => banner.hidden = false)")
        if before is not None:
            page.set_viewport_size(before)


def keep(content: bytes, path: Path) -> bool:
    """Write it as a small PNG, unless the one that is there shows the same. Whether it was written."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    small = picture.quantize(palette=_palette(picture), dither=Image.Dither.NONE)
    if path.exists():
        with Image.open(path) as kept:
            if _look_alike(kept.convert("RGB"), small.convert("RGB")):
                return False
    path.parent.mkdir(parents=True, exist_ok=True)
    small.save(path, "PNG", optimize=True)
    return True


def _palette(picture: Image.Image) -> Image.Image:
    """What most of the picture is made of as it is, so that paper stays paper. The rest by how much of the colors is
    covered, not of the dots: the median would turn a small marigold corner beige."""
    most = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)[:EXACT]
    exact = [channel for _dots, color in most if isinstance(color, tuple) for channel in color]
    rest = picture.quantize(COLORS - EXACT, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette((exact + rest)[: 3 * COLORS])
    return palette


def _look_alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    difference = ImageChops.difference(one, other)
    worst = ImageChops.lighter(ImageChops.lighter(*difference.split()[:2]), difference.split()[2])
    return sum(worst.histogram()[SHADE + 1 :]) <= DOTS
