"""A moment: one line, and whatever else its owner cares to say about it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Chips
from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.actions.moments import version
from reflections.models import Audience, Moment
from reflections.models.moment import LONGEST_GAVE, LONGEST_MOMENT
from reflections.readers import ONLY_ME, Readers
from reflections.whom import WhomWords
from reflections.wording import partner_names

from .fields import WordsField

KIND_ICONS: dict[str, str] = {
    Moment.Kind.AHA: "lightbulb",
    Moment.Kind.WIN: "sun",
    Moment.Kind.HARD_CALL: "signpost",
    Moment.Kind.BRAVE_TRY: "sprout",
    Moment.Kind.QUIET_HELP: "feather",
    Moment.Kind.GOOD_NEWS: "megaphone",
    Moment.Kind.LEARNED: "book-open",
    Moment.Kind.THANKS: "heart",
}

# What is asked once more before somebody reads such a moment, and what is said where it was not answered.
CARE: dict[str, tuple[Promise, Promise]] = {
    Moment.Kind.HARD_CALL: (
        _("Yes, let %(name)s read this hard call"),
        _("A hard call is easily regretted. Say once more that you want to share it."),
    ),
    Moment.Kind.BRAVE_TRY: (
        _("Yes, let %(name)s read this brave try"),
        _("A brave try is yours to tell. Say once more that you want to share it."),
    ),
}
ON_NO_WALL: dict[str, Promise] = {
    Moment.Kind.HARD_CALL: _(
        "A hard call is not shared with everyone. Keep it, or share it with one person."
    ),
    Moment.Kind.BRAVE_TRY: _(
        "A brave try is not shared with everyone. Keep it, or share it with one person."
    ),
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
    sure = forms.BooleanField(label=_("Yes, share it"), required=False)

    readers_before = ONLY_ME

    def __init__(
        self,
        data: Any = None,
        *,
        person: User,
        pairings: Sequence[Pairing],
        programs: Sequence[Program],
        whom_words: WhomWords,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        names = partner_names(person, pairings)
        self._choices: dict[str, tuple[Readers, str]] = {Audience.ME: (ONLY_ME, gettext("Only me"))}
        self._names: dict[str, str] = {}
        for pairing in pairings:
            name = names[pairing.pk]
            readers = Readers(Audience.PAIRING, frozenset([pairing.pk]))
            self._choices[f"pairing-{pairing.pk}"] = (readers, gettext("%(name)s and me") % {"name": name})
            self._names[f"pairing-{pairing.pk}"] = name
        for program in programs:
            self._choices[f"program-{program.pk}"] = (
                Readers(Audience.PROGRAM, program=program.pk),
                gettext("The program")
                if len(programs) == 1
                else gettext("Everyone in %(program)s") % {"program": program},
            )
        whom = cast(forms.ChoiceField, self.fields["for_whom"])
        whom.choices = whom_words.choices
        field = cast(forms.ChoiceField, self.fields["seen_by"])
        field.choices = [(value, label) for value, (_readers, label) in self._choices.items()]
        self.asks_whether_sure = False

    @property
    def readers(self) -> Readers:
        return self._choices[self.cleaned_data.get("seen_by") or Audience.ME][0]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, kind = cleaned.get("seen_by") or Audience.ME, cleaned.get("kind", "")
        if kind not in Moment.NEEDS_CARE or chosen not in self._choices:
            return cleaned
        if not self._widens(self._choices[chosen][0]):
            return cleaned
        if self._choices[chosen][0].audience == Audience.PROGRAM:
            self.add_error("seen_by", str(ON_NO_WALL[kind]))
            return cleaned
        self.asks_whether_sure = True
        asked, otherwise = CARE[kind]
        self["sure"].label = asked % {"name": self._names[chosen]}
        if not cleaned.get("sure"):
            self.add_error("sure", str(otherwise))
        return cleaned

    def _widens(self, readers: Readers) -> bool:
        return readers.lets_in_more_than(self.readers_before)


class EditMomentForm(MomentForm):
    """As the form it was kept with, and what more can be said of it: what it gave, whether it was mentoring, its
    day. What it was shared with stays a choice, also where that is over."""

    gave = WordsField(
        label=_("What did it give you?"),
        max_length=LONGEST_GAVE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "serif"}),
    )
    mentoring_in = forms.ChoiceField(
        label=_("Was this mentoring?"),
        help_text=_("Yours to say, also long after. It lets nobody read it."),
        required=False,
    )
    happened_on = forms.DateField(
        label=_("When"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-06-23.")},
    )
    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    field_order = [
        "text", "kind", "for_whom", "gave", "mentoring_in", "happened_on", "seen_by", "sure",
    ]  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        moment: Moment,
        mentoring: Sequence[Pairing],
        today: date,
        **options: Any,
    ) -> None:
        """`mentoring`: the pairings that it may have been a part of."""
        pairings, programs = list(options.pop("pairings")), list(options.pop("programs"))
        if moment.pairing is not None and moment.pairing not in pairings:
            pairings.append(moment.pairing)
        if moment.program is not None and moment.program not in programs:
            programs.append(moment.program)
        super().__init__(data, pairings=pairings, programs=programs, **options)
        self.today = today
        before = Readers.of_moment(moment)
        self.seen_by_now = next(value for value, choice in self._choices.items() if choice[0] == before)
        # Asked about when it becomes one, too: it may have been shared as something lighter.
        self.readers_before = before if moment.kind in Moment.NEEDS_CARE else ONLY_ME
        whoms = options["whom_words"].choices
        for name, choices in (("kind", Moment.Kind.choices), ("for_whom", whoms)):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [*choices, ("", gettext("Leave it open"))]
        self._mentoring = {str(pairing.pk): pairing for pairing in mentoring}
        names = partner_names(options["person"], mentoring)
        with_whom = [(key, gettext("With %(name)s") % {"name": names[int(key)]}) for key in self._mentoring]
        field = cast(forms.ChoiceField, self.fields["mentoring_in"])
        field.choices = [("", gettext("Leave it open")), *with_whom]
        self.initial.update(
            {
                "text": moment.text,
                "gave": moment.gave,
                "kind": moment.kind,
                "for_whom": moment.for_whom,
                "mentoring_in": str(moment.mentoring_in_id or ""),
                "happened_on": moment.happened_on,
                "version": version(moment),
                "seen_by": self.seen_by_now,
            }
        )

    @property
    def seen_by_now_in_words(self) -> str:
        """Who reads it as it stands, as the choice says it."""
        return self._choices[self.seen_by_now][1]

    @property
    def was_mentoring_in(self) -> Pairing | None:
        return self._mentoring.get(self.cleaned_data["mentoring_in"])

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError(_("That day is still to come."))
        if day.year < 1900:
            raise forms.ValidationError(_("That is too long ago to be kept."))
        return day
