"""One thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """`words` is a sentence about `what`; `to_do`, where something is to be done, a command or a setting."""

    what: Any
    words: str
    state: State = State.GOOD
    to_do: str = ""
