"""What somebody says when they pause a pairing, end it, go on for longer, and look back on it."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from mentoring import rules
from mentoring.actions.endings import LATER_DAY, WHICH_DAY, Aside
from mentoring.models import Pairing, Step
from mentoring.models.ending import LONGEST_FAREWELL, LONGEST_REASON

Kind, Next = Step.Kind, Step.Next
NEXT_AFTER = {
    Kind.PAUSE: (Next.NOTHING, Next.TALK),
    Kind.COMPLETE: (Next.NOTHING, Next.ANOTHER, Next.BREAK, Next.TALK),
    Kind.END: (Next.NOTHING, Next.ANOTHER, Next.BREAK, Next.TALK),
}
CHOOSE = _("Choose one of these.")


def _day(label: Any, help_text: Any, wrong: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": wrong, "invalid": wrong},
    )


class StepForm(forms.Form):
    use_required_attribute = False

    until = _day(_("Until"), _("On that day it goes on by itself. You can let it go on sooner."), WHICH_DAY)
    reason = forms.CharField(
        label=_("Why, for yourself"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_step = forms.ChoiceField(
        label=_("What should come next?"),
        widget=Rows,
        initial=Next.NOTHING,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, data: Any = None, *, pairing: Pairing, kind: str, name: str, now: datetime) -> None:
        """`name` is what the other one is called."""
        super().__init__(data)
        self.pairing, self.now = pairing, now
        if kind != Kind.PAUSE:
            del self.fields["until"]
        fields: Any = self.fields
        fields["reason"].help_text = _(
            "Only you ever read this: not %(name)s, and not those who run the program. You may leave it empty."
        ) % {"name": name}
        fields["next_step"].help_text = _(
            "Those who run %(program)s read this answer. %(name)s does not."
        ) % {
            "name": name,
            "program": pairing.program.name,
        }
        fields["next_step"].choices = [(each.value, each.label) for each in NEXT_AFTER[Kind(kind)]]

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if (
            not self.pairing.program.today(self.now)
            < day
            <= rules.latest_pairing_pause(self.pairing, self.now)
        ):
            raise ValidationError(WHICH_DAY)
        return day

    @property
    def aside(self) -> Aside:
        return Aside(self.cleaned_data["reason"], self.cleaned_data["next_step"])


class ExtendForm(forms.Form):
    use_required_attribute = False

    until = _day(_("Until"), "", LATER_DAY)

    def __init__(self, data: Any = None, *, pairing: Pairing, now: datetime) -> None:
        super().__init__(data)
        self.pairing, self.now = pairing, now

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        earliest, latest = (
            rules.earliest_extension(self.pairing, self.now),
            rules.latest_extension(self.pairing, self.now),
        )
        if not earliest <= day <= latest:
            raise ValidationError(LATER_DAY)
        return day


class FarewellForm(forms.Form):
    use_required_attribute = False

    keep = forms.CharField(
        label=_("What will you keep from this?"),
        help_text=_("Only you read this, now and later."),
        required=False,
        max_length=LONGEST_FAREWELL,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    hear = forms.CharField(
        required=False,
        max_length=LONGEST_FAREWELL,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, name: str, keep: str, asks_for_hear: bool) -> None:
        """`name` is what the other one is called; `keep` what was written before. Without `asks_for_hear` there is
        nobody to hear it, or it was said."""
        super().__init__(data, initial={"keep": keep})
        if not asks_for_hear:
            del self.fields["hear"]
            return
        fields: Any = self.fields
        fields["hear"].label = _("What should %(name)s hear from you?") % {"name": name}
        fields["hear"].help_text = _(
            "It goes to %(name)s at once and stays as you say it. Leave it empty if there is nothing."
        ) % {"name": name}
