"""What the must-haves alone do to the people of a program, said before anybody makes a run."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import numpy as np

from mentoring.matching.scores import ProgramScores, blocks
from mentoring.models import Program
from mentoring.pool import to_match

# Mentees and mentors together: so few are looked at while a page waits.
LOOKED_AT = 300


class Prospects(NamedTuple):
    mentees: int
    alone: int  # Of whom the must-haves leave no mentor.


def prospects(program: Program, now: datetime) -> Prospects | None:
    """Of the mentees who could get somebody now; None where it is too many people, or one side has nobody.

    As if nobody reported to anybody: whoever sets that must-have and takes it away again would else see by the number
    who has their line manager among the mentors.
    """
    if program.enrollments.active().count() > LOOKED_AT:
        return None
    matching = to_match(program, now).matching
    matching = replace(matching, criteria=replace(matching.criteria, outside_reporting_line=False))
    if not matching.mentees or not matching.mentors:
        return None
    able = sum(
        int(np.count_nonzero((block >= 0).any(axis=1))) for _rows, block in blocks(ProgramScores(matching))
    )
    return Prospects(len(matching.mentees), len(matching.mentees) - able)
