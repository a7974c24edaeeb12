"""A moment: one line, and whatever else its owner cares to say about it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Chips
from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.models import Audience, Moment
from reflections.models.moment import LONGEST_MOMENT
from reflections.readers import ONLY_ME, Readers
from reflections.wording import partner_names

from .fields import WordsField

KIND_ICONS: dict[str, str] = {
    Moment.Kind.AHA: "lightbulb",
    Moment.Kind.WIN: "sun",
    Moment.Kind.HARD_CALL: "signpost",
    Moment.Kind.THANKS: "heart",
}


class MomentForm(forms.Form):
    """`pairings` and `programs` are those that this person may share with: no other is taken from the request."""

    text = WordsField(
        label=_("What did you notice?"),
        help_text=_("A sentence is plenty. Small things count."),
        max_length=LONGEST_MOMENT,
        widget=forms.Textarea(attrs={"rows": 3, "class": "serif"}),
        error_messages={"required": _("Write a few words first. One sentence is plenty.")},
    )
    kind = forms.ChoiceField(
        label=_("What was it?"), choices=Moment.Kind.choices, required=False, widget=Chips(icons=KIND_ICONS)
    )
    for_whom = forms.ChoiceField(
        label=_("Who was it for?"), choices=Moment.Whom.choices, required=False, widget=Chips
    )
    seen_by = forms.ChoiceField(label=_("Seen by"), required=False)
    sure = forms.BooleanField(label=_("Yes, share this hard call"), required=False)

    readers_before = ONLY_ME

    def __init__(
        self,
        data: Any = None,
        *,
        person: User,
        pairings: Sequence[Pairing],
        programs: Sequence[Program],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        names = partner_names(person, pairings)
        self._choices: dict[str, tuple[Readers, str, str]] = {
            Audience.ME: (ONLY_ME, gettext("Only me"), ""),
        }
        for pairing in pairings:
            name = names[pairing.pk]
            readers = Readers(Audience.PAIRING, frozenset([pairing.pk]))
            self._choices[f"pairing-{pairing.pk}"] = (
                readers,
                gettext("%(name)s and me") % {"name": name},
                gettext("Yes, let %(name)s read this hard call") % {"name": name},
            )
        for program in programs:
            self._choices[f"program-{program.pk}"] = (
                Readers(Audience.PROGRAM, program=program.pk),
                gettext("The program")
                if len(programs) == 1
                else gettext("Everyone in %(program)s") % {"program": program},
                gettext("Yes, let everyone in %(program)s read this hard call") % {"program": program},
            )
        field = cast(forms.ChoiceField, self.fields["seen_by"])
        field.choices = [(value, label) for value, (_readers, label, _question) in self._choices.items()]
        self.asks_whether_sure = False

    @property
    def readers(self) -> Readers:
        return self._choices[self.cleaned_data.get("seen_by") or Audience.ME][0]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = cleaned.get("seen_by") or Audience.ME
        is_for_all = chosen in self._choices and self._choices[chosen][0].audience == Audience.PROGRAM
        if is_for_all and cleaned.get("kind") in Moment.NEEDS_CARE:
            self.add_error(
                "seen_by", _("A hard call or a brave try is for you, or for two: it hangs on no wall.")
            )
            return cleaned
        if (
            cleaned.get("kind") == Moment.Kind.HARD_CALL
            and chosen in self._choices
            and self._widens(self._choices[chosen][0])
        ):
            self.asks_whether_sure = True
            self["sure"].label = self._choices[chosen][2]
            if not cleaned.get("sure"):
                self.add_error(
                    "sure", _("A hard call is easily regretted. Say once more that you want to share it.")
                )
        return cleaned

    def _widens(self, readers: Readers) -> bool:
        return readers.lets_in_more_than(self.readers_before)


class EditMomentForm(MomentForm):
    """As the form it was kept with, and its day. What it was shared with stays a choice, also where that is over."""

    happened_on = forms.DateField(
        label=_("When"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-06-23.")},
    )
    field_order = ["text", "kind", "for_whom", "happened_on", "seen_by", "sure"]

    def __init__(self, data: Any = None, *, moment: Moment, today: date, **options: Any) -> None:
        pairings, programs = list(options.pop("pairings")), list(options.pop("programs"))
        if moment.pairing is not None and moment.pairing not in pairings:
            pairings.append(moment.pairing)
        if moment.program is not None and moment.program not in programs:
            programs.append(moment.program)
        super().__init__(data, pairings=pairings, programs=programs, **options)
        self.today = today
        before = Readers.of_moment(moment)
        # A hard call is asked about when it becomes one, too: it may have been shared as something lighter.
        self.readers_before = before if moment.kind == Moment.Kind.HARD_CALL else ONLY_ME
        for name, choices in (("kind", Moment.Kind.choices), ("for_whom", Moment.Whom.choices)):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [*choices, ("", gettext("Leave it open"))]
        self.initial.update(
            {
                "text": moment.text,
                "kind": moment.kind,
                "for_whom": moment.for_whom,
                "happened_on": moment.happened_on,
                "seen_by": next(value for value, choice in self._choices.items() if choice[0] == before),
            }
        )

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError(_("That day is still to come."))
        if day.year < 1900:
            raise forms.ValidationError(_("That is too long ago to be kept."))
        return day
