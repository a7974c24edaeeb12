"""How a page of the quarter is finished."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from reflections import carry
from reflections.models import Answer
from reflections.readers import Readers
from reflections.review import Group, Review, Row

from .fields import WordsField

LONGEST_TRY = 300
ALONE, SHARE, LATER = "alone", "share", "later"


@dataclass(frozen=True)
class Line:
    """A row with its fields: none where it can never be shared, or with nobody."""

    row: Row
    readers: BoundField | None
    sure: BoundField | None


class ReviewForm(forms.Form):
    """For each piece who reads it, what becomes of what was set aside (it stays unless one says so), and what its
    writer had in sight. `finish` is the button: anything but SHARE and LATER lets nobody read."""

    aside = forms.ChoiceField(
        label=_("And the note you set aside?"),
        choices=[("keep", _("Keep it, for me only")), ("delete", _("Delete it now"))],
        required=False,
        widget=Rows,
    )
    small_try = WordsField(
        label=_("The small try, in a line"),
        max_length=LONGEST_TRY,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "serif"}),
    )
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    shown_to_go = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, review: Review, **options: Any) -> None:
        in_sight = {"shown": review.desk.shown, "shown_to_go": carry.as_read_over(review.desk.answers)}
        super().__init__(data, initial=in_sight, **options)
        self.review = review
        self.finish = str((data or {}).get("finish", ""))
        self._asks: set[int] = set()
        for row in review.open_rows:
            if row.answer.is_locked or len(review.choices) == 1:
                continue
            self.fields[self._name(row.answer)] = forms.ChoiceField(
                label=_("Who can read this answer?"), choices=review.choices_for(row), required=False
            )
            if row.answer.question.needs_care:
                self.fields[self._sure(row.answer)] = forms.BooleanField(
                    label=_("Yes, share this answer"), required=False
                )
        if not review.aside:
            del self.fields["aside"], self.fields["small_try"]
        elif review.carry_question is None:
            del self.fields["small_try"]
        else:
            self._offer_a_small_try()

    @property
    def chosen(self) -> dict[int, Readers]:
        """By answer, the readers where they were chosen otherwise on this page."""
        codes = {
            row.answer.pk: self.cleaned_data.get(self._name(row.answer)) for row in self.review.open_rows
        }
        return {pk: self.review.choices[code][0] for pk, code in codes.items() if code}

    @property
    def small_try_line(self) -> str:
        """Empty unless what was set aside is turned into it."""
        return self.cleaned_data.get("small_try", "") if self.cleaned_data.get("aside") == "try" else ""

    def groups(self) -> Iterator[tuple[Group, list[Line]]]:
        for group in self.review.groups:
            yield group, [self._line(row) for row in group.rows]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.finish in (SHARE, LATER):
            for row in self.review.open_rows:
                self._ask_whether_sure(row, cleaned)
        if cleaned.get("aside") == "try" and not cleaned.get("small_try") and "small_try" not in self.errors:
            self.add_error("small_try", _("Write the small try in a line, or keep what you set aside."))
        return cleaned

    def _ask_whether_sure(self, row: Row, cleaned: dict[str, Any]) -> None:
        code = cleaned.get(self._name(row.answer))
        if not code or self._sure(row.answer) not in self.fields:
            return
        readers, words = self.review.choices[code]
        if readers.lets_in_more_than(row.readers):
            self._asks.add(row.answer.pk)
            self[self._sure(row.answer)].label = gettext("Yes, share this answer: %(readers)s") % {
                "readers": words
            }
            if not cleaned.get(self._sure(row.answer)):
                self.add_error(
                    self._sure(row.answer),
                    _("An answer like this is easily regretted. Say once more that you want to share it."),
                )

    def _offer_a_small_try(self) -> None:
        field = cast(forms.ChoiceField, self.fields["aside"])
        choices = [
            ("keep", gettext("Keep it, for me only")),
            ("try", gettext("Turn it into one small try")),
            ("delete", gettext("Delete it now")),
        ]
        field.choices = choices
        hint = gettext("The try is the one thing you carry forward; what you set aside is deleted.")
        field.widget = Rows(hints={"try": hint}, choices=choices)
        if self.review.carried is not None:
            self.fields["small_try"].help_text = gettext(
                "It takes the place of what you wrote to carry forward."
            )

    def _line(self, row: Row) -> Line:
        name, sure = self._name(row.answer), self._sure(row.answer)
        return Line(
            row,
            self[name] if name in self.fields else None,
            self[sure] if row.answer.pk in self._asks else None,
        )

    @staticmethod
    def _name(answer: Answer) -> str:
        return f"readers-{answer.pk}"

    @staticmethod
    def _sure(answer: Answer) -> str:
        return f"sure-{answer.pk}"
