"""Forms of a questionnaire's pages in the admin."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reflections.models import Prompt, PromptKind
from reflections.models.questionnaire import LONGEST_HELP, LONGEST_QUESTION
from reflections.rounds import POSITIONS

if TYPE_CHECKING:
    AnyFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    AnyFormSet = forms.BaseInlineFormSet

# Of each of these a page has one place for what comes of it.
ONCE = (PromptKind.CARRY, PromptKind.VALUES)


class PromptFormSet(AnyFormSet):
    """What the questions of one questionnaire have to be together."""

    def clean(self) -> None:
        super().clean()
        rows = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("code") and not form.cleaned_data.get("DELETE")
        ]
        active = [row for row in rows if row.get("is_active")]
        for row in rows:
            if row.get("is_locked") and row.get("needs_care"):
                raise forms.ValidationError(
                    _("%(code)s can never be shared, so nobody is asked again before sharing it."),
                    params={"code": row["code"]},
                )
        for role, place in POSITIONS.items():
            for kind in ONCE:
                found = [
                    row["code"] for row in active if row.get("kind") == kind and row.get(place) is not None
                ]
                if len(found) > 1:
                    raise forms.ValidationError(
                        _("%(codes)s: of “%(kind)s” one is asked of the same people (%(set)s)."),
                        params={"codes": ", ".join(found), "kind": kind.label, "set": role.label},
                    )


class Translated(NamedTuple):
    """A prompt, what readers of the language get without a translation, and the two fields."""

    prompt: Prompt
    otherwise: str
    text: BoundField
    help_text: BoundField | None


class TranslationForm(forms.Form):
    """Two fields for each prompt. When it is valid, `wordings` is what `actions.translate_prompts` takes."""

    def __init__(self, *args: Any, prompts: Sequence[Prompt], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prompts = prompts
        self.language = language
        for prompt in prompts:
            wording = prompt.wordings.get(language, {})
            self.fields[f"text_{prompt.pk}"] = forms.CharField(
                label=_("Question"),
                required=False,
                max_length=LONGEST_QUESTION,
                initial=wording.get("text", ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
            )
            # A prompt without help needs none in another language.
            if prompt.help_text:
                self.fields[f"help_{prompt.pk}"] = forms.CharField(
                    label=_("Help"),
                    required=False,
                    max_length=LONGEST_HELP,
                    initial=wording.get("help_text", ""),
                    widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for prompt in self.prompts:
            if data.get(f"help_{prompt.pk}") and not data.get(f"text_{prompt.pk}"):
                self.add_error(
                    f"text_{prompt.pk}", _("Translate the question too, where you translate its help.")
                )
        return data

    @property
    def wordings(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {
            prompt.pk: (data[f"text_{prompt.pk}"], data.get(f"help_{prompt.pk}", ""))
            for prompt in self.prompts
        }

    def rows(self) -> list[Translated]:
        with translation.override(self.language):
            otherwise = {prompt.pk: gettext(prompt.text) for prompt in self.prompts}
        return [
            Translated(
                prompt,
                otherwise[prompt.pk] if otherwise[prompt.pk] != prompt.text else "",
                self[f"text_{prompt.pk}"],
                self[f"help_{prompt.pk}"] if prompt.help_text else None,
            )
            for prompt in self.prompts
        ]
