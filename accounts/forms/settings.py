"""The settings page's form."""

import zoneinfo
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.localtime import known_zone
from accounts.mail import kinds
from accounts.models import User

from .widgets import Ticks

LONGEST_SNOOZE = timedelta(days=366)
REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


@cache
def _cities() -> dict[str, list[tuple[str, str]]]:
    """The zones of each region: name, and the city as people write it."""
    cities: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in sorted(zoneinfo.available_timezones()):
        region, _slash, rest = zone.partition("/")
        if rest and region in cities:
            cities[region].append((zone, rest.replace("/", ", ").replace("_", " ")))
    return cities


def zone_choices(current: str) -> list[tuple[Any, Any]]:
    """Zones by region, and the current one even where it has one of the old names that the list leaves out."""
    choices: list[tuple[Any, Any]] = [("", _("Not said yet")), ("UTC", "UTC")]
    choices += [(label, _cities()[region]) for region, label in REGIONS.items()]
    if current and current != "UTC" and current.split("/")[0] not in REGIONS:
        choices.insert(1, (current, current))
    return choices


def coffee_times(current: time) -> list[tuple[time, str]]:
    """The half hours in which we may write, and the one that somebody has now."""
    offered = {time(hour, minute) for hour in range(7, 20) for minute in (0, 30)} | {current}
    return [(each, f"{each:%H:%M}") for each in sorted(offered)]


def calm_times(current: time | None) -> list[tuple[time | str, Any]]:
    """Every half hour, and the time that somebody has now."""
    offered = {time(hour, minute) for hour in range(24) for minute in (0, 30)}
    if current is not None:
        offered.add(current)
    return [("", _("None")), *((each, f"{each:%H:%M}") for each in sorted(offered))]


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As my browser asks")), *settings.LANGUAGES]
    )

    class Meta:
        model = User
        fields = [
            "time_zone",
            "language",
            "coffee_weekday",
            "coffee_time",
            "wants_moments_in_mail",
            "wants_line_twice",
            "wants_weekly_mail",
            "snoozed_until",
            "calm_from",
            "calm_until",
        ]
        labels = {
            "time_zone": _("Time zone"),
            "coffee_weekday": _("Day"),
            "coffee_time": _("Time"),
            "wants_moments_in_mail": _("Put your own moments into your e-mail"),
            "wants_line_twice": _("Ask me for a line a second time"),
            "wants_weekly_mail": _("One e-mail a week at most"),
            "snoozed_until": _("Not before"),
            "calm_from": _("From"),
            "calm_until": _("Until"),
        }
        help_texts = {
            "snoozed_until": _(
                "No e-mail of these kinds until that day begins. Leave it empty to be written to as usual."
            ),
            "wants_line_twice": _(
                "In the tenth week of a quarter too, if nothing was kept since the seventh."
            ),
            "wants_weekly_mail": _(
                "At your coffee time, with all that can wait. What cannot goes by itself: meetings, and questions "
                "that would be over by then. Everything is on your home page meanwhile."
            ),
            "time_zone": _("Choose the city that shares your clock."),
            "wants_moments_in_mail": _(
                "To remind you, in the e-mail of the quarter’s end. Never those for only you."
            ),
        }
        widgets = {
            "time_zone": forms.Select,
            "coffee_time": forms.Select,
            "snoozed_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "calm_from": forms.Select,
            "calm_until": forms.Select,
        }
        error_messages = {"snoozed_until": {"invalid": _("Write the day like 2026-06-23.")}}

    def __init__(self, *args: Any, now: datetime, stopped: Collection[str] = (), **kwargs: Any) -> None:
        """`stopped`: the streams of e-mail that the person has stopped."""
        super().__init__(*args, **kwargs)
        self.now = now
        if not self.instance.is_snoozed(now):
            self.initial["snoozed_until"] = None
        for name in ("calm_from", "calm_until"):
            self.fields[name].widget.choices = calm_times(getattr(self.instance, name))
        self.fields["time_zone"].widget.choices = zone_choices(self.instance.time_zone)
        self.fields["coffee_time"].widget.choices = coffee_times(self.instance.coffee_time)
        streams = kinds.streams()
        self.fields["streams"] = forms.MultipleChoiceField(
            label=_("We may write to you about"),
            required=False,
            choices=[(stream.name, stream.label) for stream in streams],
            initial=[stream.name for stream in streams if stream.name not in stopped],
            widget=Ticks(hints={stream.name: stream.description for stream in streams}),
        )
        # What is not on the page is not stopped by keeping it.
        self.not_shown = [
            stream.name
            for stream in streams
            if stream.name not in stopped and not stream.concerns(self.instance)
        ]
        self.shown = [stream for stream in streams if stream.name not in self.not_shown]
        self.fields["streams"].widget.choices = [(stream.name, stream.label) for stream in self.shown]

    def clean_snoozed_until(self) -> date | None:
        until: date | None = self.cleaned_data["snoozed_until"]
        today = self.now.astimezone(known_zone(self.cleaned_data.get("time_zone", ""))).date()
        if until is not None and until <= today:
            raise ValidationError(_("Choose a day that is still to come."))
        if until is not None and until > today + LONGEST_SNOOZE:
            raise ValidationError(_("Choose a day within a year."))
        return until

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("calm_from"), data.get("calm_until")
        if begins == ends:
            data["calm_from"] = data["calm_until"] = None
        elif begins is None:
            self.add_error("calm_from", _("Say when they begin, too, or choose none for both."))
        elif ends is None:
            self.add_error("calm_until", _("Say when they end, too, or choose none for both."))
        return data
