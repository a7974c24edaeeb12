"""What is written around the meetings of a pair: a line of the agenda, a note, a meeting that was."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Meeting
from mentoring.models.agenda import LONGEST_TOPIC
from mentoring.models.note import LONGEST_NOTE


class TopicForm(forms.Form):
    use_required_attribute = False

    topic = forms.CharField(
        label=_("Add something to talk about"),
        max_length=LONGEST_TOPIC,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("Add something to talk about")}
        ),
        error_messages={"required": _("Write a few words.")},
    )

    def clean_topic(self) -> str:
        return " ".join(self.cleaned_data["topic"].split())


class NoteForm(forms.Form):
    """`was_shared` is what the page said of the note while it was written."""

    use_required_attribute = False

    text = forms.CharField(
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words.")},
    )
    was_shared = forms.BooleanField(required=False, widget=forms.HiddenInput)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("This meeting is not one of yours together.")},
    )

    def __init__(self, data: Any = None, *, label: str, meetings: Any = None, **kwargs: Any) -> None:
        """`meetings`: those that the note may be about."""
        super().__init__(data, **kwargs)
        self.fields["text"].label = label
        if meetings is None:
            del self.fields["meeting"]
        else:
            field: Any = self.fields["meeting"]
            field.queryset = meetings

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")


class PastMeetingForm(forms.Form):
    """A day and a time on the clock of whoever writes it down; `cleaned_data["starts_at"]` is the instant."""

    use_required_attribute = False

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
    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)

    def __init__(self, data: Any = None, *, zone: ZoneInfo, now: datetime, **kwargs: Any) -> None:
        """At first, an hour ago by that clock."""
        there = now.astimezone(zone)
        at = time(max(0, there.hour - 1))
        super().__init__(data, initial={"on": there.date(), "at": at, "kind": Meeting.Kind.TALK}, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day: date | None = data.get("on")
        at: time | None = data.get("at")
        if (
            day and not 1900 <= day.year < 2900
        ):  # Beyond them, a time in one zone may have no name in another.
            self.add_error("on", _("Choose a day since the two of you were brought together."))
        elif day and at:
            # Of an hour that comes twice it is the first; one that the clocks skip is the one after it.
            data["starts_at"] = datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
        return data
