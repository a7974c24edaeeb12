"""What axe, the checker of accessibility, has against a page as it is now.

Only faults are asked for: to describe all that is right as well, which nobody reads, takes it four times as long.
"""

import json
from collections import Counter
from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AA = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
BEST = (*AA, "best-practice")
# What another color scheme or width may change of a page that was looked at whole before.
LOOKS = ("color-contrast", "link-in-text-block", "target-size")
# A transition that waits for a frame which nobody paints is not waited for.
SETTLED = """() => Promise.race([
    Promise.allSettled(
        document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)
    ),
    new Promise(done => setTimeout(done, 3000)),
]).then(() => null)"""
# What the contrast of each piece of text is made of: how it is set, and all that it stands on, up to the root.
COLORS = """() => {
    const grounds = new Map([[null, ""]]);
    const under = one => {
        if (!grounds.has(one)) {
            const style = getComputedStyle(one);
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join(" ");
            grounds.set(one, `${under(one.parentElement)}/${own}`);
        }
        return grounds.get(one);
    };
    const is_read = one => one.matches("input, select, textarea")
        || [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim().length > 1);
    const is_seen = one => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1
        && !one.closest(":disabled, [aria-disabled=true]");
    const made_of = one => {
        const style = getComputedStyle(one);
        return [style.color, style.fontSize, style.fontWeight, style.textShadow, under(one)].join(" ");
    };
    return [...new Set([...document.body.querySelectorAll("*")].filter(is_read).filter(is_seen).map(made_of))];
}"""
JUDGED: Counter[str] = Counter()  # On how many pages.
IS_THERE = "() => 'axe' in window"
RUN = "options => axe.run(options).then(found => JSON.stringify(found.violations))"


def faults(page: Page, rules: Sequence[str] = BEST) -> list[str]:
    """A line for each element at fault, three of each kind at most; none when all is well.

    `rules` are axe's tags: AA is WCAG 2.2, A and AA; BEST has the best practices besides; or LOOKS, some rules alone.
    Contrast is not judged of a page that has no other colors than two before it, which had no faults: to find out what
    each word stands on takes axe longer than all the rest.
    """
    # Colors on their way from one scheme to the other are neither.
    page.evaluate(SETTLED)
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE_SCRIPT)
    colors = page.evaluate(COLORS)
    is_judged = all(JUDGED[each] >= 2 for each in colors)
    options = {
        "runOnly": {"type": "rule" if rules is LOOKS else "tag", "values": list(rules)},
        "resultTypes": ["violations"],
        "preload": False,
        "rules": {"color-contrast": {"enabled": not is_judged}},
    }
    found = [
        f"{one['id']} ({one['help']}): {node['html'][:200]}"
        for one in json.loads(page.evaluate(RUN, options))
        for node in one["nodes"][:3]
    ]
    if not found and not is_judged:
        JUDGED.update(colors)
    return found
