"""Pictures of whole pages for whoever works on them, kept in test-results/ when PICTURES=1 asks for them:

    PICTURES=1 make test ARGS="-q tests/browser/test_pages_look.py"

An ordinary run takes none: a picture of a long page costs as much as the page itself.
"""

import os

from playwright.sync_api import Page

from dev.processes import ROOT

ASKED_FOR_BY = "PICTURES"
FOLDER = ROOT / "test-results"


def picture(page: Page, folder: str, name: str) -> None:
    """Write test-results/FOLDER/NAME.png of the page down to its end, if pictures were asked for."""
    if os.environ.get(ASKED_FOR_BY, "").lower() in {"1", "true", "yes"}:
        (FOLDER / folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FOLDER / folder / f"{name}.png", full_page=True)
