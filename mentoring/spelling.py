"""The nearest word to one that nobody wrote: the likeness that PostgreSQL's pg_trgm would give, without the extension.

Installations may not be able to add extensions, and the words of a program are few. Trigrams, as they forgive what
happens most while typing (two letters changed round, one too many, one missing) wherever in a word it happens, and cost
next to nothing to compare; an edit distance over thousands of words would be slower, and no better in our tests.
"""

from collections.abc import Iterable

# pg_trgm begins at 0.3, where "xylophone" is "phone"; two letters changed round in a word of seven are above 0.4.
LIKE_ENOUGH = 0.4
# Of shorter words nearly every other one is near.
SHORTEST = 4
# A word that is half as long again is another word.
LENGTHS_APART = 0.5


def trigrams(word: str) -> frozenset[str]:
    """With two blanks before and one behind, so that beginnings count for more than ends."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: str, other: str) -> float:
    """What the two share of all their trigrams: 1.0 for the same, 0.0 for nothing in common."""
    first, second = trigrams(one), trigrams(other)
    both = len(first & second)
    return both / (len(first) + len(second) - both)


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of `words` that is most like `word`, all in lower case; "" where none is like it enough. Of those that
    are equally like it, the first in the alphabet."""
    if len(word) < SHORTEST:
        return ""
    longest_gap = max(2, LENGTHS_APART * len(word))
    near = (
        (likeness(word, other), other)
        for other in words
        if len(other) >= SHORTEST - 1 and abs(len(other) - len(word)) <= longest_gap
    )
    best = min(((-how, other) for how, other in near if how >= LIKE_ENOUGH), default=(0.0, ""))
    return best[1]
