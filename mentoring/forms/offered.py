"""Times to choose from, as a form offers them: what is posted is the instant, so that it holds however late it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.forms import Form

# Beyond them, a time in one zone may have no name in another. The action is stricter.
YEARS = range(1900, 2900)


@dataclass(frozen=True)
class Offered:
    """An instant, what it is called on the reader's clock, and a line below it."""

    starts_at: datetime
    label: str
    hint: str = ""

    @property
    def value(self) -> str:
        return written(self.starts_at)


def written(starts_at: datetime) -> str:
    return starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def read_instant(value: str) -> datetime | None:
    """None for what is no instant as `written` writes it."""
    try:
        found = datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def fill(form: Form, name: str, offered: Sequence[Offered], named: Callable[[datetime], Offered]) -> None:
    """The choices of that field. What was posted stays a choice, also where it is not offered any more, `named` as the
    others are; whether it may be chosen is the action's to say."""
    field: Any = form.fields[name]
    posted = (
        field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        if form.is_bound
        else []
    )
    choices = {each.value: each for each in offered}
    for value in [posted] if isinstance(posted, str) else posted or []:
        if value not in choices and (starts_at := read_instant(value)) is not None:
            choices[value] = named(starts_at)
    field.choices = [(value, choices[value].label) for value in sorted(choices)]
    field.widget.hints = {value: each.hint for value, each in choices.items() if each.hint}
