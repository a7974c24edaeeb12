"""Adding a place, changing one, and what is said when somebody is answered."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import actions, places
from mentoring.models import Enrollment, Pairing
from mentoring.models.notice import LONGEST_NOTE

from .forms import AnyModelForm, ByEmailForm


class EnrollmentAddForm(ByEmailForm):
    field_order = ["program", "email", "name", "role", "capacity", "joined_on"]
    instance: Enrollment

    class Meta:
        model = Enrollment
        fields = ["program", "role", "capacity", "joined_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["joined_on"].required = True
        self.fields["joined_on"].initial = self.now.date()
        self.fields["joined_on"].help_text = _("Whoever is invited joins on the day on which they say yes.")

    def act(self) -> Enrollment:
        data = self.cleaned_data
        return actions.enroll_by_email(
            data["program"],
            data["email"],
            data["name"],
            data["role"],
            by=self.by,
            now=self.now,
            capacity=data["capacity"],
            joined_on=data["joined_on"],
        )


def note_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("A note to them"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60, "class": "vLargeTextField"}),
        help_text=help_text,
    )


class EnrollmentForm(AnyModelForm):
    """Changing a place: what open pairings stand on cannot be pulled away from under them. Its state is no field: that
    is moved by the actions, which tell the person."""

    by: ClassVar[User]
    instance: Enrollment

    note = note_field(
        _("What they read with your answer on the program’s page. The e-mail has said what it said.")
    )

    class Meta:
        model = Enrollment
        fields = ["role", "capacity", "joined_on", "department"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "note" in self.fields:
            self.fields["note"].initial = self.instance.decision_note

    def clean_joined_on(self) -> Any:
        day = self.cleaned_data["joined_on"]
        if day is None and self.instance.status in (*Enrollment.IN, Enrollment.Status.COMPLETED):
            raise forms.ValidationError(_("Say on which day this person joined."))
        return day

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        place = self.instance
        if role == place.role:
            return role
        if role not in places.roles_in(place.program):
            raise forms.ValidationError(_("Nobody has this role in this program."))
        # A request is no pairing yet: the clock ends those that nobody can answer (end_pointless_requests).
        pairings = Pairing.objects.filter(program=place.program_id).holding()
        if role == Enrollment.Role.MENTEE and pairings.filter(mentor=place.person_id).exists():
            raise forms.ValidationError(_("They are somebody's mentor now. That pairing has to end first."))
        if role == Enrollment.Role.MENTOR and pairings.filter(mentee=place.person_id).exists():
            raise forms.ValidationError(_("They are somebody's mentee now. That pairing has to end first."))
        takes_one = place.status in Enrollment.IN or place.offered_at is not None
        # The admin runs a form and its saving in one transaction.
        if takes_one and not places.has_room(places.locked(place.program), role, without=place.person):
            raise forms.ValidationError(_("There is no free place in this role."))
        return role

    def save(self, commit: bool = True) -> Any:
        if "note" in self.changed_data:
            actions.change_note(self.instance, self.cleaned_data["note"], by=self.by)
            self.instance.decision_note = self.cleaned_data["note"].strip()
        return super().save(commit)


class NoteForm(forms.Form):
    note = note_field(
        _(
            "They read it in the e-mail and on the program’s page; the same for all of them. It may stay empty."
        )
    )


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like 2026-06-23.")},
        help_text=_("A day to come; empty, until somebody resumes it."),
    )
