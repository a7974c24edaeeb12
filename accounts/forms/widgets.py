"""Groups of choices as the design draws them. All are Django's own widgets; they only say how they wish to look."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise

Hints = Mapping[str, str | Promise]


class Rows(forms.RadioSelect):
    """One choice of several, a row each; `hints` maps a value to the consequence, said below its label."""

    shape = "rows"

    def __init__(self, *args: Any, hints: Hints | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})


class Chips(forms.RadioSelect):
    """One choice of a few short ones, side by side; `icons` maps a value to an icon's name."""

    shape = "chips"

    def __init__(self, *args: Any, icons: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.icons = dict(icons or {})


class Ticks(forms.CheckboxSelectMultiple):
    """Any of several, a row each, with `hints` as in Rows."""

    shape = "ticks"

    def __init__(self, *args: Any, hints: Hints | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})
