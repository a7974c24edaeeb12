"""Forms of a survey's pages in the admin."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from reflections.actions.surveys import AS_MANY_ANSWERS, TRANSLATE_THE_QUESTION, Translation
from reflections.models import SurveyPrompt
from reflections.models.questionnaire import LONGEST_HELP, LONGEST_QUESTION
from reflections.models.survey import LONGEST_OPTION, MOST_OPTIONS, problem_with_answers


class Translated(NamedTuple):
    """A prompt, what readers of the language get without a translation, and the fields."""

    prompt: SurveyPrompt
    otherwise: str
    otherwise_answers: Sequence[str]
    text: BoundField
    help_text: BoundField | None
    answers: BoundField | None


class SurveyTranslationForm(forms.Form):
    """Fields for each prompt. When it is valid, `wordings` is what `actions.translate_survey` takes."""

    def __init__(self, *args: Any, prompts: Sequence[SurveyPrompt], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prompts = prompts
        self.language = language
        for prompt in prompts:
            wording = prompt.wordings.get(language, {})
            self.fields[f"text_{prompt.pk}"] = self._field(
                _("Question"), LONGEST_QUESTION, wording.get("text")
            )
            # A prompt without help, or without answers to choose from, needs none in another language.
            if prompt.help_text:
                self.fields[f"help_{prompt.pk}"] = self._field(
                    _("Help"), LONGEST_HELP, wording.get("help_text")
                )
            if prompt.lines:
                lines = prompt.lines_in(language)
                most = MOST_OPTIONS * (LONGEST_OPTION + 2)
                self.fields[f"answers_{prompt.pk}"] = self._field(
                    _("Answers"), most, "\n".join(lines), len(prompt.lines)
                )

    def _field(self, label: Any, most: int, initial: str | None, rows: int = 2) -> forms.CharField:
        widget = forms.Textarea(attrs={"rows": rows, "lang": self.language})
        return forms.CharField(
            label=label, required=False, max_length=most, initial=initial or "", widget=widget
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for prompt in self.prompts:
            said = self._said(data, prompt)
            if not said.text and (said.help_text or said.answers):
                self.add_error(f"text_{prompt.pk}", TRANSLATE_THE_QUESTION)
            if said.answers and len(said.answers) != len(prompt.lines):
                self.add_error(f"answers_{prompt.pk}", AS_MANY_ANSWERS)
            elif problem := problem_with_answers([*said.answers]):
                self.add_error(f"answers_{prompt.pk}", problem)
        return data

    @staticmethod
    def _said(data: dict[str, Any], prompt: SurveyPrompt) -> Translation:
        lines = (data.get(f"answers_{prompt.pk}") or "").splitlines()
        return Translation(
            data.get(f"text_{prompt.pk}") or "",
            data.get(f"help_{prompt.pk}") or "",
            tuple(line.strip() for line in lines if line.strip()),
        )

    @property
    def wordings(self) -> dict[int, Translation]:
        return {prompt.pk: self._said(self.cleaned_data, prompt) for prompt in self.prompts}

    def rows(self) -> list[Translated]:
        return [self._row(prompt) for prompt in self.prompts]

    def _row(self, prompt: SurveyPrompt) -> Translated:
        with translation.override(self.language):
            text, lines = (
                translation.gettext(prompt.text),
                [translation.gettext(line) for line in prompt.lines],
            )
        return Translated(
            prompt,
            text if text != prompt.text else "",
            lines if lines != prompt.lines else [],
            self[f"text_{prompt.pk}"],
            self[f"help_{prompt.pk}"] if prompt.help_text else None,
            self[f"answers_{prompt.pk}"] if prompt.lines else None,
        )
