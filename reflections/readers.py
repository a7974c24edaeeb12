"""Who may read one thing, as a value: the form makes it, the action keeps it, the page says it in words."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from .models import Answer, Audience, Moment


@dataclass(frozen=True)
class Readers:
    """The audience with the ids of the pairings or of the program that it names."""

    audience: str = Audience.ME
    pairings: frozenset[int] = frozenset()
    program: int | None = None

    @classmethod
    def of_moment(cls, moment: Moment) -> Self:
        pairings = frozenset() if moment.pairing_id is None else frozenset([moment.pairing_id])
        return cls(moment.audience, pairings, moment.program_id)

    @classmethod
    def of_answer(cls, answer: Answer) -> Self:
        """Asks the database for the pairings unless they are prefetched."""
        if answer.audience != Audience.PAIRING:
            return cls(answer.audience)
        return cls(answer.audience, frozenset(pairing.pk for pairing in answer.pairings.all()))

    def among(self, pairings: Collection[int], *, may_program: bool) -> "Readers":
        """These readers without those who cannot be let in now: pairings not in `pairings`, a program that was left."""
        if self.audience == Audience.PAIRING:
            left = self.pairings & frozenset(pairings)
            return Readers(Audience.PAIRING, left) if left else ONLY_ME
        return self if may_program else ONLY_ME

    @property
    def is_only_me(self) -> bool:
        return self.audience == Audience.ME

    def lets_in_more_than(self, before: Self) -> bool:
        """Whether somebody could read it now who could not before."""
        if self.is_only_me or self == before:
            return False
        if self.audience == Audience.PAIRING and before.audience == Audience.PAIRING:
            return not self.pairings <= before.pairings
        # From a program to a pairing too: that may be of another program, or nobody may have read what hung on a wall.
        return True


ONLY_ME = Readers()


def as_shown(answers: Iterable[tuple[Answer, Readers]]) -> str:
    """A print of what others will read, and who, as it was read over: it changes when any of it does."""
    lines = sorted(
        f"{answer.pk} {answer.saved_at.isoformat()} {readers.audience} {sorted(readers.pairings)}"
        for answer, readers in answers
        if not readers.is_only_me
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
