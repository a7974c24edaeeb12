"""Forms of the admin whose saving is an action, so that its rules hold here as on any page."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from mentoring import actions
from mentoring.models import Pairing, Program, ProgramAdmin

from .scoped import ProgramScopedAdmin

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


class ActingForm(AnyModelForm):
    """A form that is valid when its action went through; a refusal stands above the fields.

    The admin runs a form and its saving in one transaction, and these forms have no inlines: nothing else can say no.
    """

    by: ClassVar[User]
    now: ClassVar[datetime]

    def act(self) -> Model:
        """Do it, and return the new row. Raises actions.Refused."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.act()
        except actions.Refused as no:
            self.refuse(no)

    def refuse(self, no: actions.Refused) -> None:
        self.add_error(None, str(no))

    def save(self, commit: bool = True) -> Any:
        return self.instance

    def save_m2m(self) -> None:
        """There is nothing left to save."""


class ActingAdmin(ProgramScopedAdmin):
    """Rows are added by `add_form`'s action; changed, if at all, by the ordinary form."""

    add_form: ClassVar[type[ActingForm]]

    def add_form_for(self, request: HttpRequest) -> type[ActingForm]:
        """The form that adds a row, where there is more than one."""
        return self.add_form

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if change:
            return super().get_form(request, obj, change, **kwargs)
        base = self.add_form_for(request)
        form = type(base.__name__, (base,), {"by": cast("User", request.user), "now": clock.now()})
        # Those of its fields that are columns of the row; the others the form declares itself.
        columns = [name for name in base.field_order or () if name not in base.declared_fields]
        return super().get_form(request, obj, change, **kwargs | {"form": form, "fields": columns})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else list(self.add_form_for(request).field_order or ())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_readonly_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)


class MakesSeveral(ActingAdmin):
    """Rows are added several at once: `made` of the form holds them all, and each is in the log."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        obj.made_with = getattr(form, "made", None) or [obj]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return [super(MakesSeveral, self).log_addition(request, one, message) for one in obj.made_with][-1]


class ByEmailForm(ActingForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_(
            "Used if nobody signs in with this address yet. Everybody else keeps the name they gave."
        ),
    )


class ProgramAdminAddForm(ByEmailForm):
    field_order = ["program", "email", "name"]

    class Meta:
        model = ProgramAdmin
        fields = ["program"]

    def act(self) -> ProgramAdmin:
        data = self.cleaned_data
        return actions.name_admin_by_email(data["program"], data["email"], data["name"], by=self.by)


class PairingForm(AnyModelForm):
    """Its subject, and its last day: set where there is none, and made earlier; only the two of them put it off."""

    def clean_runs_until(self) -> date | None:
        day: date | None = self.cleaned_data["runs_until"]
        pairing = self.instance
        before, ends_on = pairing.runs_until, pairing.program.ends_on
        if day == before:
            return day
        if pairing.status not in Pairing.OPEN:
            raise forms.ValidationError(_("This pairing is over."))
        if before is not None and (day is None or day > before):
            raise forms.ValidationError(
                _("Only the two of them put off their last day. It can be made earlier here.")
            )
        if day is not None and (day < pairing.starts_on or (ends_on is not None and day > ends_on)):
            raise forms.ValidationError(_("The last day must lie within the program, after the first."))
        return day


class PairingAddForm(ActingForm):
    field_order = ["program", "mentor", "mentee", "starts_on", "focus", "approval"]

    approval = forms.ChoiceField(
        label=_("Who says yes"),
        required=False,
        choices=[("", _("As the program has it")), *Program.Approval.choices],
        help_text=_("Whoever is asked has two weeks to answer. The other one hears of it after a yes."),
    )

    class Meta:
        model = Pairing
        fields = ["program", "mentor", "mentee", "starts_on", "focus"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = self.now.date()

    def act(self) -> Pairing:
        data = self.cleaned_data
        program: Program = data["program"]
        return actions.create_pairing(
            program,
            data["mentor"],
            data["mentee"],
            by=self.by,
            starts_on=data["starts_on"],
            focus=data["focus"],
            approval=data["approval"] or program.approval,
            now=self.now,
        )
