"""What two people work towards: a goal, a small next action, something that one can picture."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Chips
from accounts.models import User
from mentoring.models import Goal, Pairing, Side
from mentoring.models.goal import LONGEST_ACTION, LONGEST_GOAL, LONGEST_WHY
from mentoring.room.goals import goals_to_choose, side_of, sides

YEARS_AHEAD = timedelta(days=731)
WHOSE_ERRORS = {"required": _("Choose whose it is."), "invalid_choice": _("Choose whose it is.")}


class _Form(forms.Form):
    use_required_attribute = False


class GoalForm(_Form):
    text = forms.CharField(
        label=_("The goal, in a sentence"),
        max_length=LONGEST_GOAL,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": _("Say it in a sentence.")},
    )
    why = forms.CharField(
        label=_("Why it matters"),
        required=False,
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    owner = forms.ChoiceField(label=_("Whose it is"), widget=Chips, error_messages=WHOSE_ERRORS)

    def __init__(
        self, data: Any = None, *, pairing: Pairing, user: User, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial or {"owner": Side.MENTEE}, prefix="goal")
        owner: Any = self.fields["owner"]
        owner.choices = sides(pairing, user)


class ActionForm(_Form):
    """`cleaned_data["goal"]` is the key of a goal, or None. Without `may_word` the words are not asked for."""

    text = forms.CharField(
        label=_("What, in a few words"),
        max_length=LONGEST_ACTION,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what is to be done.")},
    )
    owner = forms.ChoiceField(label=_("Who does it"), widget=Chips, error_messages=WHOSE_ERRORS)
    by_on = forms.DateField(
        label=_("By when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-06-23.")},
    )
    goal = forms.TypedChoiceField(
        label=_("Towards"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a goal that you are still working towards.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        pairing: Pairing,
        user: User,
        now: datetime,
        initial: dict[str, Any] | None = None,
        keep: Goal | None = None,
        goals: list[tuple[str, str]] | None = None,
        may_word: bool = True,
    ) -> None:
        """`keep` is the goal that it is towards now, which may be over; `goals`, those to choose from where a page has
        them at hand."""
        super().__init__(data, initial=initial or {"owner": side_of(user, pairing)}, prefix="action")
        self.today, self.before = now.astimezone(user.zone).date(), self.initial.get("by_on")
        owner: Any = self.fields["owner"]
        owner.choices = sides(pairing, user)
        goals = goals_to_choose(pairing, keep) if goals is None else goals
        goal: Any = self.fields["goal"]
        goal.choices = [("", _("Nothing in particular")), *goals]
        if not goals:
            del self.fields["goal"]
        if not may_word:
            del self.fields["text"]

    def clean_by_on(self) -> date | None:
        day: date | None = self.cleaned_data["by_on"]
        if day is None or day == self.before:
            return day
        if day < self.today:
            raise forms.ValidationError(_("Choose a day that is still to come, or none."))
        if day > self.today + YEARS_AHEAD:
            raise forms.ValidationError(_("Choose a day in the next two years."))
        return day


class PossibilityForm(_Form):
    text = forms.CharField(
        label=_("Something you can picture"),
        max_length=LONGEST_GOAL,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": _("Write a few words.")},
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, prefix="possibility")


class MoveForm(_Form):
    """Where a goal goes; which of these from where it stands now, the action knows."""

    state = forms.ChoiceField(choices=Goal.State.choices)
