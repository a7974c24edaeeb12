"""The two ways to invite: by e-mail, many people at once, or by a link."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring import actions, guest_list
from mentoring.actions import MOST_AT_ONCE, Guest
from mentoring.models import Invitation

from .forms import ActingForm

WEEK = 7


def days(*numbers: int) -> list[tuple[int, Any]]:
    words = {7: _("a week"), 14: _("two weeks"), 30: _("a month"), 90: _("three months"), 365: _("a year")}
    return [(number, words[number]) for number in numbers]


class InviteForm(ActingForm):
    """An e-mail to each of them, all or none. `made` holds the new invitations; the form's row is the first."""

    field_order = ["program", "role", "people", "lives"]
    instance: Invitation

    people = forms.CharField(
        label=_("Whom"),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "spellcheck": "false"}),
        help_text=_(
            "One a line: Noor Haddad &lt;noor@example.org&gt;, or the address alone. Up to %(number)d at one time."
        )
        % {"number": MOST_AT_ONCE},
    )
    lives = forms.TypedChoiceField(
        label=_("May answer for"), coerce=int, choices=lambda: days(7, 14, 30), initial=WEEK
    )

    class Meta:
        model = Invitation
        fields = ["program", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made: list[Invitation] = []
        self.lines: dict[str, int] = {}

    def clean_people(self) -> list[Guest]:
        found = guest_list.read(self.cleaned_data["people"])
        self.lines = found.lines
        if found.faults:
            raise forms.ValidationError(found.faults)
        if len(found.guests) > MOST_AT_ONCE:
            said = _("These are %(number)d people. Invite %(most)d at most at one time.")
            raise forms.ValidationError(said % {"number": len(found.guests), "most": MOST_AT_ONCE})
        return found.guests

    def act(self) -> Invitation:
        data = self.cleaned_data
        self.made = actions.invite_by_email(
            data["program"],
            data["role"],
            data["people"],
            by=self.by,
            now=self.now,
            lives=timedelta(days=data["lives"]),
        )
        return self.made[0]

    def refuse(self, no: actions.Refused) -> None:
        if not isinstance(no, actions.SomeAreThere):
            return super().refuse(no)
        for email, reason in no.reasons.items():
            said = _("Line %(number)d: %(address)s %(reason)s.")
            self.add_error("people", said % {"number": self.lines[email], "address": email, "reason": reason})
        return None


class LinkForm(ActingForm):
    """A link to hand on, by which one or many may come in."""

    field_order = ["program", "role", "most_uses", "lives"]
    instance: Invitation

    lives = forms.TypedChoiceField(
        label=_("Opens for"), coerce=int, choices=lambda: days(7, 30, 90, 365), initial=30
    )

    class Meta:
        model = Invitation
        fields = ["program", "role", "most_uses"]

    def act(self) -> Invitation:
        data = self.cleaned_data
        return actions.invite_by_link(
            data["program"],
            data["role"],
            by=self.by,
            now=self.now,
            lives=timedelta(days=data["lives"]),
            most_uses=data["most_uses"],
        )
