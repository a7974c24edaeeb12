"""What is said when pairs of a run are told: which ones, from when on, who is asked, and the letter to each role."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from mentoring import pair_letters
from mentoring.actions import Refused
from mentoring.actions.pairing_up import check_first_day
from mentoring.models import Enrollment, Program
from mentoring.models.run import LONGEST_LETTER

ALL, CHOSEN = "all", "chosen"
# So many are sent one by one; whoever wants more takes all.
MOST_CHOSEN = 500
LETTERS = {"to_mentors": Enrollment.Role.MENTOR, "to_mentees": Enrollment.Role.MENTEE}
LETTER = forms.Textarea(attrs={"rows": 9})


class PublishForm(forms.Form):
    which = forms.ChoiceField(label=_("Which pairs"), widget=Rows())
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    approval = forms.ChoiceField(
        label=_("Who says yes"),
        choices=Program.Approval.choices,
        help_text=_("As the program has it, unless you choose otherwise for these pairs."),
        widget=Rows(),
    )
    to_mentors = forms.CharField(
        label=_("Letter to the mentors"), required=False, max_length=LONGEST_LETTER, widget=LETTER
    )
    to_mentees = forms.CharField(
        label=_("Letter to the mentees"), required=False, max_length=LONGEST_LETTER, widget=LETTER
    )

    def __init__(self, *args: Any, program: Program, drafts: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        everything = _("All %(number)d that nobody has been told of") % {"number": drafts}
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (ALL, everything),
            (CHOSEN, _("Those that I tick below")),
        ]
        help_text = _(
            "It stands in their e-mail. Left as it is here, each reads it in their own language; your own words go out "
            "as you write them. Variables: %(variables)s."
        ) % {"variables": ", ".join(f"{{{name}}}" for name in pair_letters.VARIABLES)}
        for name in LETTERS:
            self.fields[name].help_text = help_text

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        try:
            check_first_day(self.program, day)
        except Refused as no:
            raise forms.ValidationError(str(no)) from no
        return day

    def clean_to_mentors(self) -> str:
        return self._letter("to_mentors")

    def clean_to_mentees(self) -> str:
        return self._letter("to_mentees")

    def _letter(self, name: str) -> str:
        words: str = self.cleaned_data[name]
        if problem := pair_letters.problem_in(words):
            raise forms.ValidationError(problem)
        return words
