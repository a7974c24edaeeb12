"""What the two of a pair agree on, and how each would like to hear what is hard to say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mentoring.models import Agreement
from mentoring.models.agreement import LONGEST_CLAUSE, LONGEST_TOGETHER
from mentoring.room.agree_words import HINTS, QUESTIONS

WISH = _("How would you like to hear hard things?")
WISH_HINT = _(
    "In writing first, or face to face; at once, or when you ask. Yours alone to word, and to change at any time."
)


class SaidField(forms.CharField):
    """A few lines. What is too long is not cut off while it is pasted: the page says so, and the words stay."""

    def __init__(self, *, longest: int, rows: int, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.longest = longest

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").replace("\r\n", "\n").replace("\r", "\n")) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.longest:
            said = ngettext(
                "Keep it to %(longest)d character. Your words are still here.",
                "Keep it to %(longest)d characters. Your words are still here.",
                self.longest,
            )
            raise ValidationError(said % {"longest": self.longest}, code="max_length")


class AgreementForm(forms.Form):
    """One suggestion. `seen` says which version was the newest when the page was shown."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, data: Any = None, *, words: Mapping[str, str], seen: int, asks_wish: bool, wish: str = ""
    ) -> None:
        """`words` stand in it at first. `asks_wish`: whoever fills it in has not said how they would like to hear hard
        things, and may do so in one go."""
        super().__init__(data, initial={**words, "seen": seen, "wish": wish})
        for name in Agreement.CLAUSES:
            is_whole = name == "together"
            self.fields[name] = SaidField(
                label=QUESTIONS[name],
                help_text=HINTS.get(name, ""),
                longest=LONGEST_TOGETHER if is_whole else LONGEST_CLAUSE,
                rows=4 if is_whole or name == "confidentiality" else 2,
            )
        if not words.get("together"):
            self.order_fields([name for name in Agreement.CLAUSES if name != "together"])
        if asks_wish:
            self.fields["wish"] = wish_field()

    @property
    def clauses(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in Agreement.CLAUSES}


class WishForm(forms.Form):
    """How one of the two would like to hear hard things, alone or with a yes to what was suggested."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, wish: str, prefix: str | None = None) -> None:
        super().__init__(data, initial={"wish": wish}, prefix=prefix)
        self.fields["wish"] = wish_field()


def wish_field() -> SaidField:
    return SaidField(label=WISH, help_text=WISH_HINT, longest=LONGEST_CLAUSE, rows=2)
