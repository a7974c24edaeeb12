"""Mentors of one's own, and notes to them."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from accounts.models import User
from mentoring.models import Program
from reflections import actions
from reflections.models import OwnMentor
from reflections.models.thanks import LONGEST_ADDRESS, LONGEST_KEPT, LONGEST_NAME, LONGEST_THANKS
from reflections.thanks_people import ELSE, Someone, partners, someone_of, to_thank

from .fields import WordsField

TOO_LONG = {"max_length": _("Keep it to %(limit_value)d characters.")}


def _address_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages=TOO_LONG | {"required": _("Where should it go? Write their e-mail address.")},
        **options,
    )


class MentorForm(forms.Form):
    """Somebody of one's own list. `who` is there when there are people here to choose from."""

    use_required_attribute = False

    who = forms.ChoiceField(label=_("Are they here?"), required=False, widget=Rows)
    name = forms.CharField(
        label=_("What do you call them?"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=TOO_LONG | {"required": _("Say what you call them.")},
    )
    address = _address_field(
        label=_("Their e-mail address"),
        required=False,
        help_text=_("Only if you want to write to them from here. Nothing goes there until you send it."),
    )
    kept = WordsField(
        label=_("What did you keep from it?"),
        help_text=_("A line for you alone. It may become a note to them."),
        max_length=LONGEST_KEPT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "serif"}),
    )

    def __init__(
        self, data: Any = None, *, person: User, mentor: OwnMentor | None = None, kept: str = ""
    ) -> None:
        people = partners(person)
        if mentor is not None and mentor.member and mentor.member not in [one.person for one in people]:
            people.append(Someone(f"person-{mentor.member_id}", mentor.member.first_name, "", mentor.member))
        here = f"person-{mentor.member_id}" if mentor and mentor.member_id else ELSE
        initial = {"who": here, "kept": kept}
        if mentor is not None:
            initial |= {"name": mentor.name, "address": mentor.address, "kept": mentor.kept}
        super().__init__(data, initial=initial)
        self._person, self._people = person, people
        # Whoever is here has a name.
        who = initial["who"] if data is None else data.get("who", ELSE)
        self.fields["name"].required = not people or who == ELSE
        if not people:
            del self.fields["who"]
            return
        field = cast(forms.ChoiceField, self.fields["who"])
        field.choices = [
            *((one.value, one.label) for one in people),
            (ELSE, gettext("Somebody who is not here")),
        ]
        field.widget = Rows(hints={one.value: one.hint for one in people}, choices=field.choices)

    @property
    def member(self) -> User | None:
        someone = someone_of(self._people, self.cleaned_data.get("who", ""))
        return someone.person if someone else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        member = self.member if "who" not in self.errors else None
        if "name" not in self.errors and not cleaned.get("name", "").strip():
            if member is not None:
                cleaned["name"] = member.first_name
            else:
                self.add_error("name", _("Say what you call them."))
        address = cleaned.get("address", "").strip()
        if address and "address" not in self.errors:
            try:
                actions.check_address(address, by=self._person)
            except actions.Refused as no:
                self.add_error("address", str(no))
        return cleaned


class NoteForm(forms.Form):
    """The words of a draft."""

    use_required_attribute = False

    text = WordsField(
        label=_("Your note"),
        max_length=LONGEST_THANKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off", "class": "serif"}),
    )
    version = forms.CharField(
        required=False, max_length=40, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )


class WhomForm(forms.Form):
    """Whom a note is for."""

    use_required_attribute = False

    to = forms.ChoiceField(
        label=_("Send it to"), widget=Rows, error_messages={"required": _("Choose whom it is for.")}
    )

    def __init__(self, data: Any = None, *, person: User, chosen: str = "") -> None:
        super().__init__(data, initial={"to": chosen})
        self._choices = to_thank(person)
        field = cast(forms.ChoiceField, self.fields["to"])
        field.choices = [(one.value, one.label) for one in self._choices]
        field.widget = Rows(hints={one.value: one.hint for one in self._choices}, choices=field.choices)

    @property
    def someone(self) -> Someone | None:
        return someone_of(self._choices, self.cleaned_data.get("to", ""))


class ThankForm(WhomForm):
    """The whole of it in one go, as it stands beside a finished reflection. It begins with the first of the list."""

    text = WordsField(
        label=_("Your note"),
        max_length=LONGEST_THANKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, person: User, chosen: str = "") -> None:
        super().__init__(data, person=person, chosen=chosen)
        self.auto_id = "thank_%s"  # It stands on pages that have forms of their own.
        if not chosen:
            self.initial["to"] = self._choices[0].value


class MailForm(forms.Form):
    """Where a note goes, and in whose name. `programs` are those in whose name this person may write."""

    use_required_attribute = False

    address = _address_field(label=_("Their e-mail address"))
    program = forms.ChoiceField(label=_("In the name of"), required=False)
    tells_address = forms.BooleanField(
        label=_("Let them answer me: put my own e-mail address in it"),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, writer: User, programs: Sequence[Program], address: str = ""
    ) -> None:
        super().__init__(data, initial={"address": address})
        self._writer, self._programs = writer, {str(program.pk): program for program in programs}
        if len(programs) < 2:
            del self.fields["program"]
        else:
            field = cast(forms.ChoiceField, self.fields["program"])
            field.choices = [(pk, program.name) for pk, program in self._programs.items()]

    @property
    def in_name_of(self) -> Program:
        """Raises LookupError where there is none; the page does not show the form then."""
        chosen = self.cleaned_data.get("program") or next(iter(self._programs), "")
        return self._programs[chosen]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        try:
            actions.check_address(address, by=self._writer)
        except actions.Refused as no:
            raise forms.ValidationError(str(no)) from None
        return address
