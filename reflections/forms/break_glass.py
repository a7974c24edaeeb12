"""Whose words are to be opened, which, and why."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from accounts.models import User
from reflections.models import Answer, Moment, Round, Thanks
from reflections.models.break_glass import LONGEST_REASON

from .fields import WordsField


class WhoseForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label=_("Whose words?"), help_text=_("The address of their account."), max_length=254
    )

    person: User

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        found = User.objects.active().filter(email__iexact=email).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        self.person = found
        return email


class AskForm(forms.Form):
    """One of the person's quarters, or one thing by its number; `chosen` is what `ask_to_open` wants."""

    use_required_attribute = False

    which = forms.ChoiceField(label=_("Which?"), widget=Rows, error_messages={"required": _("Choose one.")})
    number = forms.IntegerField(
        label=_("Its number"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_(
            "Of a moment, or a note of thanks, it stands at the end of the address of its page; of an answer in the "
            "address at which it is taken back, after “answers”."
        ),
    )
    reason = WordsField(
        label=_("Why does it have to be read?"),
        help_text=_("The other superuser and the person read this, and it stays."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write why it has to be read, in a few sentences. The person will read them.")
        },
    )

    def __init__(self, data: Any = None, *, person: User, rounds: Sequence[Round]) -> None:
        super().__init__(data)
        self.person = person
        self._rounds = {f"quarter-{round.pk}": round for round in rounds}
        field = cast(forms.ChoiceField, self.fields["which"])
        field.choices = [
            ("moment", _("One moment")),
            ("answer", _("One answer")),
            ("note", _("One note of thanks that they wrote")),
            *((key, f"{round.quarter.label} · {round.program}") for key, round in self._rounds.items()),
        ]
        self.chosen: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        which, number = cleaned.get("which", ""), cleaned.get("number")
        if which in self._rounds:
            self.chosen = {"round": self._rounds[which]}
        elif which and "number" not in self.errors:
            theirs: dict[str, QuerySet[Any]] = {
                "moment": Moment.objects.of(self.person),
                "answer": Answer.objects.filter(reflection__person=self.person),
                "note": Thanks.objects.written_by(self.person),
            }
            thing = theirs[which].filter(pk=number or 0).first()
            if thing is None:
                self.add_error("number", _("There is no such thing of this person’s."))
            self.chosen = {which: thing}
        return cleaned
