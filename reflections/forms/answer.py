"""One answer, and who can read it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows, Ticks
from reflections.actions.answers import version
from reflections.desk import Desk
from reflections.models import Answer, Audience, PromptKind, Question
from reflections.models.reflection import LONGEST_ANSWER
from reflections.readers import ONLY_ME, Readers
from reflections.wording import listed

from .fields import WordsField


class ReaderRows(Rows):
    icons: Mapping[str, str] = {
        Audience.ME: "lock",
        Audience.PAIRING: "handshake",
        Audience.PROGRAM: "users",
    }


class AnswerForm(forms.Form):
    """The desk says who may be let in; no other pairing or program is taken from the request."""

    text = WordsField(
        label=_("Your answer"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
    )
    # What it was like after, where `text` is what it was like before.
    after = WordsField(
        label=_("And after"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    audience = forms.ChoiceField(label=_("Who can read this answer?"), required=False, widget=Rows)
    pairings = forms.MultipleChoiceField(label=_("Which of your pairings?"), required=False, widget=Ticks)
    sure = forms.BooleanField(label=_("Yes, share this answer"), required=False)
    version = forms.CharField(
        required=False, max_length=40, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def __init__(
        self, data: Any = None, *, desk: Desk, question: Question, answer: Answer | None, **options: Any
    ) -> None:
        self.before = desk.readers_of(answer) if answer else ONLY_ME
        options["initial"] = {
            "text": answer.text if answer else "",
            "after": answer.after if answer else "",
            "audience": self.before.audience,
            "pairings": [str(pk) for pk in self.before.pairings],
            "version": version(answer),
        }
        super().__init__(data, **options)
        self.desk, self.question = desk, question
        self.asks_whether_sure = False
        allowed = {pairing.pk for pairing in desk.pairings} | self.before.pairings
        self._names = {pk: name for pk, name in desk.names.items() if pk in allowed}
        if question.kind != PromptKind.BEFORE_AFTER:
            del self.fields["after"]
        if question.is_locked:
            del self.fields["audience"], self.fields["pairings"], self.fields["sure"]
        else:
            self._offer_readers()

    @property
    def readers(self) -> Readers:
        audience = self.cleaned_data.get("audience") or Audience.ME
        if audience == Audience.PAIRING:
            return Readers(Audience.PAIRING, frozenset(self._chosen_pairings()))
        return Readers(audience)

    @property
    def has_good_text(self) -> bool:
        """Whether the words can be kept, whatever is wrong with the choice of their readers."""
        return not self.wrong_words

    @property
    def wrong_words(self) -> list[str]:
        """Why the words cannot be kept."""
        return [str(error) for name in ("text", "after") for error in self.errors.get(name, [])]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.question.is_locked or "audience" in self.errors or "pairings" in self.errors:
            return cleaned
        if cleaned.get("audience") == Audience.PAIRING and not self._chosen_pairings():
            self.add_error("pairings", _("Choose at least one of them, or keep this answer for yourself."))
            return cleaned
        if self.question.needs_care and self.readers.lets_in_more_than(self.before):
            self.asks_whether_sure = True
            self["sure"].label = self._ask_whether_sure()
            if not cleaned.get("sure"):
                self.add_error(
                    "sure",
                    _("An answer like this is easily regretted. Say once more that you want to share it."),
                )
        return cleaned

    def _offer_readers(self) -> None:
        """Only me, always; the pairing and the program where there is one to share with, or it was shared before."""
        program = str(self.desk.round.program)
        choices: dict[str, tuple[str, str]] = {
            Audience.ME: (gettext("Only me"), gettext("Nobody else, and no program admin."))
        }
        if len(self._names) == 1:
            (name,) = self._names.values()
            hint = gettext("%(name)s can read it once you have finished.") % {"name": name}
            choices[Audience.PAIRING] = (gettext("My pairing"), hint)
        elif self._names:
            hint = gettext("Those you choose, once you have finished.")
            choices[Audience.PAIRING] = (gettext("My pairings"), hint)
        # What is easily regretted hangs on no wall.
        may_hang = self.desk.may_share_with_program and not self.question.needs_care
        if may_hang or self.before.audience == Audience.PROGRAM:
            hint = gettext("Everyone in %(program)s, with your name, once you have finished.") % {
                "program": program
            }
            choices[Audience.PROGRAM] = (gettext("The program"), hint)
        audience = cast(forms.ChoiceField, self.fields["audience"])
        pairings = cast(forms.MultipleChoiceField, self.fields["pairings"])
        audience.choices = [(value, label) for value, (label, _hint) in choices.items()]
        audience.widget = ReaderRows(
            hints={value: hint for value, (_label, hint) in choices.items()}, choices=audience.choices
        )
        pairings.choices = [(str(pk), name) for pk, name in self._names.items()]

    def _chosen_pairings(self) -> list[int]:
        """The only pairing needs no second tick."""
        if len(self._names) == 1:
            return list(self._names)
        return [int(pk) for pk in self.cleaned_data.get("pairings") or []]

    def _ask_whether_sure(self) -> str:
        readers = self.readers
        if readers.audience == Audience.PROGRAM:
            return gettext("Yes, let everyone in %(program)s read this answer") % {
                "program": self.desk.round.program
            }
        names = [self._names[pk] for pk in sorted(readers.pairings)]
        return gettext("Yes, let %(names)s read this answer") % {"names": listed(names)}
