"""What every form asks in one way that asks when somebody can be met, and in which languages."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.models import User, UsualHours
from accounts.models.profile import MOST_LANGUAGES

if TYPE_CHECKING:
    Base = forms.Form  # To be mixed into a form, and checked as one.
else:
    Base = object


class Row(NamedTuple):
    """The two fields of one line of a list, and what the line is called."""

    name: Any
    first: BoundField
    second: BoundField


class WeekFields(Base):
    """Five languages, and two times for each day of the week; a form that has it adds the fields it wants."""

    def add_languages(self, spoken: Iterable[str]) -> None:
        choices = [("", _("None")), *languages.choices()]
        for number in range(1, MOST_LANGUAGES + 1):
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=_("Language %(number)s") % {"number": number}, required=False, choices=choices
            )
        self.begin_with("language_{}", spoken)

    def add_hours(self, usual: Iterable[UsualHours]) -> None:
        for day in User.Weekday:
            for name, label in ((f"from_{day}", _("%(day)s from")), (f"until_{day}", _("%(day)s until"))):
                self.fields[name] = forms.TimeField(
                    label=label % {"day": day.label},
                    required=False,
                    widget=forms.TimeInput(attrs={"type": "time", "step": "1800"}, format="%H:%M"),
                    error_messages={"invalid": _("Write the time like 14:30.")},
                )
        for each in usual:
            self.initial[f"from_{each.weekday}"] = each.begins_at
            self.initial[f"until_{each.weekday}"] = each.ends_at

    def begin_with(self, name: str, values: Iterable[str]) -> None:
        self.initial.update({name.format(number): value for number, value in enumerate(values, 1)})

    def language_fields(self) -> list[BoundField]:
        return [self[f"language_{number}"] for number in range(1, MOST_LANGUAGES + 1)]

    def hour_rows(self) -> list[Row]:
        return [Row(day.label, self[f"from_{day}"], self[f"until_{day}"]) for day in User.Weekday]

    def chosen_languages(self, data: dict[str, Any]) -> list[str]:
        chosen = (data.get(f"language_{number}") for number in range(1, MOST_LANGUAGES + 1))
        return list(dict.fromkeys(filter(None, chosen)))

    def checked_hours(self, data: dict[str, Any]) -> Iterator[UsualHours]:
        for day in User.Weekday:
            names = (f"from_{day}", f"until_{day}")
            begins, ends = (data.get(name) for name in names)
            if self.errors.keys() & set(names) or (begins is None and ends is None):
                continue
            if begins is None or ends is None:
                self.add_error(names[ends is None], _("Say the other end of that day too, or neither."))
                continue
            uneven = [name for name, at in zip(names, (begins, ends), strict=True) if at.minute % 30]
            for name in uneven:
                self.add_error(name, _("Choose a full or a half hour, like 09:30."))
            hours = UsualHours.between(day, begins, ends)
            if not uneven and hours.begins >= hours.ends:
                self.add_error(names[1], _("Choose a time after the one before it."))
            elif not uneven:
                yield hours
