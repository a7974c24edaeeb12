"""The nearest word to one that nobody wrote.

By Python's difflib, not by the trigrams of pg_trgm: an installation may not be able to add extensions, and in
words of six letters two that are changed round leave too few trigrams whole ("hirnig" is then as far from "hiring" as
"xylophone" from "phone").
"""

from collections.abc import Iterable
from difflib import get_close_matches

# "xylophone" and "phone" are below it, two letters changed round in a word of four are on it.
LIKE_ENOUGH = 0.75
# Of shorter words nearly every other one is near.
SHORTEST = 4
# So many letters may be in one of the two alone. It leaves few words for the slow comparison.
OTHER_LETTERS = 3


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of `words` that is most like `word`, all in lower case; "" where none is like it enough. It is the same
    one in whatever order they come."""
    if len(word) < SHORTEST:
        return ""
    letters = frozenset(word)
    near = [
        other
        for other in words
        if len(other) >= SHORTEST - 1
        and abs(len(other) - len(word)) <= OTHER_LETTERS
        and len(letters.symmetric_difference(other)) <= OTHER_LETTERS
    ]
    return next(iter(get_close_matches(word, near, n=1, cutoff=LIKE_ENOUGH)), "")
