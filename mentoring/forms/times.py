"""Up to three times that one proposes to the other: some that suit both, or any others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Ticks
from mentoring.models.proposal import MOST_PROPOSED

from .meeting import BAD_YEAR, SKIPPED, YEARS, Minutes, day_field, instant, place_field, time_field
from .offered import Offered, fill, read_instant

NUMBERS = range(1, MOST_PROPOSED + 1)


class TimesForm(forms.Form):
    """`cleaned_data["starts"]` are the instants, in their order and each once."""

    use_required_attribute = False

    suggested = forms.MultipleChoiceField(label=_("Times that suit"), required=False, widget=Ticks)
    on_1, at_1 = day_field(required=False), time_field(required=False)
    on_2, at_2 = day_field(required=False), time_field(required=False)
    on_3, at_3 = day_field(required=False), time_field(required=False)
    minutes = Minutes()
    place = place_field()

    def __init__(
        self,
        data: Any = None,
        *,
        zone: ZoneInfo,
        place_name: str,
        offered: Sequence[Offered] = (),
        initial: dict[str, object] | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(data, initial=initial, auto_id=auto_id)
        self.zone = zone
        self.place_name = place_name
        field: Any = self.fields["minutes"]
        minutes = (initial or {}).get("minutes")
        if isinstance(minutes, int):
            field.keep(minutes)
        fill(self, "suggested", offered)

    @property
    def own(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The days and times of one's own, in pairs."""
        return [(self[f"on_{number}"], self[f"at_{number}"]) for number in NUMBERS]

    @property
    def has_own(self) -> bool:
        """Whether something stands in them, or is to be corrected there."""
        return any(field.value() or field.errors for two in self.own for field in two)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts = {found for value in data.get("suggested") or () if (found := read_instant(value))}
        for number in NUMBERS:
            own = self._own(data, number)
            if own is not None:
                starts.add(own)
        if not self.errors and not starts:
            raise forms.ValidationError(_("Choose at least one time."))
        if len(starts) > MOST_PROPOSED:
            raise forms.ValidationError(_("Choose three times at most: more are hard to choose from."))
        data["starts"] = sorted(starts)
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
            return found
        return None
