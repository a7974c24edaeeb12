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
    """`words` is a sentence about `what`; `to_do`, where something is to be done, is a command or a page of the docs."""

    what: Any
    words: str
    state: State = State.GOOD
    to_do: str = ""
