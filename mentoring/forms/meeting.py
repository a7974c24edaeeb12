"""When and where the two meet next."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Meeting

YEARS = range(
    1900, 2900
)  # Beyond them, a time in one zone may have no name in another. The action is stricter.


class MeetingForm(forms.Form):
    """A day and a time on the clock of the person who plans; `cleaned_data["starts_at"]` is the instant."""

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day like 2026-06-23.")},
    )
    at = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Write the time like 14:30.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        coerce=int,
        initial=60,
        choices=[
            (30, _("Half an hour")),
            (45, _("Three quarters of an hour")),
            (60, _("An hour")),
            (90, _("An hour and a half")),
            (120, _("Two hours")),
            (240, _("Half a day")),
            (480, _("A day")),
        ],
    )
    place = forms.CharField(
        label=_("Where"),
        required=False,
        max_length=Meeting._meta.get_field("place").max_length,
        help_text=_("A room, a café, or the link of a call."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, place_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["at"].help_text = _("In %(place)s.") % {"place": place_name}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day: date | None = data.get("on")
        at: time | None = data.get("at")
        if day and day.year not in YEARS:
            self.add_error("on", _("Choose a day in the next two years."))
        elif day and at:
            local = datetime.combine(day, at, tzinfo=self.zone)
            # A time that the clocks skip that night comes back changed from UTC; one that they repeat is the first.
            if local.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                self.add_error("at", _("The clocks skip this time on that day. Choose another."))
            else:
                data["starts_at"] = local.astimezone(UTC)
        return data
