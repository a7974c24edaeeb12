"""Totals that tell of nobody: none of fewer than five people, and none that follows from the others.

The rule is that of statistical offices: what is too small is left out (primary suppression), and so much besides that
it cannot be had by subtraction from a total that is told (complementary suppression).
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

FEWEST = 5
K = TypeVar("K", bound=Hashable)


def told(parts: Mapping[K, int]) -> dict[K, int | None]:
    """What may be said of a whole that falls into `parts`, where the whole is told too; None is not told.

    Nothing is told of a whole of fewer than five. Otherwise each part of one to four is left out, and then the smallest
    others, until those left out are two at least and five people at least: what is left of the whole is then no
    single part, and nobody's.
    """
    if sum(parts.values()) < FEWEST:
        return dict.fromkeys(parts)
    hidden = {key for key, number in parts.items() if 0 < number < FEWEST}
    others = sorted(
        (number, place, key) for place, (key, number) in enumerate(parts.items()) if key not in hidden
    )
    others = [one for one in others if one[0]] + [one for one in others if not one[0]]
    while hidden and others and (len(hidden) < 2 or sum(parts[key] for key in hidden) < FEWEST):
        hidden.add(others.pop(0)[2])
    return {key: None if key in hidden else number for key, number in parts.items()}
