"""Up to three times that one proposes to the other: some that suit both, or any others."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Ticks
from mentoring import rules
from mentoring.models.proposal import MOST_PROPOSED

from .meeting import (
    BAD_YEAR,
    LONGEST,
    SHORTEST,
    SKIPPED,
    Minutes,
    day_field,
    instant,
    place_field,
    time_field,
)
from .offered import YEARS, Offered, fill, read_instant

NUMBERS = range(1, MOST_PROPOSED + 1)
GONE_BY = _("Choose a time that is still to come.")


class TimesForm(forms.Form):
    """`cleaned_data["starts"]` are the instants, in their order and each once, and `cleaned_data["lasts"]` says how
    many minutes: as many as those that were found last, which `minutes` keeps, or as chosen for times of one's own."""

    use_required_attribute = False

    suggested = forms.MultipleChoiceField(label=_("Times that suit"), required=False, widget=Ticks)
    on_1, at_1 = day_field(required=False), time_field(required=False)
    on_2, at_2 = day_field(required=False), time_field(required=False)
    on_3, at_3 = day_field(required=False), time_field(required=False)
    own_minutes = Minutes(required=False, empty_value=None)
    place = place_field()
    minutes = forms.IntegerField(
        label=_("How long"), min_value=SHORTEST, max_value=LONGEST, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: Any = None,
        *,
        zone: ZoneInfo,
        place_name: str,
        now: datetime,
        offered: Sequence[Offered],
        named: Callable[[datetime], Offered],
        initial: dict[str, object] | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, initial=initial, auto_id=auto_id)
        self.zone = zone
        self.place_name = place_name
        self.now = now
        field: Any = self.fields["own_minutes"]
        minutes = (initial or {}).get("minutes")
        if isinstance(minutes, int):
            field.keep(minutes)
        fill(self, "suggested", offered, named)

    @property
    def own(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The days and times of one's own, in pairs."""
        return [(self[f"on_{number}"], self[f"at_{number}"]) for number in NUMBERS]

    @property
    def has_own(self) -> bool:
        """Whether something stands in them, or is to be corrected there."""
        has_errors = any(field.errors for two in self.own for field in two)
        return self._says_own or has_errors or bool(self["own_minutes"].errors)

    @property
    def _says_own(self) -> bool:
        return any(field.value() for two in self.own for field in two)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        ticked = {found for value in data.get("suggested") or () if (found := read_instant(value))}
        own = {found for number in NUMBERS if (found := self._own(data, number))}
        starts = ticked | own
        # Beside what can be ticked, or else beside the first day of one's own.
        field: Any = self.fields["suggested"]
        beside = "suggested" if field.choices else "on_1"
        if any(starts_at <= self.now for starts_at in ticked):
            self.add_error("suggested", GONE_BY)
        if not starts and not self._says_own and "suggested" not in self.errors:
            self.add_error(beside, _("Choose at least one time."))
        if len(starts) > MOST_PROPOSED:
            self.add_error(beside, _("Choose three times at most: more are hard to choose from."))
        data["starts"] = sorted(starts)
        minutes = data.get("minutes")
        data["lasts"] = (data.get("own_minutes") if self._says_own else None) or minutes
        if ticked and data["lasts"] != minutes and not self.errors.keys() & {"minutes", "own_minutes"}:
            said = _(
                "The times that you ticked are for %(number)d minutes: choose as much here, or untick them."
            )
            self.add_error("own_minutes", said % {"number": minutes})
        return data

    def _own(self, data: dict[str, Any], number: int) -> datetime | None:
        on, at = f"on_{number}", f"at_{number}"
        if self.errors.keys() & {on, at}:
            return None
        day, time = data.get(on), data.get(at)
        if day and not time:
            self.add_error(at, _("Choose a time."))
        elif time and not day:
            self.add_error(on, _("Choose a day."))
        elif day and day.year not in YEARS:
            self.add_error(on, BAD_YEAR)
        elif day and time:
            found = instant(day, time, self.zone)
            if found is None:
                self.add_error(at, SKIPPED)
            elif found <= self.now:
                self.add_error(on, GONE_BY)
            elif found > rules.latest_meeting(self.now):
                self.add_error(on, BAD_YEAR)
            else:
                return found
        return None
