"""The table of how often each door may be tried, in the book for those who run it, is the one that the app goes by."""

import re
from pathlib import Path

from mentoring.limits import ACCOUNT_RATE_LIMITS, MFA_RATE_LIMITS

BOOK = Path(__file__).parents[2] / "docs" / "operations.md"
LINE = re.compile(r"^\| `(\w+)` \| `([^`]+)` \|", re.MULTILINE)


def test_each_limit_stands_in_the_book_as_it_is() -> None:
    guessing = BOOK.read_text().partition("\n## Guessing\n")[2].partition("\n## ")[0]
    assert dict(LINE.findall(guessing)) == ACCOUNT_RATE_LIMITS | MFA_RATE_LIMITS
