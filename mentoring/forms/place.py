"""What somebody says when they pause."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mentoring import rules
from mentoring.actions.places import WHICH_DAY
from mentoring.models import Program


class PauseForm(forms.Form):
    use_required_attribute = False

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("On that day you are back by yourself. You can come back sooner."),
        error_messages={"required": WHICH_DAY, "invalid": WHICH_DAY},
    )

    def __init__(self, data: Any = None, *, program: Program, now: datetime) -> None:
        super().__init__(data)
        self.program, self.now = program, now

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if not self.program.today(self.now) < day <= rules.latest_pause(self.program, self.now):
            raise ValidationError(WHICH_DAY)
        return day
