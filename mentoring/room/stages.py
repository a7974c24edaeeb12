"""Where a pairing stands: by that a program offers its pairs one thing or another."""

from datetime import date, timedelta

from mentoring.models import Pairing, Stage

BEGINS = timedelta(days=42)
ENDS = timedelta(days=42)


def stage_of(pairing: Pairing, today: date) -> Stage:
    """BEGINNING, UNDER_WAY or ENDING. A pairing without a last day, its own or the program's, does not come to ENDING
    before it is over. Of one that is so short that it is both, the end counts."""
    last = pairing.runs_until or pairing.program.ends_on
    if not pairing.is_open or (last is not None and today > last - ENDS):
        return Stage.ENDING
    return Stage.BEGINNING if today < pairing.starts_on + BEGINS else Stage.UNDER_WAY
