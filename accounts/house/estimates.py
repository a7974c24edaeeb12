"""How many rows there are: exactly up to a thousand, and beyond that as the database guesses from its own figures.

Nobody needs to know whether there are 12,318 or 12,325 e-mails, and counting them takes longer than showing fifty.
"""

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext

COUNTED_TO = 1000


class About(int):
    """A number that was guessed. As text, in templates too, it says so and is rounded to two figures."""

    def __str__(self) -> str:
        return gettext("about %(number)s") % {"number": number_format(_rounded(self), force_grouping=True)}


def _rounded(number: int) -> int:
    step: int = 10 ** max(len(f"{int(number):d}") - 2, 0)
    return round(int(number) / step) * step


def how_many(rows: "QuerySet[Any, Any]") -> int:
    """Of at most `COUNTED_TO` rows how many there are; an `About` for more.

    It is guessed and counted, however many there are, so that no list takes more queries than another: two.
    """
    bare = rows.order_by().values("pk")
    guess, counted = guessed(bare), bare[: COUNTED_TO + 1].count()
    return counted if counted <= COUNTED_TO else About(max(guess, counted))


def guessed(rows: "QuerySet[Any, Any]") -> int:
    """What the planner expects, from the statistics that PostgreSQL keeps by itself: nothing is read for it."""
    said = rows.explain(format="json")
    if not said:  # It is known without asking that there are none.
        return 0
    number: int = json.loads(said)[0]["Plan"]["Plan Rows"]
    return number
