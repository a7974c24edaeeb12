"""How somebody finds a pairing: one of three answers, and what would be better in another one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from mentoring.models import FitCheck
from mentoring.models.fit_check import LONGEST_SAID, MOST_TIMES

Answer = FitCheck.Answer


class FitCheckForm(forms.Form):
    use_required_attribute = False

    answer = forms.ChoiceField(
        label=_("How is it?"),
        choices=Answer.choices,
        widget=Rows,
        error_messages={
            "required": _("Choose one of the three."),
            "invalid_choice": _("Choose one of the three."),
        },
    )
    learned = forms.CharField(
        label=_("What would be better in another pairing?"),
        required=False,
        max_length=LONGEST_SAID,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A sentence is enough. It helps those who look for somebody else for you."),
    )

    def __init__(self, data: Any = None, *, check: FitCheck, name: str) -> None:
        """`name` is what the other one is called. What was said before stands in the fields."""
        super().__init__(data, initial={"answer": check.answer, "learned": check.learned})
        field: Any = self.fields["answer"]
        field.label = _("How is it with %(name)s?") % {"name": name}
        field.widget.hints = {
            Answer.GOOD: _("Nothing more is asked of you."),
            Answer.FINDING_OUT: _("That is fine, and takes the time it takes.")
            if check.number >= MOST_TIMES
            else _("That is fine, and takes the time it takes. You are asked again in two weeks."),
            Answer.NOT_A_FIT: _(
                "It happens, and is nobody’s fault. Those who run the program look for somebody else for you."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """What the page shows beside another answer only is not looked at."""
        data = super().clean() or self.cleaned_data
        if data.get("answer") not in (None, Answer.NOT_A_FIT):
            self.errors.pop("learned", None)
            data["learned"] = ""
        return data
