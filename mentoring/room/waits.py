"""One thing that waits for somebody on the page of their pair."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Due:
    """A sentence, and the one thing to do about it. `url` is a page where it is done: nothing is done by going there.

    `since` is when it began to wait, for the order of two that come from the same place. `note`: one more sentence, for
    instance who reads what they answer there. `section` is the one of the pair's page that says the same ("next" for
    when they meet, "met", "agreed", "farewell"), which then leaves it to the card at the top, or the card to it;
    `about`, the key of the row there.
    """

    words: str | Promise
    label: str | Promise
    url: str
    since: datetime | None = None
    note: str | Promise = ""
    section: str = ""
    about: int | None = None
