"""What the program asks of a pair: must-haves, without which there is none, and weights, by which one is better."""

from dataclasses import dataclass
from enum import Enum, IntEnum


class Weight(IntEnum):
    """What a part of the fit is worth at its best, in points."""

    OFF = 0
    LOW = 1000
    MEDIUM = 2000
    HIGH = 4000


class Likeness(Enum):
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the program whose answers count.

    Several choices are the same when they have one in common. Whoever has not answered is the same as nobody, and
    different from nobody: a must-have for the same answer leaves them out, one for a different answer does not, and
    neither is worth anything.
    """

    code: str
    must: Likeness | None = None
    weight: Weight = Weight.OFF
    wanted: Likeness = Likeness.SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """As an admin sets them for a program. What a person has not said satisfies no must-have that asks for something
    in common, and breaks none that asks for a difference."""

    # Must-haves.
    language_in_common: bool = False
    half_hours_shared: int = 0
    zone_gap: int | None = None  # Minutes between the two clocks, at most.
    outside_reporting_line: bool = True
    other_department: bool = False
    not_again: bool = True  # Who were a pair before are none again.
    # Weights.
    skills: Weight = Weight.HIGH
    languages: Weight = Weight.LOW
    hours: Weight = Weight.MEDIUM
    interests: Weight = Weight.LOW
    seniority: Weight = Weight.OFF
    department: Weight = Weight.OFF
    questions: tuple[Question, ...] = ()
    # What the weights look for.
    half_hours_wanted: int = 8  # Shared in a week; more is no better.
    seniority_gap: int = 2  # Steps that the mentor is ahead at best.
    department_wanted: Likeness = Likeness.DIFFERENT

    def __post_init__(self) -> None:
        if self.half_hours_wanted < 1:
            raise ValueError("Wanted is half an hour a week, at least.")
        if len({question.code for question in self.questions}) < len(self.questions):
            raise ValueError("A question counts once.")

    @property
    def best(self) -> int:
        """The points of a pair for which everything speaks."""
        parts = [self.skills, self.languages, self.hours, self.interests, self.seniority, self.department]
        return sum(parts) + sum(question.weight for question in self.questions)
