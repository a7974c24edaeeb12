"""When and where the two meet next."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from mentoring.models import Arrangement, Meeting

from .offered import YEARS, Offered, fill, read_instant

LENGTHS = [
    (30, _("Half an hour")),
    (45, _("Three quarters of an hour")),
    (60, _("An hour")),
    (90, _("An hour and a half")),
    (120, _("Two hours")),
    (240, _("Half a day")),
    (480, _("A day")),
]
SHORTEST, LONGEST = 10, 480
LONGEST_PLACE = Meeting._meta.get_field("place").max_length
BAD_YEAR = _("Choose a day in the next two years.")
SKIPPED = _("The clocks skip this time on that day. Choose another.")


def lengths_with(minutes: int) -> list[tuple[int, Any]]:
    """The usual lengths, and this one where it is none of them."""
    if minutes in dict(LENGTHS):
        return LENGTHS
    said = _("%(number)d minutes") % {"number": minutes}
    return sorted([*LENGTHS, (minutes, said)], key=lambda choice: choice[0])


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """When the clock of that zone shows it, in UTC: the first of two such times, and None where it never does."""
    local = datetime.combine(day, at, tzinfo=zone)
    # A time that the clocks skip that night comes back changed from UTC; one that they repeat is the first.
    there = local.astimezone(UTC).astimezone(zone)
    return None if there.replace(tzinfo=None) != local.replace(tzinfo=None) else local.astimezone(UTC)


def day_field(**more: Any) -> forms.DateField:
    return forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2026-06-23.")},
        **more,
    )


def time_field(**more: Any) -> forms.TimeField:
    return forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Write the time like 14:30.")},
        **more,
    )


def place_field() -> forms.CharField:
    return forms.CharField(
        label=_("Where"),
        required=False,
        max_length=LONGEST_PLACE,
        help_text=_("A room, a café, or the link of a call."),
    )


class Minutes(forms.TypedChoiceField):
    """How long; a length that is none of the usual ones stays one where a meeting has it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("How long"), coerce=int, initial=60, choices=LENGTHS, **kwargs)

    def keep(self, minutes: int) -> None:
        self.choices = lengths_with(minutes)


class MeetingForm(forms.Form):
    """A day and a time on the clock of the person who plans; `cleaned_data["starts_at"]` is the instant."""

    use_required_attribute = False

    on = day_field()
    at = time_field()
    minutes = Minutes()
    place = place_field()

    def __init__(self, *args: Any, zone: ZoneInfo, place_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["at"].help_text = _("In %(place)s.") % {"place": place_name}

    @classmethod
    def of(cls, meeting: Meeting, data: Any = None, *, zone: ZoneInfo, place_name: str) -> Self:
        """With what the meeting is now."""
        local = meeting.starts_at.astimezone(zone)
        initial = {
            "on": local.date(),
            "at": local.time(),
            "minutes": meeting.minutes,
            "place": meeting.place,
        }
        form = cls(data, initial=initial, zone=zone, place_name=place_name)
        field: Any = form.fields["minutes"]
        field.keep(meeting.minutes)
        return form

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day: date | None = data.get("on")
        at: time | None = data.get("at")
        if day and day.year not in YEARS:
            self.add_error("on", BAD_YEAR)
        elif day and at:
            starts_at = instant(day, at, self.zone)
            if starts_at is None:
                self.add_error("at", SKIPPED)
            else:
                data["starts_at"] = starts_at
        return data


class PlanForm(MeetingForm):
    """Once, or as a series."""

    every = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[("", _("Once")), *Arrangement.Every.choices],
        help_text=_("Every month is on the same weekday: the third Thursday, say."),
    )
    times = forms.TypedChoiceField(
        label=_("How many meetings"),
        coerce=int,
        required=False,
        initial=6,
        choices=[(number, str(number)) for number in (2, 3, 4, 5, 6, 8, 10, 12, 18, 24, 36, 52)],
        help_text=_("Of a series, in all."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("every"):
            data["times"] = 1
            self.errors.pop("times", None)
        elif not data.get("times") and "times" not in self.errors:
            self.add_error("times", _("Say how many meetings it has."))
        return data


class TogetherForm(PlanForm):
    """With a time that suits everybody to choose, for as long as it was found for (`found_minutes`), or one of their
    own, for as long as they say."""

    suggested = forms.ChoiceField(label=_("A time that suits"), required=False, widget=Rows)
    found_minutes = forms.IntegerField(
        min_value=SHORTEST, max_value=LONGEST, required=False, widget=forms.HiddenInput
    )
    field_order = ("suggested", "on", "at", "minutes", "place", "every", "times")

    def __init__(
        self, *args: Any, offered: Sequence[Offered], named: Callable[[datetime], Offered], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].required = self.fields["at"].required = False
        fill(self, "suggested", offered, named)
        field: Any = self.fields["minutes"]
        minutes = (self.initial or {}).get("minutes")
        if isinstance(minutes, int):
            field.keep(minutes)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = read_instant(data.get("suggested") or "")
        on, at = data.get("on"), data.get("at")
        if chosen is not None and (on or at):
            self.add_error("suggested", _("Choose one of these, or a day and a time of your own, not both."))
        elif chosen is not None:
            data["starts_at"] = chosen
            data["minutes"] = data.get("found_minutes") or data.get("minutes")
        elif not self.errors and not (on and at):
            self.add_error("at" if on else "on", _("Choose a time.") if on else _("Choose a day."))
        return data
