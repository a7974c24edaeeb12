"""What else ends when somebody leaves a program. An app above registers what is its own (`register`, from its
AppConfig.ready()), and the verbs by which people leave call `left`, in their transaction."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User

from .models import Program

Step = Callable[[User, Program, datetime], None]
_steps: list[Step] = []


def register(step: Step) -> None:
    if step not in _steps:
        _steps.append(step)


def left(person: User, program: Program, now: datetime) -> None:
    for step in _steps:
        step(person, program, now)
