"""What axe, the checker of accessibility, has against a page as it is now.

Only faults are asked for: to describe all that is right as well, which nobody reads, takes it four times as long.
"""

import json
from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AA = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
BEST = (*AA, "best-practice")
# What another color scheme or width may change of a page that was looked at whole before.
LOOKS = ("color-contrast", "link-in-text-block", "target-size")
SETTLED = """() => Promise.allSettled(
    document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)
)"""
RUN = "options => axe.run(options).then(found => JSON.stringify(found.violations))"


def faults(page: Page, rules: Sequence[str] = BEST) -> list[str]:
    """A line for each element at fault, three of each kind at most; none when all is well.

    `rules` are axe's tags: AA is WCAG 2.2, A and AA; BEST has the best practices besides; or LOOKS, some rules alone.
    """
    # Colors on their way from one scheme to the other are neither.
    page.evaluate(SETTLED)
    page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": {"type": "rule" if rules is LOOKS else "tag", "values": list(rules)},
        "resultTypes": ["violations"],
        "preload": False,
    }
    return [
        f"{one['id']} ({one['help']}): {node['html'][:200]}"
        for one in json.loads(page.evaluate(RUN, options))
        for node in one["nodes"][:3]
    ]
