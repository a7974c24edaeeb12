"""Which programs and quarters a report is of."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Program
from reflections.reports.tables import MOST_PROGRAMS, MOST_QUARTERS, months

CALENDAR, AGE = "calendar", "age"


class ReportForm(forms.Form):
    """`programs` are those that this person runs, `starts` the first days of the quarters that are told of them."""

    use_required_attribute = False

    program = forms.MultipleChoiceField(
        label=_("Programs"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several stand side by side."),
        error_messages={"required": _("Choose a program.")},
    )
    first = forms.ChoiceField(label=_("From"))
    last = forms.ChoiceField(label=_("Until"))
    by = forms.ChoiceField(
        label=_("Of several programs, side by side"),
        choices=[
            (CALENDAR, _("the same quarters")),
            (AGE, _("the first quarter of each, the second, and so on")),
        ],
        required=False,
    )

    def __init__(self, data: Any = None, *, programs: Sequence[Program], starts: Sequence[date]) -> None:
        super().__init__(data)
        self._programs = {str(program.pk): program for program in programs}
        cast(forms.MultipleChoiceField, self.fields["program"]).choices = [
            (code, str(program)) for code, program in self._programs.items()
        ]
        quarters = [(start.isoformat(), months(start)) for start in starts]
        for name in ("first", "last"):
            cast(forms.ChoiceField, self.fields[name]).choices = quarters

    @property
    def programs(self) -> list[Program]:
        """In the order in which they began."""
        chosen = [self._programs[code] for code in self.cleaned_data["program"]]
        return sorted(chosen, key=lambda program: (program.starts_on, program.pk))

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.cleaned_data["first"])

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.cleaned_data["last"])

    def clean_program(self) -> list[str]:
        codes: list[str] = self.cleaned_data["program"]
        if len(codes) > MOST_PROGRAMS:
            raise forms.ValidationError(_("Choose six programs at most."))
        return codes

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if not first or not last:
            return cleaned
        if last < first:
            self.add_error("last", _("Choose a quarter that is not before the first one."))
        elif _quarters(date.fromisoformat(first), date.fromisoformat(last)) > MOST_QUARTERS:
            self.add_error("last", _("Choose three years at most."))
        return cleaned


def _quarters(first: date, last: date) -> int:
    return ((last.year - first.year) * 12 + last.month - first.month) // 3 + 1
