"""The settings page's form."""

import zoneinfo
from collections.abc import Collection
from datetime import time
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.mail import kinds
from accounts.models import User

from .sign_in import WHICH_NAME
from .widgets import Ticks

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


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As my browser asks")), *settings.LANGUAGES]
    )

    class Meta:
        model = User
        fields = [
            "name",
            "preferred_name",
            "time_zone",
            "language",
            "coffee_weekday",
            "coffee_time",
            "wants_moments_in_mail",
        ]
        labels = {
            "name": _("Your name"),
            "preferred_name": _("What people call you"),
            "time_zone": _("Time zone"),
            "coffee_weekday": _("Day"),
            "coffee_time": _("Time"),
            "wants_moments_in_mail": _("Put your own moments into your e-mail"),
        }
        help_texts = {
            "preferred_name": _("If it is not your first name."),
            "time_zone": _("Choose the city that shares your clock."),
            "wants_moments_in_mail": _(
                "To remind you, in the e-mail of the quarter’s end. Never those for only you."
            ),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "preferred_name": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "time_zone": forms.Select,
            "coffee_time": forms.Select,
        }

    def __init__(self, *args: Any, stopped: Collection[str] = (), **kwargs: Any) -> None:
        """`stopped`: the streams of e-mail that the person has stopped."""
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = WHICH_NAME
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
