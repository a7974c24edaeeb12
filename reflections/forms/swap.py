"""A swap: on which day it opens, and what one picks for it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Ticks
from accounts.models import User
from accounts.templatetags.best import month_day
from reflections import naming, wording
from reflections.models import Answer, Moment, SwapItem
from reflections.swapping import Things

WORDS = 40


class SwapDayForm(forms.Form):
    opens_on = forms.DateField(
        label=_("It opens at the end of"),
        help_text=_("Or earlier, as soon as you are both ready."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("Write the day like 2026-06-23."),
            "required": _("Choose a day on which it opens at the latest."),
        },
    )

    def __init__(self, data: Any = None, *, usual: date, **options: Any) -> None:
        super().__init__(data, initial={"opens_on": usual}, **options)


class SwapForm(forms.Form):
    """What may be picked is on offer; no other thing is taken from the request. Nothing is ticked beforehand but what
    one picked oneself."""

    things = forms.MultipleChoiceField(label=_("What may they read?"), required=False, widget=Ticks)
    sure = forms.BooleanField(label=_("Yes, also what is easily regretted"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        offer: Things,
        picked: Iterable[SwapItem],
        known: Iterable[User],
        **options: Any,
    ) -> None:
        before = [
            f"moment-{item.moment_id}" if item.moment_id else f"answer-{item.answer_id}" for item in picked
        ]
        super().__init__(data, initial={"things": before}, **options)
        known = list(known)
        labels: dict[str, str] = {}
        hints: dict[str, str] = {}
        self._needs_care: set[str] = set()
        for answer in offer.answers:
            code = f"answer-{answer.pk}"
            labels[code] = Truncator(answer.text).words(WORDS)
            hints[code] = " · ".join(filter(None, [answer.question.asked, _named(answer, known)]))
            if answer.question.needs_care:
                self._needs_care.add(code)
        for moment in offer.moments:
            code = f"moment-{moment.pk}"
            labels[code] = Truncator(moment.text).words(WORDS)
            about = [moment.get_kind_display() if moment.kind else "", month_day(moment.happened_on)]
            hints[code] = " · ".join(filter(None, [*about, _named(moment, known)]))
            if moment.kind in Moment.NEEDS_CARE:
                self._needs_care.add(code)
        field = cast(forms.MultipleChoiceField, self.fields["things"])
        field.choices = list(labels.items())
        field.widget = Ticks(hints=hints, choices=field.choices)
        self.has_any = bool(labels)
        self.asks_whether_sure = False

    @property
    def moments(self) -> list[int]:
        return self._picked("moment-")

    @property
    def answers(self) -> list[int]:
        return self._picked("answer-")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        before = set(self.initial["things"])
        if self._needs_care & set(cleaned.get("things") or []) - before:
            self.asks_whether_sure = True
            if not cleaned.get("sure"):
                self.add_error(
                    "sure",
                    _("A hard call or a brave try is easily regretted. Say once more that they may read it."),
                )
        return cleaned

    def _picked(self, prefix: str) -> list[int]:
        return [
            int(code.removeprefix(prefix))
            for code in self.cleaned_data.get("things") or []
            if code.startswith(prefix)
        ]


def _named(thing: Answer | Moment, known: list[User]) -> str:
    text = f"{thing.text}\n{thing.after}" if isinstance(thing, Answer) else thing.text
    names = [person.first_name for person in naming.named_in(text, known)]
    if not names:
        return ""
    return gettext("It names %(names)s. Nobody else reads it before they have agreed.") % {
        "names": wording.listed(names)
    }
