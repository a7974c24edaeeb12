"""Whom something names."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import Rows
from accounts.models import User


class NameForm(forms.Form):
    """One of `people`, who are those that the writer knows here."""

    use_required_attribute = False

    who = forms.ChoiceField(
        label=_("Who else is in it?"),
        help_text=_("By whatever name, or without one. They read it, and are asked, once you share it."),
        widget=Rows,
        error_messages={"required": _("Choose somebody.")},
    )

    def __init__(self, data: Any = None, *, people: Sequence[User]) -> None:
        super().__init__(data)
        self._people = {str(person.pk): person for person in people}
        field = cast(forms.ChoiceField, self.fields["who"])
        field.choices = [(pk, person.name or person.first_name) for pk, person in self._people.items()]

    @property
    def person(self) -> User:
        return self._people[self.cleaned_data["who"]]
