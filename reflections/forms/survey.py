"""A survey as one form: below each question who reads the answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.widgets import Rows, Ticks
from accounts.vault.errors import Unreadable
from reflections.actions import Said
from reflections.models import SurveyAnswer, SurveyFields, SurveyKind
from reflections.models.survey import LONGEST_SAID

READ_AS_TOTAL = gettext_lazy("Read as a total of five people or more, without your name.")
READ_AS_WRITTEN = gettext_lazy("Read as you write it, without your name, once five people have answered.")
NO_ANSWER = gettext_lazy("No answer")


class SurveyForm(forms.Form):
    """One field for each question, named by its code behind a mark. When it is valid, `said` is what
    `actions.answer_survey` takes."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        questions: "list[SurveyFields]",
        answers: dict[str, SurveyAnswer] | None = None,
    ) -> None:
        super().__init__(data)
        self.closed: list[str] = []  # Questions whose answer cannot be read any more; they stay as they are.
        self._kinds: dict[str, str] = {}
        for question in questions:
            answer = (answers or {}).get(question.code)
            try:
                written = answer.text if answer else ""
            except Unreadable:
                self.closed.append(question.asked)
                continue
            self._kinds[question.code] = question.kind
            field = _field(question)
            chosen = answer.chosen if answer else []
            field.initial = {
                SurveyKind.WORDS: written,
                SurveyKind.SEVERAL: chosen,
                SurveyKind.CHOICE: next(iter(chosen), ""),
            }[SurveyKind(question.kind)]
            self.fields[f"q-{question.code}"] = field

    @property
    def said(self) -> dict[str, Said]:
        found = {}
        for code, kind in self._kinds.items():
            given = self.cleaned_data[f"q-{code}"]
            if kind == SurveyKind.WORDS:
                found[code] = Said(text=given)
            else:
                found[code] = Said(tuple(given))
        return found


def _field(question: SurveyFields) -> forms.Field:
    who = READ_AS_WRITTEN if question.kind == SurveyKind.WORDS else READ_AS_TOTAL
    common: dict[str, Any] = {
        "label": question.asked,
        "required": False,
        "help_text": " ".join(filter(None, (question.helped, str(who)))),
    }
    unknown = {"invalid_choice": _("Choose among the answers that are there.")}
    if question.kind == SurveyKind.WORDS:
        return forms.CharField(**common, max_length=LONGEST_SAID, widget=forms.Textarea(attrs={"rows": 4}))
    if question.kind == SurveyKind.SEVERAL:
        return forms.MultipleChoiceField(
            **common, choices=question.choices, widget=Ticks, error_messages=unknown
        )
    choices = [*question.choices, ("", NO_ANSWER)]
    return forms.ChoiceField(**common, choices=choices, widget=Rows, error_messages=unknown)
